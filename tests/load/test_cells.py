"""What the cells of text columns parse as is counted exactly where it matters."""

from __future__ import annotations

import pytest

from dataaudit.load.cells import N_ROWS_FIRST_LOOK, CellCounts, count_cells
from dataaudit.load.raw import RawTable


@pytest.fixture
def count(engine):
    """Count the cells of one column of text."""

    def count_it(cells: list[str | None]) -> CellCounts:
        engine.run("CREATE TEMP TABLE raw_train (r0 VARCHAR)")
        engine.connection.execute("INSERT INTO raw_train SELECT unnest(?)", [cells])
        raw = RawTable(
            "train",
            "t",
            "(SELECT *, rowid AS row FROM raw_train)",
            ("x",),
            ("VARCHAR",),
            len(cells),
            stored_as_text=False,
        )
        return count_cells(engine, raw, [0])[0]

    return count_it


def test_numbers_codes_and_missing(count):
    counts = count(["1", "2.5", "1e3", "007", "x", None, "inf"])
    assert (counts.n_rows, counts.n_present, counts.n_number, counts.n_integral) == (7, 6, 4, 2)
    assert (counts.n_leading_zero, counts.n_distinct) == (1, 6)


def test_numbers_that_fit_no_integer(count):
    assert count(["12345678901234567890"]).n_integral == 0


def test_booleans(count):
    assert count(["true", "False", "TRUE", "yes"]).n_boolean == 3


def test_decorated_numbers(count):
    counts = count(["$1,000", "50%", "€ 3.50", "'7'", "1,5", "12", "a1", "1,00,0"])
    assert counts.n_decorated == 5


def test_dates(count):
    counts = count(["2024-01-05", "05/01/2024", "31/12/2024", "5 Jan 2024"])
    assert counts.n_iso_date == 1
    assert counts.best_date_format == ("%d/%m/%Y", 2)


def test_a_number_is_no_date(count):
    counts = count(["20240105", "2024"])
    assert (counts.n_number, counts.n_iso_date, counts.best_date_format[1]) == (2, 0, 0)


def test_no_cell_at_all(count):
    assert count([None, None]) == CellCounts(2, 0, 0, 0, 0, 0, 0, 0, 0, counts_by_format(), sampled=False)


def counts_by_format() -> tuple[int, ...]:
    return (0,) * 13


def test_a_long_column_of_numbers_is_counted_to_the_last_cell(count):
    n = 5 * N_ROWS_FIRST_LOOK
    counts = count([*map(str, range(n - 1)), "x"])
    assert not counts.sampled
    assert (counts.n_present, counts.n_number, counts.n_integral) == (n, n - 1, n - 1)


def test_a_long_column_of_text_is_looked_at_once(count):
    counts = count(["plain"] * (5 * N_ROWS_FIRST_LOOK))
    assert counts.sampled
    assert 0 < counts.n_present < 5 * N_ROWS_FIRST_LOOK


def test_a_nearly_empty_column_is_not_judged_by_the_few_cells_of_the_first_look(count):
    n = 10 * N_ROWS_FIRST_LOOK
    cells: list[str | None] = [None] * n
    cells[::100] = map(str, range(n // 100))
    cells[50] = "x"
    counts = count(cells)
    assert (counts.sampled, counts.n_present, counts.n_number) == (False, 201, 200)
