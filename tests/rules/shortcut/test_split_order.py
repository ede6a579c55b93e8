"""SPUR004 order-tells-label: splits that follow the order of train."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import drift, plain_table
from tests.rules.frames import findings_of, judge, worst
from tests.rules.shortcut.orders import in_order, order_facts, row_order

from dataaudit.model import Severity
from dataaudit.rules.shortcut.order_tells_label import OrderTellsLabel

RULE = OrderTellsLabel()


def cut(share_shuffled: float = 0.0, n_train: int = 700, n_rows: int = 1000):
    table = in_order(plain_table(n_rows), share_shuffled)
    return table[:n_train].reset_index(drop=True), table[n_train:].reset_index(drop=True)


def test_a_test_cut_from_the_sorted_file_is_a_warning():
    train, test = cut()
    [finding] = findings_of("SPUR004", train, test=test)
    assert finding.severity is Severity.WARNING
    assert finding.splits == ("train", "test")
    assert "; test lies on from its end: the labels are 71.4 % apart (at least 6" in str(finding.message)
    assert 'train_test_split(frame, stratify=frame["y"])' in str(finding.fix)


def test_a_test_cut_from_the_beginning_is_a_warning_too():
    test, train = cut(n_train=300)
    [finding] = findings_of("SPUR004", train, test=test)
    assert finding.severity is Severity.WARNING
    assert "; test lies on from its beginning" in str(finding.message)


def test_a_test_of_classes_that_train_has_not_is_a_warning():
    table = plain_table(900).assign(y=np.repeat(["a", "b", "c"], 300))
    assert worst(findings_of("SPUR004", table[:600], test=table[600:])) == Severity.WARNING


@pytest.mark.parametrize(
    ("classes_of_test", "severity"),
    [
        ("b" * 40 + "c" * 260, Severity.WARNING),  # the end of train is of b, as far from this as all of train is
        ("cd" * 150, Severity.WARNING),  # in no order, but of classes that train has not
        ("ab" * 40 + "cd" * 110, Severity.INFO),  # far from train, but mixed and in no order
    ],
)
def test_a_test_that_has_little_in_common_with_train(classes_of_test, severity):
    train = plain_table(700).assign(y=list("a" * 350 + "b" * 350))
    letters = np.array(list(classes_of_test))
    if severity is Severity.INFO:
        letters = np.random.default_rng(0).permutation(letters)
    test = plain_table(len(letters), 1).assign(y=letters)
    assert worst(findings_of("SPUR004", train, test=test)) == severity


def test_a_number_cut_in_its_order_is_a_warning():
    table = plain_table(900)
    table = table.assign(y=table["length"]).sort_values("y")
    assert worst(findings_of("SPUR004", table[:600], test=table[600:])) == Severity.WARNING


@pytest.mark.parametrize("seed", range(4))
def test_a_random_split_of_a_sorted_file_stays_an_info(seed):
    table = in_order(plain_table(600, seed), 0.0)
    is_test = np.random.default_rng(seed).random(600) < 0.3
    assert worst(findings_of("SPUR004", table[~is_test], test=table[is_test])) == Severity.INFO


def test_a_train_to_which_rows_of_a_rare_class_were_appended_stays_an_info():
    """Oversampled after the split: train is in an order, and test, as the world is, looks like its beginning."""
    train, test = plain_table(600), plain_table(300, 1)
    rare = [
        frame["y"].where(np.random.default_rng(i).random(len(frame)) < 0.2, "dog")
        for i, frame in enumerate((train, test))
    ]
    train, test = train.assign(y=rare[0]), test.assign(y=rare[1])
    cats = train[train["y"] == "cat"]
    appended = pd.concat([train, *[cats] * 7], ignore_index=True)
    assert worst(findings_of("SPLIT001", appended, test=test)) == Severity.ERROR
    assert worst(findings_of("SPUR004", appended, test=test)) == Severity.INFO


@pytest.mark.parametrize("roles", [{}, {"time": "day"}])
def test_a_split_in_time_is_no_warning(roles):
    """Where rows stand in the order of a date, the label may change with it, and test may well come after train."""
    train, test = cut()
    days = pd.date_range("2024-01-01", periods=1000)
    found = findings_of("SPUR004", train.assign(day=days[:700]), test=test.assign(day=days[700:]), **roles)
    assert worst(found) == Severity.INFO
    assert any("The order of the rows" in str(finding.message) for finding in found)


def test_where_a_time_is_declared_no_split_is_said_to_follow():
    train, test = cut()
    days = pd.Series(pd.date_range("2024-01-01", periods=1000)).sample(frac=1, random_state=0).to_numpy()
    train, test = train.assign(day=days[:700]), test.assign(day=days[700:])
    assert worst(findings_of("SPUR004", train, test=test)) == Severity.WARNING
    assert worst(findings_of("SPUR004", train, test=test, time="day")) == Severity.INFO


def follow_facts(distance: float, test_blocks=((0, 50_000),) * 4, p_value: float = 0.0, **given):
    test = row_order(given.pop("own_order", 0.0), split="test", blocks=np.array(test_blocks))
    apart = drift(0.5, p_value, distance, "y", measure="tv")
    return order_facts(row_order(0.9), test, label_drifts={"test": apart}, **given)


@pytest.mark.parametrize(("distance", "severity"), [(0.0999, Severity.INFO), (0.1, Severity.WARNING)])
def test_the_boundary_of_the_distance(distance, severity):
    assert worst(judge(RULE, follow_facts(distance))) == severity


@pytest.mark.parametrize(("p_value", "severity"), [(0.0099, Severity.WARNING), (0.01, Severity.INFO)])
def test_the_boundary_of_the_chance_of_the_distance(p_value, severity):
    assert worst(judge(RULE, follow_facts(0.4, p_value=p_value))) == severity


@pytest.mark.parametrize(
    ("blocks", "own_order", "severity"),
    [
        ([(0, 19)], 0.0, Severity.INFO),  # too few rows
        ([(0, 20)], 0.0, Severity.WARNING),
        ([(1, 5000), (1, 5000)], 0.0, Severity.INFO),  # mixed, in no order
        ([(2, 0), (0, 10_000)], 0.5, Severity.WARNING),  # mixed, in the order of the label
        ([(4000, 1000), (1000, 4000)], 0.5, Severity.INFO),  # mixed as all of train is
    ],
)
def test_what_a_split_must_be_to_follow(blocks, own_order, severity):
    assert worst(judge(RULE, follow_facts(0.4, blocks, own_order=own_order))) == severity
