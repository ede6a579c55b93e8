"""SPUR003: whether a cell is missing tells the label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dataaudit.figures import Crosstab
from dataaudit.model import Finding, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import carrying_rows, explained_lower
from dataaudit.rules._folding import fold
from dataaudit.rules._luck import FEW_ROWS, luck
from dataaudit.text import FromData, Text, show_share, show_value

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts

MOST_CLASSES = 8


@dataclass(frozen=True)
class MissingnessTellsLabel(Rule):
    """Whether a cell of a column is missing tells the label.

    What it does
    ------------
    Takes the explained label variance P, leave-one-out, of "the cell is
    missing" for every feature with missing cells in train. Judged is its
    lower bound, the smaller of the delta-method bound and Wilson's on as many
    rows as carry the label's variance.

    Why it matters
    --------------
    Often a cell is filled in, or left empty, because of the outcome: the date
    of death, the reason of a refusal. A model then reads the gap, not the
    value, and imputing does not hide it.

    Flagged
    -------
    `reason` is empty for 98 % of the approved and for no refused loan.

    Clean
    -----
    Cells that are missing at random, however many.

    Thresholds
    ----------
    warning_explained : share of the label's variance, default 0.3
        A warning from this lower bound on. The largest natural values met
        were .37, in a table of 57 rows, and .20.
    error_explained : share of the label's variance, default 0.8
        An error from this lower bound on.
    alpha : probability, default 0.01
        Where few rows carry the label's variance, the chance that luck links
        the gaps to a class so clearly must lie below this over all columns
        with missing cells (Fisher's exact test, Bonferroni).
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Looks at cells that are missing as read; a sentinel such as -999 is a value
    (SCALE004, SPUR001).

    Fix
    ---
    Find out why the cells are missing. If because of the outcome, do without
    the column (--exclude); if not, keep the gap as a feature on purpose.

    References
    ----------
    Kaufman, Rosset and Perlich, ACM TKDD 6(4) (2012); Rubin, Biometrika
    63:581 (1976).
    """

    code: ClassVar[str] = "SPUR003"
    name: ClassVar[str] = "missingness-tells-label"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)

    warning_explained: float = 0.3
    error_explained: float = 0.8
    alpha: float = 0.01
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per column."""
        yield from fold(self, self._weighted(facts), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        features = {column.name for column in facts.features}
        judged = [one for one in facts.missing_associations.values() if one.column in features]
        for one in judged:
            if one.lower < self.warning_explained:
                continue
            lower = explained_lower(facts, one)
            few = carrying_rows(facts) <= FEW_ROWS
            if lower >= self.warning_explained and not (
                few and _luck_of(facts, one.column) * len(judged) >= self.alpha
            ):
                yield one.explained, self._finding(facts, one, lower)

    def _severity(self, facts: Facts, column: str, lower: float) -> Severity:
        if column in facts.honest:
            return Severity.INFO
        return Severity.ERROR if lower >= self.error_explained else Severity.WARNING

    def _finding(self, facts: Facts, one: Association, lower: float) -> Finding:
        profile = facts.profiles["train"][one.column]
        by_class, class_values = _by_class(facts, one.column)
        message = Text(
            "Whether {column} is missing explains {explained} of the variance of {label} (at least {lower}); "
            "it is missing in {share} of the rows" + by_class + ".",
            {
                "column": one.column,
                "explained": show_share(one.explained),
                "label": facts.label,
                "lower": show_share(lower),
                "share": show_share(profile.share_missing),
                **class_values,
            },
        )
        return self.finding(
            self._severity(facts, one.column, lower),
            message,
            columns=(one.column,),
            evidence={
                "n_rows": one.n_rows,
                "share_label_explained": one.explained,
                "share_label_explained_lower": lower,
                "n_missing": profile.n_missing,
                "share_missing": profile.share_missing,
            },
            fix=Text(
                "Find out why {column} is missing. If because of {label}, do without it: `dataaudit audit ... "
                "--exclude {column}`; if not, keep the gap as a feature on purpose.",
                {"column": one.column, "label": facts.label},
            ),
            figure=_figure(facts, one.column),
        )


def _luck_of(facts: Facts, column: str) -> float:
    table = facts.tables.get(column)
    if table is None:
        return 1.0
    counts = table.n_by_class["train"]
    missing = counts[table.missing_key]
    return luck(np.stack([missing, counts.sum(axis=0) - missing]), ordered_classes=facts.info.task is Task.REGRESSION)


def _missing_by_class(facts: Facts, column: str) -> list[tuple[str, int, int]]:
    """Return (class, missing rows, other rows) of train, the commonest classes; nothing in regression."""
    table = facts.tables.get(column)
    if table is None or facts.info.task is Task.REGRESSION:
        return []
    counts = table.n_by_class["train"]
    missing, in_all = counts[table.missing_key].tolist(), counts.sum(axis=0).tolist()
    classes = [
        (name, n_missing, n - n_missing)
        for name, n_missing, n in zip(facts.classes.classes, missing, in_all, strict=True)
        if n > 0
    ]
    return sorted(classes, key=lambda one: -(one[1] + one[2]))[:MOST_CLASSES]


def _by_class(facts: Facts, column: str) -> tuple[str, dict[str, object]]:
    rates = sorted((n / (n + rest), name) for name, n, rest in _missing_by_class(facts, column))
    if len(rates) < 2:
        return "", {}
    (low, low_name), (high, high_name) = rates[0], rates[-1]
    return ", {high} of {high_name} and {low} of {low_name}", {
        "high": show_share(high),
        "high_name": FromData(high_name),
        "low": show_share(low),
        "low_name": FromData(low_name),
    }


def _figure(facts: Facts, column: str) -> Crosstab | None:
    classes = _missing_by_class(facts, column)
    if not classes:
        return None
    return Crosstab(
        f"{column} by class",
        column,
        ("missing", "present"),
        tuple(show_value(name) for name, _, _ in classes),
        {"train": (tuple(n for _, n, _ in classes), tuple(rest for _, _, rest in classes))},
    )
