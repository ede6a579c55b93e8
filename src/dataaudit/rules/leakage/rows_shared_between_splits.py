"""LEAK001: rows of a split stand in train too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import MAX_ROWS_SHOWN, Finding, Rows, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import binomial_tail
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.text import Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import RowOverlap

FEW_REPEATS = 0.9


# Where fewer are expected, a few matches are no proof that there was no copying.
FEWEST_EXPECTED = 0.5


@dataclass(frozen=True)
class RowsSharedBetweenSplits(Rule):
    """Rows of another split stand in train with the same features.

    What it does
    ------------
    Counts the rows whose features all equal those of a training row, by
    64-bit hashes over all rows; the label is left out, and told apart as
    "same label" and "other label". A table of coarse columns has such rows
    by chance, so the share matched across the splits is compared with the
    share of training rows that match another training row: in a random
    split both are equal on average, whatever the table. Where training rows
    are nearly all distinct, the exact chance that a random split deals so
    many of the repeats across is taken as well.

    Why it matters
    --------------
    A model that remembers its training rows scores on them for free. The
    test score then says how well it remembers, not how well it generalises.

    Flagged
    -------
    20 of 200 test rows copied from train, where no two training rows are alike.

    Clean
    -----
    A random split of a questionnaire with five yes/no answers: nearly every
    test row matches a training row, and nearly every training row another.

    Thresholds
    ----------
    error_z : standard errors, default 3
        An error needs the excess (across minus within) to be this many
        clustered standard errors above zero.
    excess_min : share of rows, default 0.005
        An error needs the excess to be above this.
    warning_factor : times, default 5
        A warning needs the share matched to be above this many times its
        value within train ...
    warning_z : standard errors, default 2
        ... with the excess this many standard errors above zero.
    share_min : share of rows, default 0.005
        A warning needs the share matched to be above this.
    n_matched_min : rows, default 3
        Fewer matched rows are worth an info only.
    distinct_min : share of rows, default 0.99
        A table whose training rows are at least so distinct needs no factor
        and no z, only the chance below.
    alpha : probability, default 0.005
        Above info, the chance that a random split deals the repeats out like
        this must lie below it, over all splits together. It is judged where
        at least 90 % of the training rows are distinct; on coarser tables
        the standard errors carry the verdict.

    Limits
    ------
    Blind to rows that were duplicated in train as well (oversampling before
    the split raises both shares) and to rows that are nearly alike. A group
    of very many equal rows counts as one piece of evidence.

    Fix
    ---
    Take the matched rows out of train, `dataaudit fix TRAIN --test TEST --select
    LEAK001` (in coarse tables with --unsafe), or split again with equal rows kept
    together, `dataaudit split`.

    References
    ----------
    Barz and Denzler, Journal of Imaging 6(6) (2020), on duplicates between
    the splits of CIFAR; Kapoor and Narayanan, Patterns 4(9) (2023).
    """

    code: ClassVar[str] = "LEAK001"
    name: ClassVar[str] = "rows-shared-between-splits"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    error_z: float = 3.0
    excess_min: float = 0.005
    warning_factor: float = 5.0
    warning_z: float = 2.0
    share_min: float = 0.005
    n_matched_min: int = 3
    distinct_min: float = 0.99
    alpha: float = 0.005

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        for split, overlap in facts.overlaps.items():
            if overlap.n_matched > 0:
                chance = _chance_of_deal(facts, overlap)
                severity = self._severity(overlap, chance * len(facts.overlaps))
                finding = self._finding(split, overlap, severity, chance)
                yield _with_cost(facts, split, finding)

    def _severity(self, overlap: RowOverlap, chance: float) -> Severity:
        z = overlap.excess / overlap.standard_error if overlap.standard_error > 0 else 0.0
        if chance >= self.alpha or overlap.n_matched < self.n_matched_min:
            return Severity.INFO
        if z > self.error_z and overlap.excess > self.excess_min:
            return Severity.ERROR
        by_factor = overlap.share_matched > self.warning_factor * overlap.share_matched_within_train
        all_distinct = overlap.share_distinct_in_train >= self.distinct_min
        if overlap.share_matched > self.share_min and (all_distinct or (by_factor and z > self.warning_z)):
            return Severity.WARNING
        return Severity.INFO

    def _finding(self, split: str, overlap: RowOverlap, severity: Severity, chance: float) -> Finding:
        by_chance = overlap.share_matched_within_train * overlap.n_rows
        message = Text(
            "{matched} of {split} ({share}) {stand} in train with the same features{labels}. Within train {within} "
            "of the rows match another, so about {expected} would be expected by chance{verdict}.",
            {
                "matched": show_count(overlap.n_matched, "row"),
                "stand": "stands" if overlap.n_matched == 1 else "stand",
                "split": split,
                "share": show_share(overlap.share_matched),
                "labels": _label_words(overlap),
                "within": show_share(overlap.share_matched_within_train),
                "expected": f"{by_chance:,.1f}" if by_chance < 10 else f"{by_chance:,.0f}",
                "verdict": _verdict(severity, by_chance),
            },
        )
        evidence = {
            "n_rows": overlap.n_rows,
            "n_rows_matched": overlap.n_matched,
            "share_matched": overlap.share_matched,
            "share_matched_within_train": overlap.share_matched_within_train,
            "share_excess": overlap.excess,
            "share_excess_standard_error": overlap.standard_error,
            "share_distinct_in_train": overlap.share_distinct_in_train,
            "probability_by_chance": chance,
        }
        if overlap.has_labels:
            evidence |= {"n_rows_same_label": overlap.n_same_label, "n_rows_other_label": overlap.n_other_label}
        fix = (
            "Take these rows out of train, `dataaudit fix ... --select LEAK001`, so that {split} stays as it is; "
            "or split again with equal rows kept together, `dataaudit split`."
        )
        return self.finding(
            severity,
            message,
            splits=("train", split),
            evidence=evidence,
            fix=Text(
                fix if severity > Severity.INFO else "Nothing, unless these rows were not meant to be equal.",
                {"split": split},
            ),
            rows=_matched_rows(split, overlap),
        )


def _with_cost(facts: Facts, split: str, finding: Finding) -> Finding:
    return with_impact(facts, finding, lambda: facts.impact.of_copies(split))


def _chance_of_deal(facts: Facts, overlap: RowOverlap) -> float:
    """Return the chance of so many repeats across the splits, were the split random.

    Repeats count as pairs: across, within train and within the split. Where
    many rows repeat, they come in larger groups and the standard error of
    the excess is the better judge; then 0.
    """
    if overlap.share_distinct_in_train < FEW_REPEATS:
        return 0.0
    repeats = facts.repeats[overlap.split]
    n_within = round(overlap.share_matched_within_train * overlap.n_train / 2)
    n_pairs = overlap.n_matched + n_within + repeats.n_rows - repeats.n_distinct_features
    n_both = overlap.n_train + overlap.n_rows
    share_across = 2 * overlap.n_train * overlap.n_rows / (n_both * max(1, n_both - 1))
    return binomial_tail(overlap.n_matched, n_pairs, share_across)


def _verdict(severity: Severity, by_chance: float) -> str:
    if severity > Severity.INFO:
        return ""
    return ": too few to tell" if by_chance < FEWEST_EXPECTED else ": no sign of copying"


def _label_words(overlap: RowOverlap) -> str:
    if not overlap.has_labels:
        return ""
    return f", {overlap.n_same_label:,} with the same label and {overlap.n_other_label:,} with another"


def _matched_rows(split: str, overlap: RowOverlap) -> tuple[Rows, ...]:
    # In the order of the pairs: the first row listed of the split equals the first listed of train.
    pairs = overlap.pairs[:MAX_ROWS_SHOWN]
    more = overlap.n_matched > len(pairs)
    return (
        Rows(split, tuple(row for row, _ in pairs), truncated=more),
        Rows("train", tuple(row for _, row in pairs), truncated=more),
    )
