from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest


def annotated(n_items: int = 60, n_raters: int = 3, seed: int = 0, n_classes: int = 3) -> pd.DataFrame:
    """Return items, each labelled by some of the raters, who agree more than by chance."""
    random = np.random.default_rng(seed)
    rows = []
    for item in range(n_items):
        truth = random.integers(n_classes)
        for rater in random.choice(n_raters, random.integers(1, n_raters + 1), replace=False):
            label = truth if random.random() < 0.6 else random.integers(n_classes)
            rows.append({"x": item * 1.5, "rater": f"r{rater}", "y": f"class {label}"})
    return pd.DataFrame(rows).sample(frac=1, random_state=seed, ignore_index=True)


def alpha(frame: pd.DataFrame, distance) -> float:
    """Return Krippendorff's alpha by its definition, pair by pair."""
    groups = [list(rows["y"]) for _, rows in frame.groupby("x") if len(rows) > 1]
    n = sum(map(len, groups))
    observed = (
        sum(distance(a, b) / (len(group) - 1) for group in groups for a, b in itertools.permutations(group, 2)) / n
    )
    values = [value for group in groups for value in group]
    expected = sum(distance(a, b) for a, b in itertools.permutations(values, 2)) / (n * (n - 1))
    return 1 - observed / expected


@pytest.mark.parametrize("seed", range(4))
def test_alpha_is_krippendorffs(measure, seed):
    frame = annotated(seed=seed)
    found = measure(frame, context=["rater"]).links.agreements["rater"]
    assert found.alpha == pytest.approx(alpha(frame, lambda a, b: float(a != b)))
    sizes = frame.groupby("x").size()
    assert (found.n_items, found.n_labels) == ((sizes > 1).sum(), sizes[sizes > 1].sum())


def test_alpha_of_numbers_is_krippendorffs(measure):
    random = np.random.default_rng(0)
    frame = annotated()
    frame["y"] = frame["x"] + random.normal(0, 20, len(frame)) + 1e5
    found = measure(frame, context=["rater"], task="regression").links.agreements["rater"]
    assert found.alpha == pytest.approx(alpha(frame, lambda a, b: (a - b) ** 2), abs=1e-6)


def test_the_standard_error_is_that_of_drawing_items_anew(measure):
    frame = annotated(300)
    found = measure(frame, context=["rater"]).links.agreements["rater"]
    random = np.random.default_rng(1)
    items = [rows for _, rows in frame.groupby("x") if len(rows) > 1]
    drawn = []
    for _ in range(60):
        some = [items[i].assign(x=place) for place, i in enumerate(random.integers(0, len(items), len(items)))]
        drawn.append(measure(pd.concat(some, ignore_index=True), context=["rater"]).links.agreements["rater"].alpha)
    assert found.standard_error == pytest.approx(np.std(drawn), rel=0.3)


def test_with_others_is_the_share_of_the_others_labels(measure):
    frame = annotated()
    found = measure(frame, context=["rater"]).links.agreements["rater"]
    shares = {}
    for _, rows in frame.groupby("x"):
        for place, row in rows.iterrows():
            if len(rows) > 1:
                others = rows.drop(index=place)
                shares.setdefault(row["rater"], []).append((others["y"] == row["y"]).mean())
    assert found.with_others == {who: (len(values), pytest.approx(np.mean(values))) for who, values in shares.items()}


def test_one_rater_twice_is_no_agreement(measure):
    frame = pd.concat([annotated().assign(rater="r0")] * 2, ignore_index=True)
    assert measure(frame, context=["rater"]).links.agreements == {}


def test_a_declared_id_parts_rows_with_equal_features(measure):
    frame = annotated()
    cases = frame.assign(case=[f"case {x}" for x in frame["x"]], x=1.0)
    found = measure(cases, context=["rater"], id=["case"]).links.agreements["rater"]
    known = measure(frame, context=["rater"]).links.agreements["rater"]
    assert (found.item, known.item) == ("case", "equal features")
    assert (found.n_items, found.alpha) == (known.n_items, pytest.approx(known.alpha))


def test_rows_of_one_id_with_other_features_are_no_item(measure):
    frame = annotated()
    frame = frame.assign(case=[f"case {x}" for x in frame["x"]], x=np.random.default_rng(0).normal(size=len(frame)))
    assert measure(frame, context=["rater"], id=["case"]).links.agreements == {}
