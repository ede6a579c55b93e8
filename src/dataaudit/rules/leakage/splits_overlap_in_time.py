"""LEAK004: rows of a split are older than the end of train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import TimeOverlap


@dataclass(frozen=True)
class SplitsOverlapInTime(Rule):
    """Rows of another split are not later than the last training row.

    What it does
    ------------
    Counts the rows of a split at or before the last time in train, in the
    column declared with --time.

    Why it matters
    --------------
    A model that has seen next week predicts this week well. In use it will
    only have the past, and series remember: neighbours in time are alike.

    Flagged
    -------
    Train ends on 2023-12-31 and half of test is from 2023-06.

    Clean
    -----
    Train ends on 2023-12-31 23:59 and test starts on 2024-01-01.

    Thresholds
    ----------
    None: with a declared time any such row is an error. Where splitting at
    random is meant, say so with --time-mode random; then nothing is judged.

    Limits
    ------
    Judges the order, not a gap: rows just after the end of train may still be
    alike. Times that are equal on both sides of the cut count as overlapping.

    Fix
    ---
    Cut at one moment: train before it, validation and test after it.

    References
    ----------
    Tashman, International Journal of Forecasting 16:437 (2000); Roberts et
    al., Ecography 40:913 (2017).
    """

    code: ClassVar[str] = "LEAK004"
    name: ClassVar[str] = "splits-overlap-in-time"
    needs: ClassVar[tuple[Need, ...]] = (Need.TIME, Need.OTHER_SPLIT)

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        if facts.time_mode == "random":
            return
        for split, overlap in facts.time_overlaps.items():
            if overlap.n_rows_overlapping > 0:
                finding = self._finding(split, overlap)
                yield _with_cost(facts, overlap, finding)

    def _finding(self, split: str, overlap: TimeOverlap) -> Finding:
        share = overlap.n_rows_overlapping / max(1, overlap.n_rows)
        times = {
            "train_first": FromData(overlap.train_first),
            "train_last": FromData(overlap.train_last),
            "other_first": FromData(overlap.other_first),
            "other_last": FromData(overlap.other_last),
        }
        message = Text(
            "{rows} of {split} ({share}) {are} not later than the last training row: by {column}, train runs from "
            "{train_first} to {train_last} and {split} from {other_first} to {other_last}.",
            {
                "rows": show_count(overlap.n_rows_overlapping, "row"),
                "are": "is" if overlap.n_rows_overlapping == 1 else "are",
                "split": split,
                "share": show_share(share),
                "column": overlap.column,
                **times,
            },
        )
        return self.finding(
            Severity.ERROR,
            message,
            columns=(overlap.column,),
            splits=("train", split),
            evidence={
                "n_rows": overlap.n_rows,
                "n_rows_overlapping": overlap.n_rows_overlapping,
                "share_overlapping": share,
                **times,
            },
            fix=Text(
                'Cut at one moment: `train = table[table["{column}"] < moment]`, `{split} = table[table["{column}"] >= '
                "moment]`; if a random split is meant, say so with `--time-mode random`.",
                {"column": overlap.column, "split": split},
            ),
            rows=(shown_rows(split, overlap.numbers),),
        )


def _with_cost(facts: Facts, overlap: TimeOverlap, finding: Finding) -> Finding:
    return with_impact(facts, finding, lambda: facts.impact.of_time(overlap.split, overlap.column))
