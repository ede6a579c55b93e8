"""The tables are worth the trouble: most rules find something in them, and some name rows."""

from __future__ import annotations

from tests.metamorphic.conftest import audited_once
from tests.metamorphic.tables import TABLES

from dataaudit.rules._discover import build_rules

# Another unit, another scaler, another world, emptiness: planted in tables of their own (benchmarks/plants).
TABLES_OF_THEIR_OWN = {"IMB005", "RANGE002", "SCALE005", "SCALE006", "SPLIT008", "SPLIT009"}


def test_nearly_every_rule_finds_something_in_one_of_the_tables():
    found = {finding.code for name in TABLES for finding in audited_once(name).findings}
    silent = {rule.code for rule in build_rules()} - found - TABLES_OF_THEIR_OWN
    assert len(silent) <= 1, silent


def test_rows_are_named_in_full_for_several_rules():
    named = {
        finding.code
        for finding in audited_once("planted").findings
        if finding.rows and not any(rows.truncated for rows in finding.rows)
    }
    assert len(named) >= 3, named
