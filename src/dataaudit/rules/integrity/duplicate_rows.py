"""DATA001: the same row stands several times in a split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Rows, Severity, shown_rows
from dataaudit.rules._base import Rule
from dataaudit.rules._fineness import Grain, grain
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import RowRepeats

WHY = {
    Grain.FINE: "The columns are fine enough to make chance unlikely: these are copies.",
    Grain.MEDIUM: "The columns tell most rows apart, yet leave chance some room: these may be copies.",
    Grain.COARSE: "The columns are coarse, and coarse tables repeat by chance.",
}


@dataclass(frozen=True)
class DuplicateRows(Rule):
    """The same row stands several times in a split.

    What it does
    ------------
    Counts, exactly, the rows of each split that repeat an earlier one in all
    features and the label, and judges their share by its lower Wilson 95 %
    bound. Tables of few coarse columns repeat by chance, so it asks whether
    chance has room: where half of the numeric features already tell apart 99 %
    of the rows that all of them do, or a feature is free text, it has none,
    and a repeated row is a copy. Elsewhere never more than info. Where half of
    them tells apart half of the rows, any repeat is told; below that the table
    is coarse, and a repeat now and then is nothing.

    Why it matters
    --------------
    Copies weigh double in training. In a test split they narrow every
    interval without adding knowledge, and a split made after the copying puts
    the same row on both sides (LEAK001).

    Flagged
    -------
    50 of 1,000 rows of ten measured columns stand twice: a warning.

    Clean
    -----
    Every row differs. In a table of yes/no answers, a repeat now and then.

    Thresholds
    ----------
    warning_share : share of rows, default 0.01
        A warning from this lower bound on, where repeats are no coincidence.
        Below it info, for any repeated row, and so in tables neither fine
        nor coarse.
    coarse_share : share of rows, default 0.01
        Info from this lower bound on, where the table is coarse.

    Limits
    ------
    Never an error: copies within a split distort a score, they do not fake
    it. Rows that differ in one cell or in an id column are not seen;
    identifiers are left out of the comparison as far as they are known.

    Fix
    ---
    `dataaudit fix TRAIN --select DATA001` keeps the first of equal rows (where
    chance may repeat them, with --unsafe); or weight each row by its count if
    repeats are real.

    References
    ----------
    Elmagarmid, Ipeirotis and Verykios, Duplicate record detection, IEEE TKDE
    19(1) (2007).
    """

    code: ClassVar[str] = "DATA001"
    name: ClassVar[str] = "duplicate-rows"

    warning_share: float = 0.01
    coarse_share: float = 0.01

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        if not facts.features:
            return
        repeated = [repeats for repeats in facts.repeats.values() if repeats.n_distinct_rows < repeats.n_rows]
        grained = grain(facts) if repeated else Grain.COARSE
        for repeats in repeated:
            lower, upper = wilson(repeats.n_rows - repeats.n_distinct_rows, repeats.n_rows)
            if grained is not Grain.COARSE or lower >= self.coarse_share:
                is_warning = grained is Grain.FINE and lower >= self.warning_share
                yield self._finding(repeats, Severity.WARNING if is_warning else Severity.INFO, grained, (lower, upper))

    def _finding(self, repeats: RowRepeats, severity: Severity, grained: Grain, bounds: tuple[float, float]) -> Finding:
        n_repeated = repeats.n_rows - repeats.n_distinct_rows
        message = Text(
            "{rows} of {n_rows} ({share}) {verb} an earlier row, label included; the commonest stands "
            "{largest} times. {why}",
            {
                "rows": show_count(n_repeated, f"{repeats.split} row"),
                "n_rows": f"{repeats.n_rows:,}",
                "share": show_share(n_repeated / repeats.n_rows),
                "verb": "repeats" if n_repeated == 1 else "repeat",
                "largest": f"{repeats.largest_group:,}",
                "why": WHY[grained],
            },
        )
        return self.finding(
            severity,
            message,
            splits=(repeats.split,),
            evidence={
                "n_rows": repeats.n_rows,
                "n_rows_repeated": n_repeated,
                "share_repeated": n_repeated / repeats.n_rows,
                "share_lower": bounds[0],
                "share_upper": bounds[1],
                "n_distinct_rows": repeats.n_distinct_rows,
                "n_distinct_features": repeats.n_distinct_features,
                "largest_group": repeats.largest_group,
                "chance_unlikely": grained is Grain.FINE,
                "example_groups": [", ".join(map(str, group)) for group in repeats.example_groups],
            },
            fix=Text("Drop the copies, `dataaudit fix ... --select DATA001`, or weight each row by its count.")
            if grained is Grain.FINE
            else Text("Nothing need be done unless the rows should be unique: `frame.drop_duplicates()`."),
            rows=(_rows(repeats),),
        )


def _rows(repeats: RowRepeats) -> Rows:
    """Return the rows of the largest groups; every group has one row more than it has repeats."""
    listed = {number for group in repeats.example_groups for number in group}
    n_repeats = repeats.n_rows - repeats.n_distinct_rows
    return shown_rows(repeats.split, listed, n_all=n_repeats + len(repeats.example_groups))
