"""IMB002 accuracy-trap."""

from __future__ import annotations

import pytest
from tests.rules.frames import class_facts, clean_frame, findings_of, judge, labels, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.imbalance.accuracy_trap import AccuracyTrap


def test_flags_a_majority_that_is_nearly_everything():
    [finding] = findings_of("IMB002", labels(noise=999, quake=1))
    assert finding.severity is Severity.ERROR
    assert "Always answering noise is right on 99.9 %" in str(finding.message)
    assert finding.evidence["no_skill_balanced_accuracy"] == 0.5


def test_is_silent_on_a_clean_table():
    assert not findings_of("IMB002", clean_frame(100))


def test_is_silent_on_a_million_rows():
    assert not judge(AccuracyTrap(), class_facts(a=600_000, b=400_000))


@pytest.mark.parametrize(
    ("n_common", "severity"),
    [(899, None), (900, Severity.WARNING), (989, Severity.WARNING), (990, Severity.ERROR)],
)
def test_boundaries(n_common, severity):
    found = judge(AccuracyTrap(), class_facts(common=n_common, rare=1000 - n_common))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize(("n_rows", "n_found"), [(19, 0), (20, 1)])
def test_too_few_rows_say_nothing(n_rows, n_found):
    assert len(judge(AccuracyTrap(), class_facts(common=n_rows - 1, rare=1))) == n_found


def test_a_larger_majority_never_scores_milder():
    steps = [worst(judge(AccuracyTrap(), class_facts(common=n, rare=1000 - n))) for n in range(500, 1000, 3)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)
