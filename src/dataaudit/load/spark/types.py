"""Spark's types under DuckDB's names, by which the rest of load knows them."""

from __future__ import annotations

NAMES = {
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
    "binary": "BLOB",
}


def duckdb_type(spark_type: str) -> str:
    """Return DuckDB's name of a type.

    >>> duckdb_type("int"), duckdb_type("decimal(5,2)"), duckdb_type("array<double>"), duckdb_type("varchar(3)")
    ('INTEGER', 'DECIMAL(5,2)', 'DOUBLE[]', 'VARCHAR')
    """
    if spark_type in NAMES:
        return NAMES[spark_type]
    if spark_type.startswith(("varchar(", "char(", "string ")):
        return "VARCHAR"
    if spark_type.startswith("array<"):
        return f"{duckdb_type(spark_type.removeprefix('array<').removesuffix('>'))}[]"
    return spark_type.upper()
