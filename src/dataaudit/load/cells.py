"""What the cells of a text column parse as: numbers, dates, booleans, codes.

A first look at about 2,000 rows tries everything on every column; a second,
exact look over all rows counts only what the first one met. Most text columns
are plainly text and are not looked at twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from dataaudit.engine.base import Engine, chunks, quote_text
from dataaudit.load.raw import RawTable

N_ROWS_FIRST_LOOK = 2_000
N_CELLS_TO_TELL_BY = 100
LONGEST_DATE = 64
COLUMNS_PER_FIRST_LOOK = 1_000
COLUMNS_PER_STATEMENT = 100
SHARE_WORTH_A_SECOND_LOOK = 0.01
DATE_FORMATS = (
    *("%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y", "%b %d, %Y"),
    *("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%d-%b-%Y"),
)
PLAIN_TESTS = ("number", "integral", "leading_zero", "boolean", "iso_date", "decorated")
TESTS = (*PLAIN_TESTS, *DATE_FORMATS)
# DuckDB also takes `epoch`, `infinity` and `24-1-5` for times, which nobody writes for a day.
BEGINS_LIKE_ISO_DATE = r"^\s*\d{4}[-/]\d"
BEGINS_LIKE_DATE = r"^\s*([0-9]{1,4}[-/. ]|[A-Za-z]+ +[0-9])"
DECORATED = r"""['"$€£¥\s]*[-+]?(\d{1,3}(,\d{3})+|\d+)([.,]\d+)?\s*[%'"€$£]*"""


@dataclass(frozen=True)
class CellCounts:
    """How many cells of one text column parse as what.

    `n_number` leaves out leading-zero codes; `n_decorated` counts numbers
    that need a currency sign, separator or quote taken off; `n_by_format`
    counts dates per format of `DATE_FORMATS`, `n_iso_date` ISO 8601 ones.
    """

    n_rows: int
    n_present: int
    n_number: int
    n_integral: int
    n_leading_zero: int
    n_boolean: int
    n_iso_date: int
    n_decorated: int
    n_distinct: int
    n_by_format: tuple[int, ...]
    sampled: bool

    @property
    def best_date_format(self) -> tuple[str, int]:
        """The format that most cells follow, with its count."""
        best = max(range(len(DATE_FORMATS)), key=lambda i: self.n_by_format[i])
        return DATE_FORMATS[best], self.n_by_format[best]


def is_number(cell: str) -> str:
    """Return SQL that is true for a cell that reads as a number and is no code.

    DuckDB takes `1_000` for a thousand, which no CSV writer means.
    """
    return f"(TRY_CAST({cell} AS DOUBLE) IS NOT NULL AND NOT contains({cell}, '_') AND NOT {has_leading_zero(cell)})"


def has_leading_zero(cell: str) -> str:
    """Return SQL that is true for digits behind a zero: a code such as 00501, not a number."""
    return f"CASE WHEN starts_with({cell}, '0') THEN regexp_full_match({cell}, '0[0-9]+') ELSE false END"


def as_time(cell: str) -> str:
    """Return SQL of the time that an ISO 8601 cell names, in UTC if it has an offset; NULL for other cells."""
    like_date = f"regexp_matches({cell}, {quote_text(BEGINS_LIKE_ISO_DATE)})"
    return f"CASE WHEN {like_date} THEN CAST(TRY_CAST({cell} AS TIMESTAMPTZ) AS TIMESTAMP) END"


def count_cells(engine: Engine, raw: RawTable, positions: list[int]) -> dict[int, CellCounts]:
    """Count what the text columns at these positions parse as."""
    every = max(1, raw.n_rows // N_ROWS_FIRST_LOOK)
    first_look = _look_first(engine, raw, positions, every)
    if every == 1:
        return first_look
    met = {position: _met(counts) for position, counts in first_look.items()}
    return first_look | _count(engine, raw, {position: tests for position, tests in met.items() if tests})


def _look_first(engine: Engine, raw: RawTable, positions: list[int], every: int) -> dict[int, CellCounts]:
    """Try every test on a few rows, the columns unpivoted so that the statement stays small."""
    # An odd step does not fall in with what repeats every second or tenth row.
    where = "" if every == 1 else f" WHERE row % {every | 1} = {every // 2}"
    counts = ", ".join(
        f"coalesce(sum(n) FILTER (WHERE {_condition(test, 'cell', 'plain', 'dated')}), 0)" for test in TESTS
    )
    found: dict[int, list[int]] = {}
    n_rows = 0
    for run in chunks(positions, COLUMNS_PER_FIRST_LOOK):
        columns = ", ".join(f"r{position}" for position in run)
        cells = f"SELECT '' AS every_row, {columns} FROM {raw.relation} AS raw{where}"
        long = f"(UNPIVOT ({cells}) ON every_row, {columns} INTO NAME name VALUE cell)"
        # Categories stand in many cells; each is looked at once.
        different = f"SELECT name, cell, count(*) AS n FROM {long} GROUP BY name, cell"
        plain = f"SELECT name, cell, n, {_is_plain('cell')} AS plain FROM ({different})"
        dated = f"SELECT name, cell, n, plain, {_is_dated('cell', 'plain')} AS dated FROM ({plain})"
        counted = engine.rows(f"SELECT name, sum(n), count(*), {counts} FROM ({dated}) GROUP BY name")
        by_name = {str(name): [int(value) for value in values] for name, *values in counted}
        n_rows = by_name.pop("every_row", [0])[0]
        found |= {int(name[1:]): values for name, values in by_name.items()}
    nothing = [0] * (2 + len(TESTS))
    return {position: _cell_counts(n_rows, found.get(position, nothing), every > 1) for position in positions}


def _cell_counts(n_rows: int, values: list[int], sampled: bool) -> CellCounts:
    present, distinct, *passed = values
    number, integral, leading_zero, boolean, iso_date, decorated, *by_format = passed
    return CellCounts(
        n_rows=n_rows,
        n_present=present,
        n_number=number,
        n_integral=integral,
        n_leading_zero=leading_zero,
        n_boolean=boolean,
        n_iso_date=iso_date,
        n_decorated=decorated,
        n_distinct=distinct,
        n_by_format=tuple(by_format),
        sampled=sampled,
    )


def _met(counts: CellCounts) -> tuple[str, ...]:
    """Return the tests that enough cells of the first look passed to be worth an exact count; all if it saw few."""
    if counts.n_present < N_CELLS_TO_TELL_BY:
        return TESTS
    passed = dict(
        zip(TESTS, (*(getattr(counts, f"n_{test}") for test in PLAIN_TESTS), *counts.n_by_format), strict=True)
    )
    met = {test for test, n in passed.items() if n >= SHARE_WORTH_A_SECOND_LOOK * counts.n_present and n > 0}
    if met & {"number", "leading_zero"}:
        met |= {"number", "integral", "leading_zero"}
    return tuple(test for test in TESTS if test in met)


def _count(engine: Engine, raw: RawTable, wanted: dict[int, tuple[str, ...]]) -> dict[int, CellCounts]:
    result: dict[int, CellCounts] = {}
    width = 2 + len(TESTS)
    for run in chunks(list(wanted), COLUMNS_PER_STATEMENT):
        listed = ", ".join(expression for position in run for expression in _expressions(position, wanted[position]))
        n_rows, *values = engine.rows(f"SELECT count(*), {listed} FROM {raw.relation} AS raw")[0]
        for i, position in enumerate(run):
            counted = [int(value) for value in values[i * width : (i + 1) * width]]
            result[position] = _cell_counts(int(n_rows), counted, sampled=False)
    return result


def _expressions(position: int, tests: tuple[str, ...]) -> list[str]:
    cell = f"r{position}"
    plain = _is_plain(cell)
    dated = _is_dated(cell, plain)
    counted = [_count_of(_condition(test, cell, plain, dated)) if test in tests else "0" for test in TESTS]
    return [f"count({cell})", f"approx_count_distinct({cell})", *counted]


def _condition(test: str, cell: str, plain: str, dated: str) -> str:
    """Return the SQL of one test; `plain` and `dated` are SQL of whether the costly questions are worth asking."""
    number = is_number(cell)
    conditions = {
        "number": number,
        "integral": f"{number} AND TRY_CAST({cell} AS BIGINT) = TRY_CAST({cell} AS DOUBLE)",
        "leading_zero": has_leading_zero(cell),
        "boolean": f"lower({cell}) IN ('true', 'false')",
        "iso_date": _only_if(plain, f"{as_time(cell)} IS NOT NULL"),
        "decorated": _only_if(plain, f"regexp_full_match({cell}, {quote_text(DECORATED)})"),
    }
    return conditions.get(test) or _only_if(dated, f"try_strptime({cell}, '{test}') IS NOT NULL")


def _count_of(condition: str) -> str:
    """Return SQL that counts rows; count_if would be NULL where the condition is NULL in every row."""
    return f"count(*) FILTER (WHERE {condition})"


def _only_if(condition: str, question: str) -> str:
    return f"CASE WHEN {condition} THEN {question} ELSE false END"


def _is_plain(cell: str) -> str:
    """Return SQL that is true for short cells with a digit that are neither number nor code: these are never dates."""
    number = f"{is_number(cell)} OR {has_leading_zero(cell)}"
    wordy = f"strlen({cell}) > {LONGEST_DATE} OR NOT regexp_matches({cell}, '[0-9]')"
    return f"CASE WHEN {wordy} THEN false WHEN {number} THEN false ELSE true END"


def _is_dated(cell: str, plain: str) -> str:
    """Return SQL that is true for plain cells that begin as one of `DATE_FORMATS` does."""
    return _only_if(plain, f"regexp_matches({cell}, {quote_text(BEGINS_LIKE_DATE)})")
