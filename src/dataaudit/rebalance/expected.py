"""Which findings a strategy brings about on purpose, by what it did to the rows, each with its reason."""

from __future__ import annotations

from dataaudit.model import Severity
from dataaudit.proof.changes import Expectation

_SHARES = (
    "train has other shares of the classes now than the rows a model is measured on, and what goes with a class "
    "differs with it. Measure on the natural shares."
)
_COPIES = "rows are repeated, in train alone."
_LIKENESS = "rows were made up of others like them, in train alone."
_SINGLES = (
    "copied values do not stand alone in train, and by those that do the number of unseen ones is foreseen; no value "
    "was taken away."
)

OF_SHARES = (Expectation("SPLIT001", _SHARES), Expectation("SPLIT002", _SHARES))
OF_REPEATED_ROWS = (
    Expectation("DATA001", _COPIES, Severity.WARNING),
    Expectation("LEAK008", _COPIES, Severity.INFO),
    Expectation("SPLIT004", _SINGLES, Severity.WARNING),
)
OF_MADE_UP_ROWS = (
    Expectation("LEAK008", _LIKENESS, Severity.INFO),
    Expectation("SPLIT004", _SINGLES, Severity.WARNING),
)


def expectations_of(*, shares_changed: bool, n_repeated: int, n_synthetic: int, n_dropped: int) -> list[Expectation]:
    """Return what is to be expected of rows that were repeated, made up or dropped.

    Where rows were dropped, a value that is unseen may be one of theirs: that is told as any other finding.

    >>> [one.code for one in expectations_of(shares_changed=True, n_repeated=0, n_synthetic=0, n_dropped=9)]
    ['SPLIT001', 'SPLIT002']
    """
    found = [*(OF_SHARES if shares_changed else ())]
    found += OF_REPEATED_ROWS if n_repeated else ()
    found += OF_MADE_UP_ROWS if n_synthetic else ()
    return [one for one in found if not (n_dropped and one.reason == _SINGLES)]
