"""RANGE002: rows of a split lie within every training range, and far from every training row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dataaudit.intervals import wilson
from dataaudit.model import Evidence, Finding, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.extrapolation._confidence import Confidence, confidence_evidence, confidences, sentence
from dataaudit.rules.extrapolation._tail import benjamini_hochberg, beyond_rank_tail
from dataaudit.text import Text, join_words, show_count, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.neighbours import IntArray, JointDistances

# A column is responsible if it adds half as much as the one that adds most.
SHARE_OF_MOST = 0.5
MOST_RESPONSIBLE = 5
MOST_ROWS_LISTED = 20


@dataclass(frozen=True)
class JointExtrapolation(Rule):
    """Rows of another split lie within every training range, and far from every training row.

    What it does
    ------------
    Takes the mean distance of a row to its five nearest of one half of the
    training rows, over numbers and categories together, correlations taken
    out. What is far, the other half of train says: of it a share of `level`
    lies further. Rows beyond the range of one column are left to RANGE001.
    The number of far rows is judged by its exact chance in a random split
    (conformal p-values, beta-binomial), then by its share.

    Why it matters
    --------------
    Tall and light are each known, and a tall light person is not: a model has
    never seen the combination, and its answer is as much a guess as beyond a
    range. Its confidence often does not say so.

    Flagged
    -------
    In train, mass and size go together; in 6 % of the test rows size is large
    and mass small, both as seen before.

    Clean
    -----
    A random split, however heavy the tails: 1 % of the rows are far.

    Thresholds
    ----------
    level : share of rows, default 0.01
        A row is far if at most this share of the training rows is as far.
    share_min : share of rows, default 0.03
        A warning if more rows than these are far ...
    alpha : probability, default 0.005
        ... and the chance lies below this over all splits together
        (Bonferroni); otherwise nothing is said.
    error_share : share of rows, default 0.2
        An error if the lower 95 % bound of the share reaches this.
    named_false : share of rows, default 0.1
        Rows are named so that at most this share of them is ordinary
        (Benjamini-Hochberg).

    Limits
    ------
    On at most 6,000 rows of each split and 50 columns: where there are more,
    those that tell most of the label alone; the evidence says how many are
    left out. Dates and texts are left out. The more columns, the less a pair
    of them counts. Where rows of one person or machine lie together and no
    group is declared, those of a new one are far by nature. What a model makes
    of the rows is measured with a logistic regression and a forest, not yours.

    Fix
    ---
    Gather training rows there, or split again after shuffling if the split
    was meant to be random; else score these rows apart and do not rely on a
    model's confidence there.

    References
    ----------
    Bates, Candès, Lei, Romano and Sesia, Annals of Statistics 51:149 (2023);
    Ramaswamy, Rastogi and Shim, SIGMOD (2000) for the distance.
    """

    code: ClassVar[str] = "RANGE002"
    name: ClassVar[str] = "joint-extrapolation"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)
    trains_model: ClassVar[bool] = True

    level: float = 0.01
    share_min: float = 0.03
    alpha: float = 0.005
    error_share: float = 0.2
    named_false: float = 0.1

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        measured = facts.spread.joint_extrapolation
        for split, found in measured.items():
            far = self._far(found, len(measured))
            if far.share > self.share_min and far.chance < self.alpha:
                yield self._finding(found, far, confidences(facts, split, *far.parted(found.rows)))

    def _far(self, found: JointDistances, n_splits: int) -> Far:
        n_train = len(found.distances_train)
        rank = max(1, int(self.level * (n_train + 1)))
        p_values = found.p_values
        n_far = int((p_values * (n_train + 1) <= rank + 0.5).sum())
        return Far(
            n_far=n_far,
            n_rows=len(found.rows),
            level=rank / (n_train + 1),
            chance=min(1.0, n_splits * beyond_rank_tail(n_far, len(found.rows), n_train, rank)),
            named=found.rows[benjamini_hochberg(p_values, self.named_false)],
        )

    def _finding(self, found: JointDistances, far: Far, sure: list[Confidence]) -> Finding:
        columns, shares = _responsible(found, far.n_far)
        return self.finding(
            Severity.ERROR if far.share_lower >= self.error_share else Severity.WARNING,
            _message(found, far, columns, sure),
            columns=columns,
            splits=("train", found.split),
            evidence=_evidence(found, far, dict(zip(columns, shares, strict=True)), sure),
            fix=Text(
                "Gather training rows like these, or shuffle and split again if the split was meant to be random; else "
                "score these rows of {split} apart, and do not rely on a model's confidence in them.",
                {"split": found.split},
            ),
            # Those that lie furthest, if there are more than are listed.
            rows=(shown_rows(found.split, far.named[:MOST_ROWS_LISTED], max(len(far.named), far.n_far)),)
            if len(far.named)
            else (),
        )


@dataclass(frozen=True)
class Far:
    """Rows of a split that lie further than all but `level` of the training rows; `chance` is over all splits."""

    n_far: int
    n_rows: int
    level: float
    chance: float
    named: IntArray

    def parted(self, rows: IntArray) -> tuple[IntArray, int]:
        """Return the far ones of the rows, which stand furthest first, and how many others there are."""
        return rows[: self.n_far], len(rows) - self.n_far

    @property
    def share(self) -> float:
        """Far rows as a fraction of those within every range."""
        return self.n_far / max(1, self.n_rows)

    @property
    def share_lower(self) -> float:
        """Lower bound of Wilson's 95 % interval of the share."""
        return wilson(self.n_far, self.n_rows)[0]


def _responsible(found: JointDistances, n_far: int) -> tuple[tuple[str, ...], list[float]]:
    """Return the columns that add most to the distance of the far rows, and their shares of it."""
    shares = found.share_of_excess[:n_far].mean(axis=0)
    order = np.argsort(-shares, kind="stable")[:MOST_RESPONSIBLE]
    kept = [int(place) for place in order if shares[place] >= SHARE_OF_MOST * shares[order[0]]]
    return tuple(found.columns[place] for place in kept), [float(shares[place]) for place in kept]


def _message(found: JointDistances, far: Far, columns: tuple[str, ...], sure: list[Confidence]) -> Text:
    return Text(
        "{rows} of {split} ({share}) lie within the range of every column and further from the rows of train than all "
        "but {level} of train do; a random split would have about {expected}. What is odd is mostly {columns}."
        "{sureness}",
        {
            "rows": show_count(far.n_far, "row"),
            "split": found.split,
            "share": show_share(far.share),
            "level": show_share(far.level),
            "expected": show_number(round(far.level * far.n_rows, 1)),
            "columns": columns[0] if len(columns) == 1 else f"{join_words(list(columns))} together",
            "sureness": sentence(sure),
        },
    )


def _evidence(found: JointDistances, far: Far, shares: dict[str, float], sure: list[Confidence]) -> dict[str, Evidence]:
    return {
        "n_rows": far.n_rows,
        "n_rows_far": far.n_far,
        "share_far": far.share,
        "share_far_lower": far.share_lower,
        "share_far_in_train": far.level,
        "p_value_bonferroni": far.chance,
        "n_rows_named": len(far.named),
        "share_of_distance": dict(shares),
        "n_columns": len(found.columns),
        "n_columns_left_out": found.n_columns_left_out,
        "n_rows_beyond_a_range": found.n_rows_beyond_range,
        "n_rows_train_nearest": found.n_reference,
        "n_rows_train_compared": len(found.distances_train),
        **confidence_evidence(sure),
    }
