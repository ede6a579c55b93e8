"""Row order, names of rows, sets of gaps and pairs are measured on Spark as on DuckDB."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.engine.spark.test_both_engines import differences

from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.engine.opening import engine_in
from dataaudit.load.dataset import load
from dataaudit.load.roles import Declared
from dataaudit.measure.facts import Facts
from dataaudit.measure.links import gaps, identifiers, pair_cells


def shortcuts(n_rows: int, seed: int, is_number: bool) -> pd.DataFrame:
    """Return a sorted file with ids, names and gaps by class, and pairs of every kind that tell it."""
    random = np.random.default_rng(seed)
    label = np.sort(random.integers(0, 2, n_rows))
    gap, number, code = random.random(n_rows) < 0.5, random.normal(size=n_rows), random.integers(0, 40, n_rows)
    other = np.where(label == 1, code, (code + random.integers(1, 40, n_rows)) % 40)
    frame = pd.DataFrame(
        {
            "case": random.permutation(n_rows) * 2 + label - 400,
            "file": [f"{'kt'[i]}_{j:04d}.mp4" for i, j in zip(label, random.permutation(n_rows), strict=True)],
            "a": np.where(gap, np.nan, number),
            "b": np.where(gap ^ (label == 1), np.nan, number[::-1]),
            "charge": number,
            "spin": np.abs(random.normal(size=n_rows)) * np.sign(number) * (1 - 2 * label),
            "card": [f"c{i}" for i in code],
            "billing": pd.Series([f"c{i}" for i in other]).where(random.random(n_rows) > 0.05),
            "flag": pd.array(random.random(n_rows) < 0.5, dtype="boolean"),
            "y": label + random.normal(0, 0.1, n_rows).round(3) if is_number else np.array(["no", "yes"])[label],
        }
    )
    frame["flag"] = frame["flag"].where(random.random(n_rows) > 0.1)
    return frame


@pytest.mark.parametrize(("is_number", "n_rows"), [(False, 5_000), (True, 300)])
def test_what_the_order_names_gaps_and_pairs_tell_is_the_same_on_both_engines(spark, monkeypatch, is_number, n_rows):
    monkeypatch.setattr(identifiers, "MAX_ROWS", n_rows)
    monkeypatch.setattr(gaps, "MAX_ROWS", n_rows)
    monkeypatch.setattr(pair_cells, "MAX_ROWS", n_rows)
    sources = {"train": shortcuts(600, 0, is_number), "test": shortcuts(200, 1, is_number)}
    found = []
    for engine in (DuckDBEngine(threads=2), engine_in(spark)):
        links = Facts(load(engine, sources, Declared(label="y", id=("case",)))).links
        found.append([links.row_orders, links.identifier_parts, links.gap_pattern, links.pairs])
        engine.close()
    assert list(differences(*found, "links")) == []
    orders, parts, pattern, pairs = found[0]
    assert orders["train"].position.explained > 0.6
    assert parts["case"]["remainder"].explained > 0.6
    assert parts["file"]["part"].explained > 0.6
    assert set(pattern.columns) == {"a", "b"}
    assert {("billing", "card"), ("charge", "spin")} <= set(pairs)
    assert pattern.sampled is is_number


def test_what_the_file_tells_is_the_same_on_both_engines(spark, tmp_path):
    frame = shortcuts(300, 0, is_number=False)
    for number, part in enumerate((frame[200:], frame[:0], frame[:120], frame[120:200])):
        part.to_parquet(tmp_path / f"{number} of 4.parquet")
        part.to_csv(tmp_path / f"{number} of 4.csv", index=False)
    for ending in ("parquet", "csv"):
        found = []
        for engine in (DuckDBEngine(threads=2), engine_in(spark)):
            dataset = load(engine, {"train": str(tmp_path / f"*.{ending}")}, Declared(label="y", id=("case",)))
            found.append([dataset.relations["train"].files, Facts(dataset).links.file_origins])
            engine.close()
        assert list(differences(*found, "files")) == []
        files, origins = found[0]
        assert files == tuple((f"{i} of 4.{ending}", n) for i, n in enumerate((100, 0, 120, 80)))
        assert origins.counts.sum(axis=1).tolist() == [100, 0, 120, 80]
        assert origins.association.explained > 0.6
