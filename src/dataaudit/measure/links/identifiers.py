"""What the names of rows tell of the label: their range, their beginnings and ends, what is left over by division."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.measure.association import Association
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.inside_cells.derived import NUMBERS_OF_TEXTS, PARTS_OF_TEXTS
from dataaudit.measure.inside_cells.parts import Items, Taken, strongest
from dataaudit.measure.labels import label_select, n_label_classes
from dataaudit.measure.links.order import COMMON_MULTIPLE, DIVISORS
from dataaudit.model import ColumnInfo, Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]

MAX_COLUMNS = 20
MAX_ROWS = 20_000
MOST_WITH_SPACES = 0.5
LARGEST_EXACT = 2.0**53
RANGE, REMAINDER, PART = "range", "remainder", "part"
TEXT_PARTS = {**PARTS_OF_TEXTS, "what stands before its first digit": "regexp_extract({cell}, '^([^0-9]*)', 1)"}


def measure_identifier_parts(facts: Facts) -> dict[str, dict[str, Association]]:
    """Return column -> way of reading it -> what tells most of the label, read so.

    The ways: "range" (of its value, or of the first or last number in a text),
    "remainder" (of these, modulo 2 to 10), "part" (beginning, end, length and
    what stands before the first digit of a text). On at most 20,000 rows.
    """
    columns = identifier_columns(facts)
    if not columns:
        return {}
    rows = facts.sample.some_rows(MAX_ROWS)
    listed = ", ".join(expression for i, column in enumerate(columns) for expression in _expressions(facts, i, column))
    arrays = facts.dataset.engine.arrays(f"SELECT {listed}, {label_select(facts, 'train')} FROM {rows} ORDER BY row")
    n_classes = n_label_classes(facts)
    items = Items.of_rows(class_numbers(facts, arrays["y"]), n_classes)
    sampled = facts.sample.leaves_out(MAX_ROWS)
    return {
        column.name: {
            way: replace(strongest(facts, items, taken), sampled=sampled) for way, taken in _ways(column, i, arrays)
        }
        for i, column in enumerate(columns)
    }


def identifier_columns(facts: Facts) -> list[ColumnInfo]:
    """Return up to 20 columns that name the row: ids, then features that are nearly unique and look like one."""
    columns = [
        column
        for column in facts.info.with_role(Role.ID, Role.FEATURE)
        if column.kind in (Kind.NUMERIC, Kind.TEXT, Kind.CATEGORICAL) and _names_rows(facts, column)
    ]
    return sorted(columns, key=lambda column: (column.role is not Role.ID, column.name))[:MAX_COLUMNS]


def _names_rows(facts: Facts, column: ColumnInfo) -> bool:
    if column.role is Role.ID:
        return True
    shape = facts.identifiers.get(column.name)
    if shape is None:
        return False
    if column.kind is Kind.NUMERIC:
        return shape.name_suggests or shape.consecutive
    return (facts.dataset.surveys["train"][column.name].share_with_space or 0.0) < MOST_WITH_SPACES


def _expressions(facts: Facts, i: int, column: ColumnInfo) -> Iterator[str]:
    cell = facts.dataset.sql_name(column.name)
    yield f"({cell} IS NULL) AS m{i}"
    if column.kind is Kind.NUMERIC:
        yield f"CAST({cell} AS DOUBLE) AS v{i}"
        if facts.dataset.sql_types[column.name] == "BIGINT":
            # Ids of 19 digits are more than a double can tell apart.
            yield f"CAST({cell} % {COMMON_MULTIPLE} AS DOUBLE) AS r{i}"
        return
    text = f"CAST({cell} AS VARCHAR)"
    for j, part in enumerate(TEXT_PARTS.values()):
        yield f"hash({part.format(cell=text)}) AS p{i}_{j}"
    for j, pattern in enumerate(NUMBERS_OF_TEXTS.values()):
        yield f"TRY_CAST(regexp_extract({text}, '{pattern}', 1) AS DOUBLE) AS n{i}_{j}"


def _ways(column: ColumnInfo, i: int, arrays: Mapping[str, NDArray[Any]]) -> Iterator[tuple[str, Taken]]:
    missing = np.asarray(arrays[f"m{i}"], dtype=np.bool_)
    if column.kind is Kind.NUMERIC:
        numbers = {"its value": as_float(arrays[f"v{i}"])}
        whole = {"its value": as_float(arrays.get(f"r{i}", arrays[f"v{i}"]))}
    else:
        numbers = whole = {name: as_float(arrays[f"n{i}_{j}"]) for j, name in enumerate(NUMBERS_OF_TEXTS)}
        codes = {
            name: np.unique(np.asarray(arrays[f"p{i}_{j}"]), return_inverse=True)[1]
            for j, name in enumerate(TEXT_PARTS)
        }
        yield PART, Taken(column.name, missing, codes)
    yield RANGE, Taken(column.name, missing, {}, numbers)
    yield REMAINDER, Taken(column.name, missing, _remainders(whole, DIVISORS))


def _remainders(numbers: Mapping[str, FloatArray], divisors: Sequence[int]) -> dict[str, NDArray[np.int64]]:
    """Return the codes of what is left over; what is no whole number has a code of its own."""
    codes = {}
    for name, values in numbers.items():
        is_whole = np.isfinite(values) & (np.abs(values) < LARGEST_EXACT)
        is_whole[is_whole] &= values[is_whole] == np.floor(values[is_whole])
        for divisor in divisors:
            left = np.full(len(values), divisor, dtype=np.int64)
            left[is_whole] = np.mod(values[is_whole], divisor).astype(np.int64)
            codes[f"{name} modulo {divisor}"] = left
    return codes
