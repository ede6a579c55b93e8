"""Which findings a strategy brings about on purpose or hides, by what it did to the rows, each with its reason."""

from __future__ import annotations

from dataaudit.model import Severity
from dataaudit.proof.changes import Blindness, Expectation

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
_YARDSTICK = (
    "no row left train, so what lies outside of it did so before; how far is judged by how train's rows lie among "
    "themselves, and repeated or made-up rows lie closer."
)
_RECODED = (
    "no row left train, so these columns went together before; while most of their values stood alone, that told "
    "nothing, and added rows have the values of others."
)
_OWN_LIKES = "a row is judged by rows like it, and some of these are now its own copies or were made up of it."
_WITHIN = "rows are judged against how alike the rows of train are among themselves, and they are more alike now."
_SHARES_OF_VALUES = "it is told by shares, means and spreads of train's rows, and the added rows move these."
_TOGETHER = "it is told by what goes together in train, how often, and the added rows go together otherwise."
_ALL_DIFFERENT = "a name is told by being different in every row, and added rows bear the names of their parents."

OF_SHARES = (
    Expectation("SPLIT001", _SHARES),
    Expectation("SPLIT002", _SHARES),
    # A value is judged against the share of its class: what says nothing of a common class does of an equal one.
    Expectation("SPUR001", _SHARES, Severity.WARNING),
)
_WHERE_NO_ROW_LEFT = (
    Expectation("SPLIT004", _SINGLES, Severity.WARNING),
    Expectation("DATA004", _RECODED, Severity.WARNING),
    *(Expectation(code, _YARDSTICK) for code in ("RANGE001", "RANGE002", "RANGE003")),
)
OF_REPEATED_ROWS = (
    Expectation("DATA001", _COPIES, Severity.WARNING),
    Expectation("LEAK008", _COPIES, Severity.INFO),
)
OF_MADE_UP_ROWS = (Expectation("LEAK008", _LIKENESS, Severity.INFO),)
# Of these, silence after rows were added says nothing: what they found is in rows that are still there.
_HIDDEN_BY_ADDED_ROWS = {
    _OWN_LIKES: ("LABEL003", "LABEL004", "RANGE002"),
    _WITHIN: ("LEAK001", "LEAK002", "LEAK008", "LEAK010", "LEAK011"),
    _SHARES_OF_VALUES: (
        *("DATA001", "LABEL001", "LABEL006", "LEAK006", "LEAK007", "LEAK009"),
        *("SCALE003", "SCALE004", "SCALE005", "SCALE006", "SPLIT008"),
    ),
    _TOGETHER: ("DATA004", "LEAK005", "SCALE002", "SPUR001", "SPUR002", "SPUR003", "SPUR005", "SPUR006"),
    _ALL_DIFFERENT: ("DATA005",),
}
BY_ADDED_ROWS = tuple(Blindness(code, reason) for reason, codes in _HIDDEN_BY_ADDED_ROWS.items() for code in codes)


def expectations_of(*, shares_changed: bool, n_repeated: int, n_synthetic: int, n_dropped: int) -> list[Expectation]:
    """Return what is to be expected of rows that were repeated, made up or dropped.

    Where rows were dropped, what is unseen or out of reach may have been theirs: that is told as any other finding.

    >>> [one.code for one in expectations_of(shares_changed=True, n_repeated=0, n_synthetic=0, n_dropped=9)]
    ['SPLIT001', 'SPLIT002', 'SPUR001']
    """
    found = [*(OF_SHARES if shares_changed else ())]
    found += OF_REPEATED_ROWS if n_repeated else ()
    found += OF_MADE_UP_ROWS if n_synthetic else ()
    return [*found, *(_WHERE_NO_ROW_LEFT if (n_repeated or n_synthetic) and not n_dropped else ())]


def blindnesses_of(*, n_repeated: int, n_synthetic: int) -> tuple[Blindness, ...]:
    """Return what can no longer be judged by train's rows, if any were added.

    >>> blindnesses_of(n_repeated=0, n_synthetic=0)
    ()
    """
    return BY_ADDED_ROWS if n_repeated or n_synthetic else ()
