"""Date features beside the declared time of their row: how many are later, by how much, and with which labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dataaudit.engine.base import chunks
from dataaudit.errors import NotMeasurable
from dataaudit.measure.labels import label_select, label_text, splits_with_label
from dataaudit.model import Kind, Role, Task

if TYPE_CHECKING:
    from dataaudit.engine.dataset import Dataset
    from dataaudit.measure.facts import Facts

COLUMNS_PER_STATEMENT = 50
MAX_LATE_COLUMNS = 100
MAX_NUMBERS = 21
# Clocks of two machines differ by less.
CLOCK_SECONDS = 60
QUARTER_OF_AN_HOUR = 900


@dataclass(frozen=True)
class Lateness:
    """A date feature of one split against the declared time, over all rows that have both.

    Attributes
    ----------
    n_rows : int
        Rows with both.
    n_later : int
        Rows whose feature is later than the time; where either column has no time of day in any row of any
        split, rows whose feature is of a later day.
    n_later_by_clock : int
        Of these, by no more than a minute.
    by_day : bool
        Whether days were compared.
    seconds_median : float
        Median by which the later rows are later; of days, whole ones.
    seconds_least, seconds_most : float
        Smallest and largest difference of any row, feature less time.
    only_quarters : bool
        Whether every difference is a whole number of quarters of an hour, as those of time zones are.
    n_by_label : mapping of class to (n_later, n_rows)
        Labelled rows with a time, later ones first; a row without the feature is not later. Empty in
        regression and without a label.
    target_means : (float, float) or None
        Regression: mean of the target (less its mean in train) of the later rows and of the others.
    numbers : tuple of int
        The first 21 later rows.
    """

    column: str
    split: str
    n_rows: int
    n_later: int
    n_later_by_clock: int
    by_day: bool
    seconds_least: float
    seconds_most: float
    only_quarters: bool
    seconds_median: float = 0.0
    n_by_label: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    target_means: tuple[float, float] | None = None
    numbers: tuple[int, ...] = ()
    sampled: bool = False


def measure_lateness(facts: Facts) -> dict[str, dict[str, Lateness]]:
    """Return for every date feature with a row later than its time the counts per split.

    One statement per split and 50 columns; more is asked only of columns with later rows, at most 100.
    """
    time = facts.info.with_role(Role.TIME)[0]
    if time.kind is not Kind.DATETIME:
        raise NotMeasurable(f"the time column {time.name!r} is {time.kind}: only dates are compared with dates")
    names = sorted(column.name for column in facts.features if column.kind is Kind.DATETIME)
    if not names:
        return {}
    days_only = _without_time_of_day(facts, [time.name, *names])
    by_day = {name for name in names if name in days_only or time.name in days_only}
    found: dict[str, dict[str, Lateness]] = {name: {} for name in names}
    for split in facts.dataset.relations:
        for lateness in _count(facts, split, time.name, names, by_day):
            found[lateness.column][split] = lateness
    late = [name for name in names if any(of_split.n_later for of_split in found[name].values())]
    return {
        name: {
            split: _described(facts, of_split, time.name) if of_split.n_later else of_split
            for split, of_split in found[name].items()
        }
        for name in late[:MAX_LATE_COLUMNS]
    }


def _without_time_of_day(facts: Facts, names: Sequence[str]) -> set[str]:
    """Return the columns that stand at midnight in every row of every split."""
    with_time: set[str] = set()
    for split in facts.dataset.relations:
        for run in chunks(names, COLUMNS_PER_STATEMENT):
            cells = [facts.dataset.sql_name(name) for name in run]
            listed = ", ".join(f"count_if({cell} <> date_trunc('day', {cell}))" for cell in cells)
            row = facts.dataset.engine.rows(f"SELECT {listed} FROM {split}")[0]
            with_time |= {name for name, n in zip(run, row, strict=True) if n}
    return set(names) - with_time


def _lag(dataset: Dataset, name: str, time: str, *, by_day: bool) -> str:
    """Return SQL of the seconds that a feature is later than its row's time."""
    cells = (dataset.sql_name(name), dataset.sql_name(time))
    feature, at = (f"epoch(date_trunc('day', {cell}))" if by_day else f"epoch({cell})" for cell in cells)
    return f"({feature} - {at})"


def _count(facts: Facts, split: str, time: str, names: Sequence[str], by_day: set[str]) -> list[Lateness]:
    relation = facts.dataset.relations[split]
    if time in relation.absent:
        return []
    found = []
    for run in chunks([name for name in names if name not in relation.absent], COLUMNS_PER_STATEMENT):
        lags = ", ".join(
            f"{_lag(facts.dataset, name, time, by_day=name in by_day)} AS l{i}" for i, name in enumerate(run)
        )
        listed = ", ".join(
            f"count(l{i}), count_if(l{i} > 0), count_if(l{i} > 0 AND l{i} <= {CLOCK_SECONDS}), min(l{i}), max(l{i}), "
            f"count_if(l{i} <> {QUARTER_OF_AN_HOUR} * round(l{i} / {QUARTER_OF_AN_HOUR}))"
            for i in range(len(run))
        )
        row = facts.dataset.engine.rows(f"SELECT {listed} FROM (SELECT {lags} FROM {split})")[0]
        for i, name in enumerate(run):
            n_rows, n_later, n_by_clock, least, most, n_odd = row[6 * i : 6 * i + 6]
            found.append(
                Lateness(
                    column=name,
                    split=split,
                    n_rows=int(n_rows),
                    n_later=int(n_later or 0),
                    n_later_by_clock=int(n_by_clock or 0),
                    by_day=name in by_day,
                    seconds_least=float(least or 0.0),
                    seconds_most=float(most or 0.0),
                    only_quarters=not n_odd,
                )
            )
    return found


def _described(facts: Facts, lateness: Lateness, time: str) -> Lateness:
    """Return the counts with the median lag, the labels of the later rows, and their numbers."""
    dataset = facts.dataset
    lag = _lag(dataset, lateness.column, time, by_day=lateness.by_day)
    later = f"(SELECT row, {lag} AS lag FROM {lateness.split} WHERE {lag} > 0)"
    median = dataset.engine.rows(f"SELECT median(lag) FROM {later}")[0][0]
    numbers = dataset.engine.rows(f"SELECT row FROM {later} ORDER BY row LIMIT {MAX_NUMBERS}")
    described = replace(lateness, seconds_median=float(median), numbers=tuple(int(row[0]) for row in numbers))
    if facts.info.label is None or lateness.split not in splits_with_label(dataset):
        return described
    return _with_labels(facts, described, f"coalesce({lag} > 0, false)", dataset.sql_name(time))


def _with_labels(facts: Facts, lateness: Lateness, is_later: str, at: str) -> Lateness:
    label = label_select(facts, lateness.split)
    rows = f"(SELECT {label}, {is_later} AS later FROM {lateness.split} WHERE {at} IS NOT NULL)"
    if facts.info.task is Task.REGRESSION:
        means = facts.dataset.engine.rows(f"SELECT avg(t) FILTER (later), avg(t) FILTER (NOT later) FROM {rows}")[0]
        return replace(lateness, target_means=None if None in means else (float(means[0]), float(means[1])))
    counts = facts.dataset.engine.rows(
        f"SELECT y, count_if(later), count(*) FROM {rows} WHERE y IS NOT NULL GROUP BY y"
    )
    by_class = {label_text(value): (int(n_later), int(n)) for value, n_later, n in counts}
    return replace(lateness, n_by_label={name: by_class[name] for name in sorted(by_class)})
