"""The first lines of every report, for every outcome."""

from dataclasses import replace

import pytest
from tests.report.examples import accepted_result, clean_result, dataset, missing, rich_result
from tests.report.extremes import empty_result

from dataaudit.model import Severity, SplitInfo, Status, redact
from dataaudit.report.verdict import sort_findings, verdict


def with_splits(*names):
    splits = tuple(SplitInfo(name, f"{name}.csv", 10, 2) for name in names)
    return replace(rich_result(), dataset=replace(dataset(), splits=splits))


def with_severity(severity, count=1):
    return replace(rich_result(), findings=tuple(replace(missing(str(n)), severity=severity) for n in range(count)))


def with_status(status):
    return replace(clean_result(), checks=tuple(replace(check, status=status) for check in rich_result().checks))


@pytest.mark.parametrize(
    ("splits", "ending"),
    [
        (("train", "test"), "measured on this test set"),
        (("train", "validation"), "measured on this validation set"),
        (("train", "validation", "test"), "measured on these splits"),
        (("train",), "measured on this data"),
        (("train", "reference"), "measured on this data"),
    ],
)
def test_errors_name_what_cannot_be_trusted(splits, ending):
    said = verdict(with_splits(*splits))
    assert said.tone == "error"
    assert said.headline == f"2 errors: do not trust a score {ending}"


@pytest.mark.parametrize(
    ("result", "tone", "headline"),
    [
        (with_severity(Severity.WARNING), "warning", "1 warning: decide about it before you train"),
        (with_severity(Severity.WARNING, 4), "warning", "4 warnings: decide about each of them before you train"),
        (with_severity(Severity.INFO), "info", "No errors and no warnings: 1 thing worth knowing"),
        (with_severity(Severity.INFO, 3), "info", "No errors and no warnings: 3 things worth knowing"),
        (clean_result(), "clean", "Nothing found: 25 checks passed"),
        (with_status(Status.SKIPPED), "incomplete", "Nothing was checked: every check was skipped"),
        (with_status(Status.CRASHED), "incomplete", "Nothing found, but the audit is not complete"),
        (empty_result(), "incomplete", "Nothing was checked: no rule was selected"),
    ],
)
def test_every_other_outcome(result, tone, headline):
    said = verdict(result)
    assert (said.tone, said.headline) == (tone, headline)


def test_everything_accepted():
    result = rich_result()
    result = replace(result, accepted=frozenset(f.fingerprint for f in result.findings), checks=clean_result().checks)
    assert verdict(result).headline == "Nothing new: every finding is accepted by the baseline"


def test_details():
    assert verdict(rich_result()).details == (
        "There are also 8 warnings and 1 info finding.",
        "16 of the 22 checks that ran passed; 2 were skipped.",
        "1 check crashed, and its answer is missing.",
    )
    assert "2 findings accepted by a baseline are listed but not counted." in verdict(accepted_result()).details
    assert "Redacted: every value that came from the data is left out." in verdict(redact(rich_result())).details
    assert verdict(empty_result()).details == ()


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [
        ([Status.PASSED], "1 check passed."),
        ([Status.PASSED, Status.PASSED], "2 checks passed."),
        ([Status.FAILED], "No check passed."),
        ([Status.FAILED, Status.FAILED, Status.SKIPPED], "No check passed; 1 was skipped."),
        ([Status.PASSED, Status.FAILED], "1 of the 2 checks that ran passed."),
        ([Status.SKIPPED, Status.SKIPPED], "2 checks were skipped."),
    ],
)
def test_the_sentence_of_the_checks(statuses, sentence):
    checks = tuple(replace(clean_result().checks[0], status=status) for status in statuses)
    assert verdict(replace(with_severity(Severity.WARNING), checks=checks)).details == (sentence,)


def test_what_the_headline_says_is_not_said_again():
    said = verdict(clean_result())
    assert said.headline == "Nothing found: 25 checks passed"
    assert said.details == ()


def test_order_is_severity_then_code():
    listed = sort_findings(rich_result().findings)
    assert [(-f.severity, f.code) for f in listed] == sorted((-f.severity, f.code) for f in listed)
