"""SPLIT001: the label is distributed otherwise in another split than in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.figures import Figure
from dataaudit.intervals import holm
from dataaudit.model import Evidence, Finding, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import share_change_tail
from dataaudit.rules._figures import bars, equal_steps
from dataaudit.text import FromData, Text, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.labels import ClassCounts


@dataclass(frozen=True)
class ClassChange:
    """One class in train and in another split; `p_value` is Holm's over the classes."""

    name: str
    n_train: int
    n_other: int
    share_train: float
    share_other: float
    p_value: float

    @property
    def factor(self) -> float:
        """The larger share over the smaller; infinite if one is zero."""
        low, high = sorted((self.share_train, self.share_other))
        return high / low if low > 0 else float("inf")


@dataclass(frozen=True)
class LabelShift(Rule):
    """The label is distributed otherwise in another split than in train.

    What it does
    ------------
    Takes the distance between the label's distributions: the total variation
    of the class shares (the share of rows that would have to change class),
    or for a numeric target the Kolmogorov-Smirnov distance on common bins.
    Looks also for single classes whose share changes by a factor, which
    matters for rare classes: 0.2 % becoming 0.4 % moves no distance.

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
    error_lower : distance in [0, 1], default 0.1
        An error too if the lower 95 % bound of the distance reaches this.
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
    natural. Then say so in the baseline, and correct the predicted odds.

    Fix
    ---
    Split again, stratified by the label; or, if test is as the world is, keep
    it and weight or resample train, and correct the predicted probabilities.

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
    error_lower: float = 0.1
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
            changes = self._changes(facts.classes, split, len(drifts)) if has_classes else []
            severity = self._severity(drift, adjusted[split], changes)
            if severity is not None:
                yield self._finding(facts, drift, severity, changes)

    def _severity(self, drift: Drift, p_value: float, changes: list[ClassChange]) -> Severity | None:
        if p_value < self.alpha and drift.effect >= self.effect_min:
            large = drift.effect >= self.error_effect or drift.lower >= self.error_lower
            return Severity.ERROR if large else Severity.WARNING
        return Severity.WARNING if changes else None

    def _changes(self, classes: ClassCounts, split: str, n_splits: int) -> list[ClassChange]:
        """Return the classes whose share changes by the factor, the least likely first."""
        if split not in classes.counts:
            return []
        train, other = classes.counts["train"], classes.counts[split]
        n_train, n_other = int(train.sum()), int(other.sum())
        pairs = [(int(a), int(b)) for a, b in zip(train, other, strict=True)]
        p_values = holm([share_change_tail(a, n_train, b, n_other) for a, b in pairs])
        changes = [
            ClassChange(name, a, b, a / max(1, n_train), b / max(1, n_other), min(1.0, p * n_splits))
            for name, (a, b), p in zip(classes.classes, pairs, p_values, strict=True)
            if (a + b) * n_other >= self.expected_min * (n_train + n_other)
        ]
        found = [c for c in changes if c.p_value < self.alpha and c.factor >= self.factor_min]
        return sorted(found, key=lambda change: (change.p_value, change.name))

    def _finding(self, facts: Facts, drift: Drift, severity: Severity, changes: list[ClassChange]) -> Finding:
        has_classes = facts.info.task is not Task.REGRESSION
        evidence: dict[str, Evidence] = {
            "n_rows_train": drift.n_train,
            "n_rows_other": drift.n_other,
            "measure": "total variation" if drift.measure == "tv" else "Kolmogorov-Smirnov",
            "distance": drift.effect,
            "distance_lower": drift.lower,
            "p_value": drift.p_value,
        }
        if changes:
            evidence["classes_changed"] = [FromData(change.name) for change in changes]
            evidence["classes_changed_share_train"] = [change.share_train for change in changes]
            evidence["classes_changed_share_other"] = [change.share_other for change in changes]
        return self.finding(
            severity,
            _class_message(facts.classes, drift, changes) if has_classes else _target_message(facts, drift),
            columns=(facts.label,),
            splits=("train", drift.split),
            evidence=evidence,
            fix=Text(
                "Split again, stratified by {label}; if {split} is as the world is, keep it, weight train to match "
                "and correct the predicted probabilities.",
                {"label": facts.label, "split": drift.split},
            ),
            figure=_class_figure(facts, drift.split) if has_classes else _target_figure(facts, drift.split),
        )


def _class_message(classes: ClassCounts, drift: Drift, changes: list[ClassChange]) -> Text:
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
