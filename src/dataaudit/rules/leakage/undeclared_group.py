"""LEAK010: a column, or a pair of columns, looks like an entity that nobody declared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Rule
from dataaudit.rules._fineness import is_fine
from dataaudit.rules._folding import fold
from dataaudit.text import Text, join_words, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.entity.entities import Entity
    from dataaudit.measure.entity.levels import LevelOverlap
    from dataaudit.measure.facts import Facts

# With half the shared rows of a split that pays no heed, or more, nothing has kept them together.
LEAST_OF_HEEDLESS = 0.5


@dataclass(frozen=True)
class UndeclaredGroup(Rule):
    """A column, or a pair of columns, may name a person or thing with several rows, and is not declared a group.

    What it does
    ------------
    Looks for columns that name what rows belong to: by their name (patient,
    user, station, video, session, ..., or ending in _id), or by their shape:
    other columns do not vary within their values, and equal values stand one
    below the other in the file. For each it says how many rows of the other
    splits belong to something that has rows in train, and how many would if
    the rows were dealt at random.

    Why it matters
    --------------
    Rows of one patient are alike beyond what the features mean. If the
    patient stands in train and in test, the test score says how well a model
    knows its patients. Undeclared, nobody checks it (LEAK003).

    Flagged
    -------
    `patient_id` has 90 values in 900 training rows, and 298 of 300 test rows
    belong to a patient of train.

    Clean
    -----
    `occupation` has 14 values in 32,561 rows, by its name no person or thing,
    and no other column is the same in all rows of one.

    Thresholds
    ----------
    least_levels : values, default 8
        A column with fewer is no entity worth keeping together.
    least_rows_per_level : rows, default 1.3
        Fewer rows per value, and it rather names the row. Where the features
        are fine, rows that repeat another, label included, are copies of it
        and not counted.
    least_runs : share, default 0.2
        Beyond chance, so many of the rows that stand one below the other have
        the same value ...
    least_z : standard errors, default 5
        ... with so many standard errors above chance.
    least_constant_in_runs : columns, default 2
        Then a column without such a name needs so many columns that are
        constant within its values.
    least_constant : columns, default 3
        In rows of any order it needs so many.
    most_findings : findings, default 3
        Further ones are folded into one finding.

    Limits
    ------
    How sure: not very, so it never says more than info. Names by far say
    most: a column that is an entity but is called x17 is found where other
    columns are constant within it. Only whole numbers, categories and texts
    of at least 8 values, each in 1.3 rows, are looked at, 20 of them, those
    named first; of pairs six: an entity by name, or a category, and a number
    within it. What a declared group covers already is left out. Silent where
    every other split keeps the values apart from train: then somebody has
    grouped by them.

    Fix
    ---
    Declare it with --group, if one value stands for one person or thing, and
    split by it.

    References
    ----------
    Saeb et al., GigaScience 6(5) (2017); Kapoor and Narayanan, Patterns 4(9)
    (2023).
    """

    code: ClassVar[str] = "LEAK010"
    name: ClassVar[str] = "undeclared-group"

    least_levels: int = 8
    least_rows_per_level: float = 1.3
    least_runs: float = 0.2
    least_z: float = 5.0
    least_constant_in_runs: int = 2
    least_constant: int = 3
    most_findings: int = 3

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per column or pair."""
        found = [entity for entity in facts.entities.values() if self._looks_like_one(facts, entity)]
        weighted = ((_weight(entity), self._finding(entity)) for entity in found if not _is_kept_apart(entity))
        yield from fold(self, weighted, self.most_findings)

    def _looks_like_one(self, facts: Facts, entity: Entity) -> bool:
        # The copies of a row are not the rows of a person.
        n_rows = entity.n_different_rows if facts.features and facts.repeats and is_fine(facts) else entity.n_rows
        repeats = self.least_levels <= entity.n_levels <= n_rows / self.least_rows_per_level
        if not repeats:
            return False
        if entity.named:
            return True
        return len(entity.constant) >= (self.least_constant_in_runs if self._has_runs(entity) else self.least_constant)

    def _has_runs(self, entity: Entity) -> bool:
        chance = entity.share_alike_by_chance
        error = math.sqrt(chance * (1 - chance) / max(1, entity.n_neighbours))
        return _runs(entity) >= self.least_runs and _share_alike(entity) - chance > self.least_z * error

    def _finding(self, entity: Entity) -> Finding:
        named = " and ".join(entity.columns)
        message = Text(
            "{columns} {may} name a person or thing that has several rows: {levels} in {rows} of train{signs}. "
            "{overlaps}",
            {
                "columns": named,
                "may": "together may" if len(entity.columns) > 1 else "may",
                "levels": show_count(entity.n_levels, "value"),
                "rows": show_count(entity.n_rows, "row"),
                "signs": self._sign_words(entity),
                "overlaps": _overlap_words(entity),
            },
        )
        evidence: dict[str, Evidence] = {
            "n_rows": entity.n_rows,
            "n_values": entity.n_levels,
            "n_rows_per_value": entity.n_rows / max(1, entity.n_levels),
            "n_rows_largest": entity.n_largest,
            "name_suggests": entity.named,
            "share_neighbours_alike": _share_alike(entity),
            "share_neighbours_alike_by_chance": entity.share_alike_by_chance,
            "columns_constant": list(entity.constant),
            "n_columns_compared": entity.n_others,
            "same_as": list(entity.same),
            "splits": {split: _overlap_evidence(overlap) for split, overlap in entity.overlaps.items()},
        }
        return self.finding(
            Severity.INFO,
            message,
            columns=entity.columns,
            splits=("train", *entity.overlaps),
            evidence=evidence,
            fix=_fix(entity),
        )

    def _sign_words(self, entity: Entity) -> str:
        signs = []
        if entity.constant:
            verb = "is" if len(entity.constant) == 1 else "are"
            signs.append(f"{join_words(list(entity.constant), 3)} {verb} the same within each")
        if self._has_runs(entity):
            signs.append(f"{show_share(_share_alike(entity))} of neighbouring rows have the same")
        return f"; {', and '.join(signs)}" if signs else ""


def _share_alike(entity: Entity) -> float:
    return entity.n_neighbours_alike / max(1, entity.n_neighbours)


def _runs(entity: Entity) -> float:
    """Return the share of neighbouring rows of one value beyond chance, 1 where all are."""
    chance = entity.share_alike_by_chance
    return (_share_alike(entity) - chance) / (1 - chance) if chance < 1 else 0.0


def _weight(entity: Entity) -> float:
    return 1000.0 * entity.named + len(entity.constant) + _runs(entity)


def _is_kept_apart(entity: Entity) -> bool:
    """Return whether no other split shares a value with train, though by chance it would."""
    overlaps = entity.overlaps.values()
    return bool(overlaps) and all(found.n_rows_shared == 0 < found.n_rows_expected for found in overlaps)


def _overlap_words(entity: Entity) -> str:
    parts = [_overlap_sentence(split, overlap) for split, overlap in entity.overlaps.items() if overlap.n_rows]
    return " ".join(parts) or "Dealt at random, its rows would land on both sides of a split."


def _overlap_sentence(split: str, overlap: LevelOverlap) -> str:
    verb = "belongs" if overlap.n_rows_shared == 1 else "belong"
    is_loose = 0 < overlap.n_rows_shared >= LEAST_OF_HEEDLESS * overlap.n_rows_expected
    return (
        f"{overlap.n_rows_shared:,} of {show_count(overlap.n_rows, f'{split} row')} "
        f"({show_share(overlap.n_rows_shared / overlap.n_rows)}) {verb} to one that has rows in train; a split that "
        f"pays no heed to it would give {show_rounded(overlap.n_rows_expected)}"
        f"{', so nothing keeps them together' if is_loose else ''}."
    )


def _overlap_evidence(overlap: LevelOverlap) -> dict[str, Evidence]:
    return {
        "n_rows": overlap.n_rows,
        "n_rows_shared": overlap.n_rows_shared,
        "n_rows_shared_in_random_split": overlap.n_rows_expected,
        "n_values": overlap.n_levels,
        "n_values_shared": overlap.n_levels_shared,
    }


def _fix(entity: Entity) -> Text:
    if len(entity.columns) > 1:
        # Both are written as text: numbers would be added up.
        both = ' + "/" + '.join(f'table["{name}"].astype(str)' for name in entity.columns)
        return Text(
            "If {columns} together stand for one person or thing, write both into one new column of every split, "
            '`table["{joined}"] = {both}`, declare it with `--group {joined}`, and split by it; if not, nothing.',
            {"columns": " and ".join(entity.columns), "joined": "_".join(entity.columns), "both": both},
        )
    return Text(
        "Declare it with `--group {column}` if one {column} stands for one person or thing, and split by it; "
        "if not, nothing.",
        {"column": entity.columns[0]},
    )
