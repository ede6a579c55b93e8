"""Tables with something to mend, on disk and in memory, and the mends of one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import dataaudit
from dataaudit.config import Settings
from dataaudit.fix.mend import Wishes, discover
from dataaudit.fix.planning import Round, plan_round
from dataaudit.proof.opened import opened


def plain(n_rows: int = 300, seed: int = 0) -> pd.DataFrame:
    """Rows without a defect: four measurements and a label of two classes that hangs on two of them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f"x{i}": rng.normal(size=n_rows).round(6) for i in range(4)})
    signal = frame["x0"] + frame["x1"] + rng.normal(size=n_rows)
    return frame.assign(y=np.where(signal > 0, "yes", "no"))


@pytest.fixture
def frame() -> pd.DataFrame:
    return plain()


@pytest.fixture
def other() -> pd.DataFrame:
    return plain(150, seed=1)


@pytest.fixture
def mend(tmp_path: Path) -> Callable[..., Any]:
    """Mend frames by the rules named, without audits, and return the frames."""

    def run(train: pd.DataFrame, *select: str, **options: Any) -> Any:
        return dataaudit.fix(train, label=options.pop("label", "y"), select=select, **options)

    return run


@pytest.fixture
def plan() -> Callable[..., Round]:
    """Plan the first round for frames."""

    def run(train: pd.DataFrame, *codes: str, unsafe: bool = False, conflicts: str = "drop", **options: Any) -> Round:
        splits = {name: options.pop(name) for name in ("test", "validation", "reference") if name in options}
        settings = Settings(label=options.pop("label", "y"), **options)
        with opened({"train": train, **splits}, settings, audit=False) as work:
            return plan_round(work.facts, settings, codes or tuple(discover()), Wishes(unsafe, conflicts))

    return run


@pytest.fixture
def on_disk(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Write frames as files of one kind and return their paths."""

    def write(kind: str, **splits: pd.DataFrame) -> dict[str, str]:
        for name, table in splits.items():
            path = tmp_path / f"{name}.{kind}"
            table.to_csv(path, index=False) if kind == "csv" else table.to_parquet(path, index=False)
        return {name: str(tmp_path / f"{name}.{kind}") for name in splits}

    return write
