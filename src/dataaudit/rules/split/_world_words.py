"""What of a split is unlike the world, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rules._figures import bars
from dataaudit.rules.split._drift_words import called
from dataaudit.text import FromData, Text, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.figures import Figure
    from dataaudit.measure.drift import Drift
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile
    from dataaudit.measure.shifts.world import PriorMix
    from dataaudit.rules.split._shares import ShareChange

# Counts that a picture of declared shares is drawn from.
IN_PICTURE = 1_000_000


def classes_message(
    drift: Drift,
    names: Sequence[str],
    world: np.ndarray,
    found: np.ndarray,
    changes: Sequence[ShareChange],
    source: str,
) -> Text:
    """Return one sentence about the classes: the one that is furthest off, and the distance."""
    widest = changes[0].place if changes else int(np.abs(found - world).argmax())
    return Text(
        "{name} makes up {found} of the labels in {split} and {world} in {source}; in all, {moved} of the rows of "
        "{split} are of another class than there (at least {lower}).",
        {
            "name": FromData(names[widest]),
            "found": show_share(float(found[widest])),
            "world": show_share(float(world[widest])),
            "source": source,
            "split": drift.split,
            "moved": show_share(drift.effect),
            "lower": show_share(drift.lower),
        },
    )


def target_message(facts: Facts, drift: Drift) -> Text:
    """Return one sentence about a numeric target."""
    mean = facts.target.mean
    return Text(
        "{label} lies elsewhere in {split} than in {base}: mean {other} against {mean}; the two curves are {distance} "
        "apart at most (at least {lower}), where 0 is alike and 1 is wholly apart.",
        {
            "label": facts.label,
            "split": drift.split,
            "base": called(drift.base),
            "other": FromData(mean[drift.split]),
            "mean": FromData(mean[drift.base]),
            "distance": show_number(round(drift.effect, 3)),
            "lower": show_number(round(drift.lower, 3)),
        },
    )


def missing_message(split: str, ours: ColumnProfile, other: ColumnProfile, lower: float) -> Text:
    """Return one sentence about missing cells."""
    change = other.share_missing - ours.share_missing
    return Text(
        "{column} is missing in {other} of the rows of {split} and in {ours} of the reference: {points} percentage "
        "points {more} (at least {lower}).",
        {
            "column": ours.column,
            "other": show_share(other.share_missing),
            "split": split,
            "ours": show_share(ours.share_missing),
            "points": show_number(round(100 * abs(change), 1)),
            "more": "more" if change > 0 else "less",
            "lower": show_number(round(100 * lower, 1)),
        },
    )


def prior_bars(mix: PriorMix, split: str) -> Figure:
    """Return bars of the classes in the split beside the declared shares."""
    declared = np.round(mix.shares * IN_PICTURE).astype(np.int64)
    return bars(f"Share of each class in {split} and as declared", mix.names, {split: mix.counts, "prior": declared})
