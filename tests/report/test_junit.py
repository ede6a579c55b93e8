"""JUnit XML: well formed, one test case per check."""

import xml.etree.ElementTree as ET

import pytest
from tests.report.examples import accepted_result, clean_result, rich_result
from tests.report.extremes import empty_result, hostile_result, huge_result

from dataaudit.model import Severity
from dataaudit.report.junit import render_junit


def read(result, *arguments):
    return ET.fromstring(render_junit(result, *arguments).encode("utf-8"))


def case(root, code):
    return next(case for case in root.iter("testcase") if case.get("name").startswith(code))


def counts(root):
    return {name: int(root.get(name)) for name in ("tests", "failures", "errors", "skipped")}


def test_one_case_per_check():
    root = read(rich_result())
    assert counts(root) == counts(root[0]) == {"tests": 25, "failures": 2, "errors": 1, "skipped": 2}
    assert len(list(root.iter("testcase"))) == 25
    assert case(root, "LEAK001").get("classname") == "dataaudit.LEAK"
    assert case(root, "LEAK001").find("failure").get("message").startswith("217 test rows")
    assert "rows of test: 17, 42" in case(root, "LEAK001").find("failure").text
    assert case(root, "RANGE003").find("skipped").get("message") == "needs a numeric target"
    assert case(root, "SCALE001").find("error").get("message") == "ValueError: the matrix is not finite"


@pytest.mark.parametrize(
    ("fail_on", "n_failures"),
    [(Severity.ERROR, 2), (Severity.WARNING, 5), (Severity.INFO, 6), ("warning", 5), ("never", 0)],
)
def test_fails_from_the_severity_on(fail_on, n_failures):
    root = read(rich_result(), fail_on)
    assert counts(root)["failures"] == n_failures


def test_milder_findings_are_told_but_do_not_fail():
    drift = case(read(rich_result()), "SPLIT002")
    assert drift.find("failure") is None
    assert drift.find("system-out").text.count("warning:") == 6
    failed = case(read(rich_result(), Severity.WARNING), "SPLIT002").find("failure")
    assert failed.get("message").startswith("6 findings, the first: price_eur differs")


def test_accepted_findings_do_not_fail():
    root = read(accepted_result())
    assert counts(root)["failures"] == 1
    assert "error, accepted:" in case(root, "LEAK001").find("system-out").text


@pytest.mark.parametrize("result", [hostile_result(), huge_result(500, 600)], ids=["hostile", "huge"])
def test_hostile_words_keep_it_well_formed(result):
    read(result, Severity.INFO)
    assert len(render_junit(result, Severity.INFO)) < 2_000_000


def test_nothing_found():
    assert counts(read(clean_result())) == {"tests": 25, "failures": 0, "errors": 0, "skipped": 0}
    assert counts(read(empty_result())) == {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
