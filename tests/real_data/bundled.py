"""The tables that come with scikit-learn, their splits and their findings."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
from sklearn import datasets

from dataaudit.auditing import audit
from dataaudit.model import AuditResult, Finding, Severity, Status

NAMES = ("iris", "wine", "breast_cancer", "digits", "diabetes")
SEEDS = range(5)


@functools.cache
def table(name: str) -> pd.DataFrame:
    """Return a table with its label in `target`."""
    frame: pd.DataFrame = getattr(datasets, f"load_{name}")(as_frame=True).frame
    return frame


def random_split(frame: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return seven tenths of the rows and the rest, drawn at random."""
    order = np.random.default_rng(seed).permutation(len(frame))
    cut = len(frame) * 7 // 10
    return frame.iloc[order[:cut]], frame.iloc[order[cut:]]


def permuted(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the table with its labels dealt out anew, so that no feature tells them."""
    return frame.assign(target=np.random.default_rng(seed).permutation(frame["target"].to_numpy()))


def audited(train: pd.DataFrame, test: pd.DataFrame | None = None, **options: object) -> AuditResult:
    """Audit; no rule may crash."""
    result = audit(train, test=test, label="target", **options)  # type: ignore[arg-type]
    assert [(check.code, check.reason) for check in result.checks if check.status is Status.CRASHED] == []
    return result


def above_info(result: AuditResult, *beginnings: str) -> list[str]:
    """Return the findings above info whose code begins so."""
    return [told(f) for f in result.findings if f.severity > Severity.INFO and f.code.startswith(beginnings)]


def told(finding: Finding) -> str:
    """Return what a finding says, for a failing test to show."""
    return f"{finding.severity.label} {finding.code}: {finding.message}"
