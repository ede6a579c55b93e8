"""Columns that say the same: candidates by a signature on the sample, verified over all rows.

Comparing every pair would be quadratic in columns. Instead every column gets
a signature that is equal for columns that are one another recoded: the order
in which its values first appear. Columns whose values are nearly all
different are compared by their standardised numbers instead, because any two
such columns could be recoded into one another.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, chunks
from dataaudit.measure.columns import ColumnTwins
from dataaudit.model import ColumnInfo, Kind, Role

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 20_000
COLUMNS_PER_STATEMENT = 200
SHARE_MOSTLY_DIFFERENT = 0.5
LEAST_BITS = 20.0
MAX_TWINS_PER_SIGNATURE = 50
RELATIVE_TOLERANCE = 1e-9
FAR_FROM_MEAN = 0.5123  # in standard deviations; no round number, on which cells might lie


def measure_twins(facts: Facts) -> tuple[ColumnTwins, ...]:
    """Return pairs (first column, its twin), every twin paired with the first of its kind."""
    columns = list(facts.info.with_role(Role.FEATURE, Role.CONTEXT, Role.GROUP))
    by_signature: dict[str, list[ColumnInfo]] = defaultdict(list)
    values = _codes(facts, columns)
    least_bits = LEAST_BITS + 2 * np.log2(max(2, len(columns)))
    for column in columns:
        signature = _signature(column, values[column.name], float(least_bits))
        if signature is not None:
            by_signature[signature].append(column)
    twins = []
    for alike in by_signature.values():
        for other in alike[1:MAX_TWINS_PER_SIGNATURE]:
            verified = _verify(facts, alike[0], other)
            if verified is not None:
                twins.append(verified)
    return tuple(twins)


def _codes(facts: Facts, columns: list[ColumnInfo]) -> dict[str, NDArray[np.float64]]:
    """Fetch numbers as they are and everything else as hashes, NaN where missing, in row order."""
    dataset = facts.dataset
    some_rows = facts.sample.some_rows(MAX_ROWS)
    values: dict[str, NDArray[np.float64]] = {}
    for run in chunks(columns, COLUMNS_PER_STATEMENT):
        listed = ", ".join(_code(dataset.sql_name(column.name), column.kind) for column in run)
        arrays = dataset.engine.arrays(f"SELECT {listed} FROM {some_rows} ORDER BY row")
        values |= {column.name: as_float(arrays[dataset.sql_name(column.name)]) for column in run}
    return values


def _code(cell: str, kind: Kind) -> str:
    if kind is Kind.NUMERIC:
        return f"CAST({cell} AS DOUBLE) AS {cell}"
    # 52 bits of the hash survive as a double
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CAST(hash({cell}) >> 12 AS DOUBLE) END AS {cell}"


def _signature(column: ColumnInfo, values: NDArray[np.float64], least_bits: float) -> str | None:
    """Return what twins share, or None for a column too plain to be told from chance.

    Two unrelated columns of n rows and entropy H coincide up to recoding with
    a chance below 2^(-n H); under 20 bits (beyond the number of pairs) nothing
    is claimed.
    """
    present = ~np.isnan(values)
    if present.sum() < 2:
        return None
    _, first, inverse, counts = np.unique(
        values, return_index=True, return_inverse=True, return_counts=True, equal_nan=True
    )
    shares = counts / len(values)
    if -float((shares * np.log2(shares)).sum()) * len(values) < least_bits:
        return None
    if len(counts) <= SHARE_MOSTLY_DIFFERENT * len(values):
        order_of_appearance = np.argsort(np.argsort(first))
        return _digest("codes", order_of_appearance[inverse].astype(np.int64).tobytes())
    if column.kind is not Kind.NUMERIC:
        return _digest("texts", values.tobytes())
    return _digest("numbers", _standardised(values, present).tobytes())


def _standardised(values: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the values with mean 0, sd 1 and a fixed sign, rounded coarsely enough to compare."""
    largest = float(np.abs(values[present]).max())
    values = values / largest if largest > 0 else values  # squares of very large cells must not overflow
    centred = values - values[present].mean()
    sd = centred[present].std()
    scaled = centred / sd if sd > 0 else centred
    # The first cell well away from the mean gives the sign: of two equally far ones rounding would choose.
    far = scaled[present][np.abs(scaled[present]) > FAR_FROM_MEAN]
    sign = np.sign(far[0]) if len(far) else 1.0
    # Adding 0.0 turns -0.0 into 0.0, which has other bytes.
    rounded: NDArray[np.float64] = np.nan_to_num(np.round(scaled * sign, 4) + 0.0, nan=1e9)
    return rounded


def _digest(kind: str, content: bytes) -> str:
    return kind + hashlib.blake2b(content, digest_size=16).hexdigest()


def _verify(facts: Facts, first: ColumnInfo, second: ColumnInfo) -> ColumnTwins | None:
    """Check a pair over all training rows; None if it does not hold."""
    dataset = facts.dataset
    a, b = dataset.sql_name(first.name), dataset.sql_name(second.name)
    both_numeric = first.kind is Kind.NUMERIC and second.kind is Kind.NUMERIC
    same_type = dataset.sql_types[first.name] == dataset.sql_types[second.name] or both_numeric
    equal = f"count_if({a} IS DISTINCT FROM {b})" if same_type else "1"
    n_rows, unequal, unmatched = dataset.engine.rows(
        f"SELECT count(*), {equal}, count_if(({a} IS NULL) <> ({b} IS NULL)) FROM train"
    )[0]
    if unmatched:
        return None
    if not unequal:
        return ColumnTwins(first.name, second.name, "equal", int(n_rows))
    if both_numeric:
        affine = _affine(facts, first, second, int(n_rows))
        if affine is not None:
            return affine
    pairs, firsts, seconds = dataset.engine.rows(
        "SELECT count(*), count(DISTINCT a), count(DISTINCT b) FROM "
        f"(SELECT DISTINCT {a} AS a, {b} AS b FROM train WHERE {a} IS NOT NULL)"
    )[0]
    if pairs == firsts == seconds and firsts < SHARE_MOSTLY_DIFFERENT * n_rows:
        return ColumnTwins(first.name, second.name, "recoded", int(n_rows))
    return None


def _affine(facts: Facts, first: ColumnInfo, second: ColumnInfo, n_rows: int) -> ColumnTwins | None:
    dataset = facts.dataset
    a, b = dataset.sql_name(first.name), dataset.sql_name(second.name)
    slope, intercept = dataset.engine.rows(f"SELECT regr_slope({b}, {a}), regr_intercept({b}, {a}) FROM train")[0]
    profile = facts.profiles["train"][second.name]
    if slope is None or intercept is None or profile.minimum is None or profile.maximum is None:
        return None
    scale = max(abs(profile.minimum), abs(profile.maximum), profile.maximum - profile.minimum)
    worst = dataset.engine.rows(f"SELECT max(abs({b} - ({slope!r} * {a} + ({intercept!r})))) FROM train")[0][0]
    if worst is None or worst > RELATIVE_TOLERANCE * scale:
        return None
    # Where the true intercept is 0, what is fitted is rounding.
    intercept = 0.0 if abs(intercept) <= RELATIVE_TOLERANCE * scale else float(intercept)
    return ColumnTwins(first.name, second.name, "affine", n_rows, float(slope), intercept)
