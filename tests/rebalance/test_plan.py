from __future__ import annotations

import pytest

from dataaudit.errors import ConfigError
from dataaudit.rebalance.plan import Target, plan_counts, read_target
from dataaudit.rebalance.strategies import STRATEGIES, strategy_named

COUNTS = {"a": 1000, "b": 100, "c": 10}


def planned(strategy: str, target: object) -> dict[str, int]:
    return plan_counts(COUNTS, read_target(target, list(COUNTS)), STRATEGIES[strategy])


@pytest.mark.parametrize(
    ("strategy", "target", "wanted"),
    [
        ("random-over", "balanced", [1000, 1000, 1000]),
        ("random-over", 0.5, [1000, 500, 500]),
        ("random-over", "0.05", [1000, 100, 50]),
        ("random-over", "cap=3", [1000, 334, 334]),
        ("random-over", {"c": 20}, [1000, 100, 20]),
        ("random-under", "balanced", [10, 10, 10]),
        ("random-under", "0.5", [20, 20, 10]),
        ("random-under", "cap=25", [250, 100, 10]),
        ("random-under", ["a=50", "b=60"], [50, 60, 10]),
        ("random-both", "balanced", [370, 370, 370]),
        ("random-both", "a=500,c=30", [500, 100, 30]),
        ("smote", "balanced", [1000, 1000, 1000]),
        ("smote-enn", "cap=10", [1000, 100, 100]),
    ],
)
def test_targets_become_rows_of_every_class(strategy, target, wanted):
    assert list(planned(strategy, target).values()) == wanted


def test_what_grows_and_shrinks_keeps_the_number_of_rows():
    for cap in (1, 2, 5, 20, 100, 1000):
        found = planned("random-both", f"cap={cap}")
        assert abs(sum(found.values()) - 1110) <= 2
        assert max(found.values()) <= cap * min(found.values()) + cap


@pytest.mark.parametrize(
    ("strategy", "target", "told"),
    [
        ("random-over", "a=10", "adds rows, but 'a' has 1,000"),
        ("random-under", "c=11", "drops rows, but 'c' has 10"),
        ("smote", "d=11", "no class 'd'"),
        ("smote", "a=0", "wants '0' rows"),
        ("smote", "a=1.5", "wants '1.5' rows"),
        ("smote", "a=1000,a=1001", "'a' twice"),
        ("smote", "half", "--target is 'half'"),
        ("smote", "0", "ratio is above 0"),
        ("smote", "1.5", "ratio is above 0"),
        ("smote", "nan", "ratio is above 0"),
        ("smote", "cap=0.5", "cap is a number of at least 1"),
        ("smote", [], "--target is"),
        ("smote", {}, "names no class"),
        ("smote", True, "--target is True"),
    ],
)
def test_wrong_targets_are_named(strategy, target, told):
    with pytest.raises(ConfigError) as error:
        planned(strategy, target)
    assert told in str(error.value)


def test_known_classes_are_listed():
    with pytest.raises(ConfigError, match=r"classes are 'No' and 'Yes'"):
        read_target("yes=900,no=900", ["No", "Yes"])
    many = [f"c{i}" for i in range(20)]
    with pytest.raises(ConfigError, match=r"classes are 'c17', 'c7', 'c1', 'c0', 'c2', .* and 12 more"):
        read_target("c17a=3", many)


def test_a_class_may_hold_signs_and_be_named_cap():
    assert read_target("<=50K, or less=7", ["<=50K, or less"]).counts == {"<=50K, or less": 7}
    assert read_target(["cap=7"], ["cap", "hat"]).counts == {"cap": 7}
    assert read_target({True: 5}, ["false", "true"]).counts == {"true": 5}


def test_a_target_can_be_given_again():
    for target in (Target(), Target(cap=4.0), Target(counts={"a": 3, "b": 4})):
        assert read_target(target.words, ["a", "b"]) == target


def test_a_number_has_no_classes():
    with pytest.raises(ConfigError, match="the label is a number"):
        read_target("a=3", ())


def test_strategies_are_named():
    with pytest.raises(ConfigError, match="did you mean 'smote'"):
        strategy_named("smoote")
