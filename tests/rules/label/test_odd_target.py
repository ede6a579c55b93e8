"""LABEL006 odd-target."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import audited, findings_of, judge, least_hits, never_falls, severities, worst
from tests.rules.label.targets import CLEAN, clean, judged, kinds, target_facts

from dataaudit.figures import Histogram
from dataaudit.intervals import wilson
from dataaudit.measure.heaps import Heap
from dataaudit.measure.target_shape import EndValue, Negatives, TargetShape
from dataaudit.model import Finding, Severity, redact
from dataaudit.rules.label._oddities import excess_at
from dataaudit.rules.label.odd_target import OddTarget

MILLION = 1_000_000


def frame_of(target: np.ndarray, seed: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"x": np.random.default_rng(seed).normal(size=len(target)), "y": target})


def audit_of(target: np.ndarray) -> tuple[Finding, ...]:
    return findings_of("LABEL006", frame_of(target), task="regression")


def normal(n_rows: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(50, 12, n_rows)


def with_codes(n_rows: int, n_codes: int, code: float = -999.0) -> np.ndarray:
    return np.where(np.arange(n_rows) < n_codes, code, normal(n_rows))


def heaped(n_rows: int, share: float, step: float = 10.0, seed: int = 1) -> np.ndarray:
    """Whole numbers, a share of them rounded to a step."""
    target, random = normal(n_rows, seed).round(), np.random.default_rng(seed + 1)
    return np.where(random.random(n_rows) < share, step * np.round(target / step), target)


def made(n_rows: int = 10_000, **given: Any) -> TargetShape:
    """A shape without an oddity: a hundred whole numbers, two fifths of the way apart from everything else."""
    values = np.arange(100.0)
    known = {
        "n_infinite": 0,
        "mean": 49.5,
        "sd": 28.9,
        "low": ends(1, start=10.5),
        "high": ends(1, start=90.5, step=-1.0),
        "negatives": None,
        "values": values,
        "counts": np.full(100, n_rows // 100),
        "heaps": (),
    }
    return TargetShape(n_rows=n_rows, **{**known, **given})


def ends(n_end: int, n_inner: int = 1, start: float = 50.5, step: float = 1.0) -> tuple[EndValue, ...]:
    counts = [n_end, *[n_inner] * 19]
    return tuple(EndValue(start + step * place, n) for place, n in enumerate(counts))


def judged_shape(shape: TargetShape, **thresholds: Any) -> list[Finding]:
    return judge(OddTarget(**thresholds), target_facts(shape))


# Clean targets


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize("n_rows", [100, 10_000])
def test_is_silent_on_clean_targets(name, n_rows):
    assert not judged(clean(name, n_rows))


@pytest.mark.parametrize(
    "name", ["normal", "exponential", "prices", "three digits", "halves", "counts", "waits", "dice"]
)
def test_is_silent_on_a_million_clean_rows(name):
    assert not judged(clean(name, MILLION))


@pytest.mark.parametrize("name", ["lognormal", "counts", "halves"])
def test_an_audit_is_silent_on_clean_targets(name):
    assert not audit_of(clean(name, 400))


def test_false_warnings_on_small_clean_targets_are_rare():
    found = [worst(judged(clean(name, 60, seed))) for name in CLEAN for seed in range(20)]
    assert sum(severity > Severity.INFO for severity in found) <= 0.01 * len(found)


# Caps


def test_flags_prices_cut_off_at_the_highest():
    """As the 16 of 506 houses in Boston that cost exactly 50."""
    prices = np.random.default_rng(0).lognormal(3, 0.4, 506).round(1)
    prices = np.minimum(prices, np.sort(prices)[-16])
    [finding] = audit_of(prices)
    assert finding.severity is Severity.WARNING
    assert finding.identity == ("cap", "high")
    assert "in 16 training rows (3.16 %), its highest value, while those next to it have" in str(finding.message)
    assert f"frame['y'] < {prices.max():g}" in str(finding.fix)
    [rows] = finding.rows
    assert rows.numbers == tuple(np.flatnonzero(prices == prices.max()).tolist())


def test_flags_a_cut_off_low_end():
    [finding] = judged(np.maximum(normal(1000), 35.5))
    assert finding.identity == ("cap", "low")
    assert "its lowest value" in str(finding.message)


def test_the_picture_of_a_cap_has_its_peak_at_the_cap():
    [finding] = judged(np.minimum(normal(1000), 60.0))
    assert isinstance(finding.figure, Histogram)
    shares = finding.figure.series["train"]
    assert sum(shares) == pytest.approx(1)
    assert max(shares) == shares[-1]
    assert finding.figure.edges[-1] == 60


@pytest.mark.parametrize(("bound", "severity", "below"), [(0.01, "warning", "info"), (0.002, "info", None)])
def test_boundaries_of_a_cap_lie_at_the_lower_bound_of_its_excess(bound, severity, below):
    n_end = least_hits(10_000, bound + 1 / 10_000)
    [finding] = judged_shape(made(high=ends(n_end, start=90.5, step=-1.0)))
    assert finding.severity.label == severity
    assert [f.severity.label for f in judged_shape(made(high=ends(n_end - 1, start=90.5, step=-1.0)))] == (
        [below] if below else []
    )


def test_boundary_of_the_rows_that_are_usual():
    """Of ten values next to it with 30 rows each; the bound is that of 59 rows among them."""
    steps = {n: worst(judged_shape(made(high=ends(n, 30, 90.5, -1.0)), info_cap=0.0)) for n in range(60, 140)}
    first = min(n for n, severity in steps.items() if severity)
    lower = [10 * p / (1 - p) for p in (wilson(n, n + 300, 2.2414)[0] for n in (first - 1, first))]
    assert lower[0] < 2 <= lower[1] or first == pytest.approx(2 * (90 + 1.645 * 90**0.5) / 3, abs=1)
    assert never_falls(steps.values())


def test_boundary_of_what_the_nearest_values_lead_to():
    """Counts that double towards the end lead to twice the nearest one, which is no cap."""
    counts = [6400, 3200, 1600, 800, 400, 200, 100, 50, 25, 12, 6]
    doubling = tuple(EndValue(90.5 - place, n) for place, n in enumerate(counts))
    assert not judged_shape(made(100_000, high=doubling))
    spike = (dataclasses.replace(doubling[0], n_rows=4 * 6400), *doubling[1:])
    assert kinds(judged_shape(made(100_000, high=spike))) == ["cap"]


@pytest.mark.parametrize(("n_end", "n_found"), [(5, 1), (4, 0)])
def test_boundary_of_the_rows_of_a_cap(n_end, n_found):
    assert len(judged_shape(made(100, high=ends(n_end, 1, 90.5, -1.0)), spike_factor=0.5)) == n_found


@pytest.mark.parametrize(("n_values", "n_found"), [(12, 1), (11, 0)])
def test_boundary_of_a_scale_of_grades(n_values, n_found):
    shape = made(high=ends(900, 1, 90.5, -1.0), values=np.arange(float(n_values)), counts=np.ones(n_values, int))
    assert len(judged_shape(shape)) == n_found


def test_a_whole_number_may_start_at_one():
    counts = np.repeat(np.arange(1.0, 41.0), [4000, *range(60, 21, -1)])
    assert not judged(counts)
    assert kinds(judged(counts + 1)) == ["cap"]


def test_many_zeros_are_an_info():
    target = np.where(np.arange(1000) < 400, 0.0, np.random.default_rng(0).exponential(20, 1000))
    [finding] = audit_of(target)
    assert (finding.severity, finding.identity) == (Severity.INFO, ("zero",))
    assert str(finding.message).startswith(
        "y is 0 in 400 training rows (40 %), while the values next to it have 1 each"
    )


# Codes


def test_flags_codes_and_says_what_part_of_the_variance_they_are():
    [finding] = audit_of(with_codes(1000, 30))
    assert finding.severity is Severity.ERROR
    assert str(finding.message).startswith("y is -999 in 30 training rows (3 %); the next value is")
    target = with_codes(1000, 30)
    between = 0.03 * 0.97 * (target[30:].mean() + 999) ** 2
    assert finding.evidence["variance_share"] == pytest.approx(between / target.var())
    assert finding.rows[0].numbers == tuple(range(20))
    assert finding.rows[0].truncated
    assert "frame['y'] != -999" in str(finding.fix)


@pytest.mark.parametrize("code", [-99.0, -999.0, 999.0, 9999.0, -9999.0, 1e20])
def test_finds_two_rows_of_a_code(code):
    found = judged(with_codes(400, 2, code))
    assert kinds(found) == ["code"]
    assert not judged(with_codes(400, 0, code))


def test_two_codes_side_by_side_are_two_findings():
    target = with_codes(1000, 20)
    target[30:40] = -998.0
    found = judged(target)
    assert [finding.evidence["value"].value for finding in found] == [-999.0, -998.0]
    assert len({finding.fingerprint for finding in found}) == 2


def test_a_code_hides_no_cap_behind_it():
    target = np.minimum(normal(1000), 60.0)
    target[:10] = 9999.0
    assert kinds(judged(target)) == ["code", "cap"]


@pytest.mark.parametrize(("gap", "n_found"), [(0.5, 1), (0.51, 0)])
def test_boundary_of_the_gap(gap, n_found):
    """Values from 0 to 99 spread over 90; 999 lies 900 from the next one."""
    shape = made(high=(EndValue(144.0, 50), EndValue(99.0, 50), EndValue(98.0, 50)))
    assert not judged_shape(shape), "144 is no code"
    high = (EndValue(999.0, 50), EndValue(999.0 - 45, 50), EndValue(98.0, 50))
    assert len(judged_shape(made(high=high), gap=gap)) == n_found


@pytest.mark.parametrize(("value", "n_rows", "n_found"), [(-999.0, 2, 1), (-999.0, 1, 0), (-9.0, 5, 1), (-9.0, 4, 0)])
def test_boundaries_of_the_rows_of_a_code(value, n_rows, n_found):
    """A code of one digit takes as many rows as a cap."""
    shape = made(low=(EndValue(value, n_rows), EndValue(40.0, 1), EndValue(41.0, 1)))
    assert len(judged_shape(shape)) == n_found


@pytest.mark.parametrize(("value", "n_found"), [(-9.0, 0), (-99.0, 1)])
def test_a_small_code_may_be_a_grade(value, n_found):
    shape = made(low=(EndValue(value, 50), EndValue(40.0, 1)), values=np.arange(11.0), counts=np.full(11, 900))
    assert len(judged_shape(shape)) == n_found


def test_boundary_of_an_error_lies_at_the_lower_bound_of_the_variance():
    target = with_codes(2000, 40, 999.0)
    [finding] = judged(target)
    bound = finding.evidence["variance_share_lower"]
    assert 0 < bound < finding.evidence["variance_share"]
    assert severities(judged(target, error_variance=bound)) == [Severity.ERROR]
    assert severities(judged(target, error_variance=np.nextafter(bound, 1))) == [Severity.WARNING]


def test_without_a_standard_deviation_a_code_is_a_warning():
    shape = made(low=(EndValue(-999.0, 50), EndValue(10.0, 1)), sd=None, mean=None)
    assert severities(judged_shape(shape)) == [Severity.WARNING]


def test_zero_far_below_the_positive_values_is_an_info():
    target = np.where(np.arange(500) < 12, 0.0, np.random.default_rng(0).normal(50, 6, 500).round(1))
    [finding] = judged(target)
    assert (finding.severity, finding.identity) == (Severity.INFO, ("zero",))
    assert "does 0 stand for a missing target?" in str(finding.message)
    assert len(judged(target[7:])) == 1
    assert not judged(target[8:]), "four rows are too few"


@pytest.mark.parametrize(("lowest", "n_found"), [(5.0, 1), (4.0, 0)])
def test_boundary_of_zero_among_whole_numbers(lowest, n_found):
    target = np.concatenate([np.zeros(20), np.repeat(np.arange(lowest, 41.0), 30)])
    assert len(judged(target, info_cap=1.0)) == n_found


@pytest.mark.parametrize(("lowest", "n_found"), [(10.0, 1), (9.5, 0)])
def test_boundary_of_zero_beside_the_median(lowest, n_found):
    """The positive values' median is 100."""
    others = np.concatenate([np.linspace(lowest, 99.0, 50), np.linspace(101.0, 190.0, 49), [100.0]])
    assert len(judged(np.concatenate([np.zeros(20), others]), info_cap=1.0)) == n_found


# Heaps


def test_flags_weights_heaped_at_tens():
    [finding] = audit_of(heaped(2000, 0.4))
    assert (finding.severity, finding.identity) == (Severity.WARNING, ("heap",))
    assert str(finding.message).startswith("y is a multiple of 10 in ")
    assert finding.evidence["share_in_excess"] == pytest.approx(0.4, abs=0.06)
    assert finding.evidence["share_in_excess_lower"] < 0.4 < finding.evidence["share_in_excess_upper"]
    assert "frame['y'] % 10 == 0" in str(finding.fix)


def test_the_picture_of_a_heap_has_its_peak_at_the_multiple():
    [finding] = judged(heaped(2000, 0.4))
    assert isinstance(finding.figure, Histogram)
    shares = finding.figure.series["train"]
    assert (finding.figure.edges[0], finding.figure.edges[-1]) == (-5, 5)
    assert max(shares) == shares[5] > 0.4


def test_finer_heaps_than_a_model_can_tell_are_an_info():
    """Tens among numbers that spread over some 4,000."""
    target = np.round(100 * normal(2000, 3))
    target = np.where(np.arange(2000) % 2 == 0, 50 * np.round(target / 50), target)
    [finding] = judged(target)
    assert finding.severity is Severity.INFO
    assert finding.evidence["step"].value == 50


def test_names_the_coarsest_step_that_explains_the_heaps():
    for step in (5.0, 10.0):
        [finding] = judged(heaped(5000, 0.4, step))
        assert finding.evidence["step"].value == step


def made_heap(n_round: int, **given: Any) -> Heap:
    known = {"step_per_spread": 0.1, "n_places": 9.0, "n_multiples": 9, "n_rows_apart": 9000, "by_distance": (1,) * 11}
    known["n_rows_round_apart"] = given.pop("n_round_apart", n_round)
    return Heap(**{"step": 10.0, "n_rows": 10_000, "n_rows_round": n_round, **known, **given})


def heap_found(heap: Heap, **thresholds: Any) -> int:
    return worst(judged_shape(made(heaps=(heap,)), **thresholds))


@pytest.mark.parametrize(
    ("bound", "severity", "below"), [(0.03, Severity.INFO, 0), (0.1, Severity.WARNING, Severity.INFO)]
)
def test_boundaries_of_a_heap_lie_at_the_lower_bound_of_the_excess(bound, severity, below):
    """With ten places a share s of multiples is (s - .1) / .9 of the rows in excess."""
    n_round = least_hits(10_000, 0.1 + 0.9 * bound, 1.959964)
    assert heap_found(made_heap(n_round)) == severity
    assert heap_found(made_heap(n_round - 1)) == below


def test_more_steps_tried_widen_the_bounds():
    one, many = (excess_at(made_heap(1500), 10_000, n_tried) for n_tried in (1, 20))
    assert many.lower < one.lower < one.share < one.upper < many.upper


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"step_per_spread": 0.05}, Severity.WARNING),
        ({"step_per_spread": 0.0499}, Severity.INFO),
        ({"n_places": 3.5}, Severity.WARNING),
        ({"n_places": 3.49}, 0),
        ({"n_multiples": 5}, Severity.WARNING),
        ({"n_multiples": 4}, 0),
    ],
)
def test_boundaries_of_step_places_and_multiples(given, severity):
    assert heap_found(made_heap(5000, **given)) == severity


def test_an_excess_from_one_stretch_is_no_heap():
    n_apart = least_hits(9000, 0.1 + 0.9 * 0.015 / 0.9, 1.959964)
    assert heap_found(made_heap(2500, n_round_apart=n_apart)) == Severity.WARNING
    assert heap_found(made_heap(2500, n_round_apart=n_apart - 1)) == 0


def test_one_common_round_value_is_no_heap():
    target = normal(3000).round()
    assert not judged(np.where(np.arange(3000) < 600, 60.0, target))


def test_a_range_that_is_rounded_altogether_is_no_heap():
    target = normal(5000)
    assert not judged(np.where(target > 55, 5 * np.round(target / 5), target.round()))


# Signs and infinite cells


def with_negatives(n_negative: int, n_rows: int = 1000) -> np.ndarray:
    target = np.random.default_rng(0).lognormal(3, 0.3, n_rows)
    return np.where(np.arange(n_rows) < n_negative, -target, target)


def test_names_rows_with_the_wrong_sign():
    [finding] = audit_of(with_negatives(3))
    assert (finding.severity, finding.identity) == (Severity.INFO, ("negative",))
    assert str(finding.message).startswith("y is negative in 3 of 1,000 training rows (0.3 %), while all others are ")
    assert finding.rows[0].numbers == (0, 1, 2)


@pytest.mark.parametrize("label", ["price", "house_price", "Age", "n count", "weight.kg"])
def test_a_price_cannot_be_negative(label):
    assert severities(judged(with_negatives(3), label)) == [Severity.WARNING]


@pytest.mark.parametrize("label", ["profit", "priceless", "average", "page"])
def test_other_names_say_nothing(label):
    assert severities(judged(with_negatives(3), label)) == [Severity.INFO]


@pytest.mark.parametrize(("n_negative", "n_found"), [(0, 0), (1, 1), (10, 1), (11, 0)])
def test_boundary_of_few_negative_rows(n_negative, n_found):
    assert len(judged(with_negatives(n_negative))) == n_found


@pytest.mark.parametrize(("n_far", "n_found"), [(5, 1), (4, 0)])
def test_boundary_of_rows_far_below_zero(n_far, n_found):
    assert len(judged_shape(made(negatives=Negatives(10, n_far, -1.0, 3.0)))) == n_found


def test_codes_are_no_negative_rows():
    target = np.abs(with_negatives(0))
    target[:8] = -999.0
    assert kinds(judged(target)) == ["code"]
    target[8] = -20.0
    found = judged(target)
    assert kinds(found) == ["code", "negative"]
    assert found[1].evidence["n_rows_negative"] == 1


def test_a_natural_tail_below_zero_is_none():
    assert not judged(np.random.default_rng(0).normal(2.5, 1, 20_000))


def test_infinite_cells_are_a_warning():
    target = normal(300)
    target[:2] = np.inf, -np.inf
    [finding] = audit_of(target)
    assert (finding.severity, finding.identity) == (Severity.WARNING, ("infinite",))
    assert "infinite in 2 of 300 training rows" in str(finding.message)


# Worse is never milder; what does not matter


def test_deeper_caps_never_score_milder():
    target = normal(600)
    levels = (1.0, 0.999, 0.99, 0.97, 0.9, 0.7, 0.5)
    steps = [worst(judged(np.minimum(target, np.quantile(target, level)))) for level in levels]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_more_codes_never_score_milder():
    steps = [worst(judged(with_codes(500, n))) for n in (0, 1, 2, 5, 20, 100, 300)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_codes_further_away_never_score_milder():
    steps = [worst(judged(with_codes(500, 9, code))) for code in (99.0, 999.0, 9999.0, 99999.0, 1e6, 1e20)]
    assert never_falls(steps)
    assert steps[-1] == Severity.ERROR


def test_more_heaping_never_scores_milder():
    steps = [worst(judged(heaped(2000, share))) for share in np.arange(0, 0.95, 0.05)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


@pytest.mark.parametrize("scale", [1000.0, 1e-6, 1e100])
def test_the_scale_of_the_target_does_not_change_caps(scale):
    target = np.minimum(normal(600), 62.0)
    [finding], [other] = judged(target), judged(target * scale)
    assert other.severity is finding.severity
    assert other.evidence["times_usual_lower"] == finding.evidence["times_usual_lower"]


def test_mirrored_targets_are_capped_at_the_other_end():
    target = np.minimum(normal(600), 62.0)
    [finding], [other] = judged(target), judged(-target)
    assert (finding.identity[1], other.identity[1]) == ("high", "low")
    assert other.evidence["share_in_excess_lower"] == finding.evidence["share_in_excess_lower"]


def test_the_order_of_rows_and_columns_does_not_matter():
    frame = frame_of(np.where(np.arange(1000) < 9, -999.0, heaped(1000, 0.4)))
    turned = frame.sample(frac=1, random_state=1)[["y", "x"]].reset_index(drop=True)
    found = [findings_of("LABEL006", each, task="regression") for each in (frame, turned)]
    said = [[(f.fingerprint, f.severity, str(f.message)) for f in each] for each in found]
    assert said[0] == said[1]
    assert len(said[0]) == 2


# Edges


@pytest.mark.parametrize(
    "target",
    [
        np.where(np.arange(200) < 199, 7.5, 8.5),
        np.array([1.0, 2.0, 4.0]),
        -normal(300),
        1e300 * normal(300),
        np.where(np.arange(300) < 150, np.nan, normal(300)),
        np.array([-1.7e308, 1.7e308] * 20),
        1e-300 * normal(300),
    ],
    ids=["nearly constant", "three rows", "all negative", "huge", "half missing", "largest doubles", "tiny"],
)
def test_odd_tables_are_no_odd_targets(target):
    assert not audit_of(target)


def test_a_constant_target_is_none():
    assert not judged(np.full(200, 7.5))


def test_a_huge_code_among_huge_numbers_is_not_lost():
    found = audit_of(np.where(np.arange(300) < 20, 1e20, normal(300)))
    assert kinds(found) == ["code"]


def test_redacted_it_shows_no_value_of_the_data():
    target = with_codes(1000, 30)
    target[100:160] = 83.25
    result = audited("LABEL006", frame_of(np.minimum(target, 83.25)), task="regression")
    assert len(result.findings) == 2
    shown = [f"{finding.message} {finding.fix} {finding.evidence}" for finding in redact(result).findings]
    assert not [text for text in shown if "-999" in text or "83.25" in text]
    assert "83.25" in result.to_json()
