"""How far splits lie apart, and what a split can tell, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from dataaudit.report.mix_words import show_tenths
from dataaudit.side_figures import Comparison, Shift
from dataaudit.text import Text, show_number


def show_distance(distance: float) -> str:
    """Return a distance between 0 and 1 with two digits behind the point, or as many as it needs.

    >>> show_distance(0.172), show_distance(0.0042), show_distance(0.0), show_distance(1.0), show_distance(0.0001)
    ('0.17', '0.004', '0', '1', 'under 0.001')
    """
    if 0 < distance < 0.0005:
        return "under 0.001"
    if distance in (0.0, 1.0):
        return f"{distance:.0f}"
    return f"{distance:.3f}" if distance < 0.0095 else f"{distance:.2f}"


def notes(comparison: Comparison, shift: Shift) -> Iterator[str]:
    """Yield what else differs, in a few words each."""
    if shift.missing is not None:
        before, now = shift.missing
        yield f"missing: {show_tenths(before)} of {comparison.against}, {show_tenths(now)} of {comparison.split}"
    if shift.share_outside > 0:
        yield f"{show_tenths(shift.share_outside)} of {comparison.split} beyond the range of {comparison.against}"
    if shift.share_unseen > 0:
        unseen = show_tenths(shift.share_unseen)
        yield f"{unseen} of {comparison.split} with values that {comparison.against} never shows"


def reading(comparison: Comparison, shift: Shift) -> Text:
    """Return what the distance of one column says."""
    values: dict[str, object] = {
        "split": comparison.split,
        "against": comparison.against,
        "distance": show_distance(shift.distance),
        "lower": show_distance(shift.lower),
        "upper": show_distance(shift.upper),
    }
    if shift.is_sure:
        return Text("{split} from {against}: {distance} ({lower} to {upper}), beyond chance", values)
    if shift.missing is not None:
        return Text("{split} from {against}: {distance}, within chance, but other cells are missing", values)
    if shift.is_flagged:
        return Text("{split} from {against}: {distance}, within chance as a whole, but see the finding", values)
    return Text("{split} from {against}: {distance}, within chance", values)


def show_points(width: float) -> str:
    """Return a width of shares in percentage points.

    >>> show_points(0.0046), show_points(0.123), show_points(0.5)
    ('0.46', '12', '50')
    """
    return show_number(float(f"{100 * width:.2g}"))
