"""How evenly groups are dealt to folds, beside scikit-learn's StratifiedGroupKFold on the same rows and groups.

Two measures, both over all folds at once, smaller is better: by how much the share of a class within a fold is off its
share in all rows, at most (the one that ours puts first); and by how much the share
of all rows that a fold has is off 1/k, at most. A third is scikit-learn's own, which its splitter lowers from group to
group: the standard deviation over folds of the share of a class's rows that a fold has, mean over classes.

StratifiedGroupKFold runs unshuffled and with several random states. No run of it may be better than ours in shares or
in sizes without being worse in the other. Ours puts shares first, so a run may have evener sizes and worse shares; how
many have, and by how much, is counted. Seconds are of the processor.

Usage: python -m benchmarks.splits [--states N] [--seeds N] [--out reports/splits.md] [FILE:LABEL:GROUP[+GROUP] ...]
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from dataaudit.resplit.measures import measure
from dataaudit.resplit.splitter import assign_folds

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

N_FOLDS = (2, 3, 5, 10)
# Rounding in the last place is no difference.
LEEWAY = 1e-9


@dataclass(frozen=True)
class Table:
    """The classes and the groups of some rows, as numbers from 0."""

    family: str
    name: str
    y: IntArray
    groups: IntArray


@dataclass(frozen=True)
class Fold:
    """How one way of dealing came out: classes that a fold lacks, the three measures, and the seconds it took."""

    n_missing: int
    off: tuple[float, float, float]
    seconds: float


@dataclass(frozen=True)
class Compared:
    """Ours and theirs, run by run."""

    table: Table
    n_folds: int
    ours: Fold
    theirs: tuple[Fold, ...]

    def worse_in(self, measure: int) -> float:
        """Return by how much ours is worse than the best of theirs that give as many folds every class."""
        least = min((one.off[measure] for one in self.theirs if one.n_missing <= self.ours.n_missing), default=np.inf)
        return max(0.0, self.ours.off[measure] - least - LEEWAY)

    @property
    def is_dominated(self) -> bool:
        """Whether one of theirs is no worse in classes, shares and sizes, and better in one of these."""
        mine = (self.ours.n_missing, *self.ours.off[:2])
        return any(
            all(b <= a + LEEWAY for a, b in zip(mine, other, strict=True))
            and any(b < a - LEEWAY for a, b in zip(mine, other, strict=True))
            for other in ((one.n_missing, *one.off[:2]) for one in self.theirs)
        )

    @property
    def lacks_more(self) -> bool:
        """Whether more classes are missing from folds than in one of theirs."""
        return self.ours.n_missing > min(one.n_missing for one in self.theirs)


def generated(n_seeds: int) -> Iterator[Table]:
    """Yield tables of the kinds that are hard to deal."""
    for seed in range(n_seeds):
        rng = np.random.default_rng(seed)
        yield _of("few large groups", seed, rng.integers(0, 14, 900), _classes(rng, 900, (0.7, 0.3)))
        groups = rng.choice(150, 1500, p=rng.dirichlet(np.full(150, 0.3)))
        yield _of("skewed sizes", seed, groups, _classes(rng, 1500, (0.8, 0.15, 0.05)))
        zipf = np.minimum(rng.zipf(1.6, 2000), 400)
        yield _of("a few very large", seed, zipf, _classes(rng, 2000, (0.6, 0.4)))
        groups = rng.integers(0, 80, 1000)
        yield _of("groups of one class", seed, groups, _classes(rng, 80, (0.75, 0.2, 0.05))[groups])
        groups = rng.choice(60, 1200, p=rng.dirichlet(np.ones(60)))
        own = rng.dirichlet(np.full(3, 0.4), size=60)
        yield _of("groups with classes of their own", seed, groups, _drawn(rng, own[groups]))
        groups = rng.integers(0, 120, 1500)
        yield _of("rare classes", seed, groups, _classes(rng, 1500, (0.9, 0.08, 0.012, 0.005, 0.003)))
        groups = rng.choice(200, 1500, p=rng.dirichlet(np.ones(200)))
        yield _of("nine classes", seed, groups, _classes(rng, 1500, tuple(rng.dirichlet(np.ones(9)))))
        yield _of("duplicates", seed, _copies(rng, 1000, 0.25), _classes(rng, 1000, (0.85, 0.15)))
        yield _of(
            "groups and single rows",
            seed,
            np.where(rng.random(800) < 0.4, rng.integers(0, 30, 800), np.arange(800) + 30),
            _classes(rng, 800, (0.8, 0.12, 0.08)),
        )
        yield _of("many small groups", seed, rng.integers(0, 1500, 5000), _classes(rng, 5000, (0.9, 0.1)))
        yield _of("groups of equal size", seed, np.arange(700) // 7, _classes(rng, 700, (0.5, 0.3, 0.2)))
        yield _of("tiny", seed, rng.integers(0, 22, 60), _classes(rng, 60, (0.6, 0.4)))


def _classes(rng: np.random.Generator, n_rows: int, shares: tuple[float, ...]) -> IntArray:
    return rng.choice(len(shares), n_rows, p=np.array(shares) / sum(shares)).astype(np.int64)


def _drawn(rng: np.random.Generator, shares: FloatArray) -> IntArray:
    return (rng.random(len(shares))[:, None] > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)


def _copies(rng: np.random.Generator, n_rows: int, share: float) -> IntArray:
    """Return rows of which so many are copies of another, and belong with it."""
    of = np.arange(n_rows)
    copied = np.nonzero(rng.random(n_rows) < share)[0]
    of[copied] = rng.integers(0, n_rows, len(copied))
    of[of] = of[of]
    return of


def _of(family: str, seed: int, groups: IntArray, y: IntArray) -> Table:
    numbers = [np.unique(one, return_inverse=True)[1].astype(np.int64) for one in (y, groups)]
    return Table(family, str(seed), *numbers)


def read(words: str) -> Table:
    """Return the table of a file, `FILE:LABEL:GROUP[+GROUP]`."""
    name, label, group = words.rsplit(":", 2)
    path = Path(name)
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    frame = frame[frame[label].notna()]
    y = pd.factorize(frame[label], sort=True)[0].astype(np.int64)
    groups = frame.groupby(group.split("+"), dropna=False).ngroup().to_numpy().astype(np.int64)
    return Table("real", f"{path.stem} by {group}", y, groups)


def compare(table: Table, n_folds: int, states: Sequence[int | None]) -> Compared:
    """Deal a table our way and theirs."""
    started = time.process_time()
    fold_of = assign_folds(table.groups, table.y, n_folds, 0)
    ours = _judged(table, fold_of, n_folds, time.process_time() - started)
    return Compared(table, n_folds, ours, tuple(_theirs(table, n_folds, state) for state in states))


def _theirs(table: Table, n_folds: int, state: int | None) -> Fold:
    folds = StratifiedGroupKFold(n_folds, shuffle=state is not None, random_state=state)
    fold_of = np.empty(len(table.y), dtype=np.int64)
    started = time.process_time()
    with warnings.catch_warnings():
        # It warns of classes of fewer rows than folds.
        warnings.simplefilter("ignore")
        for fold, (_, test) in enumerate(folds.split(np.zeros(len(table.y)), table.y, table.groups)):
            fold_of[test] = fold
    return _judged(table, fold_of, n_folds, time.process_time() - started)


def _judged(table: Table, fold_of: IntArray, n_folds: int, seconds: float) -> Fold:
    counts = np.zeros((n_folds, table.y.max() + 1), dtype=np.int64)
    np.add.at(counts, (fold_of, table.y), 1)
    shares = np.full(n_folds, 1 / n_folds)
    off = measure(counts, shares)
    return Fold(off.n_missing, (off.shares, off.sizes, off.spread), seconds)


def comparisons(tables: Sequence[Table], states: Sequence[int | None]) -> Iterator[Compared]:
    """Compare on all tables that have groups enough."""
    for table in tables:
        for n_folds in N_FOLDS:
            if table.groups.max() + 1 >= n_folds:
                yield compare(table, n_folds, states)


def line(name: str, found: Sequence[Compared]) -> str:
    """Return what comparisons come to, as a line of the report."""
    n_dominated = sum(one.is_dominated for one in found)
    n_lacking = sum(one.lacks_more for one in found)
    shares = [one.worse_in(0) for one in found]
    in_rows = [share * len(one.table.y) / one.n_folds for share, one in zip(shares, found, strict=True)]
    sizes = [one.worse_in(1) * len(one.table.y) for one in found]
    theirs = [one.worse_in(2) for one in found]
    n_better = sum(one.ours.off[0] < min(run.off[0] for run in one.theirs) - LEEWAY for one in found)
    n_sizes = sum(rows > 1 + LEEWAY for rows in sizes)
    cells = [
        *(name, len(found), n_lacking, n_dominated, n_better),
        f"{sum(share > 0 for share in shares)} ({max(in_rows):.2f})",
        f"{n_sizes} ({max(sizes):.1f})",
        sum(one > 0 for one in theirs),
        f"{max(one.ours.seconds for one in found):.2f}",
        f"{max(run.seconds for one in found for run in one.theirs):.2f}",
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def report(found: Sequence[Compared], n_states: int) -> str:
    """Return the report."""
    heads = (
        *("tables", "tables x folds", "lack a class more", "worse in both, or in one with the other equal"),
        *("better in shares than all runs", "worse in shares than a run (by rows of a fold, at most)"),
        *("more than a row worse in sizes than a run (rows, at most)", "worse by scikit-learn's measure"),
        *("seconds, at most", "theirs"),
    )
    kinds = list(dict.fromkeys(one.table.family for one in found))
    lines = [line(kind, [one for one in found if one.table.family == kind]) for kind in kinds]
    return "\n".join(
        [
            "# Groups dealt to folds, beside StratifiedGroupKFold",
            "",
            "Written by `python -m benchmarks.splits`; its first lines say how.",
            f"{N_FOLDS} folds; StratifiedGroupKFold unshuffled and with {n_states} random states: a run.",
            "",
            "| " + " | ".join(heads) + " |",
            "|" + " --- |" * len(heads),
            *lines,
            line("all", found),
            "",
        ]
    )


def main(files: Sequence[str], n_states: int, n_seeds: int, out: Path) -> int:
    """Compare, write the report, and return 1 if a run of theirs is better without being worse in anything."""
    tables = [*generated(n_seeds), *(read(words) for words in files)]
    found = list(comparisons(tables, [None, *range(n_states)]))
    out.write_text(report(found, n_states), encoding="utf-8")
    print(line("all", found))
    return int(any(one.is_dominated or one.lacks_more for one in found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE:LABEL:GROUP[+GROUP]")
    parser.add_argument("--states", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--out", type=Path, default=Path("reports/splits.md"))
    options = parser.parse_args()
    sys.exit(main(options.files, options.states, options.seeds, options.out))
