"""The one tree of errors a person can meet, each with a hint and an exit code."""

from __future__ import annotations


class DataAuditError(Exception):
    """Something a person asked for cannot be done.

    Parameters
    ----------
    message : str
        What is wrong, naming the file, column or value.
    hint : str, optional
        What to do about it.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message} (hint: {self.hint})"


class InputError(DataAuditError):
    """A file, frame, column or value cannot be audited."""


class ConfigError(DataAuditError):
    """An option or a configuration key is wrong."""


class FindingsError(DataAuditError):
    """Raised by `AuditResult.raise_if` when findings reach a severity."""

    exit_code = 1


class NotMeasurable(Exception):
    """Raised while judging when a fact cannot be had; the check is reported as skipped.

    Parameters
    ----------
    reason : str
        Why, in words for the report; where the data are too few, with the
        size of effect that could have been seen.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
