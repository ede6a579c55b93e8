"""What makes other numbers of a measurement without changing what was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

ConversionKind = Literal["sign", "ten", "factor", "affine", "log", "exp", "swap"]


@dataclass(frozen=True)
class Conversion:
    """One way from the numbers of train to those of another split.

    Attributes
    ----------
    name : str
        Names the conversion; "x 1000", "/ 2.54".
    kind : {"sign", "ten", "factor", "affine", "log", "exp", "swap"}
        A changed sign, a power of ten, another factor, a factor and an offset, a logarithm taken or undone, day and
        month of dates swapped.
    factor, offset : float
        other = factor * train + offset; of logarithms the base (e for the natural one) and what is added before.
    units : tuple of str or None
        Units it may have come from and gone to.
    spellings : tuple of float
        Other roundings of the factor that people convert with.
    """

    name: str
    kind: ConversionKind
    factor: float = 1.0
    offset: float = 0.0
    units: tuple[str, str] | None = None
    spellings: tuple[float, ...] = ()


_TENS = {
    1: ("cm", "mm"),
    2: ("m", "cm, or shares become per cent"),
    3: ("kg", "g"),
    4: None,
    5: None,
    6: ("kg", "mg, or millions single units"),
    9: ("seconds", "nanoseconds"),
}
_TENS_BACK = {
    1: ("mm", "cm"),
    2: ("cm", "m, or per cent become shares"),
    3: ("g", "kg"),
    4: None,
    5: None,
    6: ("mg", "kg, or single units millions"),
    9: ("nanoseconds", "seconds"),
}
# Factor, from, to, other roundings of it.
_FACTORS: tuple[tuple[float, str, str, tuple[float, ...]], ...] = (
    (1.609344, "miles", "km", (1.609, 1.61, 1.6)),
    (1 / 0.45359237, "kg", "pounds", (2.2046, 2.205, 2.2, 1 / 0.4536, 1 / 0.454)),
    (2.54, "inches", "cm", ()),
    (1 / 0.3048, "m", "feet", (3.28, 3.281, 3.2808, 1 / 0.305)),
    (3.6, "m/s", "km/h", ()),
    (3.785411784, "gallons", "litres", (3.785, 3.79)),
    (4.184, "calories", "joules", (4.18, 4.1868, 4.19)),
    (7.0, "weeks", "days", ()),
    (12.0, "feet", "inches, or years months", ()),
    (24.0, "days", "hours", ()),
    (25.4, "inches", "mm", ()),
    (28.349523125, "ounces", "g", (28.35, 28.3)),
    (30.48, "feet", "cm", ()),
    (180 / math.pi, "radians", "degrees", (57.3, 57.2958)),
    (60.0, "minutes", "seconds, or hours minutes", ()),
    (365.25, "years", "days", (365.0, 365.2425)),
    (453.59237, "pounds", "g", (453.6, 454.0)),
    (1024.0, "kibibytes", "bytes", ()),
    (1440.0, "days", "minutes", ()),
    (3600.0, "hours", "seconds", ()),
    (86400.0, "days", "seconds", ()),
)


def _number(value: float) -> str:
    """Return a factor as a reader writes it."""
    return f"{value:,.10g}" if value >= 100 and value == int(value) else f"{value:.4g}"


SIGN = Conversion("sign", "sign", -1.0)
SWAP = Conversion("day and month", "swap")
TENS = (
    *(Conversion(f"x {_number(10.0**k)}", "ten", 10.0**k, units=units) for k, units in _TENS.items()),
    *(Conversion(f"/ {_number(10.0**k)}", "ten", 10.0**-k, units=units) for k, units in _TENS_BACK.items()),
)
FACTORS = (
    *(Conversion(f"x {_number(f)}", "factor", f, units=(one, other), spellings=s) for f, one, other, s in _FACTORS),
    *(
        Conversion(
            f"/ {_number(f)}",
            "factor",
            1 / f,
            units=(other.split(",")[0], one),
            spellings=tuple(1 / spelling for spelling in s),
        )
        for f, one, other, s in _FACTORS
    ),
)
AFFINES = (
    Conversion("°C to °F", "affine", 1.8, 32.0, ("°C", "°F")),
    Conversion("°F to °C", "affine", 1 / 1.8, -32 / 1.8, ("°F", "°C")),
    Conversion("°C to K", "affine", 1.0, 273.15, ("°C", "K")),
    Conversion("K to °C", "affine", 1.0, -273.15, ("K", "°C")),
    Conversion("°F to K", "affine", 1 / 1.8, 459.67 / 1.8, ("°F", "K")),
    Conversion("K to °F", "affine", 1.8, -459.67, ("K", "°F")),
)
LOGS = (
    Conversion("logarithm", "log", math.e),
    Conversion("logarithm of 1 + x", "log", math.e, 1.0),
    Conversion("logarithm to base 10", "log", 10.0),
    Conversion("logarithm to base 2", "log", 2.0),
    Conversion("exponential", "exp", math.e),
    Conversion("exponential less 1", "exp", math.e, 1.0),
    Conversion("power of 10", "exp", 10.0),
    Conversion("power of 2", "exp", 2.0),
)
