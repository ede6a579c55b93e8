"""Whether a rebalanced folder accounts for every row, told from its files alone.

Nothing of dataaudit is imported: the cells of CSV are what Python's csv module reads, those of Parquet what Arrow
reads, and every row that is written is held beside the row of the input that the lists name.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
ORIGINS = {"kept", "repeated", "synthetic"}
MOST_TOLD = 3


@dataclass
class Table:
    """The cells of a table by column; `types` are those that its file declares."""

    columns: dict[str, list[Any]]
    types: tuple[str, ...]
    n_rows: int = 0


@dataclass
class Account:
    """What became of the rows of train.

    Attributes
    ----------
    n_rows : Counter of origin, "dropped", "in" and "out" to rows
    problems : list of str
        Everything that is not as it must be.
    """

    n_rows: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def add(self, what: str, wrong: Sequence[object]) -> None:
        """Note a problem, if there are any cases of it."""
        if wrong:
            shown = ", ".join(str(one) for one in wrong[:MOST_TOLD])
            self.problems.append(f"{what}: {len(wrong)} ({shown})")


def read_table(path: Path) -> Table:
    """Read a table by the ending of its name; the cells of CSV as the texts they are."""
    if path.suffix == ".parquet":
        read = pq.read_table(path)
        # Lists are of the same type whatever their items are called.
        types = tuple(re.sub(r"<(?:element|item): ", "<", str(one.type)) for one in read.schema)
        return Table({name: read[name].to_pylist() for name in read.column_names}, types, read.num_rows)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    columns = [list(cells) for cells in zip(*rows[1:], strict=True)] or [[] for _ in rows[0]]
    return Table(dict(zip(rows[0], columns, strict=True)), ("text",) * len(rows[0]), len(rows) - 1)


def account(given: Path, folder: Path, label: str, strategy: str, added: Sequence[str] = ()) -> Account:
    """Hold what was written of train beside what came in.

    Parameters
    ----------
    given : Path
        The training table.
    folder : Path
        What `dataaudit rebalance` wrote.
    label, strategy : str
    added : sequence of str
        Columns behind the input's own, such as a weight.
    """
    before, after = read_table(given), read_table(folder / f"train{given.suffix}")
    found = Account(Counter({"in": before.n_rows, "out": after.n_rows}))
    if list(after.columns) != [*before.columns, *added]:
        found.problems.append(f"columns {list(after.columns)} instead of {[*before.columns, *added]}")
        return found
    types = after.types[: len(before.types)]
    found.add("types", [pair for pair in zip(before.types, types, strict=True) if pair[0] != pair[1]])
    dropped = _dropped(folder, before, found)
    sources, parents = _origins(folder, before, after, set(dropped), strategy, found)
    kept = [row for row, origin in sources if origin == "kept"]
    found.add("rows kept twice", [row for row, n in Counter(kept).items() if n > 1])
    found.add("rows neither kept nor dropped", sorted(set(range(before.n_rows)) - set(kept) - set(dropped)))
    found.add("rows kept and dropped", sorted(set(kept) & set(dropped)))
    found.add("rows repeated but not kept", sorted({row for row, origin in sources if origin == "repeated"} - {*kept}))
    found.n_rows.update(Counter(origin for _, origin in sources), dropped=len(dropped))
    if not found.problems:
        _compare_cells(before, after, sources, found)
        _judge_made(before, after, parents, label, found)
        _check_manifest(folder, found)
    return found


def _list(folder: Path, stem: str) -> dict[str, list[Any]] | None:
    path = next(iter(folder.glob(f"{stem}.*")), None)
    if path is None:
        return None
    columns = read_table(path).columns
    if path.suffix == ".csv":
        columns = {name: [cell or None for cell in cells] for name, cells in columns.items()}
        for name in {"row", "source_row", "parent_rows"} & set(columns):
            columns[name] = [None if cell is None else json.loads(cell) for cell in columns[name]]
    return columns


def _dropped(folder: Path, before: Table, found: Account) -> list[int]:
    listed = _list(folder, "dropped")
    if listed is None:
        return []
    found.add("dropped rows of no split or reason", [one for one in listed["reason"] if not one])
    found.add("dropped rows of another split", [one for one in listed["split"] if one != "train"])
    found.add("dropped rows that did not come in", [row for row in listed["row"] if not 0 <= row < before.n_rows])
    found.add("rows dropped twice", [row for row, n in Counter(listed["row"]).items() if n > 1])
    return listed["row"]


def _origins(
    folder: Path, before: Table, after: Table, dropped: set[int], strategy: str, found: Account
) -> tuple[list[tuple[int | None, str]], list[list[int] | None]]:
    """Return, for every written row, its source row and its origin, and its parents."""
    listed = _list(folder, "provenance")
    if listed is None:
        rows = [row for row in range(before.n_rows) if row not in dropped]
        if len(rows) != after.n_rows:
            found.problems.append(f"{after.n_rows} rows written, {len(rows)} neither dropped nor listed")
        return [(row, "kept") for row in rows], [None] * len(rows)
    if listed["row"] != list(range(after.n_rows)):
        found.problems.append(f"provenance does not list the {after.n_rows} written rows in their order")
    found.add("unknown origins", sorted(set(listed["origin"]) - ORIGINS))
    found.add("rows of another strategy", [one for one in listed["strategy"] if one != strategy])
    found.add("rows of another split", [one for one in listed["source_split"] if one != "train"])
    for place, (origin, row, parents) in enumerate(
        zip(listed["origin"], listed["source_row"], listed["parent_rows"], strict=True)
    ):
        if origin == "synthetic":
            named = parents or []
            is_told = row is None and named and all(0 <= one < before.n_rows for one in named)
        else:
            is_told = row is not None and 0 <= row < before.n_rows and not parents
        if not is_told:
            found.problems.append(f"row {place} is {origin}, of row {row} and parents {parents}")
            break
    return list(zip(listed["source_row"], listed["origin"], strict=True)), listed["parent_rows"]


def _compare_cells(before: Table, after: Table, sources: Sequence[tuple[int | None, str]], found: Account) -> None:
    """Hold every kept and repeated row beside the row it is said to be, cell by cell."""
    for name, cells in before.columns.items():
        written = after.columns[name]
        wrong = [
            f"row {place}: {written[place]!r} of {cells[row]!r}"
            for place, (row, _) in enumerate(sources)
            if row is not None and not _same(written[place], cells[row])
        ]
        found.add(f"cells of {name!r} that are not those of the row they come from", wrong)


def _same(one: Any, other: Any) -> bool:
    # A NaN is the only cell that does not equal itself.
    return bool(one == other) or (one != one and other != other)


def _judge_made(before: Table, after: Table, parents: Sequence[list[int] | None], label: str, found: Account) -> None:
    """Judge the cells of the rows that were made up."""
    made = [place for place, own in enumerate(parents) if own]
    if not made:
        return
    labels = before.columns[label]
    found.add(
        "made-up rows with a label that a parent has not",
        [place for place in made if any(labels[row] != after.columns[label][place] for row in parents[place] or ())],
    )
    for name, cells in before.columns.items():
        known = [cell for cell in cells if not _is_missing(cell)]
        new = [after.columns[name][place] for place in made]
        new = [cell for cell in new if not _is_missing(cell)]
        if len(new) < len(made) and len(known) == len(cells):
            found.problems.append(f"{name!r} is missing in made-up rows, and in no other")
        found.add(f"cells of {name!r} no row can have", list(_impossible(known, new)))


def _impossible(known: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    """Return the cells that are of another kind than the known, beyond them, or of more decimals."""
    have = set(map(str, known))
    numbers = [number for number in map(_number, known) if number is not None]
    if known and len(numbers) == len(known):
        least, most = min(number for number, _ in numbers), max(number for number, _ in numbers)
        n_decimals = max(decimals for _, decimals in numbers)
        for cell in new:
            number = _number(cell)
            if str(cell) not in have and (number is None or not least <= number[0] <= most or number[1] > n_decimals):
                yield repr(cell)
        return
    days = [day for day in map(_day, known) if day is not None]
    if known and len(days) == len(known):
        first, last = min(days), max(days)
        at_midnight = all(day.time() == datetime.min.time() for day in days)
        for cell in new:
            day = _day(cell)
            if day is None or not first <= day <= last or (at_midnight and day.time() != datetime.min.time()):
                yield repr(cell)
        return
    yield from (repr(cell) for cell in new if str(cell) not in have)


def _number(cell: Any) -> tuple[Decimal, int] | None:
    """Return a number and how many decimals it is written with; None of anything else."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float | Decimal):
        number = Decimal(str(cell))
        exponent = number.normalize().as_tuple().exponent
        return (number, max(0, -exponent)) if isinstance(exponent, int) else None
    if not isinstance(cell, str) or not NUMBER.fullmatch(cell):
        return None
    written = Decimal(cell)
    return written, max(0, -int(written.as_tuple().exponent))


def _day(cell: Any) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a day has no zone
    try:
        return datetime.fromisoformat(cell).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None


def _is_missing(cell: Any) -> bool:
    return cell is None or cell == "" or cell != cell


def _check_manifest(folder: Path, found: Account) -> None:
    """Hold the figures of the manifest beside those that were counted."""
    told = next(one for one in json.loads((folder / "manifest.json").read_text())["rows"] if one["split"] == "train")
    n_rows = found.n_rows
    figures = {
        "n_rows_in": n_rows["in"],
        "n_rows_kept": n_rows["kept"],
        "n_rows_repeated": n_rows["repeated"],
        "n_rows_synthetic": n_rows["synthetic"],
        "n_rows_out": n_rows["out"],
    }
    found.add("figures of the manifest", [name for name, n in figures.items() if told[name] != n])
    if sum(told["n_rows_dropped"].values()) != n_rows["dropped"]:
        found.problems.append(f"the manifest drops {told['n_rows_dropped']}, the list {n_rows['dropped']}")
    if n_rows["in"] != n_rows["kept"] + n_rows["dropped"]:
        found.problems.append(f"{n_rows['in']} rows in, {n_rows['kept']} kept and {n_rows['dropped']} dropped")
    if n_rows["out"] != n_rows["kept"] + n_rows["repeated"] + n_rows["synthetic"]:
        found.problems.append(f"{n_rows['out']} rows out: {dict(n_rows)}")
