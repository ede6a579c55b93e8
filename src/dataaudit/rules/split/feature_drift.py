"""SPLIT002: a feature is distributed otherwise in another split than in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import holm
from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._figures import split_figure
from dataaudit.rules._folding import MOST_NAMES_LISTED, fold
from dataaudit.rules.split._drift_words import Drifting, drift_message
from dataaudit.rules.split._shares import changed_categories
from dataaudit.text import FromData, Text, show_count, show_number

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts


@dataclass(frozen=True)
class FeatureDrift(Rule):
    """A feature is distributed otherwise in another split than in train.

    What it does
    ------------
    Takes the distance between the distributions of every feature in train and
    in the split, missing cells left out: Kolmogorov-Smirnov for numbers and
    times, total variation for categories. A finding needs the distance to be
    large and the chance of so large a one in a random split to be small; how
    bad it is depends on the distance alone, be there a hundred rows or ten
    million. Categories whose share changes by a factor are looked at as well:
    0.01 % becoming 0.5 % moves no distance.

    Where the classes are not as common in the split as in train (SPLIT001),
    the distance is taken a second time with the rows of train weighted to
    the split's classes, and the smaller one counts: a training set
    that was balanced on purpose differs from test in every feature that tells
    the label. Features that differ no further than their classes do are
    told of together, as an info.

    Why it matters
    --------------
    A model is good where it has seen rows. If test comes from elsewhere, its
    score says something about elsewhere, and the split was not random.

    Flagged
    -------
    1,000 training rows with mean age 40, 500 test rows with mean age 48, both
    with standard deviation 15: the curves are .21 apart.

    Clean
    -----
    A random split of 100 rows, however large its distances look; a shift of a
    hundredth of a standard deviation in a million rows, however sure it is.

    Thresholds
    ----------
    effect_min : distance in [0, 1], default 0.1
        A warning from this distance on.
    error_effect : distance in [0, 1], default 0.2
        An error from this distance on.
    factor_min : times, default 4
        A warning for a category whose share changes by this factor, however
        rare it is, and by more than any class does,
    factor_lower_min : times, default 1.5
        if the factor's lower 95 % bound is this at least.
    expected_min : rows, default 5
        The factor is judged where at least so many rows are expected.
    alpha : probability, default 0.005
        Holm's p-value over the features of the split, divided among the
        splits, must lie below this: once for the distances, once for the
        categories. Of 100 random splits at most one is flagged in any column.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Looks at one column at a time; features may change together unseen
    (SPLIT005). Identifiers and declared times are not judged: they must
    differ. What only stands in another unit is SPLIT008's, what was scaled in
    one split alone SCALE006's. Rows of a declared group count as few draws as they are alike. If
    features moved and took the label with them, SPLIT001 tells, and here they
    pass for classes that differ.

    Fix
    ---
    If the split was meant to be random, split again after shuffling. If test
    is newer or from another place on purpose, report the score as such.

    References
    ----------
    Rabanser, Günnemann and Lipton, NeurIPS (2019); Massart, Annals of
    Probability 18:1269 (1990) for the bound; Kish, Survey Sampling (1965), for
    weighted rows.
    """

    code: ClassVar[str] = "SPLIT002"
    name: ClassVar[str] = "feature-drift"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    effect_min: float = 0.1
    error_effect: float = 0.2
    factor_min: float = 4.0
    factor_lower_min: float = 1.5
    expected_min: float = 5.0
    alpha: float = 0.005
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per drifting column and split, and an info per split of what its classes explain."""
        found: list[Drifting] = []
        for split, drifts in facts.drifts.items():
            converted = facts.shifts.changed_units.get(split, frozenset())
            matched = facts.shifts.matched_drifts.get(split, {}) if self._has_other_classes(facts, split) else {}
            drifting = [
                one.beside(_of_enough_rows(matched.get(one.drift.column), one.drift))
                for one in self._drifting(list(drifts.values()), len(facts.drifts))
                if one.drift.column not in converted
            ]
            explained = [one for one in drifting if self._is_explained(one)]
            found += [one for one in drifting if one not in explained]
            if explained:
                yield self._explained(facts, split, explained)
            found += self._rare(facts, split, {one.drift.column for one in drifting})
        found.sort(key=lambda one: -one.effect)
        weighted = [
            (one.effect, self._finding(facts, one, with_figure=place < self.most_findings))
            for place, one in enumerate(found)
        ]
        yield from fold(self, weighted, self.most_findings)

    def _has_other_classes(self, facts: Facts, split: str) -> bool:
        """Whether the label's distance alone might bring about a feature's."""
        if facts.info.label is None or split not in facts.label_drifts:
            return False
        drift = facts.label_drifts[split]
        return round(drift.effect, 12) >= self.effect_min and drift.p_value * len(facts.drifts) < self.alpha

    def _drifting(self, drifts: list[Drift], n_splits: int) -> Iterator[Drifting]:
        for drift, p_value in zip(drifts, holm([drift.p_value for drift in drifts]), strict=True):
            if round(drift.effect, 12) >= self.effect_min and p_value * n_splits < self.alpha:
                yield Drifting(drift, p_value)

    def _is_explained(self, one: Drifting) -> bool:
        """Whether the feature differs no further than its classes do."""
        if one.matched is None:
            return False
        return round(one.matched.effect, 12) < self.effect_min or one.matched.p_value >= self.alpha

    def _rare(self, facts: Facts, split: str, told: set[str]) -> Iterator[Drifting]:
        """Yield the columns with a category that becomes much more, or much less, common; `told` ones apart."""
        changed = changed_categories(
            facts,
            facts.drifts[split].values(),
            facts.label_drifts.get(split) if facts.info.label is not None else None,
            factor_min=self.factor_min,
            lower_min=self.factor_lower_min,
            expected_min=self.expected_min,
            alpha=self.alpha,
        )
        p_values = holm([changes[0].p_value if changes else 1.0 for changes in changed.values()])
        for (column, changes), p_value in zip(changed.items(), p_values, strict=True):
            if column not in told and changes and p_value * len(facts.drifts) < self.alpha:
                yield Drifting(facts.drifts[split][column], p_value, rare=changes[0])

    def _finding(self, facts: Facts, one: Drifting, *, with_figure: bool) -> Finding:
        drift = one.drift
        evidence: dict[str, Evidence] = {
            "n_rows_train": drift.n_train,
            "n_rows_other": drift.n_other,
            "measure": "total variation" if drift.measure == "tv" else "Kolmogorov-Smirnov",
            "distance": drift.effect,
            "distance_lower": drift.lower,
            "distance_upper": drift.upper,
            "p_value_holm": one.p_value,
        }
        if one.matched is not None:
            evidence["distance_with_classes_alike"] = one.matched.effect
            evidence["distance_with_classes_alike_lower"] = one.matched.lower
            evidence["distance_with_classes_alike_upper"] = one.matched.upper
        if one.rare is not None:
            evidence["value"] = FromData(one.rare.name)
            evidence["share_train"], evidence["share_other"] = one.rare.share_base, one.rare.share_other
            evidence["factor_lower"] = one.rare.factor_lower
        return self.finding(
            Severity.ERROR if one.rare is None and round(one.effect, 12) >= self.error_effect else Severity.WARNING,
            drift_message(facts, one),
            columns=(drift.column,),
            splits=("train", drift.split),
            evidence=evidence,
            fix=Text(
                "If the split was meant to be random, shuffle and split again; if {split} differs on purpose, say so "
                "beside its score, or do without the column: `dataaudit audit ... --exclude {column}`.",
                {"split": drift.split, "column": drift.column},
            ),
            figure=split_figure(facts, drift.column, drift.split) if with_figure else None,
        )

    def _explained(self, facts: Facts, split: str, explained: list[Drifting]) -> Finding:
        explained.sort(key=lambda one: (-one.drift.effect, one.drift.column))
        names = [one.drift.column for one in explained]
        return self.finding(
            Severity.INFO,
            Text(
                "{features} {differ} between train and {split} no further than the classes do: {columns}; with the "
                "rows of train weighted to the classes of {split}, the furthest is {distance} apart, which is little "
                "or may be chance.",
                {
                    "features": show_count(len(names), "feature"),
                    "differ": "differs" if len(names) == 1 else "differ",
                    "split": split,
                    "columns": names,
                    "distance": show_number(round(max(one.effect for one in explained), 3)),
                },
            ),
            splits=("train", split),
            evidence={
                "n_columns": len(names),
                "columns": list(names[:MOST_NAMES_LISTED]),
                "distance": [one.drift.effect for one in explained[:MOST_NAMES_LISTED]],
                "distance_with_classes_alike": [one.effect for one in explained[:MOST_NAMES_LISTED]],
                "label_distance": facts.label_drifts[split].effect,
            },
            fix=Text(
                "Nothing to do about these features: SPLIT001 tells how {label} differs, and what to do about that.",
                {"label": facts.label},
            ),
            identity=("as the classes differ",),
        )


def _of_enough_rows(matched: Drift | None, drift: Drift) -> Drift | None:
    """Return the distance with the classes alike, if half of the rows have a class: few explain nothing."""
    return None if matched is None or matched.n_other < drift.n_other / 2 else matched
