"""One defect in very many columns becomes a few findings and one that stands for the rest."""

from __future__ import annotations

import itertools

from dataaudit.model import Finding, Severity
from dataaudit.rules._folding import MOST_NAMES_LISTED, fold
from dataaudit.rules.integrity.constant_column import ConstantColumn
from dataaudit.text import Text

RULE = ConstantColumn()


def weighted(*items: tuple[float, Severity]) -> list[tuple[float, Finding]]:
    return [
        (weight, RULE.finding(severity, Text("bad"), columns=(f"x{i}",), evidence={}, fix=Text("mend")))
        for i, (weight, severity) in enumerate(items)
    ]


def test_up_to_the_most_nothing_is_folded():
    items = weighted((1, Severity.INFO), (2, Severity.INFO), (3, Severity.INFO))
    assert [finding.columns for finding in fold(RULE, items, 3)] == [("x2",), ("x1",), ("x0",)]


def test_severity_comes_before_weight_and_the_rest_keeps_its_highest():
    items = weighted((9, Severity.INFO), (1, Severity.WARNING), (2, Severity.WARNING), (5, Severity.INFO))
    first, rest = fold(RULE, items, 1)
    assert (first.columns, first.severity) == (("x2",), Severity.WARNING)
    assert rest.severity is Severity.WARNING
    assert rest.evidence["columns"] == ["x1", "x0", "x3"]
    assert str(rest.message) == "3 more findings of the same kind, the worst first: x1, x0 and x3."


def test_the_order_of_columns_does_not_show():
    items = weighted(*[(1, Severity.INFO)] * 4)
    folded = [list(fold(RULE, order, 2)) for order in itertools.permutations(items)]
    assert all(found == folded[0] for found in folded)


def test_other_columns_make_another_fingerprint():
    items = weighted(*[(1, Severity.INFO)] * 4)
    *_, all_four = fold(RULE, items, 1)
    *_, three = fold(RULE, items[:3], 1)
    assert all_four.fingerprint != three.fingerprint


def test_very_many_names_are_counted_not_listed():
    *_, rest = fold(RULE, weighted(*[(1, Severity.INFO)] * (MOST_NAMES_LISTED + 60)), 50)
    assert rest.evidence["n_columns"] == MOST_NAMES_LISTED + 10
    assert len(rest.evidence["columns"]) == MOST_NAMES_LISTED
