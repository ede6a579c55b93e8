"""One column that drifts between two splits, in words: for train's other splits and for the world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dataaudit.text import FromData, Text, show_number, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.rules.split._shares import ShareChange


@dataclass(frozen=True)
class Drifting:
    """A column's distance with Holm's p-value.

    `matched` is the distance once the classes are alike, where they are not;
    `rare` a category that changes by a factor, where no distance is large.
    """

    drift: Drift
    p_value: float
    matched: Drift | None = None
    rare: ShareChange | None = None

    @property
    def effect(self) -> float:
        """The distance that counts: the smaller one."""
        return self.drift.effect if self.matched is None else min(self.drift.effect, self.matched.effect)

    def beside(self, matched: Drift | None) -> Drifting:
        """Return the same with the distance once the classes are alike."""
        return replace(self, matched=matched)


def drift_message(facts: Facts, one: Drifting) -> Text:
    """Return one sentence: how far the column is from the other split, and what shows it best."""
    if one.rare is not None:
        return _rare_message(one.drift, one.rare)
    return _numeric_message(facts, one) if one.drift.measure == "ks" else _category_message(facts, one)


def called(split: str) -> str:
    """Return what a split is called in a sentence.

    >>> called("reference"), called("train")
    ('the reference', 'train')
    """
    return "the reference" if split == "reference" else split


def _numeric_message(facts: Facts, one: Drifting) -> Text:
    drift = one.drift
    base, other = (facts.profiles[name][drift.column] for name in (drift.base, drift.split))
    template = (
        "{column} is distributed otherwise in {split} than in {base}: the two curves are up to {distance} apart "
        "(at least {lower}), where 0 is alike and 1 is wholly apart"
    )
    if base.mean is not None and other.mean is not None:
        template += "; mean {other} against {mean}"
    values = {
        **_common(one),
        "distance": show_number(round(drift.effect, 3)),
        "lower": show_number(round(max(0.0, drift.lower), 3)),
        "other": FromData(other.mean),
        "mean": FromData(base.mean),
    }
    return Text(template + _matched_words(one), values)


def _category_message(facts: Facts, one: Drifting) -> Text:
    drift = one.drift
    template = "{moved} of the rows would have to change for {column} in {split} to look like {base} (at least {lower})"
    values: dict[str, object] = {
        **_common(one),
        "moved": show_share(drift.effect),
        "lower": show_share(max(0.0, drift.lower)),
    }
    table = facts.tables.get(drift.column)
    if table is None or drift.split not in table.n:
        return Text(template + _matched_words(one), values)
    present = slice(0, table.missing_key)
    base, other = (table.n[name][present] / max(1, table.n[name][present].sum()) for name in (drift.base, drift.split))
    widest = int(abs(other - base).argmax())
    values |= {
        "value": FromData(table.keys[widest]),
        "share_base": show_share(float(base[widest])),
        "share_other": show_share(float(other[widest])),
    }
    template += "; {value} makes up {share_base} of {base} and {share_other} of {split}"
    return Text(template + _matched_words(one), values)


def _rare_message(drift: Drift, rare: ShareChange) -> Text:
    return Text(
        "{value} makes up {share_base} of {column} in {base} and {share_other} in {split}: {times} times as {common}.",
        {
            "value": FromData(rare.name),
            "column": drift.column,
            "base": called(drift.base),
            "split": drift.split,
            "share_base": show_share(rare.share_base),
            "share_other": show_share(rare.share_other),
            "times": "infinitely many" if rare.factor == float("inf") else show_rounded(rare.factor, 2),
            "common": "common" if rare.share_other > rare.share_base else "rare",
        },
    )


def _common(one: Drifting) -> dict[str, object]:
    matched = 0.0 if one.matched is None else one.matched.effect
    return {
        "column": one.drift.column,
        "split": one.drift.split,
        "base": called(one.drift.base),
        "matched": show_number(round(matched, 3)) if one.drift.measure == "ks" else show_share(matched),
    }


def _matched_words(one: Drifting) -> str:
    apart = " apart" if one.drift.measure == "ks" else ""
    return "." if one.matched is None else f"; {{matched}}{apart} once the classes are equally common in both."
