"""Small frames and hand-made facts for the tests of the balance, scale, label and integrity rules."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from dataaudit.intervals import wilson
from dataaudit.measure.labels import ClassCounts
from dataaudit.measure.profiles import ColumnProfile
from dataaudit.measure.tables import ValueTable
from dataaudit.model import AuditResult, ColumnInfo, DatasetInfo, Finding, Kind, Role, Severity, SplitInfo, Status, Task
from dataaudit.rules._base import Rule

MILLION = 1_000_000


def clean_frame(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Return a table without a defect: three measurements, a category, a flag, two balanced classes."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "length": random.normal(10, 2, n_rows),
            "weight": random.gamma(4, 3, n_rows),
            "time": random.exponential(5, n_rows),
            "colour": random.choice(["red", "green", "blue"], n_rows),
            "wet": random.random(n_rows) < 0.4,
            "y": random.permutation(np.resize(["cat", "dog"], n_rows)),
        }
    )


def labels(**counts: int) -> pd.DataFrame:
    """Return one normal feature and a label with these counts, shuffled."""
    random = np.random.default_rng(0)
    names = [name for name, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"x": random.normal(size=len(names)), "y": random.permutation(names)})


def audited(code: str, train: pd.DataFrame, **options: Any) -> AuditResult:
    """Audit with one rule, which must neither crash nor be skipped; the label is `y`."""
    from dataaudit.auditing import audit

    result = audit(train, **{"label": "y", "select": [code], **options})
    [check] = [check for check in result.checks if check.code == code]
    assert check.status in (Status.PASSED, Status.FAILED), check.reason
    return result


def findings_of(code: str, train: pd.DataFrame, **options: Any) -> tuple[Finding, ...]:
    """Return what one rule finds in a frame."""
    return audited(code, train, **options).findings


def severities(findings: Iterable[Finding]) -> list[Severity]:
    """Return the severity of each finding."""
    return [finding.severity for finding in findings]


def folded(findings: Iterable[Finding]) -> Finding:
    """Return the one finding that stands for all beyond the most listed one by one."""
    [found] = [finding for finding in findings if finding.identity[:1] == ("folded",)]
    return found


def worst(findings: Iterable[Finding]) -> int:
    """Return the highest severity as a number, 0 where nothing was found."""
    return max((int(finding.severity) for finding in findings), default=0)


def never_falls(steps: Iterable[int]) -> bool:
    """Tell whether a series of severities never gets milder."""
    return all(later >= earlier for earlier, later in itertools.pairwise(steps))


def judge(rule: Rule, facts: SimpleNamespace) -> list[Finding]:
    """Return the findings of a rule on hand-made facts."""
    return list(rule.judge(facts))  # type: ignore[arg-type]  # facts made by hand


def made_facts(
    columns: Mapping[str, Kind] | None = None,
    *,
    n_rows: int = MILLION,
    task: Task | None = Task.BINARY,
    splits: Mapping[str, int] | None = None,
    roles: Mapping[str, Role] | None = None,
    **facts: Any,
) -> SimpleNamespace:
    """Return an object with the attributes of Facts that were given; reading another one fails."""
    listed = tuple(
        ColumnInfo(name, kind, (roles or {}).get(name, Role.FEATURE)) for name, kind in (columns or {}).items()
    )
    sizes = {"train": n_rows, **(splits or {})}
    label = None if task is None else "y"
    info = DatasetInfo(
        task=task,
        label=label,
        splits=tuple(SplitInfo(name, f"{name}.csv", n, len(listed) + 1) for name, n in sizes.items()),
        columns=(*listed, *([ColumnInfo("y", Kind.CATEGORICAL, Role.LABEL)] if label else [])),
    )
    features = info.with_role(Role.FEATURE)
    known = {
        "links": SimpleNamespace(context_breaks=(), tables_by_context={}),
        "repeats": {},
        "spread": SimpleNamespace(neighbourhoods=SimpleNamespace(by_class={})),
    }
    return SimpleNamespace(info=info, features=features, label=label, measure_impact=False, **{**known, **facts})


def class_counts(train: Mapping[str, int], n_unlabelled: Mapping[str, int] | None = None, **others: Any) -> ClassCounts:
    """Return class counts of train, and of other splits given as lists in the same order."""
    counts = {"train": np.array(list(train.values())), **{split: np.array(n) for split, n in others.items()}}
    return ClassCounts(tuple(train), counts, n_unlabelled or {}, sum(int(n.sum()) for n in counts.values()))


def class_facts(**train: int) -> SimpleNamespace:
    """Return facts that know the class counts of train only."""
    return made_facts(n_rows=sum(train.values()), classes=class_counts(train))


def numeric_profile(column: str = "x", n_rows: int = MILLION, **given: Any) -> ColumnProfile:
    """Return the profile of a numeric column, standard normal unless said otherwise."""
    known: dict[str, Any] = {"n_missing": 0, "minimum": -5.0, "maximum": 5.0, "mean": 0.0, "sd": 1.0}
    return ColumnProfile(column, Kind.NUMERIC, n_rows, **{**known, **given})


def category_table(column: str, counts: Mapping[str, int], n_missing: int = 0, **others: Any) -> ValueTable:
    """Return the table of a categorical column: training rows per category, and of other splits."""
    n = {"train": np.array([*counts.values(), n_missing])}
    n |= {split: np.array([*values, 0]) for split, values in others.items()}
    return ValueTable(
        column, Kind.CATEGORICAL, (*counts, "(missing)"), None, n, {s: c[:, None] for s, c in n.items()}, {}, {}
    )


def least_hits(n_rows: int, lower: float, z: float = 1.96) -> int:
    """Return the smallest count of n_rows whose lower Wilson bound reaches a share."""
    return next(n for n in range(n_rows + 1) if wilson(n, n_rows, z)[0] >= lower)
