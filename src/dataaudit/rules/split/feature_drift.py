"""SPLIT002: a feature is distributed otherwise in another split than in train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import holm
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._figures import split_figure
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_number, show_share

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
    large and the chance of so large a one in a random split to be small.

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
    error_lower : distance in [0, 1], default 0.1
        An error too if the lower 95 % bound of the distance reaches this.
    alpha : probability, default 0.005
        Holm's p-value over the features of the split, divided among the
        splits, must lie below this: of 100 random splits at most one is
        flagged in any column.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Looks at one column at a time; features may change together unseen.
    Identifiers and declared times are not judged: they must differ.

    Fix
    ---
    If the split was meant to be random, split again after shuffling. If test
    is newer or from another place on purpose, report the score as such.

    References
    ----------
    Rabanser, Günnemann and Lipton, NeurIPS (2019); Massart, Annals of
    Probability 18:1269 (1990) for the bound.
    """

    code: ClassVar[str] = "SPLIT002"
    name: ClassVar[str] = "feature-drift"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)

    effect_min: float = 0.1
    error_effect: float = 0.2
    error_lower: float = 0.1
    alpha: float = 0.005
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding per drifting column and split."""
        found = [
            (drift, p_value)
            for drifts in facts.drifts.values()
            for drift, p_value in self._drifting(list(drifts.values()), len(facts.drifts))
        ]
        found.sort(key=lambda pair: -pair[0].effect)
        weighted = [
            (drift.effect, self._finding(facts, drift, p_value, with_figure=place < self.most_findings))
            for place, (drift, p_value) in enumerate(found)
        ]
        yield from fold(self, weighted, self.most_findings)

    def _drifting(self, drifts: list[Drift], n_splits: int) -> Iterator[tuple[Drift, float]]:
        for drift, p_value in zip(drifts, holm([drift.p_value for drift in drifts]), strict=True):
            if drift.effect >= self.effect_min and p_value * n_splits < self.alpha:
                yield drift, p_value

    def _finding(self, facts: Facts, drift: Drift, p_value: float, *, with_figure: bool) -> Finding:
        large = drift.effect >= self.error_effect or drift.lower >= self.error_lower
        return self.finding(
            Severity.ERROR if large else Severity.WARNING,
            _numeric_message(facts, drift) if drift.measure == "ks" else _category_message(facts, drift),
            columns=(drift.column,),
            splits=("train", drift.split),
            evidence={
                "n_rows_train": drift.n_train,
                "n_rows_other": drift.n_other,
                "measure": "total variation" if drift.measure == "tv" else "Kolmogorov-Smirnov",
                "distance": drift.effect,
                "distance_lower": drift.lower,
                "p_value_holm": p_value,
            },
            fix=Text(
                "If the split was meant to be random, shuffle and split again; if {split} differs on purpose, say so "
                "beside its score, or do without the column: `dataaudit audit ... --exclude {column}`.",
                {"split": drift.split, "column": drift.column},
            ),
            figure=split_figure(facts, drift.column, drift.split) if with_figure else None,
        )


def _numeric_message(facts: Facts, drift: Drift) -> Text:
    train, other = (facts.profiles[name][drift.column] for name in ("train", drift.split))
    means = train.mean is not None and other.mean is not None
    return Text(
        "{column} is distributed otherwise in {split} than in train: the two curves are up to {distance} apart "
        "(at least {lower}), where 0 is alike and 1 is wholly apart"
        + ("; mean {other} against {train}." if means else "."),
        {
            "column": drift.column,
            "split": drift.split,
            "distance": show_number(round(drift.effect, 3)),
            "lower": show_number(round(max(0.0, drift.lower), 3)),
            "other": FromData(other.mean),
            "train": FromData(train.mean),
        },
    )


def _category_message(facts: Facts, drift: Drift) -> Text:
    words = "{moved} of the rows would have to change for {column} in {split} to look like train (at least {lower})"
    values: dict[str, object] = {
        "column": drift.column,
        "split": drift.split,
        "moved": show_share(drift.effect),
        "lower": show_share(max(0.0, drift.lower)),
    }
    table = facts.tables.get(drift.column)
    if table is None or drift.split not in table.n:
        return Text(words + ".", values)
    present = slice(0, table.missing_key)
    train, other = (table.n[name][present] / max(1, table.n[name][present].sum()) for name in ("train", drift.split))
    widest = int(abs(other - train).argmax())
    values |= {
        "value": FromData(table.keys[widest]),
        "share_train": show_share(float(train[widest])),
        "share_other": show_share(float(other[widest])),
    }
    return Text(words + "; {value} makes up {share_train} of train and {share_other} of {split}.", values)
