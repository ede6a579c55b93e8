"""SPUR002: what a feature tells about the label in train, it does not tell in another split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import normal_tail
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._folding import fold
from dataaudit.text import Text, show_share

if TYPE_CHECKING:
    from dataaudit.measure.association import GainBreak
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class ShortcutBreaks(Rule):
    """What a feature tells about the label in train, it no longer tells in another split.

    What it does
    ------------
    Takes, per row, how much closer the label is guessed by knowing the
    feature's value than by the class shares alone: the shares of each value
    are learnt in train, leave-one-out there, and applied to the other split.
    How much of the mean gain is lost is judged by its standard error. No more
    can be lost than there was: a gain below zero counts as none.

    Why it matters
    --------------
    A model will lean on the feature as train taught it, and fail where the
    link is broken. If the link was an accident of how train was gathered, it
    is a shortcut; test has just shown so.

    Flagged
    -------
    In train the colour explains 60 % of the label, in test nothing.

    Clean
    -----
    A random split, where gains differ by chance alone.

    Thresholds
    ----------
    drop_min : share of the label's variance, default 0.1
        Smaller losses are not judged.
    drop_factor : times, default 0.3
        The loss must be at least this times the gain in train.
    alpha : probability, default 0.002
        Over all features and splits together (Bonferroni). Stricter than the
        usual .01: the finding is an error at once, and the tails of gains are
        a little heavier than normal.
    n_rows_min : rows, default 20
        Labelled rows the split must have, so that its mean gain is known.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    A change of the class shares alone (SPLIT001) changes gains too. A feature
    that tells nothing alone but much with another is not judged.

    Fix
    ---
    Find out what linked the feature to the label in train. Gather rows where
    it varies freely, or do without the column (--exclude).

    References
    ----------
    Arjovsky et al., arXiv:1907.02893 (2019); Koh et al., WILDS, ICML (2021).
    """

    code: ClassVar[str] = "SPUR002"
    name: ClassVar[str] = "shortcut-breaks"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    drop_min: float = 0.1
    drop_factor: float = 0.3
    alpha: float = 0.002
    n_rows_min: int = 20
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per column and split whose gain breaks."""
        if not facts.gain_breaks:
            raise NotMeasurable("no other split has labels")
        yield from fold(self, self._weighted(facts), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        # Only telling features are compared, but they were chosen among all of them.
        n_tries = len(facts.features) * len(facts.gain_breaks)
        for one in (one for columns in facts.gain_breaks.values() for one in columns.values()):
            lost = lost_gain(one)
            chance = normal_tail(lost / one.standard_error if one.standard_error > 0 else 0.0) * n_tries
            deep = lost >= self.drop_min and lost >= self.drop_factor * one.train_gain
            if deep and chance < self.alpha and min(one.n_train, one.n_other) >= self.n_rows_min:
                yield lost, self._finding(facts, one, chance)

    def _finding(self, facts: Facts, one: GainBreak, chance: float) -> Finding:
        return self.finding(
            Severity.ERROR,
            Text(
                "{column} explains {train} of the variance of {label} in train, but what it taught there explains "
                "{other} in {split}: {lost} are lost, give or take {error}.",
                {
                    "column": one.column,
                    "label": facts.label,
                    "train": show_share(max(0.0, one.train_gain)),
                    "other": show_share(one.other_gain) if one.other_gain > 0 else "nothing",
                    "split": one.split,
                    "lost": show_share(lost_gain(one)),
                    "error": show_share(1.96 * one.standard_error),
                },
            ),
            columns=(one.column,),
            splits=("train", one.split),
            evidence={
                "n_rows_train": one.n_train,
                "n_rows_other": one.n_other,
                "share_label_explained_train": one.train_gain,
                "share_label_explained_other": one.other_gain,
                "share_lost": lost_gain(one),
                "share_lost_standard_error": one.standard_error,
                "p_value_bonferroni": min(1.0, chance),
            },
            fix=Text(
                "Find out what links {column} to {label} in train only; gather rows where it varies freely, "
                "or do without it: `dataaudit audit ... --exclude {column}`.",
                {"column": one.column, "label": facts.label},
            ),
        )


def lost_gain(one: GainBreak) -> float:
    """Return how much of the gain in train the other split does not show."""
    return round(one.train_gain - max(0.0, one.other_gain), 12)
