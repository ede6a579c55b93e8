"""The label: is it usable, what is the task, which classes are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataaudit.engine.base import Engine
from dataaudit.engine.dataset import ColumnSurvey
from dataaudit.errors import InputError
from dataaudit.load.roles import label_hint, names_the_row
from dataaudit.model import Kind, Task
from dataaudit.text import join_words, show_value

MAX_INTEGER_CLASSES = 20
N_ROWS_TO_BE_UNIQUE = 3
# Up to here every whole number is a floating-point number of its own.
LARGEST_EXACT = 2**53


@dataclass(frozen=True)
class LabelPlan:
    """The task, the classes' texts over all splits (sorted), and the label's SQL type."""

    task: Task
    classes: tuple[str, ...]
    sql_type: str


def plan_label(
    engine: Engine,
    label: str,
    cell: str,
    kind: Kind,
    sql_type: str,
    tables: Mapping[str, str],
    task: str | None,
    names: Sequence[str],
    values: Mapping[str, ColumnSurvey],
) -> LabelPlan:
    """Decide task and classes.

    Parameters
    ----------
    cell : str
        The label's name in the typed relations.
    tables : mapping of split to relation, for the splits that have the label
    task : {"binary", "multiclass", "regression"}, optional
        What the user says; otherwise text, booleans, two values, and up to 20
        whole numbers are classes.

    Raises
    ------
    InputError
        If the label is all missing, constant or unique in every row, or does
        not fit the task.
    """
    n_present, n_distinct, integral = _count(engine, cell, sql_type, tables["train"])
    hint = label_hint(names, values, but=label)
    _check_usable(label, n_present, n_distinct, kind, hint)
    if task is None and kind is Kind.NUMERIC and names_the_row(label, values.get(label)):
        raise InputError(f"label {label!r} numbers the training rows, a value of its own in each", hint=hint)
    decided = _decide_task(label, task, kind, n_present, n_distinct, integral)
    if decided is Task.REGRESSION:
        return LabelPlan(decided, (), "DOUBLE")
    integral = integral and all(_count(engine, cell, sql_type, table)[2] for table in tables.values())
    final_type = "BIGINT" if sql_type == "DOUBLE" and integral else sql_type
    classes = _classes(engine, cell, final_type, tables)
    if task == Task.BINARY and n_distinct > 2:
        shown = join_words([show_value(name) for name in classes])
        raise InputError(f"label {label!r} has {n_distinct} classes ({shown}), not two", hint="use --task multiclass")
    return LabelPlan(decided, classes, final_type)


def _count(engine: Engine, cell: str, sql_type: str, table: str) -> tuple[int, int, bool]:
    integral = "true" if sql_type == "BIGINT" else "false"
    if sql_type == "DOUBLE":
        integral = f"coalesce(bool_and({cell} = trunc({cell}) AND abs({cell}) <= {LARGEST_EXACT}), true)"
    row = engine.rows(f"SELECT count({cell}), count(DISTINCT {cell}), {integral} FROM {table}")[0]
    return int(row[0]), int(row[1]), bool(row[2])


def _check_usable(label: str, n_present: int, n_distinct: int, kind: Kind, hint: str) -> None:
    if n_present == 0:
        raise InputError(f"label {label!r} is missing in every training row", hint=hint)
    if n_present == 1:
        raise InputError(f"label {label!r} has a value in one training row only", hint="give a table with more rows")
    if n_distinct == 1:
        raise InputError(f"label {label!r} has the same value in all {n_present:,} training rows", hint=hint)
    if kind in (Kind.DATETIME, Kind.EMBEDDING):
        what = "an embedding" if kind is Kind.EMBEDDING else "a datetime"
        raise InputError(f"label {label!r} is {what}, which cannot be predicted as a class or number", hint=hint)
    is_words = kind in (Kind.CATEGORICAL, Kind.TEXT)
    if is_words and n_present >= N_ROWS_TO_BE_UNIQUE and n_distinct == n_present:
        raise InputError(f"label {label!r} has a value of its own in every training row", hint=hint)


def _decide_task(label: str, task: str | None, kind: Kind, n_present: int, n_distinct: int, integral: bool) -> Task:
    if task == Task.REGRESSION and kind is not Kind.NUMERIC:
        raise InputError(f"label {label!r} is {kind}, not a number", hint="leave --task out, or choose another label")
    if task is not None:
        return Task(task)
    if n_distinct == 2:
        return Task.BINARY
    few = integral and n_distinct <= MAX_INTEGER_CLASSES and 2 * n_distinct <= n_present
    return Task.MULTICLASS if kind is not Kind.NUMERIC or few else Task.REGRESSION


def _classes(engine: Engine, cell: str, sql_type: str, tables: Mapping[str, str]) -> tuple[str, ...]:
    union = " UNION ".join(f"SELECT CAST({cell} AS {sql_type}) AS y FROM {table}" for table in tables.values())
    found = engine.rows(
        f"SELECT CAST(y AS VARCHAR) FROM (SELECT DISTINCT y FROM ({union})) WHERE y IS NOT NULL ORDER BY y"
    )
    return tuple(str(row[0]) for row in found)
