"""LEAK002: rows of a split are nearly the same as rows of train."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import MAX_ROWS_SHOWN, Evidence, Finding, Rows, Severity, shown_rows
from dataaudit.rules._base import Mended, Rule
from dataaudit.rules._chance import binomial_tail
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.near_rows.overlaps import NearOverlap

MOST_COLUMNS_NAMED = 3
# Below, a tolerance allows for the rounding of doubles only.
LEAST_TOLERANCE_TOLD = 1e-6


@dataclass(frozen=True)
class NearDuplicatesBetweenSplits(Rule):
    """Rows of a split nearly agree with rows of train in all features, though no cell-by-cell copy.

    What it does
    ------------
    Looks for rows of test or validation that have a near twin in train: every
    number within a small part of its column's interquartile range, texts equal
    after leaving out case, spaces, hyphens and accents, and at most one cell
    (two of 100) further apart; or all cells the same but one. How small a step counts
    is chosen for the table, so that were the columns independent, a row would
    find fewer than .002 twins by chance. Rows of which an exact copy stands in
    train are LEAK001's and left out.

    Columns do depend on one another, and some tables are full of rows much
    alike. So the share of matched rows is compared with the share of training
    rows that match another training row in the same way: for a random split
    both are equal on average, whatever the table.

    Candidates come from up to four keys per row, each over some of the columns
    in coarse steps, over all rows; only rows that share a key are compared.
    Without another split, train alone is looked at, before it is split.

    Why it matters
    --------------
    The second photo of a burst, a record typed twice, a row copied and jittered: the
    model has seen these test rows. Their score says how well it remembers.

    Flagged
    -------
    40 of 400 test rows are training rows with noise of 1 % of the columns'
    spread; within train no row has such a twin.

    Clean
    -----
    A random split of a table whose rows come in near twins by nature: as many
    test rows as training rows have one. That is told as info.

    Thresholds
    ----------
    error_z : standard errors, default 3
        An error needs the excess (across minus within) to be this many
        clustered standard errors above zero.
    excess_min : share of rows, default 0.005
        An error needs the excess to be above this.
    warning_factor : times, default 5
        A warning needs the share matched to be above this many times its
        value within train.
    share_min : share of rows, default 0.005
        A warning needs the share matched to be above this.
    n_matched_min : rows, default 3
        Fewer matched rows that are no coincidence are not told.
    alpha : probability, default 0.005
        Above info, the chance that a random split deals the pairs out like
        this must lie below it, over all splits together.
    not_by_chance_min : share of the matched rows, default 0.5
        A finding without excess is told, as info, where at least this share
        of the matched rows has cells so rare together that independent
        columns would give them fewer than .02 twins ...
    chance_factor : times, default 20
        ... and this many times as many rows match as independent columns
        would let match. Columns that depend on one another match more often.

    Limits
    ------
    How sure: the rows are listed pair by pair, so that one can look. Wrong it would be
    where the split was made so that alike rows part: then the finding is
    right about the rows, and the split is still not independent. Blind to an excess where copies were
    made before the split on both sides (an info tells them); to noise of more than a tenth of the
    interquartile range or in tables of few columns; to texts that were rephrased, or
    written in full-width letters; to columns beyond 500, drawn evenly by name; to rows
    whose every key was hit (several changed cells); to twins that share a key with many
    other rows, of which only the first two are compared. In tables where more than
    200,000 rows share a key, a drawn part of them is looked at.

    Fix
    ---
    Take the rows out of the split, or give near twins a common group and
    split by it. `dataaudit fix TRAIN --test TEST --select LEAK002 --unsafe` takes
    their twins out of train.

    References
    ----------
    Barz and Denzler, Journal of Imaging 6(6) (2020): 3 % and 10 % of the
    CIFAR test images have near-duplicates in train; Leskovec, Rajaraman and
    Ullman, Mining of Massive Datasets (2014), chapter 3.
    """

    code: ClassVar[str] = "LEAK002"
    name: ClassVar[str] = "near-duplicates-between-splits"

    error_z: float = 3.0
    excess_min: float = 0.005
    warning_factor: float = 5.0
    share_min: float = 0.005
    n_matched_min: int = 3
    alpha: float = 0.005
    not_by_chance_min: float = 0.5
    chance_factor: float = 20.0

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split; of train only where it stands alone."""
        if not facts.features:
            return
        for split in facts.other_splits or ("train",):
            overlap = facts.near_overlaps.get(split)
            if overlap is not None and overlap.n_matched >= self.n_matched_min:
                chance = _chance_of_deal(overlap)
                severity = self._severity(overlap, chance * len(facts.other_splits))
                if severity > Severity.INFO or self._is_worth_telling(overlap):
                    finding = self._finding(overlap, severity, chance)
                    yield _with_cost(facts, split, finding)

    def _is_worth_telling(self, overlap: NearOverlap) -> bool:
        by_chance = overlap.matching.chance * self.chance_factor
        return overlap.share_not_by_chance >= self.not_by_chance_min and overlap.share_matched > by_chance

    def _severity(self, overlap: NearOverlap, chance: float) -> Severity:
        if overlap.split == "train" or chance >= self.alpha:
            return Severity.INFO
        z = overlap.excess / overlap.standard_error if overlap.standard_error > 0 else 0.0
        if z > self.error_z and overlap.excess > self.excess_min:
            return Severity.ERROR
        by_factor = overlap.share_matched > self.warning_factor * overlap.share_matched_within_train
        return Severity.WARNING if by_factor and overlap.share_matched > self.share_min else Severity.INFO

    def _finding(self, overlap: NearOverlap, severity: Severity, chance: float) -> Finding:
        alone = overlap.split == "train"
        named = list(itertools.islice(overlap.columns_off, MOST_COLUMNS_NAMED))
        message = Text(
            "{matched} of {split} ({share}) nearly {agree} with {another} but {equal} none exactly: {kinds}"
            + (", most often in {columns}. " if named else ". ")
            + "{compared}",
            {
                "matched": show_count(overlap.n_matched, "row"),
                "split": overlap.split,
                "share": show_share(overlap.share_matched),
                "agree": "agrees" if overlap.n_matched == 1 else "agree",
                "another": "another row" if alone else "a row of train",
                "equal": "equals" if overlap.n_matched == 1 else "equal",
                "kinds": _kinds(overlap),
                "columns": named,
                "compared": _compared(overlap, severity),
            },
        )
        return self.finding(
            severity,
            message,
            splits=("train",) if alone else ("train", overlap.split),
            evidence=_evidence(overlap, chance),
            fix=_fix(overlap, severity),
            mended=None
            if alone or severity is Severity.INFO
            else Mended("takes the rows out of train instead", unsafe=True),
            rows=_rows(overlap),
        )


def _with_cost(facts: Facts, split: str, finding: Finding) -> Finding:
    return with_impact(facts, finding, lambda: facts.impact.of_near_twins(split))


def _chance_of_deal(overlap: NearOverlap) -> float:
    """Return the chance that a random split deals so many of the pairs across, given those within train."""
    n_within = -(-overlap.n_matched_within_train // 2)
    share_across = 2 * overlap.n_rows / max(1, 2 * overlap.n_rows + overlap.n_train - 1)
    return binomial_tail(overlap.n_matched, overlap.n_matched + n_within, share_across)


def _kinds(overlap: NearOverlap) -> str:
    """Return in words what the differences are."""
    n_changed = overlap.n_matched - overlap.n_small
    tolerance = overlap.matching.tolerance
    step = "spelling" if tolerance < LEAST_TOLERANCE_TOLD else f"{show_share(tolerance)} of its interquartile range"
    changed = "one cell is further apart" if overlap.matching.n_off <= 1 else "a cell or two are further apart"
    if not n_changed:
        return f"no column differs by more than {step}"
    if not overlap.n_small:
        return f"in all of them {changed}, no other column differs by more than {step}"
    return f"in {n_changed:,} of them {changed}, else no column differs by more than {step}"


def _compared(overlap: NearOverlap, severity: Severity) -> str:
    if overlap.split == "train":
        return "A random split would put some of these pairs on both sides."
    within = show_share(overlap.share_matched_within_train)
    if severity > Severity.INFO:
        return f"Within train {within} of the rows nearly agree with another."
    return f"Within train {within} do so too: such rows come in pairs here, and the split parts them."


def _evidence(overlap: NearOverlap, chance: float) -> dict[str, Evidence]:
    evidence: dict[str, Evidence] = {
        "n_rows": overlap.n_rows,
        "n_rows_matched": overlap.n_matched,
        "share_matched": overlap.share_matched,
        "n_rows_small_differences": overlap.n_small,
        "n_rows_changed_cell": overlap.n_matched - overlap.n_small,
        "share_matched_within_train": overlap.share_matched_within_train,
        "share_not_by_chance": overlap.share_not_by_chance,
        "tolerance_in_interquartile_ranges": overlap.matching.tolerance,
    }
    if overlap.split != "train":
        evidence |= {
            "share_excess": overlap.excess,
            "share_excess_standard_error": overlap.standard_error,
            "probability_by_chance": chance,
        }
    if overlap.has_labels:
        evidence["n_rows_same_label"] = overlap.n_same_label
    return evidence


def _fix(overlap: NearOverlap, severity: Severity) -> Text:
    if overlap.split == "train":
        return Text(
            "Look at some pairs. If they are one thing, give near twins a common group, split by it, and audit "
            "with `dataaudit audit ... --group COLUMN`."
        )
    if severity > Severity.INFO:
        return Text(
            "Look at some pairs; then take these rows out of {split}: `{split} = {split}.drop({split}.index[[{rows}]])`"
            "{more}. Or give near twins a common group, split again by it, and audit with "
            "`dataaudit audit ... --group COLUMN`.",
            {
                "split": overlap.split,
                "rows": ", ".join(str(row) for row in sorted(row for row, _ in overlap.pairs[:MAX_ROWS_SHOWN])),
                "more": "; the next audit lists further ones" if overlap.n_matched > len(overlap.pairs) else "",
            },
        )
    return Text(
        "Look at some pairs. If they are one thing (a record typed twice, a row augmented before the split), split "
        "again with near twins kept together."
    )


def _rows(overlap: NearOverlap) -> tuple[Rows, ...]:
    # In the order of the pairs: the first row listed of the split is the first listed of train's twin.
    pairs = overlap.pairs[:MAX_ROWS_SHOWN]
    more = overlap.n_matched > len(pairs)
    if overlap.split == "train":
        return (shown_rows("train", list({row for pair in pairs for row in pair}), overlap.n_matched),)
    return (
        Rows(overlap.split, tuple(row for row, _ in pairs), truncated=more),
        Rows("train", tuple(twin for _, twin in pairs), truncated=more),
    )
