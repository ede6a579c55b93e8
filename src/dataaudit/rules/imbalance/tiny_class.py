"""IMB003: a class has too few rows for cross-validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.measure.shifts.detectable import N_FOLDS
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.imbalance._classes import ClassSize, class_bars, class_sizes
from dataaudit.text import FromData, Text, show_count

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class TinyClass(Rule):
    """A class has fewer training rows than cross-validation needs.

    What it does
    ------------
    Counts the labelled training rows of every class and names those with
    fewer than `rows_per_fold` for each of `folds` folds. A warning if the
    class is also clearly small beside the others (the upper Wilson 95 % bound
    of its share is below `few_of_balanced` of 1/K); info if the whole table
    is small and the class as large as the others.

    Why it matters
    --------------
    With one row per fold a recall is 0 or 1, and with none the fold has no
    score at all: the mean over folds says nothing about that class.

    Flagged
    -------
    1,000 rows of which 7 are of one class: a warning.

    Clean
    -----
    Every class has 10 rows or more.

    Thresholds
    ----------
    folds : folds, default 5
        Of the cross-validation meant; 5 is scikit-learn's default.
    rows_per_fold : rows, default 2
        Rows of a class each fold should hold; with 1 a recall is 0 or 1.
    few_of_balanced : fraction of 1/K, default 0.5
        A warning if the class is below this fraction of its balanced share.

    Limits
    ------
    Counts only. Whether the test rows are enough to measure a class is
    SPLIT007's, a class that one split lacks SPLIT006's.

    Fix
    ---
    Collect more rows, join the class with one that means nearly the same, or
    leave it out and say so. Split with stratification.

    References
    ----------
    Kohavi, IJCAI (1995), on stratified cross-validation.
    """

    code: ClassVar[str] = "IMB003"
    name: ClassVar[str] = "tiny-class"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES,)

    folds: int = N_FOLDS
    rows_per_fold: int = 2
    few_of_balanced: float = 0.5

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding, which names all tiny classes."""
        sizes = class_sizes(facts.classes)
        tiny = [size for size in sizes if size.n_rows < self.folds * self.rows_per_fold]
        if tiny:
            yield self._finding(facts.label, sizes, tiny)

    def _finding(self, label: str, sizes: list[ClassSize], tiny: list[ClassSize]) -> Finding:
        small_beside_others = any(size.of_balanced_upper < self.few_of_balanced for size in tiny)
        message = Text(
            "{how_many} fewer than {needed}, {per_fold} for each of {folds} folds: {names}. A fold holds {in_a_fold} "
            "of {rarest}.{whole}",
            {
                "how_many": f"{len(tiny):,} of {show_count(len(sizes), 'class', 'classes')} "
                f"{'has' if len(tiny) == 1 else 'have'}",
                "needed": show_count(self.folds * self.rows_per_fold, "training row"),
                "per_fold": self.rows_per_fold,
                "folds": self.folds,
                "names": [FromData(f"{size.name} ({size.n_rows})") for size in tiny],
                "in_a_fold": _in_a_fold(tiny[0].n_rows, self.folds),
                "rarest": FromData(tiny[0].name),
                "whole": "" if small_beside_others else " The table is small; no class is rare beside the others.",
            },
        )
        return self.finding(
            Severity.WARNING if small_beside_others else Severity.INFO,
            message,
            columns=(label,),
            evidence={
                "n_classes": len(sizes),
                "n_classes_tiny": len(tiny),
                "n_rows_needed": self.folds * self.rows_per_fold,
                "tiny_classes": [FromData(size.name) for size in tiny],
                "n_rows_of_tiny_classes": [size.n_rows for size in tiny],
                "n_rows_per_fold_of_rarest": tiny[0].n_rows / max(1, self.folds),
                "n_folds_without_rarest": max(0, self.folds - tiny[0].n_rows),
                "smallest_share_upper": tiny[0].share_upper,
            },
            fix=Text(
                "Collect more rows of these classes, join each with a class that means nearly the same, or leave them "
                "out and say so; split with stratification."
            ),
            figure=class_bars(sizes),
        )


def _in_a_fold(n_rows: int, folds: int) -> str:
    """Return how many rows of a class a fold holds, dealt as evenly as they go.

    >>> _in_a_fold(7, 5), _in_a_fold(5, 5), _in_a_fold(3, 5)
    ('1 or 2 rows', '1 row', '0 or 1 rows')
    """
    least, over = divmod(n_rows, max(1, folds))
    return f"{least:,} or {least + 1:,} rows" if over else show_count(least, "row")
