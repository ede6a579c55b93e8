"""DATA005: a column names the row instead of describing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import ColumnInfo, Finding, Kind, Role, Severity
from dataaudit.rules._base import Mended, Rule
from dataaudit.rules._folding import fold
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.columns import IdentifierShape
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class IdentifierColumn(Rule):
    """A column names the row instead of describing it.

    What it does
    ------------
    Looks at columns whose training values are (nearly) all different and
    which are no measurement: whole numbers without a gap, or rising in file
    order, or whose name says id, key, index or uuid. Says whether the order
    or range of such a column tells the label (lower 95 % bound of the
    explained label variance P).

    Why it matters
    --------------
    A model can learn the rows by heart with it, and on new rows it means
    nothing. If ids were given out in the order of the classes, id < 500 is
    the label, until the next delivery.

    Flagged
    -------
    id counts from 1 to 1,000 and the first 500 rows are all of one class: a
    warning. The same in mixed order, left out as an id: info.

    Clean
    -----
    Measured numbers, even if all different. Ids declared with --id.

    Thresholds
    ----------
    warning_explained : share of the label's variance, default 0.1
        A warning if the lower bound of P exceeds it; permuted labels stay
        below .034 in 99 of 100 columns.
    distinct_share : share of present cells, default 0.95
        Least share of different values for a name or a count to matter.
    n_rows_min : cells, default 20
        Below this, numbers without a gap come by chance.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Limits
    ------
    Names of people and free text are different in every row as well and are
    not called ids. An id that several rows share is a group: LEAK003.

    Fix
    ---
    Declare it: `dataaudit audit ... --id COLUMN`, and leave it out of training.
    `dataaudit fix TRAIN --select DATA005 --unsafe` drops it.

    References
    ----------
    Kaufman et al., Leakage in data mining, ACM TKDD 6(4) (2012).
    """

    code: ClassVar[str] = "DATA005"
    name: ClassVar[str] = "identifier-column"

    warning_explained: float = 0.1
    distinct_share: float = 0.95
    n_rows_min: int = 20
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per identifier."""
        shapes = {
            column.name: facts.identifiers[column.name]
            for column in facts.info.with_role(Role.FEATURE, Role.ID)
            if column.name in facts.identifiers and self._names_rows(facts, column)
        }
        if not shapes:
            return
        associations = facts.associations if facts.info.label is not None else {}
        found = []
        for name, shape in shapes.items():
            association = associations.get(name)
            finding = self._finding(facts.info.column(name), shape, association)
            if finding is not None:
                found.append((0.0 if association is None else association.lower, finding))
        yield from fold(self, found, self.most_findings)

    def _names_rows(self, facts: Facts, column: ColumnInfo) -> bool:
        shape = facts.identifiers[column.name]
        if column.role is Role.ID:
            return True
        if shape.n_present < self.n_rows_min or shape.n_distinct < self.distinct_share * shape.n_present:
            return False
        if column.kind in (Kind.DATETIME, Kind.EMBEDDING, Kind.BOOLEAN):
            return False
        if column.kind is not Kind.NUMERIC:
            return shape.name_suggests
        rising = shape.sorted_by_row and shape.n_distinct == shape.n_present
        return facts.profiles["train"][column.name].is_integer and (shape.name_suggests or shape.consecutive or rising)

    def _finding(self, column: ColumnInfo, shape: IdentifierShape, association: Association | None) -> Finding | None:
        certain = shape.name_suggests or shape.consecutive or column.role is Role.ID
        tells = certain and association is not None and association.lower > self.warning_explained
        if column.declared and not tells:
            return None
        message = Text(
            "{column} names the row: {distinct} different values in {rows}{pattern}. {role}{tells}",
            {
                "column": column.name,
                "distinct": f"{shape.n_distinct:,}",
                "rows": show_count(shape.n_present, "training row"),
                "pattern": _pattern(shape),
                "role": "It is left out as an id."
                if column.role is Role.ID
                else "A model trained with it learns the rows by heart.",
                "tells": ""
                if association is None or not tells
                else f" Its order or range explains {show_share(max(0.0, association.explained))} of the label, "
                "so the label can be read from it.",
            },
        )
        return self.finding(
            Severity.WARNING if tells and not column.declared else Severity.INFO,
            message,
            columns=(column.name,),
            evidence={
                "n_rows": shape.n_rows,
                "n_present": shape.n_present,
                "n_distinct": shape.n_distinct,
                "consecutive": shape.consecutive,
                "sorted_by_row": shape.sorted_by_row,
                "name_suggests": shape.name_suggests,
                "role": column.role.value,
                "explained": None if association is None else association.explained,
                "explained_lower": None if association is None else association.lower,
            },
            fix=_fix(column, tells),
            mended=None if column.declared and column.role is Role.ID else Mended("drops it", unsafe=True),
        )


def _pattern(shape: IdentifierShape) -> str:
    words = [
        *(["without a gap"] if shape.consecutive else []),
        *(["in rising order"] if shape.sorted_by_row else []),
        *(["and its name says so"] if shape.name_suggests else []),
    ]
    return f" ({', '.join(words)})" if words else ""


def _fix(column: ColumnInfo, tells: bool) -> Text:
    if column.role is Role.ID and not tells:
        return Text(
            "Declare it with `--id {column}` if that is right; keep it out of training.", {"column": column.name}
        )
    if tells:
        return Text(
            "Keep it out of training (`--id {column}`), shuffle the rows, and find out why the label follows it.",
            {"column": column.name},
        )
    return Text("Declare it as an id, `dataaudit audit ... --id {column}`, or leave it out.", {"column": column.name})
