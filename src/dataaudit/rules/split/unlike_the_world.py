"""SPLIT009: the test set is not as the world is that the model will meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import holm
from dataaudit.model import Evidence, Finding, Severity, Task
from dataaudit.rules._base import Rule
from dataaudit.rules._chance import change_bounds, share_change_tail
from dataaudit.rules._folding import fold
from dataaudit.rules.split._drift_words import Drifting, drift_message
from dataaudit.rules.split._joint_words import joint_evidence, joint_message
from dataaudit.rules.split._shares import (
    ShareChange,
    changed_categories,
    changes_from_prior,
    share_changes,
)
from dataaudit.rules.split._world_words import classes_message, missing_message, prior_bars, target_message
from dataaudit.text import FromData, Text

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile


@dataclass(frozen=True)
class UnlikeTheWorld(Rule):
    """The test set is not as the world is: unlike a reference sample of it, or the declared shares of the classes.

    What it does
    ------------
    Compares test (validation without it, else train) with a sample of the
    world, `--reference`: every feature, its missing cells, the label, and all
    features together by a model that tells the two apart, as SPLIT001, 002,
    003 and 005 compare train with test. Where shares of the classes are declared,
    `--prior CLASS=P`, the labels of test are compared with these, by exact
    binomial chances, so that a rare class is judged by itself.
    Where the reference has the label too, a feature counts as different only
    as far as it is with the classes made equally common.

    Why it matters
    --------------
    A score says how good a model is on rows like those of test. If the world
    is not like that, the score is of no use, however clean the test set is.

    Flagged
    -------
    Half of 400 test rows are "fraud", and the declared prior is 1 %.

    Clean
    -----
    A test set drawn at random from what the reference was drawn from.

    Thresholds
    ----------
    effect_min : distance in [0, 1], default 0.1
        A warning from this distance on,
    error_effect : distance in [0, 1], default 0.2
        an error from this one on, whatever the number of rows.
    factor_min : times, default 2
        A warning for a class whose share is off by this factor.
    expected_min : rows, default 5
        The factor is judged where at least so many rows are expected or found.
    category_factor_min : times, default 4
        A warning for a category of a feature whose share is off by this
        factor, however rare it is, and by more than any class is,
    category_lower_min : times, default 1.5
        if the factor's lower 95 % bound is this at least.
    change_min : share of rows, default 0.05
        A warning from this difference of the missing cells on,
    error_change : share of rows, default 0.25
        an error from this one on.
    lower_min : area in [0, 1], default 0.55
        A warning if the lower bound of the AUC of the model that tells test
        from the reference lies above this,
    error_auc : area in [0, 1], default 0.7
        an error if the AUC itself is above this, too.
    alpha : probability, default 0.002
        Nothing is said unless chance does so this rarely (Holm, over the
        columns): for features, their categories, missing cells and label each,
        so that of 100 test sets drawn from the world at most one is flagged.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Only as good as the reference: a sample of last year's world is last
    year's. What only stands in another unit is SPLIT008's, what was scaled otherwise SCALE006's.

    Fix
    ---
    Draw the test set from the world; or weight its rows until it is like the
    world, and say that the score is weighted. Train may differ.

    References
    ----------
    As for SPLIT001, SPLIT002 and SPLIT005; Quiñonero-Candela and others,
    Dataset Shift in Machine Learning (2009).
    """

    code: ClassVar[str] = "SPLIT009"
    name: ClassVar[str] = "unlike-the-world"
    trains_model: ClassVar[bool] = True

    effect_min: float = 0.1
    error_effect: float = 0.2
    factor_min: float = 2.0
    expected_min: float = 5.0
    category_factor_min: float = 4.0
    category_lower_min: float = 1.5
    change_min: float = 0.05
    error_change: float = 0.25
    lower_min: float = 0.55
    error_auc: float = 0.7
    alpha: float = 0.002
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield what of the split is unlike the world: its classes, its features, their gaps, all together."""
        world, mixes = facts.shifts.world, facts.shifts.prior_mixes
        if world is None and not mixes:
            raise NotMeasurable(
                "needs to know the world: give a sample of it with --reference, or the shares of classes with --prior"
            )
        split = judged(facts)
        if split in mixes:
            yield from self._by_prior(facts, split)
        if world is not None:
            if split in facts.shifts.world_labels:
                yield from self._by_label(facts, facts.shifts.world_labels[split])
            yield from self._jointly(facts)
            yield from fold(self, self._weighted(facts, split, world.drifts, world.matched), self.most_findings)

    def _by_prior(self, facts: Facts, split: str) -> Iterator[Finding]:
        mix = facts.shifts.prior_mixes[split]
        found = changes_from_prior(mix, factor_min=self.factor_min, expected_min=self.expected_min)
        changes = [change for change in found if change.p_value < self.alpha]
        severity = self._severity(mix.drift, changes)
        if severity is None:
            return
        shares = mix.counts / max(1, int(mix.counts.sum()))
        yield self.finding(
            severity,
            classes_message(mix.drift, mix.names, mix.shares, shares, changes, "the declared prior"),
            columns=(facts.label,),
            splits=(split,),
            evidence={
                **_distance(mix.drift),
                "classes": [FromData(name) for name in mix.names],
                "share_declared": mix.shares.tolist(),
                "share_found": shares.tolist(),
                "classes_off": [FromData(change.name) for change in changes],
            },
            fix=_fix_of_label(facts, split),
            identity=("prior",),
            figure=prior_bars(mix, split),
        )

    def _by_label(self, facts: Facts, drift: Drift) -> Iterator[Finding]:
        has_classes = facts.info.task is not Task.REGRESSION
        changes: list[ShareChange] = []
        if has_classes:
            counts = facts.classes.counts
            ours, other = counts[drift.base], counts[drift.split]
            names = facts.classes.classes
            found = share_changes(names, ours, other, factor_min=self.factor_min, expected_min=self.expected_min)
            changes = [change for change in found if change.p_value < self.alpha]
            shares = ours / max(1, int(ours.sum())), other / max(1, int(other.sum()))
            message = classes_message(drift, names, *shares, changes, "the reference")
        else:
            message = target_message(facts, drift)
        severity = self._severity(drift, changes)
        if severity is not None:
            yield self.finding(
                severity,
                message,
                columns=(facts.label,),
                splits=(drift.split, drift.base),
                evidence={**_distance(drift), "classes_off": [FromData(change.name) for change in changes]},
                fix=_fix_of_label(facts, drift.split),
                identity=("label",),
            )

    def _severity(self, drift: Drift, changes: list[ShareChange]) -> Severity | None:
        if round(drift.effect, 12) >= self.effect_min and drift.p_value < self.alpha:
            return Severity.ERROR if round(drift.effect, 12) >= self.error_effect else Severity.WARNING
        return Severity.WARNING if changes else None

    def _jointly(self, facts: Facts) -> Iterator[Finding]:
        drift = facts.shifts.world_joint_drift
        if drift is not None and drift.lower > self.lower_min:
            yield self.finding(
                Severity.ERROR if drift.auc > self.error_auc else Severity.WARNING,
                joint_message(drift),
                splits=(drift.split, drift.base),
                evidence=joint_evidence(facts, drift),
                fix=Text(
                    "Find out how the columns named came about in {split}, and draw it from the world.",
                    {"split": drift.split},
                ),
                identity=("joint",),
            )

    def _weighted(
        self, facts: Facts, split: str, drifts: Mapping[str, Drift], matched: Mapping[str, Drift]
    ) -> Iterator[tuple[float, Finding]]:
        told: set[str] = set()
        p_values = holm([drift.p_value for drift in drifts.values()])
        converted = {column for one in ("reference", split) for column in facts.shifts.changed_units.get(one, ())}
        for drift, p_value in zip(drifts.values(), p_values, strict=True):
            if drift.column in converted:
                continue
            one = Drifting(drift, p_value).beside(self._explaining(facts, drift, matched.get(drift.column)))
            if round(one.effect, 12) >= self.effect_min and p_value < self.alpha:
                told.add(drift.column)
                yield one.effect, self._feature(facts, one)
        for one in self._rare(facts, drifts):
            if one.drift.column not in told:
                yield one.effect, self._feature(facts, one)
        pairs = [(facts.profiles["reference"][name], facts.profiles[split][name]) for name in drifts]
        p_values = holm([share_change_tail(a.n_missing, a.n_rows, b.n_missing, b.n_rows) for a, b in pairs])
        for (ours, other), p_value in zip(pairs, p_values, strict=True):
            change = round(abs(other.share_missing - ours.share_missing), 12)
            if change >= self.change_min and p_value < self.alpha:
                yield change, self._missing(split, ours, other, p_value)

    def _rare(self, facts: Facts, drifts: Mapping[str, Drift]) -> Iterator[Drifting]:
        """Yield the columns with a category that is much more, or much less, common than in the reference."""
        changed = changed_categories(
            facts,
            drifts.values(),
            facts.shifts.world_labels.get(judged(facts)),
            factor_min=self.category_factor_min,
            lower_min=self.category_lower_min,
            expected_min=self.expected_min,
            alpha=self.alpha,
        )
        p_values = holm([changes[0].p_value if changes else 1.0 for changes in changed.values()])
        for (column, changes), p_value in zip(changed.items(), p_values, strict=True):
            if changes and p_value < self.alpha:
                yield Drifting(drifts[column], p_value, rare=changes[0])

    def _explaining(self, facts: Facts, drift: Drift, matched: Drift | None) -> Drift | None:
        """Return the distance with the classes alike, if the classes are unlike and enough rows have one."""
        label = facts.shifts.world_labels.get(drift.split)
        if matched is None or label is None or matched.n_other < drift.n_other / 2:
            return None
        return matched if round(label.effect, 12) >= self.effect_min and label.p_value < self.alpha else None

    def _feature(self, facts: Facts, one: Drifting) -> Finding:
        evidence: dict[str, Evidence] = {**_distance(one.drift), "p_value_holm": one.p_value}
        if one.matched is not None:
            evidence["distance_with_classes_alike"] = one.matched.effect
        if one.rare is not None:
            evidence["value"] = FromData(one.rare.name)
            evidence["share_world"], evidence["share_other"] = one.rare.share_base, one.rare.share_other
            evidence["factor_lower"] = one.rare.factor_lower
        return self.finding(
            Severity.ERROR if one.rare is None and round(one.effect, 12) >= self.error_effect else Severity.WARNING,
            drift_message(facts, one),
            columns=(one.drift.column,),
            splits=(one.drift.split, one.drift.base),
            evidence=evidence,
            fix=Text(
                "Draw {split} from the world, or weight its rows until {column} is as in the reference; if it cannot "
                "be had in the world, do without it: `dataaudit audit ... --exclude {column}`.",
                {"split": one.drift.split, "column": one.drift.column},
            ),
        )

    def _missing(self, split: str, ours: ColumnProfile, other: ColumnProfile, p_value: float) -> Finding:
        lower, upper = change_bounds(ours.n_missing, ours.n_rows, other.n_missing, other.n_rows)
        change = abs(other.share_missing - ours.share_missing)
        return self.finding(
            Severity.ERROR if round(change, 12) >= self.error_change else Severity.WARNING,
            missing_message(split, ours, other, lower),
            columns=(ours.column,),
            splits=(split, "reference"),
            evidence={
                "n_rows_reference": ours.n_rows,
                "share_missing_reference": ours.share_missing,
                "n_rows_other": other.n_rows,
                "share_missing_other": other.share_missing,
                "share_change_lower": lower,
                "share_change_upper": upper,
                "p_value_holm": p_value,
            },
            fix=Text(
                "Fill {split} in as the world is: a model is only as good as the cells it will get.", {"split": split}
            ),
            identity=("missing",),
        )


def judged(facts: Facts) -> str:
    """Return the split that should be as the world is: test, else validation, else train."""
    names = {split.name for split in facts.info.splits}
    return next(name for name in ("test", "validation", "train") if name in names)


def _distance(drift: Drift) -> dict[str, Evidence]:
    return {
        "n_rows_world": drift.n_train or None,
        "n_rows_other": drift.n_other,
        "measure": "total variation" if drift.measure == "tv" else "Kolmogorov-Smirnov",
        "distance": drift.effect,
        "distance_lower": drift.lower,
        "distance_upper": drift.upper,
        "p_value": drift.p_value,
    }


def _fix_of_label(facts: Facts, split: str) -> Text:
    return Text(
        "Draw {split} so that {label} is as in the world, or weight its rows when scoring; a score on it as it is "
        "holds for a world that is not there.",
        {"split": split, "label": facts.label},
    )
