"""LEAK009 target-encoded-on-all-rows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import TargetEncoder
from tests.rules.builders import columns_of, dealt, plain_splits, split_facts
from tests.rules.frames import findings_of, folded, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.preparation.encoding import Encoding
from dataaudit.model import Severity, Status
from dataaudit.rules.leakage.target_encoded_on_all_rows import TargetEncodedOnAllRows

RULE = TargetEncodedOnAllRows()


def with_cities(n_rows: int = 900, n_cities: int = 30, seed: int = 0, task: str = "binary") -> pd.DataFrame:
    random = np.random.default_rng(seed)
    city = random.integers(0, n_cities, n_rows)
    value = random.normal(size=n_cities)[city] + random.normal(size=n_rows)
    y = value if task == "regression" else (value > 0).astype(int)
    return pd.DataFrame({"city": city, "length": random.normal(size=n_rows), "y": y})


def encode(fitted_on: pd.DataFrame, table: pd.DataFrame, m: float = 0.0) -> pd.Series:
    groups = fitted_on.groupby("city")["y"].agg(["sum", "count"])
    mean = fitted_on["y"].mean()
    return table["city"].map((groups["sum"] + m * mean) / (groups["count"] + m)).fillna(mean)


def encoded_before(m: float = 0.0, share: float = 1.0, seed: int = 0, **given):
    """Return splits with a column encoded on all rows, in a share of the cities; noise in the others."""
    table = with_cities(seed=seed, **given)
    code = encode(table, table, m)
    noise = table["city"].map(dict(enumerate(np.random.default_rng(1).random(table["city"].max() + 1) / 50)))
    code = code.where(table["city"] < share * (table["city"].max() + 1), code + noise + 0.001)
    return dealt(table.assign(city=code), len(table) * 3 // 10, seed)


def encoded_after(m: float = 0.0, seed: int = 0, **given):
    train, test = dealt(with_cities(seed=seed, **given), 270, seed)
    codes = encode(train, train, m), encode(train, test, m)
    return train.assign(city=codes[0]), test.assign(city=codes[1])


def found_in(splits, **options):
    train, test = splits
    return findings_of("LEAK009", train, test=test, **options)


def encoding(column: str = "x", **given) -> Encoding:
    known = {
        "target": "1",
        "splits": ("train", "test"),
        "formula": "mean",
        "smoothing": 0.0,
        "n_values": 30,
        "n_telling": 20,
        "n_fit": 20,
        "n_fit_train": 0,
        "tolerance": 1e-6,
        "spread": 0.01,
        "n_rows": 1000,
    }
    return Encoding(column, **{**known, **given})


def found(*encodings: Encoding):
    return split_facts(preparation=SimpleNamespace(encodings=encodings))


@pytest.mark.parametrize("m", [0.0, 1.0, 10.0])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_flags_a_column_encoded_with_the_labels_of_all_rows(m, task):
    [finding] = found_in(encoded_before(m, task=task), task=task)
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("city",)
    assert finding.splits == ("train", "test")
    assert finding.evidence["smoothing"] == pytest.approx(m)
    assert "and not over train alone (0)" in str(finding.message)
    assert "--exclude city" in str(finding.fix)


def test_flags_what_scikit_learn_encodes():
    table = with_cities()
    table["city"] = TargetEncoder(target_type="binary").fit(table[["city"]], table["y"]).transform(table[["city"]])
    [finding] = found_in(dealt(table, 270))
    assert finding.evidence["formula"] == "empirical Bayes"


def test_flags_categories_that_share_a_code():
    """Of 300 categories in 900 rows many have the same rows and the same sum."""
    assert columns_of(found_in(encoded_before(10.0, n_cities=300))) == {"city"}


def test_flags_the_share_of_one_class_of_several_and_names_it():
    train, test = encoded_before()
    names = {0: "no", 1: "yes"}
    for split in (train, test):
        split["y"] = split["y"].map(names).where(split["length"] < 1, "perhaps")
    both = pd.concat([train, test])
    is_yes = both["y"] == "yes"
    city = is_yes.groupby(both["city"]).transform("mean")
    train["city"], test["city"] = city.iloc[: len(train)], city.iloc[len(train) :]
    [finding] = found_in((train, test))
    assert "the mean of y = yes per value" in str(finding.message)
    assert "yes" not in str(finding.message.redacted())


def test_flags_rounded_codes():
    train, test = encoded_before()
    assert found_in((train.round({"city": 4}), test.round({"city": 4})))


@pytest.mark.parametrize("m", [0.0, 10.0])
@pytest.mark.parametrize("task", ["binary", "regression"])
@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_a_column_encoded_with_the_labels_of_train(m, task, seed):
    assert not found_in(encoded_after(m, seed, task=task), task=task)


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_columns_encoded_across_folds(seed):
    train, test = dealt(with_cities(seed=seed), 270, seed)
    fold = np.arange(len(train)) % 5
    codes = pd.concat([encode(train[fold != k], train[fold == k]) for k in range(5)])
    assert not found_in((train.assign(city=codes), test.assign(city=encode(train, test))))


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_plain_tables_and_on_shares_that_know_the_label(seed):
    train, test = plain_splits(300, 100, seed)
    random = np.random.default_rng(seed)
    for split in (train, test):
        split["share"] = ((split["y"] == "cat") * 0.2 + random.random(len(split)) * 0.8).round(2)
    assert not found_in((train, test))


def test_is_silent_without_labels_in_test():
    train, test = encoded_before()
    assert not found_in((train, test.drop(columns="y")))


def test_is_skipped_without_another_split():
    train, _ = encoded_before()
    [check] = audit(train, label="y", select=["LEAK009"]).checks
    assert check.status is Status.SKIPPED


@pytest.mark.parametrize(("n_fit", "n_found"), [(18, 1), (17, 0)])
def test_boundary_of_the_fit(n_fit, n_found):
    assert len(judge(RULE, found(encoding(n_fit=n_fit)))) == n_found


@pytest.mark.parametrize(("n_fit_train", "n_found"), [(9, 1), (10, 0)])
def test_boundary_of_the_fit_of_train(n_fit_train, n_found):
    assert len(judge(RULE, found(encoding(n_fit_train=n_fit_train)))) == n_found


@pytest.mark.parametrize(("n_values", "n_found"), [(1, 0), (2, 1)])
def test_boundary_of_the_values(n_values, n_found):
    assert len(judge(RULE, found(encoding(n_telling=n_values, n_fit=n_values)))) == n_found


@pytest.mark.parametrize(("max_chance", "n_found"), [(0.25, 1), (0.2499, 0)])
def test_boundary_of_chance(max_chance, n_found):
    rule = replace(RULE, max_chance=max_chance)
    given = encoding(n_telling=2, n_fit=2, tolerance=0.5, spread=1.0)
    assert len(judge(rule, found(given))) == n_found


def test_of_several_targets_and_splits_the_best_is_told():
    worse = encoding(n_fit=18, target="2")
    [finding] = judge(RULE, found(worse, encoding(), replace(worse, target="3")))
    assert finding.evidence["target"].value == "1"


def test_many_columns_are_folded():
    findings = judge(RULE, found(*(encoding(f"x{i}") for i in range(60))))
    assert len(findings) == 51
    assert folded(findings).evidence["n_columns"] == 10


def test_more_encoded_categories_never_score_milder():
    steps = [worst(found_in(encoded_before(share=share))) for share in (0.0, 0.5, 0.95, 1.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)
