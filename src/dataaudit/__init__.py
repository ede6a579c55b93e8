"""A linter for labelled datasets.

>>> import dataaudit
>>> dataaudit.Severity.ERROR.label
'error'

Public names are imported when they are first used, so that `import dataaudit`
costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataaudit.auditing import audit
    from dataaudit.errors import ConfigError, DataAuditError, FindingsError, InputError
    from dataaudit.fix.api import fix
    from dataaudit.model import AuditResult, Finding, Severity
    from dataaudit.rebalance.api import rebalance
    from dataaudit.rebalance.evaluate.api import evaluate_strategies
    from dataaudit.resplit.api import split
    from dataaudit.resplit.splitter import GroupedStratifiedFolds

__version__ = "0.1.0"

__all__ = [
    "AuditResult",
    "ConfigError",
    "DataAuditError",
    "Finding",
    "FindingsError",
    "GroupedStratifiedFolds",
    "InputError",
    "Severity",
    "__version__",
    "audit",
    "evaluate_strategies",
    "fix",
    "rebalance",
    "split",
]

_HOMES = {
    "audit": "dataaudit.auditing",
    "fix": "dataaudit.fix.api",
    "rebalance": "dataaudit.rebalance.api",
    "evaluate_strategies": "dataaudit.rebalance.evaluate.api",
    "split": "dataaudit.resplit.api",
    "GroupedStratifiedFolds": "dataaudit.resplit.splitter",
    "AuditResult": "dataaudit.model",
    "Finding": "dataaudit.model",
    "Severity": "dataaudit.model",
    "DataAuditError": "dataaudit.errors",
    "InputError": "dataaudit.errors",
    "ConfigError": "dataaudit.errors",
    "FindingsError": "dataaudit.errors",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
