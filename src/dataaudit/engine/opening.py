"""From what the user calls an engine to an engine that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.spark.engine import SparkEngine
from dataaudit.engine.spark.session import OpenSession
from dataaudit.engine.spark.starting import CONNECT, open_session
from dataaudit.errors import ConfigError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DUCKDB, SPARK = "duckdb", "spark"
STANDALONE = "spark://"
AnyEngine = DuckDBEngine | SparkEngine


def open_engine(name: str, memory_limit: str | None = None, threads: int | None = None) -> AnyEngine:
    """Start an engine.

    Parameters
    ----------
    name : str
        "duckdb"; "spark" (the active session, else all cores of this machine);
        "spark:MASTER" or a URL that begins with spark:// or sc://.
    memory_limit, threads : str, int, optional
        What DuckDB, or a local Spark that is started for the audit, may use.

    Raises
    ------
    ConfigError
        If the engine cannot be started so.
    """
    if name == DUCKDB:
        return DuckDBEngine(memory_limit, threads)
    return SparkEngine(open_session(spark_master(name), memory_limit, threads))


def engine_in(session: SparkSession) -> SparkEngine:
    """Return an engine in a session that the user started, and will stop."""
    return SparkEngine(OpenSession(session, started=False))


def spark_master(name: str) -> str | None:
    """Return the master that the name of an engine tells, None for the session there is.

    >>> spark_master("spark"), spark_master("spark:local[4]"), spark_master("spark://host:7077")
    (None, 'local[4]', 'spark://host:7077')
    """
    if name.startswith((CONNECT, STANDALONE)):
        return name
    kind, _, master = name.partition(":")
    if kind != SPARK:
        raise ConfigError(
            f"there is no engine {name!r}", hint="known are duckdb, spark, spark:MASTER and sc://HOST:PORT"
        )
    return master or None
