"""--measure-impact: what a leak costs, in the message and the evidence of its finding."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.measure.impact.test_scores import grouped, noise, with_copies
from tests.rules.builders import split_facts
from tests.rules.frames import findings_of

from dataaudit.errors import NotMeasurable
from dataaudit.measure.impact.scores import Impact
from dataaudit.model import Severity
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.rules.leakage.target_leak import TargetLeak
from dataaudit.text import Text

IMPACT = Impact("balanced accuracy", 0.93, 0.81, 0.12, 0.1, 0.14, 1500, 5000, True)
KEYS = {
    "impact_score": "balanced accuracy",
    "impact_score_with_leak": 0.93,
    "impact_score_without_leak": 0.81,
    "impact_change": 0.12,
    "impact_change_lower": 0.1,
    "impact_change_upper": 0.14,
    "n_rows_impact_test": 1500,
    "n_rows_impact_train": 5000,
}


def a_finding(severity: Severity = Severity.ERROR):
    message = Text("{column} has {lower} and {score}.", {"column": "x", "lower": "its own", "score": "words"})
    return TargetLeak().finding(severity, message, columns=("x",), evidence={"share": 1.0}, fix=Text("None."))


def asked(wanted: bool = True):
    facts = split_facts()
    facts.measure_impact = wanted
    return facts


def test_message_and_evidence_carry_the_impact():
    found = with_impact(asked(), a_finding(), lambda: IMPACT)
    assert str(found.message) == (
        "x has its own and words. Measured: a plain model's balanced accuracy on 1,500 drawn test rows is 0.93 with "
        "this leak and 0.81 without it (95 % interval of the change 0.1 to 0.14)."
    )
    assert found.evidence == {"share": 1.0} | KEYS
    assert found.fingerprint == a_finding().fingerprint, "a baseline accepts it with and without"


def test_nothing_is_trained_unasked_or_for_an_info():
    def never():
        raise AssertionError("a model was trained")

    assert with_impact(asked(wanted=False), a_finding(), never) == a_finding()
    assert with_impact(asked(), a_finding(Severity.INFO), never) == a_finding(Severity.INFO)


def test_what_was_not_measured_says_why():
    def skipped():
        raise NotMeasurable("too few rows")

    found = with_impact(asked(), a_finding(), skipped)
    assert found.evidence["impact_not_measured"] == "too few rows"
    assert str(found.message) == "x has its own and words. Its impact was not measured: too few rows."


def test_the_rules_measure_what_they_find():
    train, test = with_copies(100)
    near = pd.concat([test.iloc[:200], test.iloc[200:].assign(a=lambda t: t["a"] + 1e-6)], ignore_index=True)
    groups = grouped()
    leak = noise(600).assign(leak=lambda t: (t["y"] == "cat") * 2.0)
    for code, splits, options in [
        ("LEAK001", (train, test), {}),
        ("LEAK002", (train, near), {}),
        ("LEAK003", (groups.iloc[:600], groups.iloc[600:]), {"group": "who"}),
        ("LEAK005", (leak.iloc[:400], leak.iloc[400:]), {}),
    ]:
        [finding] = findings_of(code, splits[0], test=splits[1], measure_impact=True, **options)
        assert finding.evidence["impact_change_lower"] > 0, code
        assert "Measured: a plain model" in str(finding.message)
        [plain] = findings_of(code, splits[0], test=splits[1], **options)
        assert not [key for key in plain.evidence if key.startswith("impact")]


@pytest.mark.parametrize("n_leaks", [7])
def test_at_most_five_columns_are_measured(n_leaks):
    table = noise(300)
    for number in range(n_leaks):
        table[f"leak {number}"] = (table["y"] == "cat") * (2.0 + number)
    found = findings_of("LEAK005", table, measure_impact=True)
    assert len(found) == n_leaks
    assert sum("impact_change" in finding.evidence for finding in found) == 5
    assert sum("only the first 5 columns are" in str(finding.message) for finding in found) == 2


def test_of_two_leaks_neither_hides_the_other():
    table = noise(600)
    for number in range(2):
        table[f"leak {number}"] = (table["y"] == "cat") * (2.0 + number)
    for finding in findings_of("LEAK005", table.iloc[:400], test=table.iloc[400:], measure_impact=True):
        assert finding.evidence["impact_score_with_leak"] > 0.95
        assert finding.evidence["impact_score_without_leak"] < 0.65


def test_a_part_of_a_text_is_not_measured_and_it_says_so():
    table = noise(600)
    table["note"] = [f"visit {i}: {'closed' if y == 'cat' else 'open'} again" for i, y in enumerate(table["y"])]
    [finding] = findings_of("LEAK005", table.iloc[:400], test=table.iloc[400:], measure_impact=True)
    assert "Its impact was not measured: the plain model does not see a part" in str(finding.message)
    assert "impact_change" not in finding.evidence


def test_a_leak_that_harms_is_said_to():
    found = with_impact(asked(), a_finding(), lambda: Impact("R²", 0.1, 0.2, -0.1, -0.12, -0.08, 100, 500, False))
    assert str(found.message).endswith(
        "(95 % interval of the change -0.12 to -0.08): here it harms, and is a leak all the same."
    )
