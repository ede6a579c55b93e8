"""IMB001 class-imbalance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import class_facts, clean_frame, findings_of, judge, labels, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.imbalance.class_imbalance import ClassImbalance


def test_flags_a_rare_class_and_says_count_and_ratio():
    [finding] = findings_of("IMB001", labels(noise=4900, quake=100))
    assert finding.severity is Severity.WARNING
    assert "quake has 100 of 5,000 labelled training rows (2 %), one for every 49 of noise" in str(finding.message)
    assert finding.evidence["n_rows_rarest"] == 100
    assert finding.evidence["n_commonest_per_rarest"] == 49
    assert finding.evidence["effective_classes"] == pytest.approx(1.103, abs=0.001)


def test_flags_a_class_of_few_rows_as_an_error():
    [finding] = findings_of("IMB001", labels(noise=980, quake=12))
    assert finding.severity is Severity.ERROR
    assert "natural shares" in str(finding.fix)


def test_the_ratio_is_a_whole_number_with_separators():
    [finding] = judge(ClassImbalance(), class_facts(common=13_393, rare=10))
    assert "one for every 1,339 of common" in str(finding.message)


def test_the_advice_on_resampling_names_its_sources():
    [finding] = judge(ClassImbalance(), class_facts(common=4900, rare=100))
    assert "in published comparisons" in str(finding.fix)
    assert "van den Goorbergh et al. 2022" in str(finding.fix)


def test_names_every_rare_class_the_rarest_first():
    [finding] = judge(ClassImbalance(), class_facts(a=50_000, b=300, c=200, d=40_000))
    assert [str(name) for name in finding.evidence["rare_classes"]] == ["c", "b"]
    assert str(finding.message).startswith("2 of 4 classes are rare: c has 200 of 90,500")


def test_is_silent_on_balanced_classes():
    assert not findings_of("IMB001", clean_frame(100))


def test_is_silent_on_a_million_rows_of_seven_to_three():
    assert not judge(ClassImbalance(), class_facts(a=700_000, b=300_000))


@pytest.mark.parametrize("counts", [(50, 50, 50), (5, 5), (12, 9, 14), (3, 2), (1, 2, 1)])
def test_is_silent_on_small_balanced_tables(counts):
    assert not judge(ClassImbalance(), class_facts(**{f"class_{i}": n for i, n in enumerate(counts)}))


@pytest.mark.parametrize(
    ("n_rare", "severity"),
    [(4865, None), (4864, Severity.WARNING), (457, Severity.WARNING), (456, Severity.ERROR)],
)
def test_boundaries_of_the_share_lie_where_the_interval_leaves_them(n_rare, severity):
    """Of 100,000 rows; the upper Wilson bound is below a tenth, a hundredth of a half."""
    found = judge(ClassImbalance(), class_facts(common=100_000 - n_rare, rare=n_rare))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("n_rare", "severity"),
    [(100, None), (99, Severity.WARNING), (20, Severity.WARNING), (19, Severity.ERROR)],
)
def test_boundaries_of_the_count(n_rare, severity):
    """The table is small enough for the share alone to be in order where the count is not."""
    found = judge(ClassImbalance(), class_facts(common=6 * n_rare, rare=n_rare))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


def test_few_rows_alone_are_not_enough():
    """15 of 45 rows is few, but as much as the others have."""
    assert not judge(ClassImbalance(), class_facts(a=15, b=15, c=15))


def test_fewer_rows_of_the_rare_class_never_score_milder():
    doses = [judge(ClassImbalance(), class_facts(common=2000, rare=n)) for n in range(2000, 0, -7)]
    steps = [worst(found) for found in doses]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_a_single_class_is_the_worst_imbalance():
    [finding] = judge(ClassImbalance(), class_facts(only=500))
    assert finding.severity is Severity.ERROR
    assert "nothing to tell apart" in str(finding.message)


def test_a_single_class_of_ten_rows_may_be_luck():
    assert not judge(ClassImbalance(), class_facts(only=10))


def test_a_class_without_training_rows_is_left_to_split006():
    facts = class_facts(a=500, b=500, c=0)
    assert not judge(ClassImbalance(), facts)


def test_thresholds_can_be_set():
    train = labels(a=700, b=300)
    assert findings_of("IMB001", train, thresholds={"class-imbalance": {"warning_of_balanced": 0.9}})


def test_names_of_classes_can_be_redacted():
    [finding] = findings_of("IMB001", labels(noise=980, quake=12))
    assert "quake" not in str(finding.message.redacted())
    assert "12 of 992" in str(finding.message.redacted())


def rare_at(shift: float, n_rare: int = 40) -> pd.DataFrame:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(2000, 3))).add_prefix("x")
    frame.loc[: n_rare - 1, "x0"] += shift
    return frame.assign(y=np.where(np.arange(2000) < n_rare, "rare", "common"))


def test_says_whether_the_rare_rows_stand_together():
    [together] = findings_of("IMB001", rare_at(9.0))
    [alone] = findings_of("IMB001", rare_at(0.0))
    assert "Of 40 rows of it looked at, 0 % have none of their class among the 5 nearest" in str(together.message)
    assert together.evidence["share_alone"] == 0.0
    assert alone.evidence["share_alone"] == pytest.approx(alone.evidence["share_alone_by_chance"], abs=0.1)
    assert sum(alone.evidence["n_rows_by_neighbours"].values()) == 40
    assert alone.severity is together.severity


def test_of_very_few_rows_it_says_nothing_of_neighbours():
    [finding] = findings_of("IMB001", rare_at(9.0, n_rare=19))
    assert "nearest" not in str(finding.message)
    assert "share_alone" not in finding.evidence


def test_says_how_many_of_many_classes_hold_most_rows():
    [finding] = judge(ClassImbalance(), class_facts(**{f"c{i}": 2**i for i in range(12)}))
    assert finding.evidence["n_classes_holding_90_percent"] == 4
    assert finding.evidence["effective_classes"] == pytest.approx(4, abs=0.05)
    assert "90 % of the rows are of 4 classes" in str(finding.message)


def in_islands(n_islands: int, rows_per_island: int, n_others: int = 1500, seed: int = 0) -> pd.DataFrame:
    """Return a class in islands of nearly equal rows, strewn among the others."""
    random = np.random.default_rng(seed)
    islands = random.normal(size=(n_islands, 5)).repeat(rows_per_island, axis=0)
    islands += random.normal(0, 0.01, islands.shape)
    frame = pd.DataFrame(np.vstack([islands, random.normal(size=(n_others, 5))])).add_prefix("x")
    frame["y"] = np.where(np.arange(len(frame)) < len(islands), "rare", "common")
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def test_a_rare_class_in_small_islands_is_told():
    [finding] = findings_of("IMB001", in_islands(15, 5, n_others=2500))
    said = "its 75 different rows lie in 15 separate groups, none of more than 5 rows."
    assert str(finding.message).endswith(said)
    assert finding.evidence["share_in_small_islands"] == 1.0


def test_a_class_that_is_not_rare_in_small_islands_is_info():
    [finding] = findings_of("IMB001", in_islands(36, 5))
    assert finding.severity is Severity.INFO
    assert "170 of its 180 different rows lie in 34 separate groups of 5 rows, with " in str(finding.message)
    assert "rare" not in str(finding.message.redacted())


@pytest.mark.parametrize(("n_islands", "rows_per_island", "n_found"), [(4, 9, 0), (9, 4, 1), (30, 2, 0), (20, 10, 0)])
def test_boundaries_of_islands(n_islands, rows_per_island, n_found):
    found = findings_of(
        "IMB001", in_islands(n_islands, rows_per_island, n_others=300 + 4 * rows_per_island * n_islands)
    )
    assert len([one for one in found if "separate groups" in str(one.message)]) == n_found


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.0, 3.0, 4.0, 9.0])
def test_one_cloud_and_permuted_labels_are_no_islands(shift):
    for seed in range(3):
        random = np.random.default_rng(seed)
        frame = pd.DataFrame(random.normal(size=(800, 4))).add_prefix("x")
        frame.loc[:119, "x0"] += shift
        frame["y"] = np.where(np.arange(800) < 120, "few", "many")
        assert not findings_of("IMB001", frame)
        assert not findings_of("IMB001", frame.assign(y=random.permutation(frame["y"])))


def test_more_rows_in_islands_never_score_milder():
    cloud = in_islands(1, 1, n_others=1200, seed=9)
    random = np.random.default_rng(3)
    steps = []
    for n_in_islands in (0, 60, 120, 180):
        spread = pd.DataFrame(random.normal(size=(180 - n_in_islands, 5))).add_prefix("x").assign(y="rare")
        frame = pd.concat([cloud, spread, _first_islands(n_in_islands)])
        steps.append(max((int(one.severity) for one in findings_of("IMB001", frame.reset_index(drop=True))), default=0))
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0, Severity.INFO)


def _first_islands(n_rows: int) -> pd.DataFrame:
    frame = in_islands(max(1, n_rows // 5), 5, n_others=1)
    return frame[frame["y"] == "rare"].head(n_rows)
