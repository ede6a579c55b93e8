"""Finding the rules by walking their package, and choosing among them."""

from __future__ import annotations

import difflib
import functools
import importlib
import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING

from dataaudit.errors import ConfigError
from dataaudit.rules._base import Rule
from dataaudit.rules._thresholds import set_thresholds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

RULES_PACKAGE = "dataaudit.rules"


@functools.cache
def discover(package: str = RULES_PACKAGE) -> Mapping[str, type[Rule]]:
    """Return every rule of the package by its code, sorted by code.

    Parameters
    ----------
    package : str
        A package whose modules, at any depth, define subclasses of `Rule`.
        Modules and folders whose name starts with an underscore are not walked.

    Raises
    ------
    RuntimeError
        If two rules share a code or a name.
    """
    rules: dict[str, type[Rule]] = {}
    names: dict[str, str] = {}
    for rule in _walk(importlib.import_module(package)):
        twin = rules.get(rule.code)
        if twin is not None:
            raise RuntimeError(f"the code {rule.code} belongs to {twin.__module__} and to {rule.__module__}")
        if rule.name in names:
            raise RuntimeError(f"the name {rule.name} belongs to {names[rule.name]} and to {rule.__module__}")
        rules[rule.code] = rule
        names[rule.name] = rule.__module__
    return MappingProxyType(dict(sorted(rules.items())))


def find_rule(word: str, rules: Mapping[str, type[Rule]] | None = None) -> type[Rule]:
    """Return the rule of that code (in any case) or name.

    Raises
    ------
    ConfigError
        If there is none; the hint names the nearest.
    """
    rules = discover() if rules is None else rules
    for code, rule in rules.items():
        if word.upper() == code or word.lower() == rule.name:
            return rule
    raise ConfigError(f"there is no rule {word!r}", _nearest(word, rules))


def build_rules(
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    thresholds: Mapping[str, Mapping[str, object]] | None = None,
    rules: Mapping[str, type[Rule]] | None = None,
) -> tuple[Rule, ...]:
    """Return the chosen rules, their thresholds set, sorted by code.

    Parameters
    ----------
    select, ignore : iterable of str
        Codes ("LEAK001"), the beginnings of codes ("LEAK") or names
        ("target-leak"). An empty `select` means all; `ignore` wins.
    thresholds : mapping of rule name to mapping of field to value, optional
    rules : mapping of code to rule type, optional
        What to choose from; all rules there are by default.

    Raises
    ------
    ConfigError
        If a word fits no rule, a threshold is unknown or of the wrong type,
        or no rule is left.
    """
    rules = discover() if rules is None else rules
    by_name = {rule.name: rule for rule in rules.values()}
    for name in thresholds or {}:
        if name not in by_name:
            raise ConfigError(f"thresholds are given for {name!r}, which is no rule", _nearest(name, rules, names=True))
    built = {code: set_thresholds(rule, (thresholds or {}).get(rule.name, {})) for code, rule in rules.items()}
    chosen = _codes(select, rules, "select") or set(rules)
    chosen -= _codes(ignore, rules, "ignore")
    if not chosen:
        raise ConfigError("no rule is left to run", "what --select chooses, --ignore takes away")
    return tuple(rule for code, rule in built.items() if code in chosen)


def _walk(package: ModuleType) -> Iterator[type[Rule]]:
    for module_info in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module_info.name.rpartition(".")[2].startswith("_"):
            continue
        module = importlib.import_module(module_info.name)
        if module_info.ispkg:
            yield from _walk(module)
        else:
            yield from _rules_of(module)


def _rules_of(module: ModuleType) -> Iterator[type[Rule]]:
    for value in vars(module).values():
        is_rule = isinstance(value, type) and issubclass(value, Rule)
        if is_rule and value.__module__ == module.__name__ and hasattr(value, "code"):
            yield value


def _codes(words: Iterable[str], rules: Mapping[str, type[Rule]], option: str) -> set[str]:
    found: set[str] = set()
    for word in words:
        matches = {code for code, rule in rules.items() if code.startswith(word.upper()) or rule.name == word.lower()}
        if not word or not matches:
            raise ConfigError(
                f"--{option}: {word!r} is neither a code, the beginning of one, nor a name of a rule",
                _nearest(word, rules),
            )
        found |= matches
    return found


def _nearest(word: str, rules: Mapping[str, type[Rule]], *, names: bool = False) -> str:
    known = [rule.name for rule in rules.values()]
    if not names:
        families = dict.fromkeys(code.rstrip("0123456789") for code in rules)
        known = [*families, *rules, *known]
    spelt = word.lower() if names else word
    close = difflib.get_close_matches(spelt, known, n=1) or difflib.get_close_matches(word.upper(), known, n=1)
    guess = f"did you mean {close[0]!r}? " if close else ""
    return f"{guess}known are: {', '.join(sorted(known) if names else known)}"
