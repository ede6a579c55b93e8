from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.brute import explained

from dataaudit.measure.association import SMOOTHINGS
from dataaudit.measure.links import identifiers
from dataaudit.measure.links.identifiers import MAX_COLUMNS

N_ROWS = 300


def named(seed: int = 0, **columns: object) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    y = random.choice(["ant", "bee"], N_ROWS)
    return pd.DataFrame({"x": random.normal(size=N_ROWS), "y": y}).assign(**columns)


def best(keys, label):
    return max(explained(keys, label, smoothing) for smoothing in SMOOTHINGS)


def test_ids_longer_than_a_double_are_divided_exactly(measure):
    frame = named()
    odd = (frame["y"] == "bee").astype(int)
    frame["serial"] = 9_007_199_254_740_993_000 + 2 * np.random.default_rng(1).permutation(N_ROWS) + odd
    found = measure(frame, id=("serial",)).links.identifier_parts["serial"]
    assert found["remainder"].coding == "its value modulo 2"
    assert found["remainder"].explained > 0.99
    assert found["range"].explained < 0.1


@pytest.mark.parametrize("dtype", ["int64", "float64"])
def test_remainders_against_the_loop(measure, dtype):
    frame = named()
    serial = np.random.default_rng(2).permutation(N_ROWS) * 3 - 400
    frame["serial"] = np.where(frame["y"] == "bee", serial // 6 * 6, serial).astype(dtype)
    found = measure(frame, id=("serial",)).links.identifier_parts["serial"]["remainder"]
    by_divisor = [best((frame["serial"].astype(int) % k).tolist(), frame["y"].tolist()) for k in range(2, 11)]
    assert found.explained == pytest.approx(max(by_divisor), rel=0, abs=1e-12)
    assert found.coding == f"its value modulo {2 + int(np.argmax(by_divisor))}"
    assert found.tried.n_parts == 9
    assert found.tried.counts.sum() == N_ROWS


def test_the_range_of_numbers(measure):
    frame = named()
    place = frame["y"].argsort().argsort()
    found = measure(frame.assign(serial=place * 10), id=("serial",)).links.identifier_parts["serial"]["range"]
    assert (found.coding, found.tried.is_ordered) == ("its value", True)
    assert found.explained > 0.9


@pytest.mark.parametrize(
    ("name", "way", "coding"),
    [
        ("{y}_{i:04d}.png", "part", "its first character"),
        ("{i:04d}_{y}", "part", "its last character"),
        ("img{i:04d}", "part", None),
        ("{same}{y}{i:04d}", "part", "what stands before its first digit"),
        ("f_{place:04d}.png", "range", "its first number"),
        ("f_{turn:04d}.mp4", "remainder", "its first number modulo 2"),
    ],
)
def test_parts_of_names(measure, name, way, coding):
    frame = named()
    numbers = np.random.default_rng(3).permutation(N_ROWS)
    place = frame["y"].argsort().argsort()
    words = zip(frame["y"], numbers, place, strict=True)
    frame["file"] = [name.format(y=y, i=i, place=p, turn=2 * i + (y == "bee"), same="page") for y, i, p in words]
    found = measure(frame).links.identifier_parts["file"]
    if coding is None:
        assert max(association.explained for association in found.values()) < 0.1
    else:
        assert found[way].coding == coding
        assert found[way].explained > 0.9


def test_columns_that_name_the_row(measure):
    random = np.random.default_rng(0)
    frame = named(
        declared=random.integers(0, 9, N_ROWS),
        row_id=random.permutation(N_ROWS),
        amount=random.integers(0, 10**9, N_ROWS),
        note=[f"a note of {i} words" for i in range(N_ROWS)],
        file=[f"f{i}" for i in random.permutation(N_ROWS)],
        town=random.choice(["A", "B"], N_ROWS),
        team=[f"t{i}" for i in random.permutation(N_ROWS)],
        when=pd.date_range("2024-01-01", periods=N_ROWS),
    )
    found = measure(frame, id=("declared",), group=("team",)).links.identifier_parts
    assert list(found) == ["declared", "row_id", "file"]
    assert measure(frame.drop(columns=["row_id", "file", "declared"]), group=("team",)).links.identifier_parts == {}


def test_missing_and_odd_cells_have_a_code_of_their_own(measure):
    """What is left over is asked of whole numbers alone: 3.5 is neither odd nor even."""
    frame = named(word="n/a")
    odd = (frame["y"] == "bee").astype(int)
    frame["serial"] = (np.random.default_rng(1).permutation(N_ROWS) * 2 + odd + 0.5).where(np.arange(N_ROWS) % 3 > 0)
    frame.loc[::2, "word"] = [f"w{i}" for i in range(0, N_ROWS, 2)]
    found = measure(frame, id=("serial", "word")).links.identifier_parts
    assert found["serial"]["remainder"].explained <= 0.02
    assert {way: association.n_rows for way, association in found["word"].items()} == dict.fromkeys(
        ("part", "range", "remainder"), N_ROWS
    )


def test_of_many_columns_twenty_are_looked_at(measure):
    ids = {f"k{i:02d}": np.random.default_rng(i).permutation(N_ROWS) for i in range(MAX_COLUMNS + 5)}
    found = measure(named(**ids), id=tuple(ids)).links.identifier_parts
    assert list(found) == sorted(ids)[:MAX_COLUMNS]


def test_a_sample_says_so(measure, monkeypatch):
    monkeypatch.setattr(identifiers, "MAX_ROWS", 100)
    frame = named(serial=np.random.default_rng(0).permutation(N_ROWS))
    found = measure(frame, id=("serial",)).links.identifier_parts["serial"]["range"]
    assert found.sampled
    assert 60 < found.n_rows < 140


def test_a_number_to_be_told(measure):
    frame = named()
    frame["y"] = np.random.default_rng(4).normal(size=N_ROWS)
    frame["serial"] = frame["y"].rank().astype(int) * 7
    found = measure(frame, id=("serial",)).links.identifier_parts["serial"]
    assert found["range"].explained > 0.9
    assert found["remainder"].explained < 0.1
