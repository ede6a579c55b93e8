"""IMB004: a class, or an end of the target, that a subgroup hardly has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from dataaudit.figures import Crosstab
from dataaudit.intervals import holm
from dataaudit.model import ColumnInfo, Finding, Kind, Role, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._folding import fold
from dataaudit.rules.imbalance._cells import Cell, cells_of
from dataaudit.text import FromData, Text, show_count, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile
    from dataaudit.measure.tables import ValueTable

IntArray = NDArray[np.int64]

# Columns by which people, and the places data come from, are usually grouped.
GROUP_NAME = re.compile(
    r"(?i)(^|[\W_])(sex|gender|race|ethnic\w*|nationality|religion|disab\w*|age_?group|site|hospital|clinic|centre|"
    r"center|region|country|state|district|scanner|device|camera|sensor|annotator|batch)([\W_]|$)"
)
MIDDLE = "between the tenths at both ends"
ENDS = ("the lowest tenth", MIDDLE, "the highest tenth")
MOST_CELLS = 20


@dataclass(frozen=True)
class EmptySubgroup(Rule):
    """A class that a subgroup of the rows hardly has.

    What it does
    ------------
    Counts the training rows of every class in every level of the declared
    contexts and of features with few levels, and compares them with what the
    shares of level and class alone make expect. A cell is named if at least
    `expected_min` rows were expected, it has none, and that is improbable, were
    the labels dealt at random: the exact hypergeometric tail, after Holm's
    correction over all cells of all columns. Of declared contexts, and of
    columns whose names say that they group people or places (sex, race, site),
    cells are also named that have `times_fewer` times fewer rows than expected
    and `rows_most` at most, and of a numeric target the cells are level by
    lowest and highest tenth. These are warnings. Any other feature is info:
    empty cells are what a strong feature looks like. Features that explain
    `most_explained` of the label are left out.

    Why it matters
    --------------
    A model cannot learn what it is never shown: it takes the level for a reason
    against the class. Recall of that class in that subgroup cannot be measured
    either, and an average over subgroups hides it.

    Flagged
    -------
    Hospital B sends 300 patients of 1,000, none of them among 90 with sepsis.

    Clean
    -----
    A level of 12 rows without a class that a quarter of all rows have: 3 were
    expected.

    Thresholds
    ----------
    expected_min : rows, default 5
        Cells where fewer are expected say nothing if empty (Cochran 1954).
    times_fewer : expected rows / rows, default 5
        Least ratio for a cell that is not empty.
    rows_most : rows, default 10
        From more a class can be learnt, rare as it is there.
    alpha : probability, default 0.01
        Most that chance may have, after Holm's correction.
    levels_most : levels, default 20
        Columns with more are passed over.
    levels_most_of_numbers : levels, default 10
        The same for whole numbers, from the lowest to the highest.
    most_explained : share of the label explained, default 0.5
        Features that tell more are not looked at; contexts are.
    n_rows_to_measure : rows, default 5
        Fewer rows of a cell in another split measure nothing there, if train
        has `n_rows_in_train`.
    n_rows_in_train : rows, default 20
        See there.
    most_findings : findings, default 10
        Columns reported one by one; the others in a last finding.

    Measured with permuted labels on 13 real tables of up to 5,000 rows, 20
    seeds each: none of the 260 runs had a warning, or an info.

    Limits
    ------
    Rows that belong together (several of one patient) make cells empty more
    easily than this reckons. Looks at one column at a time, not at pairs.

    Fix
    ---
    Collect rows of the cells named; report scores by subgroup; do not use the
    model for that class there until it has been shown some.

    References
    ----------
    Cochran, Biometrics 10(4) (1954); Holm (1979); Buolamwini and Gebru, Gender
    Shades, FAT* (2018).
    """

    code: ClassVar[str] = "IMB004"
    name: ClassVar[str] = "empty-subgroup"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)

    expected_min: float = 5.0
    times_fewer: float = 5.0
    rows_most: int = 10
    alpha: float = 0.01
    levels_most: int = 20
    levels_most_of_numbers: int = 10
    most_explained: float = 0.5
    n_rows_to_measure: int = 5
    n_rows_in_train: int = 20
    most_findings: int = 10

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding for each column that has such cells, those with the most missing rows first."""
        names = self._class_names(facts)
        cells: list[Cell] = []
        for column in facts.info.with_role(Role.FEATURE, Role.CONTEXT):
            table = facts.tables.get(column.name)
            levels = self._levels(facts, column, table) if table is not None else []
            if table is not None and len(levels) > 1:
                counts = self._by_class(facts, table, "train")
                every = cells_of(table, counts, names, levels, self.times_fewer)
                cells += [cell for cell in every if cell.expected >= self.expected_min and cell.label_class != MIDDLE]
        sparse: dict[str, list[Cell]] = {}
        for cell, p_value in zip(cells, holm([cell.p_value for cell in cells]), strict=True):
            most = self.rows_most if _is_group(facts.info.column(cell.column)) else 0
            if p_value < self.alpha and cell.n_rows <= min(most, cell.expected / self.times_fewer):
                sparse.setdefault(cell.column, []).append(cell)
        found = [
            (sum(cell.expected - cell.n_rows for cell in of_column), self._finding(facts, names, of_column))
            for of_column in sparse.values()
        ]
        yield from fold(self, found, self.most_findings)

    def _levels(self, facts: Facts, column: ColumnInfo, table: ValueTable) -> list[int]:
        """Return the keys that are levels; none if the column has too many, or tells the label by itself."""
        association = facts.associations.get(column.name)
        tells = association is not None and association.explained >= self.most_explained
        if (tells and column.role is Role.FEATURE) or column.name in facts.honest:
            return []
        if facts.info.task is Task.REGRESSION and not _is_group(column):
            return []
        if table.is_bin and not self._is_few_numbers(facts.profiles["train"][column.name]):
            return []
        levels = [key for key in range(table.missing_key) if table.n["train"][key] > 0 and key != table.other_key]
        return levels if len(levels) <= self.levels_most and table.other_key is None else []

    def _is_few_numbers(self, profile: ColumnProfile) -> bool:
        """Tell whether a column holds whole numbers so close together that each has a bin of its own."""
        if profile.kind is not Kind.NUMERIC or not profile.is_integer:
            return False
        low, high = profile.minimum, profile.maximum
        return low is not None and high is not None and high - low < self.levels_most_of_numbers

    def _class_names(self, facts: Facts) -> tuple[str, ...]:
        return ENDS if facts.info.task is Task.REGRESSION else facts.classes.classes

    def _by_class(self, facts: Facts, table: ValueTable, split: str) -> IntArray:
        """Return rows per level and class; of a numeric target, per level and lowest, middle and highest tenth."""
        counts = table.n_by_class[split]
        if facts.info.task is not Task.REGRESSION:
            return counts
        below = np.cumsum(facts.target.counts["train"])
        n_low = int(np.searchsorted(below, 0.1 * below[-1]) + 1)
        n_high = int(np.searchsorted(below, 0.9 * below[-1]) + 1)
        parts = (counts[:, :n_low], counts[:, n_low:n_high], counts[:, n_high:])
        return np.column_stack([part.sum(axis=1) for part in parts])

    def _finding(self, facts: Facts, names: Sequence[str], cells: list[Cell]) -> Finding:
        cells = sorted(cells, key=lambda cell: (-cell.expected, cell.level, cell.label_class))
        column, worst = facts.info.column(cells[0].column), cells[0]
        table = facts.tables[column.name]
        thin = self._too_few_elsewhere(facts, table, names)
        message = Text(
            "Of {rows_level} with {column} = {level}, {n_rows} {verb} {label} = {label_class}; {expected} would be "
            "expected{more}. A model cannot learn that class there, nor can its recall there be measured.",
            {
                "rows_level": show_count(worst.n_rows_level, "training row"),
                "column": column.name,
                "level": FromData(worst.level),
                "n_rows": "none" if worst.n_rows == 0 else f"{worst.n_rows:,}",
                "verb": "have" if worst.n_rows > 1 else "has",
                "label": facts.label,
                "label_class": worst.label_class if names is ENDS else FromData(worst.label_class),
                "expected": show_rounded(worst.expected, 2),
                "more": f", and {show_count(len(cells) - 1, 'more such cell')}" if len(cells) > 1 else "",
            },
        )
        return self.finding(
            Severity.WARNING if _is_group(column) else Severity.INFO,
            message,
            columns=(column.name,),
            evidence={
                "n_cells": len(cells),
                "cells": [FromData(_say(cell)) for cell in cells[:MOST_CELLS]],
                "n_rows": [cell.n_rows for cell in cells[:MOST_CELLS]],
                "n_rows_expected": [cell.expected for cell in cells[:MOST_CELLS]],
                "chance_of_worst": min(cell.p_value for cell in cells),
                "cells_too_few_to_measure": {
                    split: [FromData(name) for name in found] for split, found in thin.items()
                },
            },
            fix=Text(
                "Collect rows of these cells, report scores by {column}, and do not rely on the model for these "
                "classes there.",
                {"column": column.name},
            ),
            figure=self._figure(facts, table, names),
        )

    def _too_few_elsewhere(self, facts: Facts, table: ValueTable, names: Sequence[str]) -> Mapping[str, list[str]]:
        """Return split -> cells that train has and the split has too few rows of."""
        train, found = self._by_class(facts, table, "train"), {}
        for split in facts.other_splits:
            counts = self._by_class(facts, table, split) if split in table.n_by_class else np.zeros_like(train)
            if counts.sum():
                few = (train >= self.n_rows_in_train) & (counts < self.n_rows_to_measure)
                few[table.missing_key] = False
                found[split] = [
                    f"{table.keys[i]}, {names[j]}: {train[i, j]:,} in train, {counts[i, j]:,} in {split}"
                    for i, j in np.argwhere(few).tolist()
                ]
        return {split: few for split, few in found.items() if few}

    def _figure(self, facts: Facts, table: ValueTable, names: Sequence[str]) -> Crosstab:
        kept = [key for key in range(table.missing_key) if table.n["train"][key] > 0]
        counts = self._by_class(facts, table, "train")
        return Crosstab(
            f"Training rows by {table.column} and {facts.label}",
            table.column,
            tuple(table.keys[key] for key in kept),
            tuple(names),
            {"train": tuple(tuple(int(n) for n in counts[key]) for key in kept)},
        )


def _is_group(column: ColumnInfo) -> bool:
    """Tell whether the column says of whom, or from where, a row is."""
    return column.role is Role.CONTEXT or GROUP_NAME.search(column.name) is not None


def _say(cell: Cell) -> str:
    return f"{cell.level}, {cell.label_class}: {cell.n_rows:,}, expected {cell.expected:.1f}"
