"""Starting Spark for an audit, or finding the session there is; and what to say where neither can be done."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dataaudit.engine.spark.session import OpenSession, kept_handler
from dataaudit.errors import ConfigError
from dataaudit.text import show_line

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONNECT = "sc://"
CONNECT_PORT = 15002
SECONDS_TO_ANSWER = 10
NO_MASTER = re.compile("Could not parse Master URL|Master must either be")
LONGEST_REASON = 200


def open_session(master: str | None, memory_limit: str | None = None, threads: int | None = None) -> OpenSession:
    """Return a session.

    Parameters
    ----------
    master : str or None
        A master URL (local[4], spark://host:7077, yarn) or that of Spark
        Connect (sc://host:15002). None: the active session, else local[*].
    memory_limit, threads : str, int, optional
        Of a local Spark that is started here.

    Raises
    ------
    ConfigError
        If pyspark or Java is missing, or nothing answers at the URL.
    """
    _require_pyspark()
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    is_local = (active is None and master is None) or (master or "").startswith("local")
    if not is_local and (memory_limit or threads):
        raise ConfigError(
            "a memory limit and a number of threads are for DuckDB, or for a Spark on this machine alone",
            hint="set spark.driver.memory and spark.executor.memory where the Spark session is started",
        )
    if active is not None and master is None:
        return OpenSession(active, started=False)
    master = master or f"local[{threads or '*'}]"
    if active is not None:
        raise ConfigError(
            f"a Spark session runs in this process already, so none can be started at {master}",
            hint="write engine='spark' to use it, or stop it first",
        )
    builder = SparkSession.builder.appName("dataaudit")
    if master.startswith(CONNECT):
        _check_answers(master)
        return OpenSession(_connected(builder.remote(master), master), started=True)
    options = _local_options(memory_limit) if master.startswith("local") else {}
    return OpenSession(_started(builder.master(master).config(map=options), master), started=True)


def _require_pyspark() -> None:
    try:
        for package in ("pyspark.sql", "sqlglot"):
            import_module(package)
    except ImportError as error:
        raise ConfigError(
            f"the engine spark needs the package {error.name}", hint="pip install 'dataaudit[spark]'"
        ) from error


def _local_options(memory_limit: str | None) -> dict[str, bool | float | int | str | None]:
    """Return what makes Spark on one machine quiet, alone and no larger than half the machine."""
    n_cores = os.cpu_count() or 1
    return {
        "spark.driver.memory": _java_size(memory_limit) if memory_limit else f"{max(1024, _memory_mb() // 2)}m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": str(2 * n_cores),
        "spark.local.dir": tempfile.gettempdir(),
        "spark.sql.warehouse.dir": str(Path(tempfile.gettempdir()) / "spark-warehouse"),
    }


def _memory_mb() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    except (AttributeError, ValueError, OSError):
        return 4096


def _java_size(size: str) -> str:
    """Return a size such as 1.5GB as Java writes it.

    >>> _java_size("1.5GB"), _java_size("500 MiB")
    ('1536m', '500m')
    """
    number = float(size.strip().rstrip("BbIiKkMmGgTt").strip())
    unit = size.strip().upper().rstrip("B").rstrip("I")[-1]
    return f"{max(1, round(number * 1024.0 ** ('KMGT'.index(unit) - 1)))}m"


def _started(builder: Any, master: str) -> SparkSession:
    with tempfile.TemporaryFile() as log:
        try:
            with _stderr_into(log), kept_handler(), _no_word_on_pandas():
                session: SparkSession = builder.getOrCreate()
                return session
        except KeyboardInterrupt:
            raise
        except Exception as error:
            log.seek(0)
            words = log.read().decode(errors="replace")
            raise _readable(error, words, master) from error


def _connected(builder: Any, url: str) -> SparkSession:
    try:
        with _no_word_on_pandas():
            session: SparkSession = builder.getOrCreate()
            session.conf.get("spark.sql.session.timeZone")
            return session
    except ImportError as error:
        raise ConfigError(
            f"Spark Connect needs more packages: {show_line(str(error), LONGEST_REASON)}",
            hint="pip install 'pyspark[connect]'",
        ) from error
    except Exception as error:
        raise ConfigError(f"no Spark Connect server answers at {url}", hint=_reason(str(error))) from error


def _check_answers(url: str) -> None:
    """Raise ConfigError if nobody listens at the URL; left to itself, Spark Connect tries again for ten minutes."""
    try:
        address = urlsplit(url.partition(";")[0])
        with socket.create_connection((address.hostname, address.port or CONNECT_PORT), timeout=SECONDS_TO_ANSWER):
            pass
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no Spark Connect server answers at {url}", hint=f"write sc://HOST:PORT of one that runs ({error})"
        ) from error


def _readable(error: Exception, log: str, master: str) -> ConfigError:
    """Return why Spark did not start, from its error and what its launcher wrote."""
    if "JAVA_GATEWAY_EXITED" in str(error) or isinstance(error, FileNotFoundError):
        if "JAVA_HOME" in log or "java: not found" in log or "No such file" in log or not log.strip():
            return ConfigError(
                "Spark needs Java, and there is none", hint="install Java 17 or newer, or let JAVA_HOME name it"
            )
        if NO_MASTER.search(log):
            return _no_master(master)
        said = [line for line in log.splitlines() if "Exception" in line or "rror" in line] or log.splitlines()
        return ConfigError("Spark's Java process has ended at once", hint=_reason(said[-1]))
    if NO_MASTER.search(str(error)):
        return _no_master(master)
    return ConfigError(f"Spark cannot be started at {master}", hint=_reason(str(error)))


def _no_master(master: str) -> ConfigError:
    return ConfigError(f"{master!r} is no master of Spark", hint="write local[4], spark://host:7077, yarn or sc://")


def _reason(details: str) -> str:
    from dataaudit.engine.spark.errors import cause

    return f"Spark says: {show_line(cause(details), LONGEST_REASON)}"


@contextlib.contextmanager
def _stderr_into(log: Any) -> Iterator[None]:
    """Let the Java process that is started meanwhile write its log there instead of between our own words."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        os.dup2(log.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextlib.contextmanager
def _no_word_on_pandas() -> Iterator[None]:
    """Spark warns of pandas 3 whenever it looks for pandas; frames pass as Arrow here, and pandas has no part."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas >= 3", FutureWarning)
        yield
