"""SPLIT001 label-shift."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.builders import MILLION, drift, plain_splits, split_facts
from tests.rules.frames import class_counts, findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.figures import Bars, Histogram
from dataaudit.model import Severity, Status
from dataaudit.rules.split.label_shift import LabelShift


def with_shares(share_train: float, share_test: float, n_train: int = 1000, n_test: int = 500):
    """Return splits with exactly these shares of "yes"."""
    train, test = plain_splits(n_train, n_test)
    for frame, share in ((train, share_train), (test, share_test)):
        n_yes = round(share * len(frame))
        frame["y"] = ["yes"] * n_yes + ["no"] * (len(frame) - n_yes)
    return train, test


def shift_facts(effect: float, p_value: float = 0.0, lower: float = 0.0, train=(500, 500), test=(500, 500)):
    found = drift(effect, p_value, lower, "y", measure="tv")
    return split_facts(
        label_drifts={"test": found}, classes=class_counts(dict(zip("ab", train, strict=True)), test=list(test))
    )


def test_flags_a_shift_and_names_the_shares():
    train, test = with_shares(0.4, 0.6)  # and 60 % and 40 % of "no", the first of the classes
    [finding] = findings_of("SPLIT001", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "60 % of the labels in train and 40 % in test" in str(finding.message)
    assert finding.evidence["distance"] == pytest.approx(0.2)
    assert isinstance(finding.figure, Bars)
    assert finding.splits == ("train", "test")


def test_a_smaller_shift_is_a_warning():
    train, test = with_shares(0.4, 0.52)
    assert worst(findings_of("SPLIT001", train, test=test)) == Severity.WARNING


def test_sees_a_rare_class_double():
    train, test = with_shares(0.004, 0.016, n_train=20_000, n_test=10_000)
    [finding] = findings_of("SPLIT001", train, test=test)
    assert finding.severity is Severity.WARNING
    assert "yes makes up 0.4 % of the labels in train and 1.6 % in test" in str(finding.message)
    assert "yes" not in str(finding.message.redacted())


def test_flags_a_numeric_target_that_moved():
    train, test = plain_splits(600, 300)
    train["y"], test["y"] = train["length"], test["length"] + 2
    [finding] = findings_of("SPLIT001", train, test=test, task="regression")
    assert finding.severity is Severity.ERROR
    assert isinstance(finding.figure, Histogram)
    assert sum(finding.figure.series["test"]) == pytest.approx(1)
    assert len(finding.figure.edges) == len(finding.figure.series["train"]) + 1


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_a_random_split_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    assert not findings_of("SPLIT001", train, test=test)


def test_random_splits_of_rare_classes_are_rarely_flagged():
    """Of 1,500 deals with classes of every size at most 1 % are flagged."""
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(1500):
        counts = np.array([2, 5, 9, 20, 60, 904])
        test = random.multivariate_hypergeometric(counts, int(random.choice([100, 300, 500])))
        facts = shift_facts(0.0, 1.0)
        facts.classes = class_counts(dict(zip("abcdef", (counts - test).tolist(), strict=True)), test=test.tolist())
        loud += bool(judge(LabelShift(), facts))
    assert loud <= 15


def test_is_silent_on_a_million_rows_however_sure_a_small_shift_is():
    facts = shift_facts(0.02, 0.0, 0.018, train=(MILLION, MILLION), test=(510_000, 490_000))
    assert not judge(LabelShift(), facts)


@pytest.mark.parametrize(
    ("effect", "lower", "severity"),
    [(0.0999, 0.0, 0), (0.1, 0.0, Severity.WARNING), (0.1999, 0.0999, Severity.WARNING), (0.2, 0.0, Severity.ERROR)],
)
def test_boundaries_of_the_distance(effect, lower, severity):
    assert worst(judge(LabelShift(), shift_facts(effect, 0.0, lower))) == severity


@pytest.mark.parametrize("lower", [0.0, 0.0999, 0.1, 0.15])
def test_how_sure_a_distance_is_makes_it_no_worse(lower):
    assert worst(judge(LabelShift(), shift_facts(0.15, 0.0, lower))) == Severity.WARNING


@pytest.mark.parametrize(("declared", "severity"), [(0.4, Severity.INFO), (0.45, Severity.INFO), (0.6, Severity.ERROR)])
def test_a_split_that_agrees_with_the_declared_prior_is_as_it_should_be(declared, severity):
    train, test = with_shares(0.6, 0.4)
    [finding] = findings_of("SPLIT001", train, test=test, prior={"yes": declared})
    assert finding.severity is severity
    assert ("agrees with the declared prior" in str(finding.message)) == (severity is Severity.INFO)
    assert str(finding.fix).startswith("Keep test as it is, and correct the prob") == (severity is Severity.INFO)


@pytest.mark.parametrize(("in_world", "severity"), [(0.4, Severity.INFO), (0.7, Severity.ERROR)])
def test_a_split_that_agrees_with_the_reference_is_as_it_should_be(in_world, severity):
    train, test = with_shares(0.6, 0.4)
    [finding] = findings_of("SPLIT001", train, test=test, reference=with_shares(in_world, 0.5)[0])
    assert finding.severity is severity


def test_a_rare_class_that_is_twice_as_common_as_declared_does_not_agree():
    train, test = with_shares(0.5, 0.02, n_train=2000, n_test=20_000)
    [finding] = findings_of("SPLIT001", train, test=test, prior={"yes": 0.01})
    assert finding.severity is Severity.ERROR
    [finding] = findings_of("SPLIT001", train, test=test, prior={"yes": 0.011})
    assert finding.severity is Severity.INFO


def test_both_accounts_of_the_world_must_agree():
    train, test = with_shares(0.6, 0.4)
    world = {"reference": with_shares(0.4, 0.5)[0], "prior": {"yes": 0.6}}
    [finding] = findings_of("SPLIT001", train, test=test, **world)
    assert finding.severity is Severity.ERROR


def test_the_fix_first_asks_whether_test_is_as_the_world_is():
    balanced, test = with_shares(0.5, 0.1)
    skewed, _ = with_shares(0.4, 0.1)
    fixes = [str(findings_of("SPLIT001", train, test=test)[0].fix) for train in (balanced, skewed)]
    assert fixes[0].startswith("Train has as many rows of every class, which looks like a choice: if test is as the")
    assert "split again" not in fixes[0]
    assert fixes[1].startswith("If test is as the world is, keep it, correct the probabilities")
    assert fixes[1].endswith("split again, stratified by y.")


@pytest.mark.parametrize(("p_value", "n_found"), [(0.0049, 1), (0.005, 0)])
def test_boundary_of_chance(p_value, n_found):
    assert len(judge(LabelShift(), shift_facts(0.3, p_value))) == n_found


@pytest.mark.parametrize(("n_test", "n_found"), [(400, 1), (399, 0)])
def test_boundary_of_the_factor(n_test, n_found):
    """A share of 0.2 % in train becomes twice that or hardly less."""
    facts = shift_facts(0.002, 0.5, train=(200, 99_800), test=(n_test, 100_000 - n_test))
    assert len(judge(LabelShift(), facts)) == n_found


def test_a_wider_shift_never_scores_milder():
    train, _ = with_shares(0.4, 0.4)
    shares = (0.4, 0.45, 0.5, 0.55, 0.65, 0.9, 1.0)
    steps = [worst(findings_of("SPLIT001", train, test=with_shares(0.4, share)[1])) for share in shares]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_a_rarer_class_never_scores_milder():
    counts = [1000, 900, 700, 500, 300, 100, 10, 1, 0]
    steps = [
        worst(judge(LabelShift(), shift_facts(0.0, 1.0, train=(1000, 99_000), test=(n, 100_000 - n)))) for n in counts
    ]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_is_skipped_where_no_other_split_has_labels():
    train, test = plain_splits(100, 50)
    [check] = audit(train, test=test.drop(columns="y"), label="y", select=["SPLIT001"]).checks
    assert (check.status, check.reason) == (Status.SKIPPED, "no other split has labels")


def test_two_splits_share_the_chance():
    """A class mix as odd as in one of 300 random splits is no finding where two splits are judged."""
    one = shift_facts(0.15, 0.0033)
    two = shift_facts(0.15, 0.0033)
    two.label_drifts["validation"] = drift(0.0, 1.0, column="y", measure="tv")
    assert judge(LabelShift(), one)
    assert not judge(LabelShift(), two)
