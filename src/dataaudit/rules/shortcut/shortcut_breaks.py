"""SPUR002: what a feature tells about the label in train, it does not tell in another split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import normal_tail
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.gains import GainBreak
    from dataaudit.measure.links.by_context import ContextBreak


@dataclass(frozen=True)
class ShortcutBreaks(Rule):
    """What a feature tells about the label in train, it does not tell in another split or context.

    What it does
    ------------
    Takes, per row, how much closer the label is guessed by knowing the
    feature's value than by the class shares alone: the shares of each value
    are learnt in train, leave-one-out there, and applied to the other split.
    How much of the mean gain is lost is judged by its standard error. No more
    can be lost than there was: a gain below zero counts as none. Once with
    the rows as they are and once with the classes made as common as in train,
    of which the smaller loss counts: a change of the class shares (SPLIT001)
    or of the feature's own (SPLIT002) breaks nothing by itself. Nor is a link
    broken where the other rows' own shares, left out in turn, tell hardly more
    than train's; rows whose value train hardly shows are left out.

    The same within train for every declared context (site, camera,
    annotator): the shares are learnt on all levels but one and applied to
    that one, on the sample, for the 20 features that tell most and the 20
    commonest levels.

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
        Smaller losses are not judged, nor smaller gains of the other rows'
        own shares over train's.
    drop_factor : times, default 0.3
        The loss must be at least this times the gain in train.
    alpha : probability, default 0.002
        Over all features, splits and levels together (Bonferroni). Stricter than the
        usual .01: the finding is an error at once, and the tails of gains are
        a little heavier than normal.
    n_rows_min : rows, default 20
        Labelled rows the split must have, so that its mean gain is known (a
        level of a context: 50).
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Both shares may change at once, and more than the link seems lost. A feature
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
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)

    drop_min: float = 0.1
    drop_factor: float = 0.3
    alpha: float = 0.002
    n_rows_min: int = 20
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per column and split whose gain breaks, and one per column and context."""
        if not facts.gain_breaks and not facts.links.context_breaks:
            raise NotMeasurable("no other split has labels, and no declared context (--context) two levels to compare")
        yield from fold(self, [*self._weighted(facts), *self._weighted_in_contexts(facts)], self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        # Only telling features are compared, but they were chosen among all of them.
        n_tries = self._n_tries(facts)
        for one in (one for columns in facts.gain_breaks.values() for one in columns.values()):
            lost = lost_gain(one)
            # What is lost ends at nothing, but that it is lost is the surer the further below it the gain lies.
            apart = one.train_gain - one.other_gain
            chance = normal_tail(apart / one.standard_error if one.standard_error > 0 else 0.0) * n_tries
            deep = min(lost, one.regret) >= self.drop_min and lost >= self.drop_factor * one.train_gain
            if deep and chance < self.alpha and min(one.n_train, one.n_other) >= self.n_rows_min:
                yield lost, self._finding(facts, one, chance)

    def _n_tries(self, facts: Facts) -> int:
        return len(facts.features) * len(facts.gain_breaks) + len(facts.links.context_breaks)

    def _weighted_in_contexts(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        n_tries = self._n_tries(facts)
        broken: dict[tuple[str, str], list[ContextBreak]] = {}
        for one in facts.links.context_breaks:
            lost = _lost_in_context(one)
            apart = one.gain_elsewhere - one.gain
            chance = normal_tail(apart / one.standard_error if one.standard_error > 0 else 0.0) * n_tries
            deep = min(lost, one.regret) >= self.drop_min and lost >= self.drop_factor * one.gain_elsewhere
            if deep and chance < self.alpha:
                broken.setdefault((one.column, one.context), []).append(one)
        for levels in broken.values():
            worst_first = sorted(levels, key=lambda one: (-_lost_in_context(one), one.level))
            yield _lost_in_context(worst_first[0]), self._context_finding(facts, worst_first)

    def _context_finding(self, facts: Facts, levels: Sequence[ContextBreak]) -> Finding:
        worst = levels[0]
        return self.finding(
            Severity.ERROR,
            Text(
                "What {column} tells of {label} elsewhere, {elsewhere} of its variance, explains {here} where "
                "{context} = {level}. This holds for {n_levels} of {context}.",
                {
                    "context": worst.context,
                    "level": FromData(worst.level),
                    "column": worst.column,
                    "label": facts.label,
                    "here": show_share(worst.gain) if worst.gain > 0 else "nothing",
                    "elsewhere": show_share(max(0.0, worst.gain_elsewhere)),
                    "n_levels": show_count(len(levels), "level"),
                },
            ),
            columns=(worst.column, worst.context),
            evidence={
                "level": FromData(worst.level),
                "n_rows_level": worst.n_rows,
                "n_rows_elsewhere": worst.n_rows_elsewhere,
                "share_label_explained_elsewhere": worst.gain_elsewhere,
                "share_label_explained_level": worst.gain,
                "share_lost": _lost_in_context(worst),
                "share_lost_standard_error": worst.standard_error,
                "levels_that_break": [
                    FromData(f"{one.level}: {one.gain:.0%}, elsewhere {one.gain_elsewhere:.0%}") for one in levels
                ],
            },
            fix=Text(
                "Find out what links {column} to {label} where {context} is another; gather rows where it varies "
                "freely, or do without it: `dataaudit audit ... --exclude {column}`.",
                {"column": worst.column, "label": facts.label, "context": worst.context},
            ),
            identity=("context",),
        )

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


def _lost_in_context(one: ContextBreak) -> float:
    """Return how much of the gain elsewhere the level does not show."""
    return round(one.gain_elsewhere - max(0.0, one.gain), 12)


def lost_gain(one: GainBreak) -> float:
    """Return how much of the gain in train the other split does not show."""
    return round(one.train_gain - max(0.0, one.other_gain), 12)
