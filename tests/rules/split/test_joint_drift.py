"""SPLIT005 joint-drift."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import dealt, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.shifts.joint import Carrier
from dataaudit.measure.shifts.joint import JointDrift as Measured
from dataaudit.model import Severity, Status
from dataaudit.rules.split.joint_drift import JointDrift


def measured(auc: float, lower: float, *carriers: Carrier, split: str = "test", base: str = "train") -> Measured:
    return Measured(split, base, auc, lower, min(1.0, 2 * auc - lower), 3000, 3000, 5, 0, True, carriers)


def joint_facts(*found: Measured):
    drifts = {one.split: one for one in found}
    return split_facts(drifts={"test": {}}, shifts=SimpleNamespace(joint_drifts=drifts))


def rising(n_rows: int, correlation: float, seed: int):
    """Return two columns that go together, three that go with nothing, and a label drawn at random."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(n_rows, 5))
    x[:, 1] = correlation * x[:, 0] + np.sqrt(1 - correlation**2) * x[:, 1]
    return pd.DataFrame(x, columns=list("abcde")).assign(y=random.choice(["cat", "dog"], n_rows))


def test_flags_two_columns_that_go_together_otherwise_and_names_them():
    [finding] = findings_of("SPLIT005", rising(800, 0.8, 0), test=rising(400, -0.8, 1))
    assert finding.severity is Severity.ERROR
    assert set(finding.evidence["columns"][:2]) == {"a", "b"}
    assert finding.evidence["only_joint"]
    assert max(finding.evidence["auc_of_column_alone"]) < 0.6
    assert finding.evidence["auc_lower"] < finding.evidence["auc"] < finding.evidence["auc_upper"]
    assert finding.evidence["largest_distance_of_one_column"] < 0.1
    assert "which only together do" in str(finding.message)
    assert findings_of("SPLIT002", rising(800, 0.8, 0), test=rising(400, -0.8, 1)) == ()


def test_names_a_column_that_tells_alone():
    train, test = plain_splits(800, 400)
    [finding] = findings_of("SPLIT005", train, test=test.assign(length=test["length"] + 4))
    assert finding.evidence["columns"][0] == "length"
    assert not finding.evidence["only_joint"]
    assert "what tells it is length (" in str(finding.message)


def test_missing_cells_tell():
    train, test = plain_splits(800, 400)
    test.loc[np.arange(400) % 5 < 3, "length"] = np.nan
    [finding] = findings_of("SPLIT005", train, test=test)
    assert finding.evidence["columns"][0] == "length"


@pytest.mark.parametrize("seed", range(4))
def test_is_silent_on_a_random_split_of_120_rows(seed):
    train, test = plain_splits(70, 50, seed)
    assert not findings_of("SPLIT005", train, test=test)


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_repeat_on_either_side_tell_nothing(seed):
    train, test = plain_splits(300, 150, seed)
    twice = pd.concat([train, train, train.iloc[:100], train.iloc[:100]], ignore_index=True)
    assert not findings_of("SPLIT005", twice, test=pd.concat([test, test], ignore_index=True))
    assert not findings_of("SPLIT005", pd.concat([train, test], ignore_index=True), test=test)


@pytest.mark.parametrize("seed", range(3))
def test_a_training_set_oversampled_on_purpose_tells_nothing(seed):
    random = np.random.default_rng(seed)
    y = random.random(1500) < 0.1
    frame = pd.DataFrame({f"x{i}": random.normal(2.0 * y, 1) for i in range(4)}).assign(y=np.where(y, "yes", "no"))
    train, test = dealt(frame, 500, seed)
    rare = train[train["y"] == "yes"]
    balanced = pd.concat([train, rare.sample(len(train) - 2 * len(rare), replace=True, random_state=seed)])
    assert not findings_of("SPLIT005", balanced, test=test)
    assert findings_of(
        "SPLIT005", balanced.drop(columns="y"), test=test.drop(columns="y"), label="x0", task="regression"
    )


def test_rows_of_one_group_are_no_independent_ones():
    random = np.random.default_rng(0)
    patients = {f"p{i}": random.normal(0, 2, 6) for i in range(24)}
    frame = pd.DataFrame(
        [(name, *random.normal(middle, 0.3)) for name, middle in patients.items() for _ in range(20)],
        columns=["patient", *"abcdef"],
    ).assign(y=random.choice(["cat", "dog"], 480))
    is_test = frame["patient"].isin([f"p{i}" for i in range(8)])
    splits = {"train": frame[~is_test], "test": frame[is_test]}
    assert not findings_of("SPLIT005", **splits, group="patient")
    assert findings_of("SPLIT005", **splits, exclude="patient")


@pytest.mark.parametrize(
    ("auc", "lower", "severity"),
    [
        (0.69, 0.55, 0),
        (0.69, 0.5501, Severity.WARNING),
        (0.7, 0.68, Severity.WARNING),
        (0.7001, 0.5501, Severity.ERROR),
        (0.9, 0.55, 0),
    ],
)
def test_boundaries(auc, lower, severity):
    assert worst(judge(JointDrift(), joint_facts(measured(auc, lower)))) == severity


def test_what_the_file_holds_besides_numbers_is_not_in_the_sentence():
    found = measured(0.8, 0.7, Carrier("a", 0.52, 0.2), Carrier("b", 0.51, 0.2), Carrier("c", 0.5, 0.001))
    [finding] = judge(JointDrift(), joint_facts(found))
    assert "what tells it is a (.52 alone) and b (.51 alone), which only together do." in str(finding.message)
    assert "with the classes of both made equally common" in str(finding.message)
    assert "its AUC is .80 (at least .70)" in str(finding.message)


def test_a_weaker_tie_in_test_never_scores_milder():
    train = rising(600, 0.9, 0)
    steps = [worst(findings_of("SPLIT005", train, test=rising(400, tie, 1))) for tie in (0.9, 0.6, 0.2, -0.3, -0.9)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


@pytest.mark.parametrize("n_test", [1, 49])
def test_too_few_rows_are_skipped(n_test):
    train, test = plain_splits(200, n_test)
    [check] = audit(train, test=test, label="y", select=["SPLIT005"]).checks
    assert (check.status, check.reason) == (
        Status.SKIPPED,
        "a model needs 50 rows of both splits, and a column that is no text",
    )


def test_odd_columns():
    random = np.random.default_rng(0)

    def odd(n):
        return pd.DataFrame(
            {
                "constant": np.ones(n),
                "empty": np.full(n, np.nan),
                "huge": random.normal(size=n) * 1e300,
                "infinite": np.where(random.random(n) < 0.1, np.inf, random.normal(size=n)),
                "flag": random.random(n) < 0.5,
                "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 10**7, n), unit="s"),
                "y": random.choice(list("abc"), n),
            }
        )

    assert not findings_of("SPLIT005", odd(200), test=odd(100).drop(columns="flag"))
