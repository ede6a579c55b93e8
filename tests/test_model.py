"""Row lists say when they are cut short; a result says what it is, and fails where it is asked to."""

from dataclasses import replace

import pytest
from tests.report.examples import accepted_result, clean_result, missing, rich_result
from tests.report.extremes import empty_result

from dataaudit.errors import ConfigError, FindingsError
from dataaudit.model import MAX_ROWS_SHOWN, Severity, shown_rows
from dataaudit.report.terminal import render_terminal


def test_all_rows_shown_are_not_truncated():
    assert shown_rows("test", [3, 1], n_all=2).numbers == (1, 3)
    assert not shown_rows("test", [3, 1], n_all=2).truncated


def test_more_rows_than_fit_are_truncated():
    rows = shown_rows("test", range(MAX_ROWS_SHOWN + 1))
    assert len(rows.numbers) == MAX_ROWS_SHOWN
    assert rows.truncated


def test_rows_known_only_by_their_count_are_truncated():
    assert shown_rows("test", [1, 2], n_all=3).truncated


def test_a_result_is_shown_in_one_line():
    assert repr(rich_result()) == (
        "<AuditResult: 2 errors, 8 warnings, 1 info; train 12,400 rows, test 3,100 rows; label model>"
    )
    assert repr(clean_result()).startswith("<AuditResult: 0 errors, 0 warnings, 0 info; ")
    assert repr(empty_result()) == "<AuditResult: 0 errors, 0 warnings, 0 info; no rows; no label>"


def test_a_printed_result_is_the_summary_of_the_terminal():
    assert str(rich_result()) == render_terminal(rich_result())


def test_raise_if_names_every_finding_that_counts():
    with pytest.raises(FindingsError, match=r"^2 findings at or above error:\n"):
        rich_result().raise_if()
    one = replace(rich_result(), findings=(replace(missing("age"), severity=Severity.WARNING),))
    with pytest.raises(FindingsError, match=r"^1 finding at or above info:\n.*age"):
        one.raise_if("info")
    one.raise_if("ERROR")


def test_raise_if_passes_over_what_is_accepted_and_never_fails_on_never():
    result = accepted_result()
    replace(result, accepted=frozenset(f.fingerprint for f in result.findings)).raise_if("info")
    rich_result().raise_if("never")


@pytest.mark.parametrize("severity", ["bogus", "", None])
def test_raise_if_names_the_choices(severity):
    with pytest.raises(ConfigError) as caught:
        rich_result().raise_if(severity)
    assert caught.value.hint == "it must be one of error, warning, info, never"
