"""Conversions of units in words and in code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataaudit.measure.shifts.conversions import Conversion


def conversion_words(conversion: Conversion) -> str:
    """Return what was done to train's numbers: "divided by 1,000 (as if g had become kg)"."""
    if conversion.kind in ("ten", "factor"):
        sign, number = conversion.name.split(" ", 1)
        done = f"{'multiplied' if sign == 'x' else 'divided'} by {number}"
        units = conversion.units
        return done if units is None else f"{done} (as if {units[0]} had become {units[1]})"
    if conversion.kind == "affine" and conversion.units is not None:
        return f"turned from {conversion.units[0]} into {conversion.units[1]}"
    return {
        "sign": "with the sign changed",
        "swap": "with day and month swapped",
        "log": f"after a {conversion.name}",
        "exp": f"with a logarithm undone ({conversion.name})",
    }[conversion.kind]


def undoing(conversion: Conversion, cell: str) -> str:
    """Return code that undoes a conversion of the cells that other code stands for."""
    if conversion.kind == "sign":
        return f"-{cell}"
    if conversion.kind in ("ten", "factor"):
        sign, number = conversion.name.replace(",", "").split(" ", 1)
        return f"{cell} {'/' if sign == 'x' else '*'} {number}"
    if conversion.kind == "affine":
        return f"({cell} - {conversion.offset:.6g}) / {conversion.factor:.6g}"
    base = {2.0: "2", 10.0: "10"}.get(conversion.factor, "")
    if conversion.kind == "exp":
        return f"numpy.log1p({cell})" if conversion.offset else f"numpy.log{base}({cell})"
    if conversion.offset:
        return f"numpy.expm1({cell})"
    return f"{base}.0 ** {cell}" if base else f"numpy.exp({cell})"
