"""The numeric rows of each class over all splits with labels: all of them, or of a large class those around its middle.

Thinned at random, a class would lose nearly all rows that were made of two
others, for each must keep both. So of a large class the rows nearest to a row
in its middle are taken, which keeps most of a row's neighbours; the middle one
in the columns' own units and the middle one in standard deviations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float, quote_text
from dataaudit.measure.labels import label_expression, label_text, splits_with_label
from dataaudit.measure.preparation.pools import moments_of
from dataaudit.measure.resampled.segments import units
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

LEAST_ROWS = 30
MOST_CLASSES = 10
MOST_ROWS_OF_CLASS = 20_000
MOST_CELLS = 10_000_000
MOST_COLUMNS = 128
# Whole numbers with fewer levels are codes or flags, which the samplers for mixed tables copy.
LEAST_LEVELS = 11
ROWS_TO_FIND_MIDDLE = 20_000
# A column that spreads less than this share of the widest one adds nothing to a distance in the columns' own units.
LEAST_PART = 0.01

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class ClassRows:
    """Different rows of one class.

    Attributes
    ----------
    values : array of shape (n_rows, n_columns)
        Every row once, sorted, so that the order of the file does not show.
    splits : array of shape (n_rows,)
        Bit i is set where the row stands in the i-th of `names`.
    split, number : arrays of shape (n_rows,)
        The first place where the row stands.
    n_all : int
        Rows of the class in all splits; `n_taken` of them were read.
    """

    names: tuple[str, ...]
    values: FloatArray
    splits: IntArray
    split: IntArray
    number: IntArray
    n_all: int
    n_taken: int


@dataclass(frozen=True)
class _Ball:
    """Rows within a distance of a centre, each column that counts divided by its unit: arrays of shape (n_columns,)."""

    centre: FloatArray
    unit: FloatArray
    counts: NDArray[np.bool_]
    square: float

    def condition(self, cells: Sequence[str]) -> str:
        """Return SQL that is true of the rows within."""
        # Not power(): it takes ten times as long as a product.
        terms = []
        for j in np.flatnonzero(self.counts).tolist():
            apart = f"({cells[j]} - {_double(self.centre[j])})"
            terms.append(f"{apart} * {apart} * {_double(self.unit[j] ** -2)}")
        return f"{' + '.join(terms)} <= {_double(self.square)}"


def class_expression(facts: Facts, names: Sequence[str], cell: str) -> str:
    """Return SQL for the place of a label among these classes, NULL for others."""
    is_boolean = facts.dataset.sql_types[facts.label] == "BOOLEAN"
    text = f"lower(CAST({cell} AS VARCHAR))" if is_boolean else f"CAST({cell} AS VARCHAR)"
    cases = " ".join(f"WHEN {text} = {quote_text(label_text(name))} THEN {i}" for i, name in enumerate(names))
    return f"CASE {cases} ELSE NULL END"


def labelled_splits(facts: Facts) -> tuple[str, ...]:
    """Return train and the splits judged against it, as far as they have labels."""
    labelled = splits_with_label(facts.dataset)
    return tuple(split for split in ("train", *facts.other_splits) if split in labelled)


def varying_columns(facts: Facts) -> list[str]:
    """Return the numeric features that no cell lacks and that vary by more than a few levels, at most 128, by name.

    No sampler takes missing cells. Of more columns, half are those of the largest spread, which decide who is whose
    neighbour, and half are drawn evenly from the others.
    """
    spread = {}
    for column in facts.features:
        if column.kind is not Kind.NUMERIC or not _is_whole(facts, column.name):
            continue
        moments = moments_of(facts, column.name, labelled_splits(facts))
        survey = facts.dataset.surveys["train"][column.name]
        is_code = survey.is_integer and survey.n_distinct < LEAST_LEVELS
        if moments is not None and moments.squares > 0 and not is_code:
            spread[column.name] = moments.sd(0)
    ranked = sorted(spread, key=lambda name: (-spread[name], name))
    first, rest = ranked[: MOST_COLUMNS // 2], sorted(ranked[MOST_COLUMNS // 2 :])
    places = np.linspace(0, len(rest) - 1, min(len(rest), MOST_COLUMNS // 2)).astype(np.int64)
    return sorted([*first, *(rest[place] for place in places)])


def _is_whole(facts: Facts, name: str) -> bool:
    dataset = facts.dataset
    return all(
        name not in dataset.relations[split].absent
        and dataset.surveys[split][name].n_present == dataset.relations[split].n_rows
        for split in labelled_splits(facts)
    )


def class_sizes(facts: Facts) -> dict[str, int]:
    """Return the rows of every class over all splits with labels; of classes that have any."""
    counts = np.sum([facts.classes.counts[split] for split in labelled_splits(facts)], axis=0)
    return {name: int(n) for name, n in zip(facts.classes.classes, counts, strict=True) if n}


def examined_classes(facts: Facts) -> dict[str, int]:
    """Return the classes with enough rows, with their sizes: the 5 largest and the 5 smallest at most."""
    sizes = {name: n for name, n in class_sizes(facts).items() if n >= LEAST_ROWS}
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    half = MOST_CLASSES // 2
    chosen = ranked if len(ranked) <= MOST_CLASSES else [*ranked[:half], *ranked[-half:]]
    return {name: sizes[name] for name in sorted(chosen)}


def fetch_class_rows(facts: Facts, columns: Sequence[str], classes: dict[str, int]) -> dict[str, ClassRows]:
    """Read the rows of these classes, one statement per split."""
    names, splits = list(classes), labelled_splits(facts)
    n_most = min(MOST_ROWS_OF_CLASS, MOST_CELLS // (len(columns) * len(classes)))
    cells = [f"CAST({facts.dataset.sql_name(name)} AS DOUBLE)" for name in columns]
    code = class_expression(facts, names, label_expression(facts.dataset))
    balls = _balls(facts, cells, code, {i: n_most / n for i, n in enumerate(classes.values()) if n > n_most})
    taken = " OR ".join(
        f"(code = {i} AND ({' OR '.join(ball.condition(_named(columns)) for ball in found)}))"
        for i, found in balls.items()
    )
    rest = [str(i) for i in range(len(names)) if i not in balls]
    conditions = [f"code IN ({', '.join(rest)})"] * bool(rest) + [taken] * bool(taken)
    listed = ", ".join(f"{cell} AS v{j}" for j, cell in enumerate(cells))
    parts = []
    for place, split in enumerate(splits):
        arrays = facts.dataset.engine.arrays(
            f"SELECT * FROM (SELECT row, {code} AS code, {listed} FROM {split}) "
            f"WHERE {' OR '.join(conditions)} ORDER BY row"
        )
        head = [as_float(arrays[name]) for name in ("row", "code")]
        body = [as_float(arrays[f"v{j}"]) for j in range(len(columns))]
        parts.append(np.column_stack([np.full(len(head[0]), float(place)), *head, *body]))
    table = np.vstack(parts)
    return {name: _class_rows(splits, table[table[:, 2] == i], classes[name]) for i, name in enumerate(names)}


def middle(values: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """Return the row nearest to the mean, in standard deviations and in the columns' own units: (centre, unit)."""
    mean, spread = values.mean(axis=0), values.std(axis=0)
    spread = np.where(spread > 0, spread, spread.max() or 1.0)
    nearest = [int((((values - mean) / unit) ** 2).sum(axis=1).argmin()) for unit in units(spread)]
    return [(values[place], unit) for place, unit in zip(nearest, units(spread), strict=True)]


def _balls(facts: Facts, cells: Sequence[str], code: str, shares: dict[int, float]) -> dict[int, list[_Ball]]:
    """Return for every class too large to be read whole the two balls that hold this share of its rows."""
    if not shares:
        return {}
    listed = ", ".join(f"{cell} AS v{j}" for j, cell in enumerate(cells))
    arrays = facts.dataset.engine.arrays(
        f"SELECT * FROM (SELECT row, {code} AS code, {listed} FROM {facts.sample.some_rows(ROWS_TO_FIND_MIDDLE)}) "
        f"WHERE code IN ({', '.join(map(str, shares))}) ORDER BY row"
    )
    codes = as_float(arrays["code"])
    values = np.column_stack([as_float(arrays[f"v{j}"]) for j in range(len(cells))])
    found: dict[int, list[_Ball]] = {}
    for i, share in shares.items():
        own = values[codes == i]
        if len(own) == 0:
            own = values
        middles = middle(own)
        squares = np.column_stack([(((own - centre) / unit) ** 2).sum(axis=1) for centre, unit in middles])
        ranks = np.argsort(np.argsort(squares, axis=0), axis=0)
        # The balls overlap: as large as together they hold the share.
        level = np.quantile(ranks.min(axis=1), share) / len(own)
        radii = np.quantile(squares, level, axis=0)
        found[i] = [
            _Ball(centre, unit, own.std(axis=0) > LEAST_PART * unit, float(square))
            for (centre, unit), square in zip(middles, radii, strict=True)
        ]
    return found


def _class_rows(splits: tuple[str, ...], table: FloatArray, n_all: int) -> ClassRows:
    """Return each different row once; the columns are split, row, class, and the values."""
    values, first, place = np.unique(table[:, 3:], axis=0, return_index=True, return_inverse=True)
    masks = np.zeros(len(values), dtype=np.int64)
    np.bitwise_or.at(masks, place.reshape(-1), 1 << table[:, 0].astype(np.int64))
    split, number = table[first, 0].astype(np.int64), table[first, 1].astype(np.int64)
    return ClassRows(splits, values, masks, split, number, n_all, len(table))


def _named(columns: Sequence[str]) -> list[str]:
    return [f"v{j}" for j in range(len(columns))]


def _double(number: float) -> str:
    return f"CAST('{float(number)!r}' AS DOUBLE)"
