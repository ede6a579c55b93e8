"""load: from sources and declared roles to a Dataset with typed relations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from dataaudit.engine.base import Engine, EngineError
from dataaudit.engine.dataset import ColumnSurvey, Dataset, Relation, Source
from dataaudit.engine.opening import AnyEngine
from dataaudit.errors import InputError
from dataaudit.load.arrow import read_arrow_schema
from dataaudit.load.cells import CellCounts, count_cells
from dataaudit.load.csv import missing_spellings
from dataaudit.load.kinds import kind_of
from dataaudit.load.label import LabelPlan, plan_label
from dataaudit.load.odd_cells import report_cells
from dataaudit.load.raw import RawTable
from dataaudit.load.roles import Declared, assign_roles, check_columns_exist, guess_label
from dataaudit.load.schemas import check_common_columns, schema_notes
from dataaudit.load.sources import read_sources
from dataaudit.load.splits import cut_by_column
from dataaudit.load.survey import survey_split
from dataaudit.load.typing import EMBEDDING, MAX_CODES, TypedColumn, plan_columns, typed_expression
from dataaudit.model import DatasetInfo, Kind, Role, SplitInfo, Task

SPLIT_ORDER = ("train", "validation", "test", "reference")
MAX_CELLS_TO_COPY = 20_000_000


def load(
    engine: AnyEngine,
    sources: Mapping[str, object],
    declared: Declared,
    task: str | None = None,
    *,
    keep_cells: bool = False,
    only_label: bool = False,
    once_read: Callable[[], None] | None = None,
) -> Dataset:
    """Read every split, type its columns alike, and give every column a kind and a role.

    With `keep_cells` the splits are kept as their files hold them, too, so that their rows can be written out again.
    With `only_label` no other column is looked at where the label is named: the dataset has one column, and large
    files are not read for what nobody asks of them.
    `once_read` is called when all files were opened and have the columns that were declared.

    Raises
    ------
    InputError
        If something cannot be audited; the message names it.
    """
    raws = _read(engine, sources, declared, keep_cells)
    names = raws["train"].names
    check_columns_exist(declared, names, raws["train"].source)
    check_common_columns(raws)
    if once_read is not None:
        once_read()
    whole = raws
    if only_label and declared.label is not None:
        raws = {split: _of_label(raw, declared.label) for split, raw in raws.items()}
        declared = Declared(label=declared.label)
    counts = {}
    for split, raw in raws.items():
        with _reading(raw):
            counts[split] = count_cells(engine, raw, _text_positions(raw))
    columns = plan_columns(raws, counts, _lossless(raws["train"], counts["train"], declared, task))
    cells = report_cells(engine, raws, counts, columns)
    surveys = {split: _create_relation(engine, raw, columns) for split, raw in raws.items()}
    if not keep_cells:
        _drop_raw_tables(engine, raws)
    dataset = replace(_describe(engine, raws, columns, surveys, declared, task), cells=cells)
    if not keep_cells:
        return dataset
    label = next(column for column in columns if column.name == dataset.info.label)
    return replace(dataset, sources={split: _source(raw, label, dataset) for split, raw in whole.items()})


def _of_label(raw: RawTable, label: str) -> RawTable:
    """Return the split with no column but its label; without a label, with its first column."""
    at = raw.names.index(label) if label in raw.names else 0
    relation = f"(SELECT r{at} AS r0, row FROM {raw.relation} AS every)"
    return replace(raw, relation=relation, names=raw.names[at : at + 1], types=raw.types[at : at + 1])


def _source(raw: RawTable, label: TypedColumn, dataset: Dataset) -> Source:
    relation, types = raw.as_written or raw.relation, raw.types
    # Parquet has intervals of whole milliseconds, and few read them. Those of its files are left as they are.
    durations = [at for at, sql_type in enumerate(types) if sql_type == "INTERVAL" and not raw.paths]
    if durations:
        texts = ", ".join(f"CAST(r{at} AS VARCHAR) AS r{at}" for at in durations)
        relation = f"(SELECT * REPLACE ({texts}) FROM {relation} AS frame)"
        types = tuple("VARCHAR" if at in durations else sql_type for at, sql_type in enumerate(types))
    return Source(
        name=raw.source,
        relation=relation,
        names=raw.names,
        types=types,
        n_rows=raw.n_rows,
        is_csv=not raw.stored_as_text,
        delimiter=raw.delimiter,
        has_header=raw.has_header,
        label=_label_cell(raw, label, dataset),
        arrow_schema=read_arrow_schema(raw.paths) if raw.paths else None,
    )


def _label_cell(raw: RawTable, label: TypedColumn, dataset: Dataset) -> str | None:
    if label.name not in raw.names:
        return None
    at = raw.names.index(label.name)
    # The column may have been looked at alone, in another place.
    cell = typed_expression(replace(label, positions={raw.split: at}), raw.split, raw)
    if raw.as_written is not None:
        cell = f"CASE WHEN r{at} NOT IN ({missing_spellings()}) THEN {cell} END"
    if label.sql_type == "DOUBLE":
        cell = f"CASE WHEN isfinite({cell}) THEN {cell} END"
    return f"CAST({cell} AS {dataset.sql_types[label.name]})"


def _read(
    engine: AnyEngine, sources: Mapping[str, object], declared: Declared, keep_cells: bool
) -> dict[str, RawTable]:
    raws = read_sources(engine, sources, keep_cells)
    if declared.split_column is not None:
        if len(raws) > 1:
            raise InputError(
                f"both a split column and a {min(set(raws) - {'train'})} file were given",
                hint="use --split-column with one file, or separate files without it",
            )
        raws = cut_by_column(engine, raws["train"], declared.split_column)
    return {split: raws[split] for split in SPLIT_ORDER if split in raws}


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


def _create_relation(engine: Engine, raw: RawTable, columns: list[TypedColumn]) -> dict[str, ColumnSurvey]:
    """Create a split's typed relation and survey it: a table where it was CSV or is small, else a view of the file."""
    listed = ", ".join(f"{typed_expression(column, raw.split, raw)} AS c{i}" for i, column in enumerate(columns))
    copied = raw.table is not None or raw.n_rows * len(columns) <= MAX_CELLS_TO_COPY
    kind = "TABLE" if copied else "VIEW"
    typed = f"typed_{raw.split}"
    create = f"CREATE TEMP {kind} {typed} AS SELECT CAST(row AS BIGINT) AS row, {listed} FROM {raw.relation} AS raw"
    with _reading(raw), engine.planning_for(len(columns)):
        engine.run(create)
        surveys = survey_split(engine, typed, columns, raw.split, raw.n_rows)
    _name_finite(engine, raw, columns, surveys, kind)
    return surveys


def _name_finite(
    engine: Engine, raw: RawTable, columns: list[TypedColumn], surveys: Mapping[str, ColumnSurvey], kind: str
) -> None:
    """Give the typed relation the split's name; numbers that are not finite become NULL, where there are any."""
    replaced = ", ".join(
        f"CASE WHEN isfinite(c{i}) THEN c{i} END AS c{i}"
        for i, column in enumerate(columns)
        if surveys[column.name].n_infinite or surveys[column.name].n_nan
    )
    if replaced:
        engine.run(f"CREATE TEMP VIEW {raw.split} AS SELECT * REPLACE ({replaced}) FROM typed_{raw.split}")
    else:
        engine.run(f"ALTER {kind} typed_{raw.split} RENAME TO {raw.split}")


def _drop_raw_tables(engine: Engine, raws: Mapping[str, RawTable]) -> None:
    for table in {raw.table for raw in raws.values() if raw.table is not None}:
        engine.run(f"DROP TABLE {table}")


def _describe(
    engine: Engine,
    raws: Mapping[str, RawTable],
    columns: list[TypedColumn],
    surveys: Mapping[str, Mapping[str, ColumnSurvey]],
    declared: Declared,
    task: str | None,
) -> Dataset:
    names = [column.name for column in columns]
    values = {column.name: surveys["train"][column.name] for column in columns if column.sql_type != EMBEDDING}
    relations = {split: _relation(raw, columns) for split, raw in raws.items()}
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
    return Dataset(engine, info, relations, plan.classes, sql_types, surveys)


def _relation(raw: RawTable, columns: list[TypedColumn]) -> Relation:
    absent = frozenset(column.name for column in columns if raw.split not in column.positions)
    return Relation(raw.split, raw.n_rows, absent, raw.files)


def _plan_label(
    engine: Engine,
    declared: Declared,
    columns: list[TypedColumn],
    kinds: Mapping[str, Kind],
    relations: Mapping[str, Relation],
    values: Mapping[str, ColumnSurvey],
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
