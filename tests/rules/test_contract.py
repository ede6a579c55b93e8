"""What every rule of the house keeps to, tested on whatever rules there are."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import dataaudit.rules
from dataaudit.rules import Need, Rule, discover, rule_doc
from dataaudit.rules._base import HEADINGS
from dataaudit.rules._thresholds import FIELD_TYPES

RULES_FOLDER = Path(dataaudit.rules.__file__).parent
TESTS_FOLDER = Path(__file__).parent
FAMILIES = {
    "IMB": "imbalance",
    "LEAK": "leakage",
    "SPLIT": "split",
    "SPUR": "shortcut",
    "SCALE": "scale",
    "RANGE": "extrapolation",
    "LABEL": "label",
    "DATA": "integrity",
    "FIT": "training",
}
RULES = list(discover().values())
SHORTEST_SECTION = 20
FORBIDDEN_IN_RULES = {"click", "duckdb", "pandas", "pyarrow", "sklearn", "polars", "rich", "jinja2", "os", "pathlib"}

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
each_threshold = pytest.mark.parametrize(
    ("rule", "field"),
    [(rule, field) for rule in RULES for field in dataclasses.fields(rule)],
    ids=lambda value: getattr(value, "code", None) or value.name,
)


def slug(rule: type[Rule]) -> str:
    return rule.__module__.rpartition(".")[2]


def family(rule: type[Rule]) -> str:
    return rule.__module__.split(".")[-2]


def rule_files() -> list[Path]:
    return sorted(path for path in RULES_FOLDER.glob("*/*.py") if not path.name.startswith("_"))


def test_every_file_in_a_family_folder_holds_exactly_one_rule():
    modules = sorted(rule.__module__ for rule in RULES)
    assert modules == sorted(f"dataaudit.rules.{path.parent.name}.{path.stem}" for path in rule_files())


def test_every_family_folder_is_a_known_one():
    folders = {path.parent.name for path in rule_files()}
    assert folders <= set(FAMILIES.values())


@each_rule
def test_code_has_the_letters_of_its_family(rule):
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", rule.code).groups()
    assert FAMILIES[letters] == family(rule)
    assert len(digits) == 3


@each_rule
def test_name_is_the_file_name_in_kebab_case(rule):
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name)
    assert rule.name.replace("-", "_") == slug(rule)


@each_rule
def test_class_is_named_like_the_rule_and_is_a_frozen_dataclass(rule):
    assert rule.__name__.lower() == rule.name.replace("-", "")
    assert "__dataclass_params__" in vars(rule)
    assert rule.__dataclass_params__.frozen


@each_rule
def test_docstring_has_a_summary_and_every_heading_in_order_with_text(rule):
    doc = rule_doc(rule)
    assert re.fullmatch(r"[A-Z\d].*[.?]", doc.summary), "the summary is one sentence"
    assert len(doc.summary) <= 120
    assert tuple(doc.sections) == HEADINGS
    short = [heading for heading, text in doc.sections.items() if heading != "Thresholds" and len(text) < 3]
    assert not short
    assert len(doc.sections["What it does"]) >= SHORTEST_SECTION
    assert len(doc.sections["Why it matters"]) >= SHORTEST_SECTION


@pytest.mark.parametrize("path", sorted(RULES_FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_every_code_a_rule_names_is_a_rule(path):
    named = re.findall(rf"\b(?:{'|'.join(FAMILIES)})\d{{3}}\b", path.read_text(encoding="utf-8"))
    assert set(named) <= {rule.code for rule in RULES}


@each_rule
def test_needs_are_needs(rule):
    assert isinstance(rule.needs, tuple)
    assert all(isinstance(need, Need) for need in rule.needs)


@each_rule
def test_judge_is_its_own(rule):
    assert "judge" in vars(rule)


@each_rule
def test_imports_nothing_that_reads_or_prints(rule):
    tree = ast.parse((RULES_FOLDER / family(rule) / f"{slug(rule)}.py").read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not {name.partition(".")[0] for name in names} & FORBIDDEN_IN_RULES


@each_threshold
def test_threshold_is_typed_and_its_default_is_of_that_type(rule, field):
    assert field.type in FIELD_TYPES
    assert field.default is not dataclasses.MISSING
    _, read = FIELD_TYPES[field.type]
    assert read(field.default) == field.default


@each_threshold
def test_threshold_is_documented_with_its_default(rule, field):
    text = rule_doc(rule).sections["Thresholds"]
    entry = re.search(rf"^{field.name} : .*\bdefault (.+)\n +\S", text, re.MULTILINE)
    assert entry, f"write: {field.name} : UNIT, default {field.default!r}, and what it means in the next line, indented"
    assert is_shown(field.default, entry.group(1))


def is_shown(default: object, text: str) -> bool:
    if isinstance(default, tuple):
        return all(is_shown(item, text) for item in default)
    if isinstance(default, bool | str):
        return str(default).lower() in text.lower()
    numbers = re.findall(r"(?<![\w.])-?(?:\d[\d,]*\.?\d*|\.\d+)(?:e-?\d+)?", text)
    return any(float(number.replace(",", "")) == default for number in numbers)


@each_rule
def test_has_a_test_file(rule):
    assert (TESTS_FOLDER / family(rule) / f"test_{slug(rule)}.py").is_file()


@each_rule
def test_explain_prints_its_documentation(rule, run_command: Callable[..., str]):
    text = run_command("explain", rule.code)
    assert text.startswith(f"{rule.code} {rule.name}\n")
    assert all(f"\n{heading}\n" in text for heading in HEADINGS)
    assert run_command("explain", rule.name) == text


def test_there_are_rules():
    assert RULES
