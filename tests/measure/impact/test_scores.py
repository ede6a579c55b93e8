"""What a leak costs: against leaks whose cost is known by construction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.errors import NotMeasurable
from dataaudit.measure.impact import leaked_rows
from dataaudit.measure.impact import scores as impact


def noise(n_rows: int, seed: int = 0, n_columns: int = 6) -> pd.DataFrame:
    """Return features that know nothing of the label: an honest model guesses."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(random.normal(size=(n_rows, n_columns)), columns=list("abcdef")[:n_columns])
    return table.assign(y=random.permutation(np.resize(["cat", "dog"], n_rows)))


def with_copies(n_copies: int, nudge: float = 0.0):
    train, test = noise(600), noise(300, 1)
    copies = train.iloc[:n_copies]
    copies = copies.assign(a=copies["a"] + nudge)
    return train, pd.concat([test.iloc[n_copies:], copies], ignore_index=True)


def test_copies_are_worth_what_a_model_remembers(measure):
    train, test = with_copies(100)
    found = measure(train, test=test).impact.of_copies("test")
    assert found.score == "balanced accuracy"
    assert found.lower > 0.05
    assert found.lower <= found.change <= found.upper
    assert found.without_leak == pytest.approx(0.5, abs=0.08)
    assert found.change == pytest.approx(found.with_leak - found.without_leak)
    assert (found.n_rows, found.n_rows_train, found.sampled) == (300, 600, False)


def test_a_third_of_the_copies_is_worth_a_third(measure):
    many, few = (measure(*with_copies(n)[:1], test=with_copies(n)[1]).impact.of_copies("test") for n in (150, 50))
    assert few.change == pytest.approx(many.change / 3, rel=0.5)


def test_near_twins(measure):
    train, test = with_copies(100, nudge=1e-6)
    found = measure(train, test=test).impact.of_near_twins("test")
    assert found.lower > 0.05


def test_copies_with_another_label_lower_the_score(measure):
    train, test = with_copies(100)
    flipped = test["y"].map({"cat": "dog", "dog": "cat"})
    test["y"] = test["y"].where(test.index < 200, flipped)
    assert measure(train, test=test).impact.of_copies("test").upper < 0


def test_rows_that_an_honest_model_knows_anyway_cost_nothing(measure):
    table = noise(900).assign(y=lambda t: np.where(t["a"] > 0, "cat", "dog"))
    train, test = table.iloc[:600], pd.concat([table.iloc[600:800], table.iloc[:100]], ignore_index=True)
    found = measure(train, test=test).impact.of_copies("test")
    assert found.lower <= 0.02
    assert abs(found.change) < 0.03


def grouped(n_groups: int = 60, n_rows: int = 900, seed: int = 0) -> pd.DataFrame:
    """Return rows whose group shows in the features and settles the label."""
    random = np.random.default_rng(seed)
    group = random.integers(0, n_groups, n_rows)
    table = noise(n_rows, seed)
    for name in "abc":
        table[name] = random.normal(size=n_groups)[group] * 5 + random.normal(size=n_rows)
    return table.assign(who=group, y=np.where(random.random(n_groups)[group] < 0.5, "cat", "dog"))


def test_groups(measure):
    table = grouped()
    found = measure(table.iloc[:600], test=table.iloc[600:], group=["who"]).impact.of_groups("test", "who")
    assert found.with_leak > 0.7
    assert found.lower > 0.1


def test_one_group_that_fills_train(measure):
    table = noise(400).assign(who=1)
    facts = measure(table.iloc[:300], test=table.iloc[300:], group=["who"])
    with pytest.raises(NotMeasurable, match="too large a part of train"):
        facts.impact.of_groups("test", "who")


def test_time(measure):
    random = np.random.default_rng(0)
    level = np.cumsum(random.normal(size=900))
    table = noise(900).assign(a=level, when=np.arange(900), y=np.cumsum(random.normal(size=900)))
    order = random.permutation(900)
    facts = measure(table.iloc[order[:600]], test=table.iloc[order[600:]], task="regression", time="when")
    found = facts.impact.of_time("test", "when")
    assert found.score == "R²"
    assert found.lower > 0.2


@pytest.mark.parametrize("split", ["test", "train"])
def test_columns(measure, split):
    random = np.random.default_rng(0)
    table = noise(900).assign(leak=lambda t: (t["y"] == "cat") + random.normal(0, 0.1, 900))
    facts = measure(table.iloc[:600], **({"test": table.iloc[600:]} if split == "test" else {}))
    found = facts.impact.of_column("leak")
    assert found.with_leak > 0.95
    assert found.without_leak == pytest.approx(0.5, abs=0.12)
    assert measure(table.iloc[:600]).impact.of_column("b").change == pytest.approx(0, abs=0.1)


def test_the_same_seed_draws_the_same(measure):
    train, test = with_copies(100)
    first, second = (measure(train, test=test, seed=3).impact.of_copies("test") for _ in range(2))
    assert first == second


def test_bounds_on_what_is_drawn(measure, monkeypatch):
    monkeypatch.setattr(leaked_rows, "MAX_TRAIN", 200)
    monkeypatch.setattr(leaked_rows, "MAX_TEST", 50)
    monkeypatch.setattr(leaked_rows, "MAX_PARTNERS", 60)
    train, test = with_copies(150)
    found = measure(train, test=test).impact.of_copies("test")
    assert found.n_rows <= 100
    assert found.n_rows_train <= 200
    assert found.sampled
    assert found.change > 0.1, "drawn rows stand for all rows of their kind"


def test_what_cannot_be_measured_says_why(measure):
    train, test = with_copies(3)
    with pytest.raises(NotMeasurable, match="3 leaked test rows"):
        measure(train, test=test).impact.of_copies("test")
    train, test = with_copies(100)
    with pytest.raises(NotMeasurable, match="no labels"):
        measure(train, test=test.drop(columns="y")).impact.of_copies("test")
    with pytest.raises(NotMeasurable, match="no other feature"):
        measure(train[["a", "y"]], test=test[["a", "y"]]).impact.of_column("a")


def test_missing_cells_and_every_kind(measure):
    table = noise(600)
    table["city"] = np.random.default_rng(0).choice(["Ulm", "Rom", None], 600)
    table["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(600), unit="h")
    table.loc[::7, "a"] = np.nan
    table.loc[::11, "y"] = None
    test = pd.concat([table.iloc[400:], table.iloc[:100]], ignore_index=True)
    found = measure(table.iloc[:400], test=test).impact.of_copies("test")
    assert found.lower > 0


def test_unlabelled_rows_weigh_nothing(measure):
    train, test = with_copies(100)
    more = pd.concat([test, noise(900, 5).assign(y=None)], ignore_index=True)
    alone, among = (measure(train, test=split).impact.of_copies("test") for split in (test, more))
    assert among.change == pytest.approx(alone.change)


def test_rows_of_one_group_are_one_piece_of_evidence(measure):
    """Twelve groups: what is drawn of them changes the result more than their rows' number says."""
    table = grouped(n_groups=12, n_rows=900)
    facts = [measure(table.iloc[:600], test=table.iloc[600:], group=["who"], seed=seed) for seed in range(6)]
    found = [one.impact.of_groups("test", "who") for one in facts]
    changes = [one.change for one in found]
    assert sum(one.lower <= np.mean(changes) <= one.upper for one in found) >= 5
    assert np.mean([one.upper - one.lower for one in found]) > 0.2


def test_wide_tables_are_trained_on_their_strongest_columns(measure, monkeypatch):
    monkeypatch.setattr(impact, "MAX_COLUMNS", 3)
    table = noise(900).assign(y=lambda t: np.where(t["e"] + t["f"] > 0, "cat", "dog"))
    found = measure(table.iloc[:600], test=table.iloc[600:]).impact.of_column("b")
    assert found.with_leak > 0.85, "e and f are among the three"
