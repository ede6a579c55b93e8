"""What a Parquet file says of its columns beyond Parquet's own types: zones, categories, durations, pandas' index.

Arrow keeps its schema in the file's key-value metadata, and pandas its own notes beside it. Both are handed on, so
that who reads the written file gets the columns as they were.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.engine.base import quote_text
from dataaudit.engine.dataset import Source

if TYPE_CHECKING:
    import pyarrow as pa

ARROW_KEY, PANDAS_KEY = "ARROW:schema", "pandas"


def key_value_metadata(source: Source, types: Mapping[str, str]) -> str:
    """Return the option of COPY that hands on the schema; empty where the source has none that fits.

    Parameters
    ----------
    source : Source
    types : mapping of str to str
        The engine's type of every column that is written, in their order. A column whose type is not the source's
        any more is described anew.
    """
    if source.arrow_schema is None:
        return ""
    import pyarrow as pa

    known = pa.ipc.read_schema(pa.py_buffer(source.arrow_schema))
    before = dict(zip(source.names, source.types, strict=True))
    fields = [_field(known, name, sql_type, before.get(name)) for name, sql_type in types.items()]
    described = [field for field in fields if field is not None]
    if len(described) < len(fields):
        return ""
    as_before = {name for name, sql_type in types.items() if before.get(name) == sql_type}
    notes = pandas_notes(known, as_before)
    schema = pa.schema(described, metadata=notes or None)
    pairs = {ARROW_KEY: base64.b64encode(schema.serialize()).decode("ascii"), **notes}
    listed = ", ".join(f"{quote_text(key)}: {quote_text(value)}" for key, value in pairs.items())
    return f", KV_METADATA {{{listed}}}"


def pandas_notes(known: pa.Schema, as_before: set[str]) -> dict[str, str]:
    """Return pandas' notes of the columns that are as they were; it would turn the others back."""
    text = (known.metadata or {}).get(PANDAS_KEY.encode())
    if text is None:
        return {}
    notes = json.loads(text)
    notes["columns"] = [column for column in notes["columns"] if column.get("field_name") in as_before]
    return {PANDAS_KEY: json.dumps(notes)}


def _field(known: pa.Schema, name: str, sql_type: str, sql_type_before: str | None) -> pa.Field | None:
    """Return a column's field, or None if nothing fits."""
    import pyarrow as pa

    if sql_type == sql_type_before and name in known.names:
        return known.field(name).with_nullable(True)
    plain = {
        "DOUBLE": pa.float64(),
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "VARCHAR": pa.string(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
    }
    return pa.field(name, plain[sql_type]) if sql_type in plain else None
