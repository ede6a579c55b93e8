from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.fix.conftest import plain
from tests.rebalance.typed import MAKERS, N_ROWS, column_list, in_arrow, in_pandas, in_polars, is_same

import dataaudit

REPEATED = [3, 9]
# What the mends of `defective` make of types; the others stay.
NEW_TYPES = {
    "pandas": {"amount": "int64", "plain": "float64"},
    "polars": {"amount": "Int64"},
    "pyarrow": {"amount": "int64"},
}


def _amounts() -> list[str]:
    return [f"${value:,}" for value in np.random.default_rng(5).integers(1000, 99_999, N_ROWS)]


def _with_sentinel(shift: int = 0) -> Any:
    values = np.random.default_rng(6).integers(1, 90, N_ROWS)
    values[:30] = -999
    return np.roll(values, shift)


def _towns() -> list[str]:
    towns = np.random.default_rng(7).choice(["Bonn", "Köln", "Ulm"], N_ROWS).tolist()
    towns[5] = towns[50] = "Köln "
    return [str(town) for town in towns]


def _defective_pandas() -> pd.DataFrame:
    frame = in_pandas().assign(
        amount=_amounts(),
        plain=_with_sentinel(),
        short=pd.array(_with_sentinel(7), dtype="Int16"),
        float=_with_sentinel(20).astype("float32"),
        arrow=pd.array(_with_sentinel(33), dtype=pd.ArrowDtype(pa.int16())),
        town=pd.Categorical(_towns()),
    )
    return pd.concat([frame, frame.iloc[REPEATED]])


def _defective_polars() -> pl.DataFrame:
    frame = in_polars().with_columns(
        amount=pl.Series(_amounts()),
        short=pl.Series(_with_sentinel()).cast(pl.Int16),
        decimal=pl.Series(_with_sentinel(7)).cast(pl.Decimal(8, 2)),
        town=pl.Series(_towns()).cast(pl.Categorical),
        enum=pl.Series(_towns()[::-1]).cast(pl.Enum(["Köln ", "Köln", "Bonn", "Ulm"])),
    )
    return pl.concat([frame, frame[REPEATED]])


def _defective_arrow() -> pa.Table:
    table = in_arrow()
    for name, column in {
        "amount": pa.array(_amounts(), pa.large_string()),
        "short": pa.array(_with_sentinel(), pa.int16()),
        "coded": pa.array(_with_sentinel(7), pa.int16()).dictionary_encode(),
        "town": pa.array(_towns()).dictionary_encode(),
        "large town": pa.array(_towns()[::-1], pa.large_string()),
    }.items():
        table = table.append_column(name, column)
    # A cell that becomes missing takes the promise with it that none is.
    table = table.append_column(pa.field("never", pa.int32(), nullable=False), pa.array(_with_sentinel(20), pa.int32()))
    return pa.concat_tables([table, table.take(REPEATED)])


DEFECTIVE = {"pandas": _defective_pandas, "polars": _defective_polars, "pyarrow": _defective_arrow}


def _types(frame: Any) -> dict[str, str]:
    if isinstance(frame, pd.DataFrame):
        return {str(name): str(kind) for name, kind in frame.dtypes.items()}
    if isinstance(frame, pl.DataFrame):
        return {name: str(kind) for name, kind in frame.schema.items()}
    return {field.name: str(field.type) for field in frame.schema}


def _missing(frame: Any, name: str) -> list[bool]:
    column = frame[name]
    return (column.isna() if isinstance(frame, pd.DataFrame) else column.is_null()).to_numpy().tolist()


@pytest.mark.parametrize("library", MAKERS)
def test_a_frame_with_nothing_to_mend_comes_back_as_it_was(library):
    frame = MAKERS[library]()
    found = dataaudit.fix(frame, label="y")
    assert found.done == ("Nothing to mend.",)
    assert type(found.train) is type(frame)
    assert is_same(found.train, frame)


@pytest.mark.parametrize("library", MAKERS)
def test_mended_columns_keep_their_types_and_others_their_cells(library):
    frame = DEFECTIVE[library]()
    found = dataaudit.fix(frame, label="y", unsafe=True)
    mended, types = found.train, _types(frame)
    assert _types(mended) == types | NEW_TYPES[library]
    assert found.dropped["row"].tolist() == [N_ROWS, N_ROWS + 1]
    untouched = _types(MAKERS[library]())
    for name in untouched:
        assert column_list(mended, name) == column_list(frame, name)[:N_ROWS], name
    assert column_list(mended, "amount") == [text[1:].replace(",", "") for text in _amounts()]
    shifts = {"short": 7 if library == "pandas" else 0, "plain": 0, "float": 20, "arrow": 33, "decimal": 7, "coded": 7}
    for name, shift in (shifts | {"never": 20}).items():
        if name in types:
            assert _missing(mended, name) == (_with_sentinel(shift) == -999).tolist(), name
    assert set(column_list(mended, "town")) == {"'Bonn'", "'Köln'", "'Ulm'"}
    if library == "pandas":
        assert mended.index.equals(frame.index[:N_ROWS])
    if library == "pyarrow":
        assert mended.schema.metadata == frame.schema.metadata
        assert [mended.schema.field(name).nullable for name in ("x", "never")] == [False, True]
    again = dataaudit.fix(mended, label="y", unsafe=True)
    assert again.done == ("Nothing to mend.",)
    assert is_same(again.train, mended)


def test_short_durations_are_not_constant_in_a_second_round():
    frame = plain().assign(z=1)
    frame["took"] = pd.to_timedelta(np.random.default_rng(0).integers(1, 9, len(frame)), unit="us")
    for given in (frame, pl.from_pandas(frame), pa.Table.from_pandas(frame)):
        found = dataaudit.fix(given, label="y")
        assert found.dropped_columns == ("z",)
        assert column_list(found.train, "took") == column_list(given, "took")


@pytest.mark.parametrize("dtype", ["int64", "Int64", "uint64"])
def test_large_numbers_lose_no_digits_where_others_become_missing(dtype):
    values = np.random.default_rng(0).integers(2**55, 2**56, 300)
    values[:40] = 999
    frame = plain().assign(big=pd.array(values, dtype=dtype))
    found = dataaudit.fix(frame, label="y", unsafe=True).train["big"]
    assert found[:40].isna().all()
    assert found[40:].tolist() == values[40:].tolist()


def test_pandas_notes_do_not_turn_a_mended_column_back():
    frame = plain()
    frame["amount"] = pd.array([f"${value}.5" for value in range(len(frame))][::-1], dtype="string")
    found = dataaudit.fix(pa.Table.from_pandas(frame), label="y", unsafe=True).train
    assert found.schema.field("amount").type == pa.float64()
    assert found.to_pandas()["amount"].dtype == "float64"


def _with_groups() -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(0)
    frame = plain(300).assign(
        g=[f"g{number}" for number in rng.integers(0, 60, 300)], took=pd.to_timedelta(rng.integers(0, 10**6, 300), "s")
    )
    return frame[:200], frame[200:].reset_index(drop=True)


@pytest.mark.parametrize("library", ["polars", "polars lazy", "pyarrow", "pyarrow batch"])
def test_moved_rows_have_the_types_of_the_frame_that_they_come_to(library):
    train, test = _with_groups()
    reference = dataaudit.fix(train, test=test, label="y", group="g", unsafe=True)
    if library.startswith("polars"):
        first, second = pl.from_pandas(train).with_columns(pl.col("g").cast(pl.Categorical)), pl.from_pandas(test)
        schema = first.schema
        if library.endswith("lazy"):
            first, second = first.lazy(), second.lazy()
    else:
        first, second = pa.Table.from_pandas(train), pa.Table.from_pandas(test)
        first = first.set_column(first.column_names.index("g"), "g", first["g"].dictionary_encode())
        schema = first.schema
        if library.endswith("batch"):
            first, second = first.combine_chunks().to_batches()[0], second.combine_chunks().to_batches()[0]
    found = dataaudit.fix(first, test=second, label="y", group="g", unsafe=True)
    assert found.train.schema == schema
    for split in ("train", "test"):
        frame, wanted = getattr(found, split), getattr(reference, split)
        assert column_list(frame, "g") == column_list(wanted, "g")
        assert column_list(frame, "x0") == column_list(wanted, "x0")
        assert len(frame) != len({"train": train, "test": test}[split])


def test_moved_rows_lie_in_the_split_that_their_column_says():
    train, test = _with_groups()
    frame = pd.concat([train.assign(part="train"), test.assign(part="test")])
    given = pl.from_pandas(frame).with_columns(pl.col("part").cast(pl.Categorical))
    found = dataaudit.fix(given, label="y", group="g", unsafe=True, split_column="part")
    assert found.train.schema == given.schema
    assert set(found.train["part"]) == {"train"}
    assert set(found.test["part"]) == {"test"}
    assert not set(found.train["g"]) & set(found.test["g"])


@pytest.mark.parametrize(
    "names", [(1, ("a", 2), "x2", "x3", "y"), ("collect", "column_names", "take", "to_series", "y")]
)
def test_columns_of_pandas_may_have_any_names(names):
    frame = plain().set_axis(pd.Index(names, tupleize_cols=False, dtype=object), axis=1)
    found = dataaudit.fix(pd.concat([frame, frame[:4]]), label="y").train
    pd.testing.assert_frame_equal(found, frame)


def test_rows_of_a_table_in_pieces_stay_in_their_order():
    # Cells are looked up in a list of words, and pieces are read by several threads: their order is not a given.
    whole = _defective_arrow().select(["x", "amount", "town", "y"])
    pieces = pa.concat_tables([whole.slice(start, 7) for start in range(0, len(whole), 7)])
    for _ in range(5):
        found = dataaudit.fix(pieces, label="y", select=["DATA006", "DATA007"])
        assert column_list(found.train, "x") == column_list(pieces, "x")
        assert column_list(found.train, "amount") == [text[1:].replace(",", "") for text in _amounts_of(pieces)]


def _amounts_of(table: pa.Table) -> list[str]:
    return [str(text) for text in table.column("amount").to_pylist()]
