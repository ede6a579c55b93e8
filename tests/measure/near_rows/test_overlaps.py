from __future__ import annotations

import itertools
import unicodedata

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, mixed

from dataaudit.measure.near_rows import bands
from dataaudit.measure.near_rows.bands import choose_bands
from dataaudit.measure.near_rows.closeness import TOLERANCES, Closeness, measure_closeness
from dataaudit.measure.near_rows.overlaps import choose_matching, few_off
from dataaudit.model import Kind


def several_kinds(n_rows: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    table = pd.DataFrame(random.normal(size=(n_rows, 6)), columns=list("abcdef"))
    table["city"] = random.choice(["Ulm", "Rom", "Bad Aibling", "Köln", "Rome"], n_rows)
    table["when"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(random.integers(0, 10**8, n_rows), unit="s")
    table.loc[random.random(n_rows) < 0.1, "f"] = np.nan
    return table.assign(y=random.choice(["cat", "dog"], n_rows))


def twins_in(test: pd.DataFrame, train: pd.DataFrame) -> pd.DataFrame:
    """Return test with its first twelve rows close to the first twelve of train, in four ways."""
    test = test.copy()
    close = train.iloc[:12].copy()
    close.iloc[:3, :6] = close.iloc[:3, :6] * (1 + 1e-4)
    close.loc[close.index[3:6], "city"] = [city.upper() + "  " for city in close["city"].iloc[3:6]]
    close.loc[close.index[6:9], "a"] = 99.0
    close.loc[close.index[9:12], "when"] = close["when"].iloc[9:12] + pd.Timedelta(hours=1)
    test.iloc[:12] = close.to_numpy()
    return test.astype(train.dtypes)


def loop(one: pd.DataFrame, train: pd.DataFrame, columns, matching) -> dict[int, int]:
    """Return row -> nearest twin in train, by comparing every pair of rows."""
    found = {}
    for i, j in itertools.product(range(len(one)), range(len(train))):
        if one is train and i == j:
            continue
        apart = [distance(one[c.column].iloc[i], train[c.column].iloc[j], c) for c in columns]
        n_off = sum(part > matching.tolerance for part in apart)
        n_changed = sum(part > TOLERANCES[-1] for part in apart)
        if n_off <= matching.n_off or n_changed <= (matching.n_changed or 0):
            found[i] = min(found.get(i, (99, 99, 0)), (n_off, n_changed, j))
    return {i: best[2] for i, best in found.items()}


def distance(one, other, column: Closeness) -> float:
    """Return how many scales two cells are apart: texts none or very many."""
    if pd.isna(one) or pd.isna(other):
        return 0.0 if pd.isna(one) and pd.isna(other) else np.inf
    if column.kind is Kind.DATETIME:
        return abs((one - other).total_seconds()) / column.scale
    if column.kind is Kind.NUMERIC:
        return abs(one - other) / column.scale
    return 0.0 if one.lower().replace(" ", "") == other.lower().replace(" ", "") else np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_against_a_loop_over_all_pairs(measure, seed):
    train = several_kinds(90, seed)
    train = pd.concat([train, nudged(train.iloc[20:24])], ignore_index=True)
    test = twins_in(several_kinds(40, seed + 50), train)
    facts = measure(train, test=test)
    found, columns = facts.near_overlaps["test"], measure_closeness(facts)
    expected = loop(test, train, columns, found.matching)
    assert set(range(12)) <= set(expected)
    assert found.n_matched == len(expected)
    assert dict(found.pairs).items() <= expected.items()
    assert found.n_matched_within_train == len(loop(train, train, columns, found.matching)) >= 8
    assert (found.n_rows, found.n_train, found.sampled) == (40, 94, False)
    assert found.share_not_by_chance == 1.0
    assert found.n_same_label == sum(test["y"].iloc[i] == train["y"].iloc[j] for i, j in expected.items())


def nudged(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(a=rows["a"] + 1e-5)


def test_exact_copies_are_told_elsewhere(measure):
    train = several_kinds(100)
    test = pd.concat([train.iloc[:10], several_kinds(20, 5)], ignore_index=True)
    facts = measure(train, test=test)
    assert facts.overlaps["test"].n_matched == 10
    assert facts.near_overlaps["test"].n_matched == 0
    doubled = measure(pd.concat([train, train.iloc[:10]], ignore_index=True), test=several_kinds(20, 5))
    assert doubled.near_overlaps["test"].n_matched_within_train == 0


def test_a_near_twin_of_a_row_that_stands_twice_in_train(measure):
    train = several_kinds(100)
    train = pd.concat([train, train.iloc[:10]], ignore_index=True)
    test = pd.concat([nudged(train.iloc[:10]), several_kinds(20, 5)], ignore_index=True)
    found = measure(train, test=test).near_overlaps["test"]
    assert found.pairs == tuple((i, i) for i in range(10))
    assert found.columns_off == {"a": 10}


def test_train_alone(measure):
    train = several_kinds(100)
    found = measure(pd.concat([train, nudged(train.iloc[:5])], ignore_index=True)).near_overlaps
    assert list(found) == ["train"]
    assert found["train"].n_matched == 10
    assert set(found["train"].pairs) == {(i, 100 + i) for i in range(5)} | {(100 + i, i) for i in range(5)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("New York", "new-york "),
        ("Köln", "ko\u0308ln"),
        ("Ångström", "A\u030angstro\u0308m"),
        ("a\u00a0b", "a\u2009b"),
        ("Йод", unicodedata.normalize("NFD", "йод")),
        ("Αθήνα", unicodedata.normalize("NFD", "Αθήνα")),
        ("서울", unicodedata.normalize("NFD", "서울")),
    ],
)
def test_spellings_are_no_difference(measure, one, other):
    train, test = several_kinds(80), several_kinds(20, 1)
    train.loc[0, "city"] = one
    test.loc[3] = train.loc[0]
    test.loc[3, "city"] = other
    found = measure(train, test=test).near_overlaps["test"]
    assert found.pairs == ((3, 0),)
    assert found.n_small == 1
    # Whatever the letters of the first sampled cells.
    test.loc[3, "city"] = "quite another"
    assert measure(train, test=test).near_overlaps["test"].n_small == 0


@pytest.mark.parametrize("n_columns", [2, 3, 4, 7, 15, 60])
@pytest.mark.parametrize("n_rows", [50, 10_000, 10_000_000])
def test_no_column_lies_in_all_bands(n_columns, n_rows):
    columns = [a_column(f"c{i}", 3.0) for i in range(n_columns)]
    chosen = choose_bands(columns, n_rows)
    assert 1 < len(chosen) <= bands.N_BANDS
    for column in columns:
        assert any(column not in band for band in chosen)


def test_bands_share_no_column_where_there_are_enough():
    chosen = choose_bands([a_column(f"c{i}", 3.0) for i in range(60)], 10_000)
    names = [column.column for band in chosen for column in band]
    assert len(chosen) == 4
    assert len(names) == len(set(names))


def test_a_column_that_names_the_row_is_the_last_to_be_taken():
    columns = [a_column("name", 20.0, Kind.TEXT), *(a_column(f"c{i}", 3.0) for i in range(60))]
    assert all(column.column != "name" for band in choose_bands(columns, 1000) for column in band)


def a_column(name: str, bits: float, kind: Kind = Kind.NUMERIC) -> Closeness:
    return Closeness(name, kind, name, 1.0, bits, (0.1, 0.01, 0.001, 1e-9))


@pytest.mark.parametrize("n_off", [0, 1, 2])
def test_few_off_against_all_outcomes(n_off):
    chances = np.array([0.2, 0.5, 0.9, 0.6])
    expected = 0.0
    for agrees in itertools.product([True, False], repeat=4):
        if agrees.count(False) <= n_off:
            expected += float(np.prod(np.where(agrees, chances, 1 - chances)))
    assert few_off(chances, n_off) == pytest.approx(expected)


def test_a_coarse_table_allows_less_than_a_fine_one():
    fine = choose_matching([a_column(f"c{i}", 3.0) for i in range(12)], 1000)
    assert (fine.tolerance, fine.n_off, fine.n_changed) == (TOLERANCES[0], 1, 1)
    four = choose_matching([a_column(f"c{i}", 3.0) for i in range(4)], 1000)
    assert (four.tolerance, four.n_off, four.n_changed) == (TOLERANCES[1], 0, 1)
    answers = [Closeness(f"c{i}", Kind.BOOLEAN, f"c{i}", 0.0, 1.0, (0.5,) * 4) for i in range(5)]
    coarse = choose_matching(answers, 1000)
    assert coarse.chance_of_small > 1
    assert (coarse.tolerance, coarse.n_off, coarse.n_changed) == (TOLERANCES[-1], 0, None)


def test_large_coarse_tables_are_looked_at_in_part(measure, monkeypatch):
    monkeypatch.setattr(bands, "MAX_ROWS_COMPARED", 500)
    random = np.random.default_rng(0)
    table = pd.DataFrame(random.integers(0, 3, (4000, 6)), columns=list("abcdef"))
    table = table.assign(g=random.normal(size=4000).round(1), y=random.choice(["cat", "dog"], 4000))
    whole = measure(table.iloc[1000:], test=table.iloc[:1000]).near_overlaps["test"]
    assert whole.sampled
    assert whole.n_rows < 1000
    assert whole.n_train < 3000
    assert abs(whole.excess) < 5 * whole.standard_error + 0.05


def test_the_standard_error_is_that_of_many_deals(measure):
    """Pairs of near twins dealt at random: the excess spreads as the standard error says."""
    train = several_kinds(300)
    table = pd.concat([train, nudged(train.iloc[:60])], ignore_index=True)
    excesses, errors = [], []
    for seed in range(12):
        order = np.random.default_rng(seed).permutation(len(table))
        found = measure(table.iloc[order[100:]], test=table.iloc[order[:100]]).near_overlaps["test"]
        excesses.append(found.excess)
        errors.append(found.standard_error)
    assert abs(np.mean(excesses)) < 3 * np.mean(errors) / np.sqrt(12)
    assert 0.4 < np.std(excesses) / np.mean(errors) < 2


def test_columns_that_say_nothing_are_left_out(measure):
    table = several_kinds(60).assign(same=1.0, word="x")
    names = [column.column for column in measure_closeness(measure(table, test=several_kinds(30, 1)))]
    assert "same" not in names
    assert "word" not in names


def test_every_kind_of_cell(measure):
    train = mixed(200).drop(columns="constant")
    test = pd.concat([train.iloc[:20].assign(huge=lambda t: t["huge"] * (1 + 1e-12)), mixed(50, 7)])
    found = measure(train, test=test.drop(columns="constant")).near_overlaps["test"]
    assert found.n_matched + measure(train, test=test.drop(columns="constant")).overlaps["test"].n_matched >= 20
