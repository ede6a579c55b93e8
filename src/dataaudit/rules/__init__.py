"""The rules: one folder per family, one file per rule, found by walking this package."""

from __future__ import annotations

from dataaudit.rules._base import Need, Rule
from dataaudit.rules._discover import build_rules, discover, find_rule
from dataaudit.rules._docs import rule_doc

__all__ = ["Need", "Rule", "build_rules", "discover", "find_rule", "rule_doc"]
