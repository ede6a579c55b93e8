"""LABEL001: rows that are alike in all features have different labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import wilson
from dataaudit.model import Finding, Severity, Task, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._fineness import is_fine
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import Contradictions


@dataclass(frozen=True)
class ContradictoryLabels(Rule):
    """Rows that are alike in all features have different labels.

    What it does
    ------------
    Groups the training rows by all their features, exactly. In a group with
    several labels a model can be right on the commonest only, so the sum of
    the commonest over all groups is a ceiling: the accuracy of a model that
    has memorised the table. For a numeric target it is the R² of the groups'
    means. Judges what is missing to 1 by its lower Wilson 95 % bound.

    Where the features are coarse, alike rows are the rule and labels differ
    because a feature that tells them apart is not there. To know the two
    apart, each row that is lost is set against one alike row with the other
    label; if the alike rows that are left are `coarse_share` of the table or
    more, an error becomes a warning. Not so where the features are fine: free
    text, or numbers half of which tell apart 99 % of the rows that all of them
    do, as in DATA001. Alike rows are copies there, however many they are.

    Why it matters
    --------------
    No model can beat the ceiling, and one that does on the test rows has
    seen something it should not have. Contradictory copies of a row are
    wrong labels, and the model learns the average of them.

    Flagged
    -------
    1,000 rows with 150 stored twice, once as yes and once as no: an error.
    1,000 answers to two questions, and a label that follows them in 80 %: the
    features are coarse, a warning.

    Clean
    -----
    A table whose rows differ, or whose equal rows have equal labels.

    Thresholds
    ----------
    info_shortfall : share of rows (or of variance), default 0.001
        Info from this lower bound of 1 - ceiling on.
    warning_shortfall : share of rows (or of variance), default 0.01
        A warning from this lower bound on: 1 point of accuracy is lost.
    error_shortfall : share of rows (or of variance), default 0.1
        An error from this lower bound on, unless the features are coarse.
    coarse_share : share of rows, default 0.25
        Alike rows beyond the contradicted ones that make a table coarse,
        unless its features are fine.
    crowd : rows, default 8
        So many rows per contradicted group, in the mean, make it coarse too.

    Limits
    ------
    Only exactly equal features count: one column that differs in every row
    (an id not declared as such) hides all contradictions. A wrong label of a
    row without a twin is not seen.

    Fix
    ---
    Look at the groups named: correct or drop wrong labels, add the feature
    that tells the rows apart, or predict probabilities and judge them as such.
    `dataaudit fix TRAIN --select LABEL001` drops the groups, or with --conflicts
    majority all but the commonest label (where the features are coarse, with
    --unsafe).

    References
    ----------
    Brodley and Friedl, JAIR 11 (1999); Northcutt et al., NeurIPS Datasets
    and Benchmarks (2021).
    """

    code: ClassVar[str] = "LABEL001"
    name: ClassVar[str] = "contradictory-labels"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)

    info_shortfall: float = 0.001
    warning_shortfall: float = 0.01
    error_shortfall: float = 0.1
    coarse_share: float = 0.25
    crowd: int = 8

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        found = facts.contradictions
        if found.n_rows == 0:
            raise NotMeasurable("there is no labelled training row")
        lower, upper = wilson((1 - found.ceiling) * found.n_rows, found.n_rows)
        coarse = self._is_coarse(found, regression=facts.info.task is Task.REGRESSION) and not is_fine(facts)
        severity = self._severity(lower, coarse)
        if severity is not None:
            yield self._finding(facts, found, severity, coarse, (lower, upper))

    def _severity(self, lower: float, coarse: bool) -> Severity | None:
        if lower >= self.error_shortfall and not coarse:
            return Severity.ERROR
        if lower >= self.warning_shortfall:
            return Severity.WARNING
        return Severity.INFO if lower >= self.info_shortfall else None

    def _is_coarse(self, found: Contradictions, *, regression: bool) -> bool:
        # An R² lost counts no rows: hardly two rows alike have the same number.
        n_lost = 0 if regression else found.n_rows_lost
        n_left = found.n_rows_alike - 2 * n_lost
        # Labels at random leave none over, but the groups are large then: copies come in twos and threes.
        in_crowds = found.n_groups > 0 and found.n_rows_contradicted >= self.crowd * found.n_groups
        return n_left >= self.coarse_share * found.n_rows or in_crowds

    def _finding(
        self,
        facts: Facts,
        found: Contradictions,
        severity: Severity,
        coarse: bool,
        shortfall: tuple[float, float],
    ) -> Finding:
        regression = facts.info.task is Task.REGRESSION
        message = Text(
            "{contradicted} share all features with a row that has another {label}, so {ceiling}{coarse}",
            {
                "contradicted": f"{found.n_rows_contradicted:,} of {show_count(found.n_rows, 'training row')}",
                "label": "target" if regression else "label",
                "ceiling": _say_ceiling(found, regression),
                "coarse": _say_coarse(found) if coarse else "",
            },
        )
        example = found.example_groups[0] if found.example_groups else ()
        return self.finding(
            severity,
            message,
            columns=(facts.label,),
            evidence={
                "n_rows": found.n_rows,
                "n_rows_contradicted": found.n_rows_contradicted,
                "n_rows_alike": found.n_rows_alike,
                "n_groups": found.n_groups,
                "ceiling": found.ceiling,
                "ceiling_lower": 1 - shortfall[1],
                "ceiling_upper": 1 - shortfall[0],
                "baseline": found.baseline,
                "coarse": coarse,
                "example_groups": [_group(numbers) for numbers in found.example_groups],
            },
            fix=Text(
                "Compare the rows of a group, for example `frame.iloc[{numbers}]`: correct or drop the wrong labels, "
                "or add the feature that tells the rows apart. `dataaudit fix ... --select LABEL001{unsafe}` drops "
                "them all.",
                {"numbers": str(list(example)), "unsafe": " --unsafe" if coarse else ""},
            ),
            rows=(
                shown_rows(
                    "train", {number for group in found.example_groups for number in group}, found.n_rows_contradicted
                ),
            ),
        )


def _say_ceiling(found: Contradictions, regression: bool) -> str:
    all_rows = f"all {show_count(found.n_rows, 'labelled training row')}"
    if regression:
        return f"no model can reach an R² above {found.ceiling:.3f} on {all_rows}."
    return (
        f"no model can be right on more than {show_share(found.ceiling)} of {all_rows}; "
        f"always naming the commonest class is right on {show_share(found.baseline)}."
    )


def _say_coarse(found: Contradictions) -> str:
    share = show_share(found.n_rows_alike / found.n_rows)
    return f" {share} of all rows have a twin: the features are too coarse, rather than the labels wrong."


def _group(numbers: tuple[int, ...]) -> str:
    return ", ".join(str(number) for number in numbers)
