"""Tables on which both engines must agree: every kind of column, every task, cells that are hard to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.measure.small import coarse, mixed

N_LINES = 240


@dataclass(frozen=True)
class Case:
    """The splits of one table, by a function of the folder that may hold their files, and the declared roles."""

    splits: Any
    roles: Mapping[str, Any] = field(default_factory=dict)
    task: str | None = None


def _many_kinds(_: Path) -> dict[str, object]:
    other = mixed(150, seed=1, shift=0.4).drop(columns=["tenth"])
    return {"train": mixed(300, seed=0), "test": other, "validation": mixed(100, seed=2).drop(columns=["y"])}


def _alike_rows(_: Path) -> dict[str, object]:
    return {"train": coarse(200, seed=0), "test": coarse(90, seed=1)}


def _quantities(_: Path) -> dict[str, object]:
    return {"train": mixed(300, seed=3, task="regression"), "test": mixed(120, seed=4, shift=1.0, task="regression")}


def _alike_quantities(_: Path) -> dict[str, object]:
    return {"train": coarse(150, seed=5, task="regression"), "test": coarse(60, seed=6, task="regression")}


def _many_rows(_: Path) -> dict[str, object]:
    """Return more rows than are counted in memory, put below one another, or sampled whole."""
    columns = ["measure", "level", "code", "when", "y"]
    return {"train": mixed(21_000, seed=7)[columns], "test": mixed(11_000, seed=8, shift=0.2)[columns]}


def _odd_cells(folder: Path) -> dict[str, object]:
    """Write CSV files as people write them, missing cells and numbers in many spellings."""
    columns = {
        "id": lambda i: f"u{i:04d}",
        "amount": lambda i: ("12.5", '"1,234.50"', "$7", "NA", "9e2", " 8 ", "-999", "x")[i % 8] if i % 3 else str(i),
        "zip": lambda i: f"{i % 40:05d}",
        "when": lambda i: ("2024-01-05", "2024-02-29 10:00:00", "05/06/2024", "")[i % 4 if i % 9 == 0 else i % 2],
        "day": lambda i: f"{i % 28 + 1:02d}/{i % 12 + 1:02d}/2023",
        "flag": lambda i: ("true", "False", "")[i % 3],
        "note": lambda i: ('"a ""quoted"" word, and more"', '"two\nlines"', "plain", "naïve", "None", "-")[i % 6],
        "size": lambda i: str(i * 37 % 101 / 8),
        "rate": lambda i: ("inf", "nan", "0.25", "1e400")[i % 40] if i % 40 < 4 else str(i % 7),
        "y": lambda i: ("0", "1", "1")[i % 3],
    }
    paths = {}
    for split, numbers in (("train", range(N_LINES)), ("test", range(N_LINES // 2, N_LINES + 30))):
        lines = [",".join(columns), *(",".join(cell(i) for cell in columns.values()) for i in numbers)]
        paths[split] = folder / f"{split}.csv"
        paths[split].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return dict(paths)


CASES = {
    "many kinds": Case(_many_kinds, {"group": ("code",), "time": "when", "context": ("level",)}),
    "alike rows": Case(_alike_rows),
    "quantities": Case(_quantities, {"time": "when"}),
    "alike quantities": Case(_alike_quantities, task="regression"),
    "many rows": Case(_many_rows),
    "odd cells": Case(_odd_cells, {"id": ("id",)}),
}
