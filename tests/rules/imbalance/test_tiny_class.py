"""IMB003 tiny-class."""

from __future__ import annotations

import pytest
from tests.rules.frames import class_facts, clean_frame, findings_of, judge, labels, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.imbalance.tiny_class import TinyClass


def test_flags_a_class_with_fewer_rows_than_folds_need():
    [finding] = findings_of("IMB003", labels(common=400, rare=7))
    assert finding.severity is Severity.WARNING
    assert "1 of 2 classes has fewer than 10 training rows, 2 for each of 5 folds: rare (7)." in str(finding.message)
    assert "A fold holds 1 or 2 rows of rare." in str(finding.message)
    assert (finding.evidence["n_rows_per_fold_of_rarest"], finding.evidence["n_folds_without_rarest"]) == (1.4, 0)


def test_is_info_where_the_whole_table_is_small():
    [finding] = findings_of("IMB003", labels(a=8, b=9, c=8))
    assert finding.severity is Severity.INFO
    assert "no class is rare" in str(finding.message)


def test_is_silent_on_a_clean_table():
    assert not findings_of("IMB003", clean_frame(100))


def test_is_silent_on_a_million_rows():
    assert not judge(TinyClass(), class_facts(a=999_990, b=10))


@pytest.mark.parametrize(("n_rare", "n_found"), [(10, 0), (9, 1)])
def test_boundary_is_two_rows_for_each_of_five_folds(n_rare, n_found):
    assert len(judge(TinyClass(), class_facts(common=500, rare=n_rare))) == n_found


@pytest.mark.parametrize(("n_common", "severity"), [(27, Severity.INFO), (28, Severity.WARNING)])
def test_boundary_between_a_small_table_and_a_rare_class(n_common, severity):
    """Of 2 classes, 3 rows of 31 are below half of the balanced share even at the interval's upper end."""
    [finding] = judge(TinyClass(), class_facts(common=n_common, rare=3))
    assert finding.severity is severity


def test_fewer_rows_never_score_milder():
    steps = [worst(judge(TinyClass(), class_facts(common=300, rare=n))) for n in range(40, 0, -1)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_a_class_without_training_rows_is_left_to_split006():
    assert not judge(TinyClass(), class_facts(a=500, b=500, c=0))


def test_folds_can_be_set():
    train = labels(a=50, b=15)
    assert not findings_of("IMB003", train)
    assert findings_of("IMB003", train, thresholds={"tiny-class": {"folds": 10}})
