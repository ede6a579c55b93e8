"""SPUR006 pair-tells-label."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, binary_facts, plain_table
from tests.rules.frames import audited, findings_of, folded, judge, never_falls, worst

from dataaudit.measure.association import Association, Tried
from dataaudit.measure.links.pairs import PairLink
from dataaudit.model import Severity, Status
from dataaudit.rules.shortcut.pair_tells_label import PairTellsLabel

RULE = PairTellsLabel()


def with_signs(share_wrong: float = 0.0, n_rows: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Return a table with two numbers whose signs differ in the cats, but for a share of the rows."""
    random, table = np.random.default_rng(seed + 100), plain_table(n_rows, seed)
    first, second = random.normal(size=n_rows), np.abs(random.normal(size=n_rows))
    differs = (table["y"] == "cat") ^ (random.permutation(n_rows) < share_wrong * n_rows)
    return table.assign(charge=first, spin=second * np.sign(first) * np.where(differs, -1, 1))


def pair(
    explained: float, single: float = 0.0, n_rows: int = MILLION, columns=("a", "b"), n_judged: int = 1
) -> PairLink:
    counts = np.array([[n_rows // 2, 0], [0, n_rows - n_rows // 2]])
    read = Association("", explained, n_rows, None, 1.0, coding="which is larger", tried=Tried(counts, n_judged))
    return PairLink(columns, read, single, columns[0], 50, 80, 1225, (("which is larger", 0), ("which is larger", 2)))


def pair_facts(*pairs: PairLink, honest: tuple[str, ...] = (), n_rows: int = MILLION):
    links = SimpleNamespace(pairs={one.columns: one for one in pairs})
    return binary_facts(n_rows // 2, n_rows - n_rows // 2, links=links, honest=frozenset(honest))


def test_flags_two_numbers_whose_signs_tell_and_says_how_they_are_read():
    [finding] = findings_of("SPUR006", with_signs())
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("charge", "spin")
    assert "charge and spin together (on which sides of two cuts they lie) explain 9" in str(finding.message)
    assert "--exclude charge" in str(finding.fix)
    assert 'honest = ["charge", "spin"]' in str(finding.fix)
    assert finding.figure.rows == ("both low", "charge low, spin high", "charge high, spin low", "both high")
    assert sum(map(sum, finding.figure.counts["train"])) == 1000
    assert (finding.evidence["n_rows"], finding.evidence["n_pairs"]) == (1000, 28)


def test_flags_codes_that_are_the_same_in_one_class():
    random, table = np.random.default_rng(100), plain_table(600)
    card = random.integers(0, 60, 600)
    billing = np.where(table["y"] == "cat", card, (card + random.integers(1, 60, 600)) % 60)
    table = table.assign(card=[f"c{i}" for i in card], billing=[f"c{i}" for i in billing])
    [finding] = findings_of("SPUR006", table)
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("billing", "card")
    assert finding.figure.rows == ("unlike", "the same")


def test_flags_a_number_that_is_the_difference_of_two():
    random, table = np.random.default_rng(100), plain_table(800)
    start = random.normal(50, 20, 800)
    table = table.assign(start=start, end=start + table["length"], y=table["length"] + random.normal(0, 0.1, 800))
    [finding] = findings_of("SPUR006", table.drop(columns="length"))
    assert finding.columns == ("end", "start")
    assert "their difference" in str(finding.message)
    assert finding.figure is None


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_permuted_labels_in_100_rows(seed):
    assert not findings_of("SPUR006", plain_table(100, seed))


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_many_categories_and_permuted_labels(seed):
    random = np.random.default_rng(seed)
    columns = {f"c{i}": [f"v{j}" for j in random.integers(0, 5 * (i + 1), 120)] for i in range(30)}
    assert not findings_of(
        "SPUR006", pd.DataFrame({**columns, "y": random.permutation(np.resize(["cat", "dog"], 120))})
    )


def test_is_silent_on_twenty_honest_features():
    random, table = np.random.default_rng(100), plain_table(1000)
    shift = np.where(table["y"] == "cat", 1.0, -1.0)
    told = {f"h{i}": shift * 0.6 + random.normal(size=1000) for i in range(20)}
    assert not findings_of("SPUR006", table.assign(**told))


def test_is_silent_where_one_of_the_two_tells_as_much():
    table = plain_table(800)
    assert not findings_of("SPUR006", table.assign(copy=(table["y"] == "cat") * 5 + table["gaps"].fillna(0) * 0.01))


def test_is_silent_on_a_million_rows_of_noise():
    assert not judge(RULE, pair_facts(pair(0.001)))
    assert not judge(RULE, pair_facts())


@pytest.mark.parametrize(
    ("explained", "severity"),
    [(0.6, 0), (0.602, Severity.INFO), (0.85, Severity.INFO), (0.852, Severity.WARNING), (1.0, Severity.WARNING)],
)
def test_boundaries_lie_at_the_lower_bound(explained, severity):
    assert worst(judge(RULE, pair_facts(pair(explained)))) == severity


@pytest.mark.parametrize(("single", "severity"), [(0.598, Severity.WARNING), (0.601, 0), (0.9, 0)])
def test_the_pair_must_tell_more_than_the_better_of_the_two(single, severity):
    assert worst(judge(RULE, pair_facts(pair(0.9, single)))) == severity


def test_the_same_strength_counts_less_on_fewer_rows():
    steps = [worst(judge(RULE, pair_facts(pair(0.95, n_rows=n), n_rows=n))) for n in (8, 20, 100, 1000)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


@pytest.mark.parametrize(("n_judged", "severity"), [(1, Severity.WARNING), (1000, 0)])
def test_luck_is_asked_over_all_pairs_that_were_judged(n_judged, severity):
    """Ten of ten and none of ten: once in 92,378 tables, but four cells of a thousand pairs were looked at."""
    assert worst(judge(RULE, pair_facts(pair(1.0, n_rows=20, n_judged=n_judged), n_rows=20))) == severity


def test_less_noise_never_scores_milder():
    steps = [worst(findings_of("SPUR006", with_signs(share))) for share in (0.5, 0.2, 0.08, 0.03, 0.0)]
    assert never_falls(steps)
    assert set(steps) == {0, Severity.INFO, Severity.WARNING}


def test_a_pair_declared_honest_is_an_info():
    assert worst(judge(RULE, pair_facts(pair(0.99), honest=("a", "b")))) == Severity.INFO
    assert worst(judge(RULE, pair_facts(pair(0.99), honest=("a",)))) == Severity.WARNING
    [finding] = findings_of("SPUR006", with_signs(), honest=["charge", "spin"])
    assert (finding.severity, str(finding.fix)) == (Severity.INFO, "Nothing: both are declared honest.")


def test_a_column_with_many_copies_does_not_flood_the_report():
    pairs = [pair(0.99 - i / 1000, columns=("a", f"b{i}")) for i in range(9)]
    found = judge(RULE, pair_facts(*pairs))
    assert len(found) == 6
    assert folded(found).evidence["n_findings"] == 4


def test_names_with_braces_do_no_harm():
    [finding] = judge(RULE, pair_facts(pair(0.99, columns=("{0}", "b{x}"))))
    assert finding.figure.rows == ("{0} less", "{0} larger")
    assert "{0} and b{x} together" in str(finding.message)


def test_values_of_the_data_are_left_out_of_a_redacted_finding():
    [finding] = findings_of("SPUR006", with_signs())
    assert "cat" in finding.figure.columns
    assert "cat" not in finding.figure.redacted().columns
    assert "cat" not in f"{finding.message.redacted()} {finding.fix.redacted()}"


def test_too_few_features_are_said_to_be_so():
    from dataaudit.auditing import audit

    result = audit(plain_table(100)[["length", "y"]], label="y", select=["SPUR006"])
    assert [(check.status, check.reason) for check in result.checks] == [
        (Status.SKIPPED, "there are fewer than two features to pair")
    ]


def test_a_sample_is_said_to_be_one():
    [check] = audited("SPUR006", with_signs(n_rows=8000)[["charge", "spin", "y"]]).checks
    assert check.sampled
