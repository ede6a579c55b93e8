"""The role of every column: what the user declared, a guessed label, columns that name the row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataaudit.engine.dataset import ColumnSurvey
from dataaudit.errors import InputError
from dataaudit.load.raw import nearest_names
from dataaudit.model import IDENTIFIER_NAME, ColumnInfo, Kind, Role

UNMISTAKABLE_LABELS = ("label", "target", "class", "y", "outcome", "labels", "targets")
# Words that the names of labels often have; they rank candidates, and decide nothing.
WORDS_OF_LABELS = frozenset(
    {
        *UNMISTAKABLE_LABELS,
        *("attrition", "category", "churn", "churned", "converted", "default", "defaulted", "diagnosis", "fraud"),
        *("grade", "outcomes", "price", "quality", "response", "result", "status", "survived", "died"),
    }
)
N_ROWS_TO_NAME_A_ROW = 20
MAX_CANDIDATES = 8
MAX_CANDIDATE_VALUES = 20


@dataclass(frozen=True)
class Declared:
    """The roles the user gave by options or configuration."""

    label: str | None = None
    group: Sequence[str] = ()
    time: str | None = None
    context: Sequence[str] = ()
    id: Sequence[str] = ()
    exclude: Sequence[str] = ()
    split_column: str | None = None

    def by_column(self) -> dict[str, Role]:
        """Return column -> declared role; a column declared twice is an error."""
        roles: dict[str, Role] = {}
        pairs = [
            *((name, Role.EXCLUDED) for name in (*self.exclude, self.split_column)),
            *((name, Role.ID) for name in self.id),
            *((name, Role.CONTEXT) for name in self.context),
            *((name, Role.GROUP) for name in self.group),
            (self.time, Role.TIME),
            (self.label, Role.LABEL),
        ]
        for name, role in pairs:
            if name is None:
                continue
            if roles.get(name, role) is not role:
                raise InputError(f"column {name!r} is declared both {roles[name]} and {role}", hint="give it one role")
            roles[name] = role
        return roles


def check_columns_exist(declared: Declared, names: Sequence[str], source: str) -> None:
    """Raise InputError if a declared column is not in train, naming the nearest."""
    for name, role in declared.by_column().items():
        if name not in names:
            near = nearest_names(name, names)
            raise InputError(f"{source} has no column {name!r} (declared as {role})", hint=near)


def guess_label(names: Sequence[str], values: Mapping[str, ColumnSurvey]) -> str:
    """Return the one column whose name says label; InputError naming candidates otherwise."""
    found = [name for name in names if name.strip().lower() in UNMISTAKABLE_LABELS]
    if len(found) == 1:
        return found[0]
    raise InputError("no label was named, and none is unmistakable", hint=label_hint(names, values))


def label_hint(names: Sequence[str], values: Mapping[str, ColumnSurvey], but: str | None = None) -> str:
    """Return a hint that names columns which could be the label, the likeliest first.

    Those are columns of few values, and the last column, where labels often stand; or else the quantities; or else all.
    First come names that labels often have, then the first and the last column, then columns of two values.
    """
    others = [name for name in names if name != but]
    found = [name for name in others if _could_be_label(values.get(name))]
    if not found:
        found = [name for name in others if _could_be_quantity(name, values.get(name))]
    elif names[-1] in others and names[-1] not in found and _could_be_quantity(names[-1], values.get(names[-1])):
        found.append(names[-1])
    if not found:
        return f"name it with --label; its columns are {_first_of(others)}" if others else "name it with --label"
    ends = (names[0], names[-1])
    ranked = sorted(
        found,
        key=lambda name: (
            name.strip().lower() not in UNMISTAKABLE_LABELS,
            name.strip().lower() not in WORDS_OF_LABELS,
            not _is_named_as_label(name),
            name not in ends,
            values[name].n_distinct != 2,
        ),
    )
    return f"name it with --label; candidates are {_first_of(ranked)}"


def _first_of(names: Sequence[str]) -> str:
    n_more = len(names) - MAX_CANDIDATES
    more = f" and {n_more:,} more of {len(names):,}" if n_more > 0 else ""
    return ", ".join(names[:MAX_CANDIDATES]) + more


def _is_named_as_label(name: str) -> bool:
    """Return whether a word of a name is one that labels often have.

    >>> _is_named_as_label("loan_status"), _is_named_as_label("isFraud"), _is_named_as_label("classroom")
    (True, True, False)
    """
    words = re.split(r"[\W_\d]+|(?<=[a-z])(?=[A-Z])", name)
    return any(word.lower() in WORDS_OF_LABELS for word in words)


def _could_be_label(values: ColumnSurvey | None) -> bool:
    return (
        values is not None and 2 <= values.n_distinct <= MAX_CANDIDATE_VALUES and values.n_distinct < values.n_present
    )


def _could_be_quantity(name: str, values: ColumnSurvey | None) -> bool:
    return values is not None and values.minimum != values.maximum and not names_the_row(name, values)


def assign_roles(
    names: Sequence[str],
    kinds: Mapping[str, Kind],
    values: Mapping[str, ColumnSurvey],
    declared: Declared,
) -> tuple[ColumnInfo, ...]:
    """Return every column with its role: declared ones first, then names of rows, then features."""
    roles = declared.by_column()
    return tuple(
        ColumnInfo(name, kinds[name], roles[name], declared=True)
        if name in roles
        else ColumnInfo(name, kinds[name], Role.ID if names_the_row(name, values.get(name)) else Role.FEATURE)
        for name in names
    )


def names_the_row(name: str, values: ColumnSurvey | None) -> bool:
    """Return whether a column only names its row.

    It is unique in every row, and is either called an id or counts without a
    gap. A float never is; neither is a text of several words.
    """
    if values is None or values.n_present < N_ROWS_TO_NAME_A_ROW or values.n_distinct < values.n_present:
        return False
    if values.minimum is None or values.maximum is None:
        return bool(IDENTIFIER_NAME.search(name)) and (values.share_with_space or 0.0) < 0.5
    if not values.is_integer:
        return False
    consecutive = values.maximum - values.minimum + 1 == values.n_present
    return consecutive or bool(IDENTIFIER_NAME.search(name))
