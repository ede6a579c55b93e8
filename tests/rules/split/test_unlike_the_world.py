"""SPLIT009 unlike-the-world."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import columns_of, plain_splits, plain_table
from tests.rules.frames import findings_of, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.figures import Bars
from dataaudit.model import Severity, Status

RULE = "SPLIT009"


def with_yes(n_rows: int, n_yes: int, seed: int = 0) -> pd.DataFrame:
    return plain_table(n_rows, seed).assign(y=["yes"] * n_yes + ["no"] * (n_rows - n_yes))


def of_world(n_rows: int = 600, seed: int = 9) -> pd.DataFrame:
    """Return rows like those of `splits`, whose streets are as many."""
    return plain_table(n_rows, seed).assign(street="one street")


def splits(n_train: int, n_test: int, seed: int = 0):
    return tuple(frame.assign(street="one street") for frame in plain_splits(n_train, n_test, seed))


@pytest.mark.parametrize("seed", range(5))
def test_is_silent_where_all_are_drawn_from_one_world(seed):
    train, test = splits(100, 60, seed)
    assert not findings_of(RULE, train, test=test, reference=of_world(80, seed + 50), prior={"cat": 0.5})


@pytest.mark.parametrize(
    ("given", "judged"), [({"test", "validation"}, "test"), ({"validation"}, "validation"), (set(), "train")]
)
def test_judges_test_else_validation_else_train(given, judged):
    found = findings_of(
        RULE, with_yes(300, 150), **{name: with_yes(300, 150, 5) for name in given}, prior={"yes": 0.01}
    )
    assert [finding.splits for finding in found] == [(judged,)]


def test_flags_a_feature_that_is_elsewhere_in_the_world():
    train, test = splits(600, 400)
    world = of_world()
    found = findings_of(RULE, train, test=test, reference=world.assign(length=world["length"] + 2))
    assert {finding.columns for finding in found} == {("length",), ()}  # and all together
    [finding] = [finding for finding in found if finding.columns]
    assert (finding.severity, finding.splits) == (Severity.ERROR, ("test", "reference"))
    assert "length is distributed otherwise in test than in the reference" in str(finding.message)
    assert finding.evidence["distance_lower"] < finding.evidence["distance"] < finding.evidence["distance_upper"]


def test_train_may_be_otherwise():
    train, test = splits(600, 400)
    assert not findings_of(RULE, train.assign(length=train["length"] + 20), test=test, reference=of_world())


@pytest.mark.parametrize("away", [100.0, -100.0])
def test_sees_what_lies_where_train_has_no_rows(away):
    """The bins are cut on train, and all rows of test and of the reference lie in one of them."""
    train, test = splits(600, 400)
    world = of_world()
    test["length"], world["length"] = test["length"] + away, world["length"] + away + 3
    [finding] = [one for one in findings_of(RULE, train, test=test, reference=world) if one.columns == ("length",)]
    assert finding.severity is Severity.ERROR
    world["length"] -= 3
    assert not findings_of(RULE, train, test=test, reference=world)


def test_flags_a_category_and_missing_cells():
    train, test = splits(600, 400)
    world = of_world()
    world.loc[: len(world) // 2, "colour"] = "red"
    world.loc[: len(world) // 10, "income"] = np.nan
    found = {one.columns: one for one in findings_of(RULE, train, test=test, reference=world)}
    assert found["colour",].severity is Severity.ERROR
    assert found["income",].severity is Severity.WARNING
    assert "percentage points less" in str(found["income",].message)


def test_flags_labels_unlike_the_references_and_not_the_features_that_follow():
    random = np.random.default_rng(0)

    def drawn(n_rows, share):
        y = np.arange(n_rows) < share * n_rows
        return pd.DataFrame({"x": random.normal(3 * y, 1), "z": random.normal(size=n_rows), "y": np.where(y, "a", "b")})

    [finding] = findings_of(RULE, drawn(800, 0.5), test=drawn(800, 0.5), reference=drawn(800, 0.1))
    assert (finding.severity, finding.columns, finding.identity) == (Severity.ERROR, ("y",), ("label",))
    assert finding.evidence["distance"] == pytest.approx(0.4)


def test_flags_a_numeric_target():
    train, test = splits(400, 300)
    world = of_world(400)
    found = findings_of(RULE, train, test=test, reference=world.assign(length=world["length"] + 3), label="length")
    assert ("length",) in {finding.columns for finding in found}


def test_flags_a_declared_prior_with_a_picture():
    [finding] = findings_of(RULE, with_yes(500, 250), test=with_yes(400, 200), prior={"yes": 0.01})
    assert (finding.severity, finding.columns, finding.splits) == (Severity.ERROR, ("y",), ("test",))
    assert "50 % of the labels in test and 1 % in the declared prior" in str(finding.message)
    assert isinstance(finding.figure, Bars)
    assert finding.figure.series["prior"] == pytest.approx((0.01, 0.99))


@pytest.mark.parametrize(("n_yes", "severity"), [(200, 0), (399, 0), (400, Severity.WARNING)])
def test_a_rare_class_is_not_drowned(n_yes, severity):
    """Declared are 200 of 20,000; twice as many move 1 % of the rows."""
    test = pd.DataFrame(
        {"x": np.random.default_rng(0).normal(size=20_000), "y": ["yes"] * n_yes + ["no"] * (20_000 - n_yes)}
    )
    assert worst(findings_of(RULE, test.iloc[::10], test=test, prior={"yes": 0.01})) == severity


def test_a_class_that_is_declared_and_never_seen():
    [finding] = findings_of(RULE, with_yes(500, 20), test=with_yes(500, 0), prior={"yes": 0.05})
    assert finding.severity is Severity.WARNING
    assert "0 % of the labels in test and 5 %" in str(finding.message)


def test_undeclared_classes_share_the_rest():
    random = np.random.default_rng(0)
    frames = [
        pd.DataFrame({"x": random.normal(size=1000), "y": np.repeat(list("abcd"), [100, 200, 300, 400])})
        for _ in range(2)
    ]
    assert not findings_of(RULE, frames[0], test=frames[1], prior={"a": 0.1, "b": 0.2})
    [finding] = findings_of(RULE, frames[0], test=frames[1], prior={"a": 0.1, "b": 0.6})
    assert finding.severity is Severity.ERROR


def test_test_sets_drawn_from_the_declared_shares_are_rarely_flagged(monkeypatch):
    from dataaudit.measure.shifts.world import PriorMix, _from_shares, binomial_tails
    from dataaudit.rules.split._shares import changes_from_prior

    random, shares, loud = np.random.default_rng(0), np.array([0.002, 0.01, 0.03, 0.2, 0.758]), 0
    for _ in range(3000):
        n = random.multinomial(int(random.choice([40, 100, 1000, 20_000])), shares)
        mix = PriorMix(tuple("abcde"), n, shares, binomial_tails(n, shares), _from_shares("y", "test", n * 1.0, shares))
        changes = changes_from_prior(mix, factor_min=2.0, expected_min=5.0)
        loud += any(change.p_value < 0.002 for change in changes) or (
            mix.drift.p_value < 0.002 and mix.drift.effect >= 0.1
        )
    assert loud <= 12


def test_more_of_it_never_scores_milder():
    train = with_yes(400, 200)
    steps = [worst(findings_of(RULE, train, test=with_yes(400, n), prior={"yes": 0.1})) for n in (40, 60, 90, 130, 400)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_is_skipped_where_nothing_is_known_of_the_world():
    train, test = splits(100, 50)
    [check] = audit(train, test=test, label="y", select=[RULE]).checks
    assert check.status is Status.SKIPPED
    assert "--reference" in check.reason
    assert "--prior" in check.reason


def test_a_reference_without_the_label_or_a_column():
    train, test = splits(200, 100)
    assert not findings_of(RULE, train, test=test, reference=of_world(200).drop(columns=["y", "income"]))


def test_very_many_columns_are_folded():
    random = np.random.default_rng(0)
    frames = [pd.DataFrame(random.normal(shift, 1, (300, 60))).add_prefix("x").assign(y="a") for shift in (0, 0, 2)]
    frames[0].loc[::2, "y"] = frames[1].loc[::2, "y"] = "b"
    found = findings_of(RULE, frames[0], test=frames[1], reference=frames[2].drop(columns="y"))
    assert len(found) == 52  # 50, the others in one, all together
    assert len(columns_of(found)) == 50


@pytest.mark.parametrize(("n_found", "n_rows"), [(1, 30), (0, 2)])
def test_a_rare_category_of_a_feature_is_judged_by_itself(n_found, n_rows):
    """1 of 4,000 rows of the world are violet, and 30 of 2,000 of test."""
    train, test = splits(300, 2000)
    world = of_world(4000)
    world.loc[0, "colour"] = "violet"
    test.loc[: n_rows - 1, "colour"] = "violet"
    found = [one for one in findings_of(RULE, train, test=test, reference=world) if one.columns == ("colour",)]
    assert [one.severity for one in found] == [Severity.WARNING] * n_found
    assert all("in the reference and 1.5 % in test" in str(one.message) for one in found)
