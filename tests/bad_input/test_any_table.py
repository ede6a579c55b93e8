"""Any small table, as CSV and as Parquet, is audited by every rule or told to be wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.bad_input.any_table import tables, write_csv, write_parquet

import dataaudit
from dataaudit.errors import DataAuditError
from dataaudit.model import AuditResult, Status

SLOW = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def assert_audits_or_errors(train: Path, test: Path | None, label: str) -> None:
    result = audit_or_message(train, test, label)
    if isinstance(result, str):
        assert result
        assert "\n" not in result
        return
    assert [(check.code, check.reason) for check in result.checks if check.status is Status.CRASHED] == []
    assert result.to_json()
    assert result.to_html()


def audit_or_message(train: Path, test: Path | None, label: str) -> AuditResult | str:
    try:
        return dataaudit.audit(train, test=test, label=label)
    except DataAuditError as error:
        return error.message


@SLOW
@given(table=tables(), data=st.data())
def test_one_split(table: pa.Table, data: st.DataObject) -> None:
    label = data.draw(st.sampled_from(["y", *table.column_names]))
    with tempfile.TemporaryDirectory() as folder:
        assert_audits_or_errors(write_csv(table, Path(folder) / "t.csv"), None, label)
        assert_audits_or_errors(write_parquet(table, Path(folder) / "t.parquet"), None, label)


@SLOW
@given(train=tables(), data=st.data())
def test_a_test_split_of_the_same_or_other_columns(train: pa.Table, data: st.DataObject) -> None:
    test = data.draw(st.just(train.slice(0, max(1, train.num_rows // 2))) | tables())
    label = data.draw(st.sampled_from(["y", *train.column_names]))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        assert_audits_or_errors(write_csv(train, place / "t.csv"), write_csv(test, place / "u.csv"), label)
        assert_audits_or_errors(
            write_parquet(train, place / "t.parquet"), write_parquet(test, place / "u.parquet"), label
        )
