from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure.preparation.encoding import measure_encodings


def table(n_rows: int = 600, seed: int = 0, task: str = "binary") -> pd.DataFrame:
    random = np.random.default_rng(seed)
    group = random.integers(0, 20, n_rows)
    value = random.normal(size=20)[group] + random.normal(size=n_rows)
    y = {"binary": (value > 0).astype(int), "numbers": np.digitize(value, [-1, 1]) + 3, "regression": value}[task]
    return pd.DataFrame({"group": group, "y": y})


@pytest.mark.parametrize("task", ["binary", "numbers", "regression"])
def test_counts_agree_with_pandas(measure, task):
    frame = table(task=task)
    frame["x"] = frame.groupby("group")["y"].transform("mean")
    train, test = frame[:400], frame[400:]
    facts = measure(train, test=test, task="regression" if task == "regression" else None, exclude=("group",))
    best = max(measure_encodings(facts), key=lambda encoding: (encoding.share_fit, encoding.n_fit))
    in_train = train.groupby("x")["y"].mean()
    telling = np.abs(in_train - in_train.index) > 3 * best.tolerance
    assert (best.column, best.formula, best.n_values, best.n_rows) == ("x", "mean", frame["x"].nunique(), 600)
    assert best.n_telling == best.n_fit == telling.sum()
    assert best.n_fit_train == 0
    assert best.spread == pytest.approx(np.median(np.abs(in_train - in_train.index)[telling]))
    assert best.target == ("1" if task == "binary" else None)


@pytest.mark.parametrize("m", [0.5, 5.0, 50.0])
def test_m_is_found(measure, m):
    frame = table()
    groups = frame.groupby("group")["y"]
    frame["x"] = (groups.transform("sum") + m * frame["y"].mean()) / (groups.transform("count") + m)
    facts = measure(frame[:400], test=frame[400:], exclude=("group",))
    best = max(facts.preparation.encodings, key=lambda encoding: (encoding.share_fit, encoding.n_fit))
    assert (best.formula, best.smoothing) == ("m-estimate", pytest.approx(m))
    assert best.n_fit == best.n_telling >= 18


def test_splits_that_were_encoded_together_fit_best(measure):
    frame = table()
    both = frame[:500].copy()
    both["x"] = both.groupby("group")["y"].transform("mean")
    other = frame[500:].assign(x=np.random.default_rng(0).choice(both["x"], 100))
    facts = measure(both[:350], test=both[350:], validation=other, exclude=("group",))
    best = max(facts.preparation.encodings, key=lambda encoding: (encoding.share_fit, encoding.n_fit))
    assert best.splits == ("train", "test")


def test_only_columns_like_the_label_are_counted(measure, monkeypatch):
    random = np.random.default_rng(0)
    frame = table().assign(far=random.normal(5, 1, 600), fine=random.random(600), low=random.random(600).round(2) / 9)
    facts = measure(frame[:400], test=frame[400:], exclude=("group",))
    _ = facts.sample, facts.classes

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(facts.dataset.engine, "arrays", refuse)
    assert facts.preparation.encodings == ()


def test_no_labels_elsewhere_no_encodings(measure):
    frame = table()
    frame["x"] = frame.groupby("group")["y"].transform("mean")
    facts = measure(frame[:400], test=frame[400:].drop(columns="y"))
    assert facts.preparation.encodings == ()
