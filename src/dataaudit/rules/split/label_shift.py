"""SPLIT001: the label is distributed otherwise in another split than in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dataaudit.errors import NotMeasurable
from dataaudit.figures import Figure
from dataaudit.intervals import holm
from dataaudit.model import Evidence, Finding, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._figures import bars, equal_steps
from dataaudit.rules.split._shares import ShareChange, changes_from_prior, share_changes
from dataaudit.text import FromData, Text, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.labels import ClassCounts


@dataclass(frozen=True)
class LabelShift(Rule):
    """The label is distributed otherwise in another split than in train.

    What it does
    ------------
    Takes the distance between the label's distributions: the total variation
    of the class shares (the share of rows that would have to change class),
    or for a numeric target the Kolmogorov-Smirnov distance on common bins.
    Looks also for single classes whose share changes by a factor, which
    matters for rare classes: 0.2 % becoming 0.4 % moves no distance. How bad
    it is depends on the distance alone, be there a hundred rows or ten million.

    What the world is like may be declared: a sample with `--reference`, or
    shares with `--prior CLASS=P`. A split that is as the world is (nearer
    than `effect_min`, no class off by `factor_min`) is as it should be; that
    train is not is then an info.

    Why it matters
    --------------
    Predicted probabilities, thresholds, accuracy and precision hold for one
    mix of classes. On another they are off, and comparing the scores of two
    splits compares their mixes.

    Flagged
    -------
    40 % of 1,000 training rows are "yes", but 60 % of 500 test rows.

    Clean
    -----
    A random split: 40 % and 43 %.

    Thresholds
    ----------
    effect_min : distance in [0, 1], default 0.1
        A warning from this distance on.
    error_effect : distance in [0, 1], default 0.2
        An error from this distance on.
    factor_min : times, default 2
        A warning for a class whose share changes by this factor.
    expected_min : rows, default 5
        The factor is judged where at least so many rows are expected.
    alpha : probability, default 0.005
        Nothing is said unless chance does so this rarely: once for the
        distance (over the splits), once for the classes (Holm, over classes
        and splits). Stricter than the usual .05, so that of 100 random splits
        at most one is flagged.

    Limits
    ------
    A shift may be wanted: a training set balanced on purpose, a test set kept
    natural. Declare what the world is like, and it is an info. Rows of a
    declared group count as few draws as their labels are alike.

    Fix
    ---
    If test is as the world is, keep it, and correct the predicted
    probabilities: multiply the odds of a class by its odds in test over its
    odds in train. If it is not, split again, stratified by the label.

    References
    ----------
    Saerens, Latinne and Decaestecker, Neural Computation 14(1) (2002); Lipton,
    Wang and Smola, ICML (2018).
    """

    code: ClassVar[str] = "SPLIT001"
    name: ClassVar[str] = "label-shift"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    effect_min: float = 0.1
    error_effect: float = 0.2
    factor_min: float = 2.0
    expected_min: float = 5.0
    alpha: float = 0.005

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        drifts = facts.label_drifts
        if not drifts:
            raise NotMeasurable("no other split has labels")
        adjusted = dict(zip(drifts, holm([drift.p_value for drift in drifts.values()]), strict=True))
        has_classes = facts.info.task is not Task.REGRESSION
        for split, drift in drifts.items():
            # Another unit is SPLIT008's.
            if facts.label in facts.shifts.changed_units.get(split, ()):
                continue
            changes = self._changes(facts, "train", split, len(drifts)) if has_classes else []
            severity = self._severity(drift, adjusted[split], changes)
            if severity is not None:
                yield self._finding(facts, drift, severity, changes)

    def _severity(self, drift: Drift, p_value: float, changes: list[ShareChange]) -> Severity | None:
        if p_value < self.alpha and round(drift.effect, 12) >= self.effect_min:
            return Severity.ERROR if round(drift.effect, 12) >= self.error_effect else Severity.WARNING
        return Severity.WARNING if changes else None

    def _changes(self, facts: Facts, base: str, split: str, n_splits: int = 1) -> list[ShareChange]:
        """Return the classes whose share changes by the factor, the least likely first."""
        classes = facts.classes
        if split not in classes.counts:
            return []
        counts = [
            np.round(classes.counts[one] / facts.shifts.rows_per_draw.get(one, {}).get(facts.label, 1.0)).astype(int)
            for one in (base, split)
        ]
        changes = share_changes(classes.classes, *counts, factor_min=self.factor_min, expected_min=self.expected_min)
        return [change for change in changes if change.p_value * n_splits < self.alpha]

    def _world_of(self, facts: Facts, split: str) -> str | None:
        """Return which account of the world the split's label agrees with; None if there is none, or it does not."""
        shifts = facts.shifts
        known: list[tuple[str, bool]] = []
        if split in shifts.prior_mixes:
            mix = shifts.prior_mixes[split]
            off = changes_from_prior(mix, factor_min=self.factor_min, expected_min=self.expected_min)
            known.append(("the declared prior", self._is_near(mix.drift, off)))
        if split in shifts.world_labels:
            has_classes = facts.info.task is not Task.REGRESSION
            off = self._changes(facts, "reference", split) if has_classes else []
            known.append(("the reference", self._is_near(shifts.world_labels[split], off)))
        return known[0][0] if known and all(is_near for _, is_near in known) else None

    def _is_near(self, drift: Drift, changes: list[ShareChange]) -> bool:
        return round(drift.effect, 12) < self.effect_min and all(change.p_value >= self.alpha for change in changes)

    def _finding(self, facts: Facts, drift: Drift, severity: Severity, changes: list[ShareChange]) -> Finding:
        has_classes = facts.info.task is not Task.REGRESSION
        evidence: dict[str, Evidence] = {
            "n_rows_train": drift.n_train,
            "n_rows_other": drift.n_other,
            "measure": "total variation" if drift.measure == "tv" else "Kolmogorov-Smirnov",
            "distance": drift.effect,
            "distance_lower": drift.lower,
            "distance_upper": drift.upper,
            "p_value": drift.p_value,
        }
        if changes:
            evidence["classes_changed"] = [FromData(change.name) for change in changes]
            evidence["classes_changed_share_train"] = [change.share_base for change in changes]
            evidence["classes_changed_share_other"] = [change.share_other for change in changes]
        world = self._world_of(facts, drift.split)
        if world is not None:
            evidence["split_agrees_with"] = world
        message = _class_message(facts.classes, drift, changes) if has_classes else _target_message(facts, drift)
        return self.finding(
            severity if world is None else Severity.INFO,
            message if world is None else _agreeing(message, world),
            columns=(facts.label,),
            splits=("train", drift.split),
            evidence=evidence,
            fix=_fix(facts, drift.split, world, has_classes=has_classes),
            figure=_class_figure(facts, drift.split) if has_classes else _target_figure(facts, drift.split),
        )


def _agreeing(message: Text, world: str) -> Text:
    """Return the sentence with the word that the split is as it should be."""
    template = message.template.removesuffix(".") + "; {split} agrees with {world}, as it should."
    return Text(template, {**message.values, "world": world})


def _fix(facts: Facts, split: str, world: str | None, *, has_classes: bool) -> Text:
    """Return what to do: correct the probabilities, and only if test is not as the world is, split again."""
    correct = (
        "correct the probabilities that the model predicts: multiply the odds of each class by its odds in {split} "
        "over its odds in train"
        if has_classes
        else "weight the rows of train so that {label} is distributed as in {split}"
    )
    values = {"split": split, "label": facts.label}
    if world is not None:
        return Text(f"Keep {{split}} as it is, and {correct}.", values)
    declare = "--prior or --reference" if has_classes else "--reference"
    if has_classes and _is_balanced(facts.classes):
        # Nobody splits like that by accident.
        return Text(
            f"Train has as many rows of every class, which looks like a choice: if {{split}} is as the world is, "
            f"{correct}, and declare the world with {declare}; if it is not, draw one that is.",
            values,
        )
    return Text(
        f"If {{split}} is as the world is, keep it, {correct}, and declare the world with {declare}; if it is not, "
        "split again, stratified by {label}.",
        values,
    )


def _is_balanced(classes: ClassCounts) -> bool:
    counts = classes.counts["train"]
    return int((counts > 0).sum()) > 1 and len(np.unique(counts[counts > 0])) == 1


def _class_message(classes: ClassCounts, drift: Drift, changes: list[ShareChange]) -> Text:
    train, other = classes.counts["train"], classes.counts[drift.split]
    shares = train / max(1, int(train.sum())), other / max(1, int(other.sum()))
    widest = int(abs(shares[1] - shares[0]).argmax())
    if changes:
        widest = classes.classes.index(changes[0].name)
    return Text(
        "{name} makes up {train} of the labels in train and {other} in {split}; in all, {moved} of the rows would "
        "have to change class for {split} to look like train (at least {lower}).",
        {
            "name": FromData(classes.classes[widest]),
            "train": show_share(float(shares[0][widest])),
            "other": show_share(float(shares[1][widest])),
            "split": drift.split,
            "moved": show_share(drift.effect),
            "lower": show_share(max(0.0, drift.lower)),
        },
    )


def _target_message(facts: Facts, drift: Drift) -> Text:
    target = facts.target
    return Text(
        "{label} lies elsewhere in {split} than in train: mean {other} against {train}; the two curves are "
        "{distance} apart at most (at least {lower}), where 0 is alike and 1 is wholly apart.",
        {
            "label": facts.label,
            "split": drift.split,
            "other": FromData(target.mean[drift.split]),
            "train": FromData(target.mean["train"]),
            "distance": show_number(round(drift.effect, 3)),
            "lower": show_number(round(max(0.0, drift.lower), 3)),
        },
    )


def _class_figure(facts: Facts, split: str) -> Figure:
    counts = {name: facts.classes.counts[name] for name in ("train", split)}
    return bars(f"Share of each class in train and in {split}", facts.classes.classes, counts)


def _target_figure(facts: Facts, split: str) -> Figure | None:
    target = facts.target
    if len(target.edges) == 0:
        return None
    names = ("train", split)
    return equal_steps(
        f"{facts.label} in train and in {split}",
        target.edges,
        {name: target.counts[name] for name in names},
        min(target.minimum[name] for name in names),
        max(target.maximum[name] for name in names),
    )
