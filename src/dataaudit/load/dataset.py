"""load: from sources and declared roles to a Dataset with typed relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from dataaudit.engine.base import EngineError, chunks
from dataaudit.engine.dataset import Dataset, Relation
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.errors import InputError
from dataaudit.load.cells import CellCounts, count_cells
from dataaudit.load.kinds import ColumnValues, count_values, kind_of
from dataaudit.load.label import LabelPlan, plan_label
from dataaudit.load.odd_cells import report_cells
from dataaudit.load.raw import RawTable
from dataaudit.load.roles import Declared, assign_roles, check_columns_exist, guess_label
from dataaudit.load.schemas import check_common_columns, schema_notes
from dataaudit.load.sources import read_sources
from dataaudit.load.splits import cut_by_column
from dataaudit.load.typing import EMBEDDING, MAX_CODES, TypedColumn, infinite_expression, plan_columns, typed_expression
from dataaudit.model import DatasetInfo, Kind, Role, SplitInfo, Task

SPLIT_ORDER = ("train", "validation", "test", "reference")
MAX_CELLS_TO_COPY = 20_000_000
COLUMNS_PER_STATEMENT = 500


def load(engine: DuckDBEngine, sources: Mapping[str, object], declared: Declared, task: str | None = None) -> Dataset:
    """Read every split, type its columns alike, and give every column a kind and a role.

    Raises
    ------
    InputError
        If something cannot be audited; the message names it.
    """
    raws = _read(engine, sources, declared)
    names = raws["train"].names
    check_columns_exist(declared, names, raws["train"].source)
    check_common_columns(raws)
    counts = {}
    for split, raw in raws.items():
        with _reading(raw):
            counts[split] = count_cells(engine, raw, _text_positions(raw))
    columns = plan_columns(raws, counts, _lossless(raws["train"], counts["train"], declared, task))
    cells = report_cells(engine, raws, counts, columns)
    relations = {split: _create_relation(engine, raw, columns) for split, raw in raws.items()}
    _drop_raw_tables(engine, raws)
    values = count_values(engine, "train", columns)
    return replace(_describe(engine, raws, relations, columns, values, declared, task), cells=cells)


def _read(engine: DuckDBEngine, sources: Mapping[str, object], declared: Declared) -> dict[str, RawTable]:
    raws = read_sources(engine, sources)
    if declared.split_column is not None:
        if len(raws) > 1:
            raise InputError(
                f"both a split column and a {min(set(raws) - {'train'})} file were given",
                hint="use --split-column with one file, or separate files without it",
            )
        raws = cut_by_column(engine, raws["train"], declared.split_column)
    return {split: raws[split] for split in SPLIT_ORDER if split in raws}


@contextmanager
def _few_optimizers(engine: DuckDBEngine, n_columns: int) -> Iterator[None]:
    """Leave out, for wide tables, DuckDB's optimizers whose time grows with the square of the columns.

    3,000 columns of CSV: 14 s with them, 0.8 s without. On narrow tables they
    save parsing a cell twice.
    """
    if n_columns > COLUMNS_PER_STATEMENT:
        engine.run("SET disabled_optimizers = 'common_subexpressions,statistics_propagation'")
    try:
        yield
    finally:
        engine.run("RESET disabled_optimizers")


@contextmanager
def _reading(raw: RawTable) -> Iterator[None]:
    """Name the file in what goes wrong while its cells are read: its pages may be damaged though its schema is not."""
    try:
        yield
    except EngineError as error:
        reason = error.message.partition(": ")[2]
        raise InputError(f"{raw.source} cannot be read: {reason}", hint=error.hint) from error


def _lossless(
    train: RawTable, counts: Mapping[int, CellCounts], declared: Declared, task: str | None
) -> frozenset[str]:
    """Return the columns in which no cell may be given up for a number: groups, ids, and a label of classes.

    A label of many different numbers is a quantity, and one bad cell does not
    turn it into thousands of classes.
    """
    named = {name for name, role in declared.by_column().items() if role in (Role.GROUP, Role.ID)}
    if declared.label is None or task == Task.REGRESSION:
        return frozenset(named)
    label = counts.get(train.names.index(declared.label))
    is_quantity = label is not None and label.n_distinct > MAX_CODES
    return frozenset(named if is_quantity and task is None else {*named, declared.label})


def _text_positions(raw: RawTable) -> list[int]:
    return [position for position, sql_type in enumerate(raw.types) if sql_type == "VARCHAR"]


def _create_relation(engine: DuckDBEngine, raw: RawTable, columns: list[TypedColumn]) -> Relation:
    """Create the typed relation: a table where it was CSV or is small, else a view of the file."""
    listed = ", ".join(f"{typed_expression(column, raw.split, raw)} AS c{i}" for i, column in enumerate(columns))
    copied = raw.table is not None or raw.n_rows * len(columns) <= MAX_CELLS_TO_COPY
    kind = "TABLE" if copied else "VIEW"
    create = f"CREATE TEMP {kind} {raw.split} AS SELECT CAST(row AS BIGINT) AS row, {listed} FROM {raw.relation} AS raw"
    with _reading(raw), _few_optimizers(engine, len(columns)):
        engine.run(create)
        n_infinite = _count_infinite(engine, raw, columns)
    absent = frozenset(column.name for column in columns if raw.split not in column.positions)
    return Relation(raw.split, raw.n_rows, absent, n_infinite)


def _count_infinite(engine: DuckDBEngine, raw: RawTable, columns: list[TypedColumn]) -> dict[str, int]:
    wanted = [(column.name, infinite_expression(column, raw.split, raw)) for column in columns]
    found: dict[str, int] = {}
    for run in chunks([(name, expression) for name, expression in wanted if expression], COLUMNS_PER_STATEMENT):
        row = engine.rows(f"SELECT {', '.join(expression for _, expression in run)} FROM {raw.relation} AS raw")[0]
        found |= {name: int(n) for (name, _), n in zip(run, row, strict=True) if n}
    return found


def _drop_raw_tables(engine: DuckDBEngine, raws: Mapping[str, RawTable]) -> None:
    for table in {raw.table for raw in raws.values() if raw.table is not None}:
        engine.run(f"DROP TABLE {table}")


def _describe(
    engine: DuckDBEngine,
    raws: Mapping[str, RawTable],
    relations: Mapping[str, Relation],
    columns: list[TypedColumn],
    values: Mapping[str, ColumnValues],
    declared: Declared,
    task: str | None,
) -> Dataset:
    names = [column.name for column in columns]
    notes = [note for raw in raws.values() for note in raw.notes] + schema_notes(raws, columns)
    if declared.label is None:
        guessed = guess_label(names, values)
        notes.append(f"No label was named; the column {guessed!r} was taken for it.")
        declared = replace(declared, label=guessed)
    kinds = {column.name: kind_of(column, values.get(column.name)) for column in columns}
    plan = _plan_label(engine, declared, columns, kinds, relations, values, task)
    info = DatasetInfo(
        task=plan.task,
        label=declared.label,
        splits=tuple(SplitInfo(split, raw.source, raw.n_rows, len(raw.names)) for split, raw in raws.items()),
        columns=assign_roles(names, kinds, values, declared),
        notes=tuple(notes),
    )
    sql_types = {column.name: column.sql_type for column in columns} | {str(declared.label): plan.sql_type}
    n_distinct = {name: counted.n_distinct for name, counted in values.items() if counted.n_distinct}
    return Dataset(engine, info, relations, plan.classes, sql_types, n_distinct)


def _plan_label(
    engine: DuckDBEngine,
    declared: Declared,
    columns: list[TypedColumn],
    kinds: Mapping[str, Kind],
    relations: Mapping[str, Relation],
    values: Mapping[str, ColumnValues],
    task: str | None,
) -> LabelPlan:
    label = str(declared.label)
    position = next(i for i, column in enumerate(columns) if column.name == label)
    return plan_label(
        engine,
        label,
        f"c{position}",
        kinds[label],
        columns[position].sql_type,
        {split: split for split, relation in relations.items() if label not in relation.absent},
        task,
        [column.name for column in columns if column.sql_type != EMBEDDING],
        values,
    )
