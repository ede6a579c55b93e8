"""Splits dealt from small tables, and hand-made facts, for the leakage, split, shortcut and range rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from tests.rules.frames import class_counts, made_facts

from dataaudit.errors import NotMeasurable
from dataaudit.measure.association import Association
from dataaudit.measure.drift import Drift, OutsideRange, UnseenValues
from dataaudit.measure.gains import GainBreak
from dataaudit.measure.labels import TargetSummary
from dataaudit.measure.profiles import ColumnProfile
from dataaudit.measure.rows import RowOverlap, RowRepeats
from dataaudit.measure.tables import ValueTable
from dataaudit.model import Finding, Kind, Severity, Task

MILLION = 1_000_000
Frames = tuple[pd.DataFrame, pd.DataFrame]


def plain_table(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Return columns of many kinds that know nothing of the label, which is dealt at random."""
    random = np.random.default_rng(seed)
    gaps = random.normal(size=n_rows)
    gaps[random.random(n_rows) < 0.2] = np.nan
    return pd.DataFrame(
        {
            "length": random.normal(10, 2, n_rows),
            "income": random.lognormal(3, 1, n_rows),
            "children": random.poisson(2, n_rows),
            "colour": random.choice(["red", "green", "blue", "grey"], n_rows),
            "street": [f"street {number}" for number in random.integers(0, max(2, n_rows // 3), n_rows)],
            "gaps": gaps,
            "y": random.permutation(np.resize(["cat", "dog"], n_rows)),
        }
    )


def dealt(table: pd.DataFrame, n_test: int, seed: int = 0) -> Frames:
    """Deal the rows at random: (train, test)."""
    order = np.random.default_rng(seed).permutation(len(table))
    return table.iloc[order[n_test:]].reset_index(drop=True), table.iloc[order[:n_test]].reset_index(drop=True)


def plain_splits(n_train: int, n_test: int, seed: int = 0) -> Frames:
    """Return a clean table dealt at random: (train, test)."""
    return dealt(plain_table(n_train + n_test, seed), n_test, seed + 1000)


def above_info(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that are warnings or errors."""
    return [finding for finding in findings if finding.severity > Severity.INFO]


def columns_of(findings: Sequence[Finding]) -> set[str]:
    """Return the columns that findings name."""
    return {column for finding in findings for column in finding.columns}


def split_facts(columns: Mapping[str, Kind] | None = None, **facts: Any) -> SimpleNamespace:
    """Return hand-made facts of a table with a test split."""
    sizes = {"test": facts.pop("n_test", MILLION // 4)}
    made = made_facts(columns or {"x": Kind.NUMERIC}, splits=sizes, **facts)
    made.other_splits = ("test",)
    made.tables = getattr(made, "tables", {})
    made.honest = getattr(made, "honest", frozenset())
    made.derived_associations = getattr(made, "derived_associations", {})
    made.gain_breaks = getattr(made, "gain_breaks", {})
    made.label_drifts = getattr(made, "label_drifts", {})
    nothing: dict[str, Any] = {"matched_drifts": {}, "rows_per_draw": {}, "prior_mixes": {}, "world_labels": {}}
    made.shifts = getattr(made, "shifts", SimpleNamespace(**nothing, world=None, joint_drifts={}, changed_units={}))
    return made


def binary_facts(n_cat: int, n_dog: int, **facts: Any) -> SimpleNamespace:
    """Return facts of two classes with so many training rows."""
    return split_facts(n_rows=n_cat + n_dog, classes=class_counts({"cat": n_cat, "dog": n_dog}), **facts)


def overlap_facts(overlap: RowOverlap, n_repeats: int = 0) -> SimpleNamespace:
    """Return facts of an overlap with one split, which has so many repeats within itself."""
    repeats = RowRepeats(overlap.split, overlap.n_rows, 0, overlap.n_rows - n_repeats, 2, ())
    return split_facts(overlaps={overlap.split: overlap}, repeats={overlap.split: repeats})


def overlap(n_matched: int, n_rows: int = 1000, n_train: int = 4000, **given: Any) -> RowOverlap:
    """Return an overlap with a train of distinct rows, its standard error that of single rows."""
    known: dict[str, Any] = {
        "n_same_label": n_matched,
        "n_other_label": 0,
        "share_matched_within_train": 0.0,
        "standard_error": n_matched**0.5 / n_rows,
        "share_distinct_in_train": 1.0,
        "pairs": tuple((row, row) for row in range(min(20, n_matched))),
        "pairs_other_label": (),
        "has_labels": True,
    }
    return RowOverlap("test", n_rows, n_matched, n_train=n_train, **{**known, **given})


def association(explained: float, n_rows: int = MILLION, column: str = "x") -> Association:
    """Return an association of a column."""
    return Association(column, explained, n_rows, None, 1.0)


def gain_break(train_gain: float, other_gain: float, error: float, column: str = "x", n_other: int = 1000) -> GainBreak:
    """Return a gain in train and in test."""
    return GainBreak(column, "test", train_gain, other_gain, error, 4000, n_other)


def drift(effect: float, p_value: float = 0.0, lower: float = 0.0, column: str = "x", **given: Any) -> Drift:
    """Return a distance of the test split from train."""
    return Drift(column, "test", given.get("measure", "ks"), effect, lower, p_value, 4 * MILLION, MILLION)


def unseen(n_unseen: int, n_rows: int = 1000, n_train: int = 4000, **given: Any) -> UnseenValues:
    """Return unseen rows, of one value unless said otherwise."""
    known: dict[str, Any] = {"n_values_unseen": min(1, n_unseen), "n_once": 0, "n_twice": 0, "examples": ("Lyon",)}
    known["n_rows_commonest"] = n_unseen if "n_values_unseen" not in given else 1
    return UnseenValues("city", "test", n_rows, n_unseen, n_train=n_train, **{**known, **given})


def outside(n_above: int, maximum: float, n_rows: int = 1000, n_train: int = 4000, **given: Any) -> OutsideRange:
    """Return rows above a training range from 0 to 10 whose quartiles lie 2 apart."""
    known: dict[str, Any] = {"n_below": 0, "train_minimum": 0.0, "train_maximum": 10.0, "iqr_train": 2.0}
    known |= {"column": "x", "minimum": 0.0}
    return OutsideRange(
        split="test", n_rows=n_rows, n_above=n_above, n_train=n_train, maximum=maximum, **{**known, **given}
    )


def target(n_above: int, maximum: float, n_rows: int = 1000, n_train: int = 4000) -> TargetSummary:
    """Return a target like `outside`."""
    counts = {"train": np.array([0, n_train, 0]), "test": np.array([0, n_rows - n_above, n_above])}
    ends = {"train": 10.0, "test": maximum}
    zeros = dict.fromkeys(ends, 0.0)
    return TargetSummary(
        edges=np.array([0.0, 10.0]),
        counts=counts,
        n_unlabelled=dict.fromkeys(ends, 0),
        minimum=zeros,
        maximum=ends,
        mean=zeros,
        sd=zeros,
        iqr_train=2.0,
        n_beyond_train={"train": (0, 0), "test": (0, n_above)},
        n_rows=n_train + n_rows,
    )


def class_table(column: str, rows: Mapping[str, Sequence[int]], **others: Sequence[Sequence[int]]) -> ValueTable:
    """Return a categorical column: per value the training rows of each class, and of other splits alike."""
    n_classes = len(next(iter(rows.values())))
    by_class = {"train": np.array([*rows.values(), [0] * n_classes], dtype=np.int64)}
    by_class |= {split: np.array([*counts, [0] * n_classes], dtype=np.int64) for split, counts in others.items()}
    n = {split: counts.sum(axis=1) for split, counts in by_class.items()}
    return ValueTable(column, Kind.CATEGORICAL, (*rows, "(missing)"), None, n, by_class, {}, {})


def nothing_to_compare(_: str) -> Any:
    """Stand in for the ablation of a table's only column."""
    raise NotMeasurable("there is no other feature to compare with")


def table_facts(table: ValueTable, class_names: Sequence[str], **facts: Any) -> SimpleNamespace:
    """Return facts of one column whose table is given; the classes' counts follow from it."""
    counts = {split: n.sum(axis=0) for split, n in table.n_by_class.items()}
    others = {split: n for split, n in counts.items() if split != "train"}
    classes = class_counts(dict(zip(class_names, counts["train"].tolist(), strict=True)), **others)
    task = Task.BINARY if len(class_names) == 2 else Task.MULTICLASS
    known: dict[str, Any] = {
        "associations": {},
        "tables": {table.column: table},
        "classes": classes,
        "profiles": {
            split: {table.column: ColumnProfile(table.column, table.kind, int(n.sum()), int(n[table.missing_key]))}
            for split, n in table.n.items()
        },
        "ablation": nothing_to_compare,
    }
    made = split_facts({table.column: table.kind}, n_rows=int(counts["train"].sum()), task=task, **{**known, **facts})
    made.other_splits = tuple(others)
    return made
