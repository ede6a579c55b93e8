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
        If there is none; the hint names the nearest, or the rules of that family.
    """
    rules = discover() if rules is None else rules
    for code, rule in rules.items():
        if word.upper() == code or word.lower() == rule.name:
            return rule
    family = [code for code in rules if word and code.startswith(word.upper())]
    hint = f"{word.upper()} is a family of rules: {', '.join(family)}" if family else _nearest(word, rules)
    raise ConfigError(f"there is no rule {word!r}", hint)


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
    thresholds : mapping of rule name or code to mapping of field to value, optional
    rules : mapping of code to rule type, optional
        What to choose from; all rules there are by default.

    Raises
    ------
    ConfigError
        If a word fits no rule, a threshold is unknown or of the wrong type,
        or out of range, or no rule is left.
    """
    rules = discover() if rules is None else rules
    given = _by_code(thresholds or {}, rules)
    built = {code: set_thresholds(rule, given.get(code, {})) for code, rule in rules.items()}
    chosen = _codes(select, rules, "select") or set(rules)
    chosen -= _codes(ignore, rules, "ignore")
    if not chosen:
        raise ConfigError("no rule is left to run", "what --select chooses, --ignore takes away")
    return tuple(rule for code, rule in built.items() if code in chosen)


def _by_code(
    thresholds: Mapping[str, Mapping[str, object]], rules: Mapping[str, type[Rule]]
) -> dict[str, dict[str, object]]:
    codes = {rule.name: code for code, rule in rules.items()} | {code.lower(): code for code in rules}
    given: dict[str, dict[str, object]] = {}
    for word, values in thresholds.items():
        code = codes.get(word.lower())
        if code is None:
            raise ConfigError(f"thresholds are given for {word!r}, which is no rule", _nearest_name(word, rules))
        given.setdefault(code, {}).update(values)
    return given


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


def _nearest(word: str, rules: Mapping[str, type[Rule]]) -> str:
    families = dict.fromkeys(code.rstrip("0123456789") for code in rules)
    close = _close(word, [*families, *rules, *(rule.name for rule in rules.values())])
    return f"did you mean {close!r}? `dataaudit rules` lists all" if close else "`dataaudit rules` lists them"


def _nearest_name(word: str, rules: Mapping[str, type[Rule]]) -> str:
    close = _close(word, [*rules, *(rule.name for rule in rules.values())])
    guess = f"did you mean {close!r}? " if close else ""
    return f"{guess}known are: {', '.join(sorted(rule.name for rule in rules.values()))}"


def _close(word: str, known: list[str]) -> str | None:
    for spelt in (word.lower(), word.upper()):
        for close in difflib.get_close_matches(spelt, known, n=1):
            return close
    return None
