"""Setting a rule's thresholds, which are its dataclass fields, from a configuration."""

from __future__ import annotations

import dataclasses
import difflib
import math
from typing import TYPE_CHECKING

from dataaudit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dataaudit.rules._base import Rule


def set_thresholds(rule_type: type[Rule], values: Mapping[str, object]) -> Rule:
    """Return the rule with these thresholds in place of its defaults.

    Raises
    ------
    ConfigError
        If there is no such threshold or a value is of the wrong type.
    """
    fields = {field.name: field for field in dataclasses.fields(rule_type)}
    chosen = {}
    for name, value in values.items():
        if name not in fields:
            raise ConfigError(f"the rule {rule_type.name} has no threshold {name!r}", _known(name, fields))
        chosen[name] = _read(rule_type.name, name, str(fields[name].type), value)
    return rule_type(**chosen)


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
