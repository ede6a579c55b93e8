"""A Spark session while it serves an audit: with the settings that DuckDB's way of counting asks for."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ERROR_LOGGER = "SQLQueryContextLogger"
# As DuckDB counts and compares; `${x}` in a text is a text.
SETTINGS = {
    "spark.sql.ansi.enabled": "false",
    "spark.sql.caseSensitive": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.variable.substitute": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.storeAssignmentPolicy": "ANSI",
}
# Planned anew and compiled, a statement over few rows takes twice as long.
SETTINGS_OF_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Planned once, 200 tasks would stay 200, of a few rows each.
    "spark.sql.shuffle.partitions": "4",
}


class OpenSession:
    """A session with the settings of an audit, until `close` gives back its own.

    Parameters
    ----------
    session : SparkSession
    started : bool
        Whether it was started for the audit, and so is to be stopped after it.
    """

    def __init__(self, session: SparkSession, *, started: bool) -> None:
        self.session = session
        self.started = started
        before = session.conf.getAll
        self._before = {key: before.get(key) for key in (*SETTINGS, *SETTINGS_OF_FEW_ROWS)}
        self._set(SETTINGS)
        # Spark would write what it raises to stderr as well, with all of its plan.
        self._logger = logging.getLogger(ERROR_LOGGER)
        self._level = self._logger.level
        self._logger.setLevel(logging.CRITICAL + 1)

    def expect_few_rows(self) -> None:
        """Let Spark make less of every statement."""
        self._set(SETTINGS_OF_FEW_ROWS)

    def _set(self, settings: Mapping[str, str]) -> None:
        for key, value in settings.items():
            self.session.conf.set(key, value)

    def close(self) -> None:
        """Give back the session's own settings, and stop it if it was started here."""
        self._logger.setLevel(self._level)
        if self.started:
            with kept_handler():
                self.session.stop()
            return
        for key, value in self._before.items():
            if value is None:
                self.session.conf.unset(key)
            else:
                self.session.conf.set(key, value)


def is_session(engine: object) -> bool:
    """Return whether this is a SparkSession, of either kind; nothing is imported to find out."""
    return any(
        kind.__module__.startswith("pyspark.") and kind.__name__ == "SparkSession" for kind in type(engine).__mro__
    )


@contextlib.contextmanager
def kept_handler() -> Iterator[None]:
    """Keep the handler of Ctrl+C, which pyspark replaces by one that outlives its session."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, kept)
