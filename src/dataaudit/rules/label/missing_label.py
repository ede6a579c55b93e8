"""LABEL005: rows without a label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import two_shares_z, wilson
from dataaudit.model import Finding, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class Unlabelled:
    """Rows of a split, and those of them without a label."""

    split: str
    n_rows: int
    n_unlabelled: int

    @property
    def share(self) -> float:
        """Unlabelled rows as a share of the split."""
        return self.n_unlabelled / max(1, self.n_rows)


@dataclass(frozen=True)
class MissingLabel(Rule):
    """Rows have no label.

    What it does
    ------------
    Counts the rows of each split whose label is missing and judges their
    share by its lower Wilson 95 % bound; compares each split with train. A
    split without the label column is left in peace.

    Why it matters
    --------------
    Unlabelled rows are dropped, often silently. If labels are missing more
    often for one kind of row (the hard ones, the recent ones) what is left
    is another population, and if splits differ so do their populations.

    Flagged
    -------
    80 of 1,000 training rows without a label: a warning. 3 of them: info.

    Clean
    -----
    Every row has a label, or test has no label column at all.

    Thresholds
    ----------
    warning_share : share of rows, default 0.05
        A warning from this lower bound on; below it, info for any row.
    warning_difference : difference of shares, default 0.05
        A warning if a split differs from train by more than this, with a z
        above `z_difference`.
    z_difference : standard errors, default 3
        Of the difference of the two shares.

    Limits
    ------
    Does not say which rows lack labels; see SPUR003 for what missing cells
    tell. A class named "unknown" counts as a label.

    Fix
    ---
    Label the rows, or drop them before splitting and say how many and which:
    `frame.dropna(subset=[label])`, or `dataaudit fix TRAIN --select LABEL005`.

    References
    ----------
    Little and Rubin, Statistical Analysis with Missing Data (2019), chapter 1.
    """

    code: ClassVar[str] = "LABEL005"
    name: ClassVar[str] = "missing-label"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)

    warning_share: float = 0.05
    warning_difference: float = 0.05
    z_difference: float = 3.0

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        counted = [Unlabelled(split, facts.info.split(split).n_rows, n) for split, n in _unlabelled(facts).items()]
        train = next(split for split in counted if split.split == "train")
        for split in counted:
            if split.n_unlabelled > 0 or self._differs(train, split):
                yield self._finding(facts.label, train, split)

    def _differs(self, train: Unlabelled, split: Unlabelled) -> bool:
        z = two_shares_z(train.n_unlabelled, train.n_rows, split.n_unlabelled, split.n_rows)
        return abs(split.share - train.share) > self.warning_difference and abs(z) > self.z_difference

    def _finding(self, label: str, train: Unlabelled, split: Unlabelled) -> Finding:
        lower, upper = wilson(split.n_unlabelled, split.n_rows)
        differs = self._differs(train, split)
        message = Text(
            "{unlabelled} of {rows} ({share}) {verb} no label.{train}",
            {
                "unlabelled": f"{split.n_unlabelled:,}",
                "rows": show_count(split.n_rows, f"{split.split} row"),
                "share": show_share(split.share),
                "verb": "has" if split.n_unlabelled == 1 else "have",
                "train": f" In train it is {show_share(train.share)}: the splits lost different rows."
                if differs
                else "",
            },
        )
        return self.finding(
            Severity.WARNING if differs or lower >= self.warning_share else Severity.INFO,
            message,
            columns=(label,),
            splits=("train", split.split) if differs else (split.split,),
            evidence={
                "n_rows": split.n_rows,
                "n_rows_unlabelled": split.n_unlabelled,
                "share_unlabelled": split.share,
                "share_lower": lower,
                "share_upper": upper,
                "share_unlabelled_train": train.share,
            },
            fix=Text("Label these rows, or drop them and say how many: `dataaudit fix ... --select LABEL005`."),
            identity=(split.split,),
        )


def _unlabelled(facts: Facts) -> Mapping[str, int]:
    """Return rows without a label for each split that has the label column."""
    measured = facts.target if facts.info.task is Task.REGRESSION else facts.classes
    return {split: measured.n_unlabelled.get(split, 0) for split in measured.counts}
