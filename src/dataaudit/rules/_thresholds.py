"""Setting a rule's thresholds, which are its dataclass fields, from a configuration."""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
from typing import TYPE_CHECKING

from dataaudit.errors import ConfigError
from dataaudit.rules._docs import rule_doc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dataaudit.rules._base import Rule

# A line of the section "Thresholds" of a rule's docstring: "min_support : rows, default 20".
_DOCUMENTED = re.compile(r"^(\w+) : (.+), default ", re.MULTILINE)
# Units that do not exceed 1; a fraction of a length ("of P95 - P5") may.
_AT_MOST_ONE = re.compile(r"(share|difference of shares|probability|fraction|distance in \[0, 1\])(?!\w)(?!.* - )")


def set_thresholds(rule_type: type[Rule], values: Mapping[str, object]) -> Rule:
    """Return the rule with these thresholds in place of its defaults.

    Raises
    ------
    ConfigError
        If there is no such threshold, or a value is of the wrong type or out
        of range.
    """
    fields = {field.name: field for field in dataclasses.fields(rule_type)}
    chosen = {}
    for name, value in values.items():
        if name not in fields:
            raise ConfigError(f"the rule {rule_type.name} has no threshold {name!r}", _known(name, fields))
        chosen[name] = _read(rule_type.name, name, str(fields[name].type), value)
        _check_range(rule_type, name, chosen[name])
    return rule_type(**chosen)


def _check_range(rule_type: type[Rule], name: str, value: object) -> None:
    """Refuse what would silently switch a rule off: a negative number, or a share above 1."""
    unit = dict(_DOCUMENTED.findall(rule_doc(rule_type).sections.get("Thresholds", ""))).get(name, "")
    most = 1.0 if _AT_MOST_ONE.match(unit) else math.inf
    numbers = value if isinstance(value, tuple) else (value,)
    if all(0 <= number <= most for number in numbers if isinstance(number, int | float)):
        return
    allowed = "between 0 and 1" if most == 1 else "0 or more"
    raise ConfigError(
        f"the threshold {name} of the rule {rule_type.name} is {value!r}",
        f"it must be {allowed}" + (f" ({unit})" if unit else ""),
    )


def _known(name: str, fields: Mapping[str, object]) -> str:
    if not fields:
        return "it has no thresholds"
    close = difflib.get_close_matches(name, fields, n=1)
    guess = f"did you mean {close[0]!r}? " if close else ""
    return f"{guess}known are: {', '.join(fields)}"


def _read(rule: str, name: str, type_name: str, value: object) -> object:
    expected, read = FIELD_TYPES[type_name]
    try:
        return read(value)
    except ValueError:
        raise ConfigError(f"the threshold {name} of the rule {rule} is {value!r}", f"it must be {expected}") from None


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(value)
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _several(read: Callable[[object], object]) -> Callable[[object], tuple[object, ...]]:
    def read_all(value: object) -> tuple[object, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError(value)
        return tuple(read(item) for item in value)

    return read_all


# A field's type as it is written in the rule (annotations are strings there).
FIELD_TYPES: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "int": ("a whole number", _whole),
    "float": ("a number", _number),
    "bool": ("true or false", _truth),
    "str": ("a text", _text),
    "tuple[int, ...]": ("a list of whole numbers", _several(_whole)),
    "tuple[float, ...]": ("a list of numbers", _several(_number)),
    "tuple[str, ...]": ("a list of texts", _several(_text)),
}
