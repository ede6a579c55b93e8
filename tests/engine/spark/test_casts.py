"""Cells that a person would doubt are read and written alike by both engines."""

from __future__ import annotations

import itertools
import math
import random

import pyarrow as pa
import pytest

from dataaudit.load.cells import DATE_FORMATS, as_time, is_number

NUMBERS = [
    *(
        "1",
        "+1",
        "-1",
        "--1",
        " 1 ",
        "\t1\n",
        "1.",
        ".",
        ".5",
        "-.5",
        "1e5",
        "1E+5",
        "1e",
        "1e5.5",
        "1e1.0",
        "1d",
        "1f",
    ),
    *(
        "0x1F",
        "0b1",
        "inf",
        "+inf",
        "-Infinity",
        "infinit",
        "nan",
        "-nan",
        "1e400",
        "1e-400",
        "1,000",
        "1 000",
        "",
        " ",
    ),
    *("00501", "0", "0.5", "1e+", "e5", "１", "\u00a01", "1\x0b", "9007199254740993", "9223372036854775807", "x"),
    *("9223372036854775808", "-9223372036854775808", "2.5", "-2.5", "0.49999999999999", "1e18", "1e19", "123d", "1L"),
]
TIMES = [
    *(
        "2024-01-05",
        "2024/01/05",
        "2024-1-5",
        "2024-01/05",
        "2024-01",
        "2024",
        "2024-02-29",
        "2023-02-29",
        "2024-13-01",
    ),
    *("2024-01-05 10", "2024-01-05 10:00", "2024-01-05T10:00", "2024-01-05t10:00", "2024-01-05  10:00", "0284-1-1"),
    *("2024-01-05 1:2:3", "2024-01-05 10:00:00.5", "2024-01-05 10:00:00.123456789", "2024-01-05 10:00:00.", "x", ""),
    *(
        "2024-01-05 10:00Z",
        "2024-01-05 10:00 Z",
        "2024-01-05 10:00+02",
        "2024-01-05 10:00+02:00",
        "2024-01-05 10:00-0230",
    ),
    *(
        "2024-01-05 10:00 +02",
        "2024-01-05 10:00-2",
        "2024-01-05 10:00+02:00:30",
        "2024-01-05 10:00 UTC",
        "2024-1-5T1:02",
    ),
    *("2024-01-05 10:00 Europe/Berlin", "2024-07-05 10:00 Europe/Berlin", "2024-01-05Z", " 2024-01-05", "2024-01-05 "),
    *("2024-01-05 24:00", "2024-01-05 24:00:00", "2024-01-05 24:00:01", "2024-01-05 23:59:60", "2024-01-05 10:60"),
    *("9999-12-31", "0001-01-01", "1969-12-31 23:59:59.999999", "2024-01-05x", "2024-001-05", "2024-01-05 10:00:00 PM"),
]


def mutants(seeds: list[str], alphabet: str, n: int) -> list[str]:
    """Return the seeds and as many texts that differ from one of them in a letter or two."""
    drawn = random.Random(5)
    texts = list(seeds)
    for _ in range(n):
        letters = list(drawn.choice(seeds))
        for _ in range(drawn.randint(1, 2)):
            at = drawn.randint(0, len(letters))
            letters[at : at + drawn.randint(0, 1)] = drawn.choice(alphabet)
        texts.append("".join(letters))
    return texts


def test_text_as_number(ask_both):
    cells = [cell for cell in mutants(NUMBERS, "0123456789+-.eEdx ", 600) if not cell.strip().startswith("+-")]
    duckdb, spark = ask_both(f"SELECT c, TRY_CAST(c AS DOUBLE), {is_number('c')} FROM t", c=cells)
    assert [tuple(map(str, row)) for row in spark] == [tuple(map(str, row)) for row in duckdb]
    assert sum(row[1] is not None for row in duckdb) > 100


def test_text_as_whole_number(ask_both):
    # What DuckDB makes of 0x1F, 0b1 and of a point after an exponent is no number for a person.
    odd = ("x", "b", ".", "e")
    cells = [c for c in mutants(NUMBERS, "0123456789+- ", 300) if not any(letter in c.lower()[1:] for letter in odd)]
    duckdb, spark = ask_both("SELECT c, TRY_CAST(c AS BIGINT) FROM t", c=[*cells, "2.5", "-2.5", "1e5", "1e19", "1.49"])
    assert spark == duckdb


def test_text_as_time(ask_both):
    duckdb, spark = ask_both(f"SELECT c, CAST({as_time('c')} AS VARCHAR) FROM t", c=TIMES)
    assert spark == duckdb
    assert sum(row[1] is not None for row in duckdb) > 25


@pytest.mark.parametrize("time_format", DATE_FORMATS)
def test_text_as_time_of_a_format(ask_both, time_format):
    texts = []
    for values in (
        {"Y": "2024", "m": "2", "d": "29"},
        {"Y": "23", "m": "02", "d": "9"},
        {"Y": "2023", "m": "2", "d": "29"},
    ):
        text = time_format
        for letter, value in {**values, "b": "feb", "H": "7", "M": "05", "S": "59"}.items():
            text = text.replace(f"%{letter}", value)
        texts += [text, text.upper(), f" {text}", f"{text} ", f"x{text}", f"{text}x", text.replace(" ", "  ")]
    texts += ["", "31/04/2024", "12/31/2024", "31.12.2024 24:00"]
    duckdb, spark = ask_both(f"SELECT c, CAST(try_strptime(c, '{time_format}') AS VARCHAR) FROM t", c=texts)
    assert spark == duckdb
    assert any(row[1] is not None for row in duckdb)


def test_number_as_text(ask_both):
    drawn = random.Random(5)
    numbers = [drawn.uniform(-1, 1) * 10.0**power for power in range(-30, 17) for _ in range(5)]
    numbers += [
        0.0,
        1.0,
        -1.5,
        100.0,
        123456.0,
        1e15,
        1e16,
        1e22,
        1e-4,
        1e-5,
        2.0**-44,
        math.pi,
        math.inf,
        None,
    ]
    duckdb, spark = ask_both("SELECT c, CAST(c AS VARCHAR) FROM t", c=numbers)
    assert spark == duckdb


def test_other_values_as_text(ask_both):
    import datetime as dt
    import decimal

    columns = {
        "flag": [True, False, None],
        "whole": [1, -2, None],
        "day": [dt.date(2024, 1, 5), dt.date(1969, 12, 31), None],
        # Without a zone, as a TIMESTAMP is.
        "time": [dt.datetime(2024, 1, 5), dt.datetime(2024, 1, 5, 1, 2, 3, 500000), None],  # noqa: DTZ001
        "price": [decimal.Decimal("1.50"), decimal.Decimal("-2.00"), None],
        "text": ["a", "", None],
    }
    listed = ", ".join(f"CAST({name} AS VARCHAR)" for name in columns)
    duckdb, spark = ask_both(f"SELECT {listed} FROM t", **columns)
    assert spark == duckdb
    assert duckdb[0] == ("true", "1", "2024-01-05", "2024-01-05 00:00:00", "1.50", "a")


def test_number_that_is_stored_as_one_is_kept(ask_both):
    pairs = itertools.product(("DOUBLE", "BIGINT"), (pa.int32(), pa.int64()))
    for wanted, stored in pairs:
        duckdb, spark = ask_both(f"SELECT TRY_CAST(c AS {wanted}) FROM t", c=pa.array([1, None, 7], stored))
        assert spark == duckdb
