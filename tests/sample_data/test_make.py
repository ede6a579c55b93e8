"""The committed sample data are what `sample_data/make.py` writes, and small."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pyarrow.parquet as pq
import pytest

FOLDER = Path(__file__).parent.parent.parent / "sample_data"
CSV_FILES = ["cars_train.csv", "cars_test.csv", "clean_train.csv", "clean_test.csv"]
PARQUET_FILES = ["earthquakes_train.parquet", "earthquakes_test.parquet"]
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    specification = importlib.util.spec_from_file_location("make_sample_data", FOLDER / "make.py")
    make = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(make)
    folder = tmp_path_factory.mktemp("sample_data")
    make.main(folder)
    return folder


def test_it_writes_these_files(made):
    assert sorted(path.name for path in made.iterdir()) == sorted(CSV_FILES + PARQUET_FILES)


@pytest.mark.parametrize("name", CSV_FILES)
def test_csv_files_are_the_same_to_the_byte(made, name):
    assert (made / name).read_bytes() == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", PARQUET_FILES)
def test_parquet_files_hold_the_same(made, name):
    assert pq.read_table(made / name).equals(pq.read_table(FOLDER / name))


def test_they_are_small():
    assert sum((FOLDER / name).stat().st_size for name in CSV_FILES + PARQUET_FILES) < MOST_BYTES
