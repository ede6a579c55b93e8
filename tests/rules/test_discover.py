"""Finding, choosing and setting rules, on packages of rules written for the test."""

from __future__ import annotations

import dataclasses
import itertools
import sys
from pathlib import Path

import pytest

from dataaudit.errors import ConfigError
from dataaudit.rules import build_rules, discover, find_rule

SOURCE = '''
from __future__ import annotations
from dataclasses import dataclass
from typing import ClassVar
from dataaudit.rules._base import Rule

@dataclass(frozen=True)
class {class_name}(Rule):
    """A rule.

    Thresholds
    ----------
    min_rows : rows, default 20
    share : share of rows, default 0.5
    levels : fraction of the rest's P95 - P5, default (0.1, 2.0)
    """

    code: ClassVar[str] = "{code}"
    name: ClassVar[str] = "{name}"
    min_rows: int = 20
    share: float = 0.5
    strict: bool = False
    unit: str = "rows"
    levels: tuple[float, ...] = (0.1, 2.0)
'''
NUMBERS = itertools.count()


@pytest.fixture
def make_package(tmp_path, monkeypatch):
    """Write a package of rules, {path: (code, name)}, and return its name."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def make(files: dict[str, tuple[str, str]]) -> str:
        package = f"fake_rules_{next(NUMBERS)}"
        for path, (code, name) in files.items():
            file = tmp_path / package / path
            file.parent.mkdir(parents=True, exist_ok=True)
            for folder in (file.parent, tmp_path / package):
                (folder / "__init__.py").touch()
            class_name = "".join(word.title() for word in name.split("-"))
            file.write_text(SOURCE.format(class_name=class_name, code=code, name=name))
        return package

    return make


@pytest.fixture
def rules(make_package):
    return discover(
        make_package(
            {
                "leakage/shared_rows.py": ("LEAK002", "shared-rows"),
                "leakage/leaked_target.py": ("LEAK001", "leaked-target"),
                "shortcut/odd_value.py": ("SPUR001", "odd-value"),
            }
        )
    )


def codes(built):
    return [rule.code for rule in built]


def test_rules_are_found_in_every_folder_and_sorted_by_code(rules):
    assert list(rules) == ["LEAK001", "LEAK002", "SPUR001"]
    assert rules["SPUR001"].name == "odd-value"


def test_private_files_are_not_walked(make_package):
    package = make_package({"leakage/_shared.py": ("LEAK009", "hidden"), "leakage/seen.py": ("LEAK001", "seen")})
    assert list(discover(package)) == ["LEAK001"]


def test_a_rule_imported_into_another_file_counts_once(make_package, tmp_path):
    package = make_package({"leakage/seen.py": ("LEAK001", "seen")})
    Path(tmp_path / package / "leakage" / "other.py").write_text(f"from {package}.leakage.seen import Seen\n")
    assert list(discover(package)) == ["LEAK001"]


@pytest.mark.parametrize(
    ("second", "message"),
    [(("LEAK001", "other"), "the code LEAK001 belongs to"), (("LEAK002", "one"), "the name one belongs to")],
)
def test_twins_are_an_error(make_package, second, message):
    package = make_package({"leakage/one.py": ("LEAK001", "one"), "leakage/two.py": second})
    with pytest.raises(RuntimeError, match=message):
        discover(package)


@pytest.mark.parametrize("word", ["SPUR001", "spur001", "odd-value", "Odd-Value"])
def test_a_rule_is_found_by_code_or_name(rules, word):
    assert find_rule(word, rules).code == "SPUR001"


@pytest.mark.parametrize("word", ["SPUR", "odd", "", "SPUR0011"])
def test_no_rule_is_found_by_less(rules, word):
    with pytest.raises(ConfigError, match="there is no rule"):
        find_rule(word, rules)


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("odd-valeu", "did you mean 'odd-value'? `dataaudit rules` lists all"),
        ("spur0011", "did you mean 'SPUR001'? `dataaudit rules` lists all"),
        ("nothing-like-it", "`dataaudit rules` lists them"),
        ("", "`dataaudit rules` lists them"),
        ("leak", "LEAK is a family of rules: LEAK001, LEAK002"),
    ],
)
def test_an_unknown_rule_is_hinted_at_in_a_few_words(rules, word, hint):
    with pytest.raises(ConfigError) as caught:
        find_rule(word, rules)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ((), (), ["LEAK001", "LEAK002", "SPUR001"]),
        (("LEAK",), (), ["LEAK001", "LEAK002"]),
        (("leak00",), (), ["LEAK001", "LEAK002"]),
        (("odd-value", "LEAK002"), (), ["LEAK002", "SPUR001"]),
        ((), ("LEAK",), ["SPUR001"]),
        (("LEAK",), ("leaked-target",), ["LEAK002"]),
    ],
)
def test_choosing(rules, select, ignore, expected):
    assert codes(build_rules(select, ignore, rules=rules)) == expected


@pytest.mark.parametrize(
    ("option", "word", "nearest"),
    [("select", "LEEK", "'LEAK'"), ("ignore", "odd-valu", "'odd-value'"), ("select", "", None)],
)
def test_a_word_that_fits_no_rule(rules, option, word, nearest):
    with pytest.raises(ConfigError, match=f"--{option}: '{word}'") as caught:
        build_rules(**{option: (word,)}, rules=rules)
    guess = f"did you mean {nearest}? `dataaudit rules` lists all"
    assert caught.value.hint == (guess if nearest else "`dataaudit rules` lists them")


def test_nothing_left_is_an_error(rules):
    with pytest.raises(ConfigError, match="no rule is left"):
        build_rules(("SPUR",), ("odd-value",), rules=rules)


def test_thresholds_replace_defaults(rules):
    values = {"min_rows": 3, "share": 1, "strict": True, "unit": "cells", "levels": [1, 2.5]}
    rule = build_rules(("SPUR",), thresholds={"odd-value": values}, rules=rules)[0]
    assert (rule.min_rows, rule.share, rule.strict, rule.unit, rule.levels) == (3, 1.0, True, "cells", (1.0, 2.5))
    assert isinstance(rule.share, float)


@pytest.mark.parametrize("word", ["SPUR001", "spur001", "odd-value"])
def test_thresholds_are_given_by_code_or_name(rules, word):
    assert build_rules(("SPUR",), thresholds={word: {"min_rows": 3}}, rules=rules)[0].min_rows == 3


def test_thresholds_by_code_and_by_name_are_put_together(rules):
    values = {"SPUR001": {"min_rows": 3}, "odd-value": {"unit": "cells"}}
    rule = build_rules(("SPUR",), thresholds=values, rules=rules)[0]
    assert (rule.min_rows, rule.unit) == (3, "cells")


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("min_rows", -1, "it must be 0 or more (rows)"),
        ("share", -0.5, "it must be between 0 and 1 (share of rows)"),
        ("share", 1.5, "it must be between 0 and 1 (share of rows)"),
        ("levels", [0.5, -1.0], "it must be 0 or more (fraction of the rest's P95 - P5)"),
    ],
)
def test_a_threshold_out_of_range(rules, field, value, hint):
    with pytest.raises(ConfigError) as caught:
        build_rules(thresholds={"odd-value": {field: value}}, rules=rules)
    shown = tuple(value) if isinstance(value, list) else value
    assert caught.value.message == f"the threshold {field} of the rule odd-value is {shown!r}"
    assert caught.value.hint == hint


def test_every_rule_takes_its_own_defaults():
    for rule in discover().values():
        defaults = {field.name: field.default for field in dataclasses.fields(rule)}
        assert build_rules((rule.code,), thresholds={rule.code: defaults})[0] == rule()


def test_a_share_above_one_is_refused_for_every_rule():
    refused = 0
    for rule in discover().values():
        for field in dataclasses.fields(rule):
            if field.name.endswith(("_share", "share_min", "_effect", "_explained", "alpha")):
                refused += 1
                with pytest.raises(ConfigError, match=field.name):
                    build_rules(thresholds={rule.name: {field.name: 1.01}})
    assert refused > 20


def test_thresholds_of_other_rules_are_checked_too(rules):
    with pytest.raises(ConfigError, match="thresholds are given for 'odd-valu'") as caught:
        build_rules(("LEAK",), thresholds={"odd-valu": {}}, rules=rules)
    assert caught.value.hint == "did you mean 'odd-value'? known are: leaked-target, odd-value, shared-rows"
    with pytest.raises(ConfigError, match="the rule odd-value has no threshold 'min_row'") as caught:
        build_rules(("LEAK",), thresholds={"odd-value": {"min_row": 1}}, rules=rules)
    assert caught.value.hint == "did you mean 'min_rows'? known are: min_rows, share, strict, unit, levels"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("min_rows", 1.5, "a whole number"),
        ("min_rows", True, "a whole number"),
        ("share", "half", "a number"),
        ("share", False, "a number"),
        ("share", float("nan"), "a number"),
        ("strict", 1, "true or false"),
        ("unit", 1, "a text"),
        ("levels", 0.5, "a list of numbers"),
        ("levels", ["a"], "a list of numbers"),
    ],
)
def test_a_threshold_of_the_wrong_type(rules, field, value, expected):
    with pytest.raises(ConfigError) as caught:
        build_rules(thresholds={"odd-value": {field: value}}, rules=rules)
    assert caught.value.message == f"the threshold {field} of the rule odd-value is {value!r}"
    assert caught.value.hint == f"it must be {expected}"
