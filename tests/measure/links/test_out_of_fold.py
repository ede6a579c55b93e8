from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.errors import NotMeasurable
from dataaudit.measure.links.out_of_fold import N_FOLDS


def table(n_rows: int = 300, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    size = random.normal(size=n_rows)
    return pd.DataFrame({"size": size, "noise": random.normal(size=n_rows), "y": np.where(size > 0, "large", "small")})


def test_every_labelled_row_is_predicted_once(measure):
    frame = table()
    frame.loc[::7, "y"] = None
    found = measure(frame).links.out_of_fold
    labelled = np.flatnonzero(frame["y"].notna())
    assert found.rows.tolist() == labelled.tolist()
    assert [found.classes[place] for place in found.label] == frame["y"][labelled].tolist()
    np.testing.assert_allclose(found.predicted.sum(axis=1), 1)
    assert (found.predicted.argmax(axis=1) == found.label).mean() > 0.95


def test_rows_are_predicted_by_models_that_did_not_see_them(measure):
    frame = table().assign(y=np.random.default_rng(1).permutation(np.resize(["a", "b"], 300)))
    found = measure(frame).links.out_of_fold
    assert 0.35 < (found.predicted.argmax(axis=1) == found.label).mean() < 0.65


def test_a_class_with_fewer_rows_than_folds_is_left_out(measure):
    frame = table()
    frame.loc[: N_FOLDS - 2, "y"] = "rare"
    found = measure(frame).links.out_of_fold
    assert found.classes == ("large", "small")
    assert found.rows.tolist() == list(range(N_FOLDS - 1, 300))


def test_targets_are_predicted_in_their_own_units(measure):
    random = np.random.default_rng(0)
    size = random.normal(size=400)
    frame = pd.DataFrame({"size": size, "y": 1e6 * size + 5e6})
    found = measure(frame, task="regression").links.out_of_fold
    assert np.corrcoef(found.predicted[:, 0], frame["y"])[0, 1] > 0.98
    assert found.predicted.mean() == pytest.approx(5e6, rel=0.05)


def test_neither_the_order_of_rows_nor_of_columns_nor_their_names_show(measure):
    frame = table()
    known = measure(frame).links.out_of_fold
    order = np.random.default_rng(2).permutation(len(frame))
    turned = frame.iloc[order][["noise", "y", "size"]].rename(columns={"noise": "a", "size": "z"})
    found = measure(turned).links.out_of_fold
    np.testing.assert_allclose(found.predicted, known.predicted[order])


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (table()[["y"]], "no feature"),
        (table(300).assign(y=["a"] * 297 + ["b"] * 3), "fewer than two classes"),
        (table(7).assign(y=[1.0, 2.5, 3.1, 4.7, 5.2, 6.9, 7.3]), "too few|fewer than two"),
    ],
)
def test_what_cannot_be_tried_is_said(measure, frame, reason):
    with pytest.raises(NotMeasurable, match=reason):
        _ = measure(frame).links.out_of_fold
