"""Who is at fault for what Spark raises: the limits, the code, or the data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from dataaudit.engine.base import EngineError
from dataaudit.errors import DataAuditError

OUT_OF_MEMORY = "java.lang.OutOfMemoryError"
# The names that Spark's errors begin with: [FAILED_READ_FILE.NO_HINT], java.io.IOException:
STATE = re.compile(r"\s*SQLSTATE: \w+$")
BEGINNING = re.compile(r"^(\[[A-Z0-9_.]+\]\s*|([a-z]\w*\.)+[A-Z]\w*:\s*)+")


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what goes wrong while data are read into an EngineError; a wrong statement stays the defect it is."""
    from pyspark.errors import AnalysisException, ParseException

    try:
        yield
    except (AnalysisException, ParseException):
        raise
    except _of_reading() as error:
        details = str(error)
        if OUT_OF_MEMORY in details:
            raise DataAuditError(
                "Spark's memory is too small for this table",
                hint="raise --memory-limit, or the memory of the session's driver and executors",
            ) from error
        raise EngineError(f"{cause(details)}\n{details}") from error


def _of_reading() -> tuple[type[Exception], ...]:
    """Return Spark's errors, and those of the bridge to Java, which a client of Spark Connect may lack."""
    from pyspark.errors import PySparkException

    try:
        from py4j.protocol import Py4JError
    except ImportError:
        return (PySparkException,)
    return (PySparkException, Py4JError)


def cause(details: str) -> str:
    r"""Return an error's words with the innermost cause first, without the names of Java's classes.

    >>> cause("[FAILED_READ_FILE.NO_HINT] Encountered error.\n\tat a.B\nCaused by: java.io.IOException: no rows")
    'no rows'
    """
    found = [line.partition("Caused by: ")[2] for line in details.splitlines() if "Caused by: " in line]
    first = found[-1] if found else next((line for line in details.splitlines() if line.strip()), details)
    return STATE.sub("", BEGINNING.sub("", first.strip())) or first.strip()
