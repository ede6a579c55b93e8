"""LEAK008 resampled-before-split."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE, SMOTENC, BorderlineSMOTE, RandomOverSampler
from tests.rules.builders import dealt, plain_splits, split_facts
from tests.rules.frames import class_counts, findings_of, judge, least_hits, never_falls, severities, worst

from dataaudit.auditing import audit
from dataaudit.errors import NotMeasurable
from dataaudit.measure.resampled.copies import Copies
from dataaudit.measure.resampled.resampling import Resampling, Segments
from dataaudit.model import Severity, Status
from dataaudit.rules.leakage.resampled_before_split import ResampledBeforeSplit

RULE = ResampledBeforeSplit()
SAMPLERS = {"smote": SMOTE, "borderline": BorderlineSMOTE, "copies": RandomOverSampler}
N_TEST = 200


def rare(n_rare: int = 40, n_common: int = 360, n_columns: int = 6, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    x = np.vstack([random.gamma(3, 2, (n_rare, n_columns)) + 1, random.gamma(3, 2, (n_common, n_columns))])
    return pd.DataFrame(x).add_prefix("x").assign(y=["fraud"] * n_rare + ["fine"] * n_common)


def resampled(table: pd.DataFrame, sampler: str = "smote", n_rare: int | None = None, seed: int = 0) -> pd.DataFrame:
    wanted = "auto" if n_rare is None else {"fraud": n_rare}
    make = SAMPLERS[sampler](sampling_strategy=wanted, random_state=seed)
    x, y = make.fit_resample(table.drop(columns="y"), table["y"])
    return x.assign(y=y)


def found_in(splits, **options):
    train, test = splits
    return findings_of("LEAK008", train, test=test, **options)


def segments(
    n_on: int = 0, n_joined: int = 0, n_examined: int = 400, n_in_test: int | None = None, **given
) -> Segments:
    """Return what was asked of a class, half of it in test; of what lies on lines too, if not told."""
    n_in_test = n_on // 2 if n_in_test is None else n_in_test
    known = {
        "n_rows": n_examined,
        "n_searched": n_examined,
        "n_columns": 6,
        "n_fine_columns": 6,
        "n_examined": {"train": n_examined // 2, "test": n_examined - n_examined // 2},
        "n_on": {"train": n_on - n_in_test, "test": n_in_test},
        "n_joined": {"train": n_joined - n_joined // 2, "test": n_joined // 2},
        "examples": ((("test", 1), ("train", 2), ("train", 3)),) if n_joined else (),
    }
    return Segments(**{**known, **given})


def copies(n_repeated: int = 0, n_across: int = 0, n_distinct: int = 400, **given) -> Copies:
    known = {"dispersion": 1.0, "share_whole": 1.0, "numbers": {"test": (1, 2)}}
    return Copies(n_distinct + n_repeated, n_distinct, n_repeated, n_across, **{**known, **given})


def facts_of(others=("test",), **classes: Segments | Copies):
    """Return facts of classes, each with what is given and nothing else."""
    resamplings = {
        name: Resampling(
            name, given if isinstance(given, Copies) else copies(), given if isinstance(given, Segments) else None
        )
        for name, given in classes.items()
    }
    counts = class_counts(dict.fromkeys(classes, 400), **{split: [200] * len(classes) for split in others})
    return split_facts(preparation=SimpleNamespace(resamplings=resamplings), classes=counts)


def found(given: Segments | Copies, other: Segments | Copies | None = None, rule=RULE):
    clean = segments() if isinstance(given, Segments) else copies()
    return judge(rule, facts_of(fraud=given, fine=other or clean))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("seed", range(2))
def test_flags_a_class_oversampled_before_the_split(sampler, seed):
    [finding] = found_in(dealt(resampled(rare(seed=seed), sampler), N_TEST, seed))
    assert finding.severity is Severity.ERROR
    assert finding.splits == ("train", "test")
    assert [str(name) for name in finding.evidence["classes"]] == ["fraud"]
    assert {rows.split for rows in finding.rows} == {"train", "test"}
    assert "imblearn.pipeline.make_pipeline" in str(finding.fix)
    assert "fraud" in str(finding.message)
    assert "fraud" not in str(finding.message.redacted())


def test_the_rows_named_are_made_up_ones_and_their_parents():
    train, test = dealt(resampled(rare()), N_TEST)
    [finding] = found_in((train, test))
    named = {rows.split: rows.numbers for rows in finding.rows}
    assert (train.iloc[list(named["train"])]["y"] == "fraud").all()
    assert (test.iloc[list(named["test"])]["y"] == "fraud").all()
    on, first, second = (
        part.split(" of ") for part in finding.evidence["examples"][0].replace(" and ", " between ").split(" between ")
    )
    frames = {"train": train, "test": test}
    x, a, b = (frames[s].drop(columns="y").iloc[int(row.removeprefix("row "))] for row, s in (on, first, second))
    assert np.linalg.norm(x - a) + np.linalg.norm(x - b) == pytest.approx(np.linalg.norm(a - b))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("seed", range(3))
def test_train_alone_oversampled_after_the_split_is_an_info(sampler, seed):
    train, test = dealt(rare(60, seed=seed), 120, seed)
    [finding] = found_in((resampled(train, sampler), test))
    assert finding.severity is Severity.INFO
    assert "train alone" in str(finding.message)


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_plain_tables(seed):
    assert not found_in(dealt(rare(seed=seed), 120, seed))
    assert not found_in(plain_splits(300, 100, seed))


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_where_all_rows_repeat(seed):
    random = np.random.default_rng(seed)
    y = np.resize(["a", "b", "b"], 600)
    coarse = pd.DataFrame(random.poisson(1, (600, 3))).add_prefix("x").assign(y=y)
    assert not found_in(dealt(coarse, 200, seed))


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_where_one_class_repeats_by_nature(seed):
    random = np.random.default_rng(seed)
    y = np.resize([0, 1, 1, 1], 800)
    counts = pd.DataFrame(random.poisson(np.where(y == 0, 1, 8)[:, None], (800, 5))).add_prefix("x")
    assert not found_in(dealt(counts.assign(total=counts.sum(axis=1), y=y), 240, seed))


@pytest.mark.parametrize("steps", [1000, 50, 0.25, (1000, 50, 0.25)], ids=["1000", "50", "quarters", "mixed"])
@pytest.mark.parametrize(
    ("n_rows", "n_columns", "sd", "share"),
    [(4_000, 3, 6, 0.05), (8_000, 4, 3, 0.02), (12_000, 4, 4, 0.03), (18_000, 4, 5, 0.05)],
)
@pytest.mark.parametrize("kind", [int, float])
def test_is_silent_on_lattices(steps, n_rows, n_columns, sd, share, kind):
    random = np.random.default_rng(0)
    x = np.round(random.normal(60, sd, (n_rows, n_columns))) * np.resize(steps, n_columns)
    y = np.where(random.random(n_rows) < share, "fraud", "fine")
    frame = pd.DataFrame(x if (x != np.round(x)).any() else x.astype(kind)).add_prefix("x").assign(y=y)
    assert not found_in(dealt(frame, n_rows // 4))


@pytest.mark.parametrize("measured", ["smote", "copies"])
def test_the_impact_is_measured_or_said_not_to_be(measured):
    [finding] = found_in(dealt(resampled(rare(), measured), N_TEST), measure_impact=True)
    if measured == "smote":
        assert "impact was not measured: the made-up rows are not all known" in str(finding.message)
    else:
        assert "impact_change" in finding.evidence


@pytest.mark.parametrize("sampler", ["smote", "copies"])
def test_no_order_of_rows_or_columns_shows(sampler):
    frames = dealt(resampled(rare(60, 900), sampler), 500)
    random = np.random.default_rng(0)
    turned = [frame.iloc[random.permutation(len(frame))][frame.columns[::-1]] for frame in frames]
    [first], [second] = found_in(frames), found_in(turned)
    assert str(first.message) == str(second.message)
    assert first.fingerprint == second.fingerprint


def test_train_and_test_oversampled_each_by_itself_is_a_warning():
    train, test = dealt(rare(120), 180)
    [finding] = found_in((resampled(train), resampled(test)))
    assert finding.severity is Severity.WARNING
    assert "oversampled too" in str(finding.message)


def test_flags_the_classes_that_were_raised_of_several():
    table = rare(60, 300)
    table["y"] = table["y"].mask(np.arange(360) < 30, "theft")
    [finding] = found_in(dealt(resampled(table), 300))
    assert {str(name) for name in finding.evidence["classes"]} == {"fraud", "theft"}
    assert "1 other class too" in str(finding.message)


def test_flags_mixed_tables():
    table = rare().assign(town=np.random.default_rng(0).choice(list("abcd"), 400))
    x, y = SMOTENC(["town"], random_state=0).fit_resample(table.drop(columns="y"), table["y"])
    assert worst(found_in(dealt(x.assign(y=y), N_TEST))) == Severity.ERROR


def test_without_labels_in_test_it_cannot_be_told():
    train, test = dealt(rare(), 120)
    [check] = audit(train, test=test.drop(columns="y"), label="y", select=["LEAK008"]).checks
    assert check.status is Status.SKIPPED
    assert "labels" in check.reason


def test_is_skipped_for_numbers_and_without_another_split():
    table = rare()
    [check] = audit(table, label="y", select=["LEAK008"]).checks
    assert check.status is Status.SKIPPED
    train, test = dealt(table.assign(y=table["x0"] * 1.5 + table["x1"]), 120)
    [check] = audit(train, test=test, label="y", task="regression", select=["LEAK008"]).checks
    assert check.status is Status.SKIPPED


def test_a_class_searched_too_thinly_is_not_passed():
    with pytest.raises(NotMeasurable, match="5,000,000 rows"):
        found(segments(n_rows=5_000_000, n_searched=20_000))
    assert found(segments(n_rows=1_000_000, n_searched=20_000)) == []


@pytest.mark.parametrize(("n_on", "n_found"), [(19, 0), (20, 1)])
def test_boundary_of_the_share_on_lines(n_on, n_found):
    assert len(found(segments(n_on, n_on))) == n_found


@pytest.mark.parametrize(("n_other", "n_found"), [(32, 1), (33, 0)])
def test_boundary_of_the_other_class(n_other, n_found):
    assert len(found(segments(96, 96), segments(n_other))) == n_found


@pytest.mark.parametrize(("n_rows", "n_found"), [(199, 0), (200, 1)])
def test_coarse_columns_are_compared_with_classes_of_about_the_size(n_rows, n_found):
    coarse = {"n_fine_columns": 2}
    assert len(found(segments(300, 200, **coarse), segments(n_rows=n_rows, **coarse))) == n_found
    assert len(found(segments(300, 200), segments(n_rows=n_rows))) == 1


def test_a_coarse_class_is_told_to_which_it_was_compared():
    small, large = segments(n_rows=30, n_examined=30), segments(40, n_rows=9_000)
    [finding] = judge(RULE, facts_of(fraud=segments(300, 200, n_fine_columns=2), theft=small, fine=large))
    assert "in the compared class with the fewest: 10" in str(finding.message)


@pytest.mark.parametrize(
    ("n_joined", "words"), [(0, "0 of them with"), (110, "110 of them with a row of another split, too few to tell:")]
)
def test_an_info_tells_how_many_rows_join_splits(n_joined, words):
    [finding] = found(segments(390, n_joined, n_in_test=0), segments(40))
    assert finding.severity is Severity.INFO
    assert words in str(finding.message)


@pytest.mark.parametrize(
    ("n_joined", "severity"), [(0, Severity.INFO), (2, Severity.INFO), (3, Severity.WARNING), (15, Severity.ERROR)]
)
def test_boundary_of_the_rows_that_join_splits(n_joined, severity):
    assert severities(found(segments(40, n_joined, n_in_test=0))) == [severity]


@pytest.mark.parametrize(("n_test", "severity"), [(2, Severity.INFO), (3, Severity.WARNING)])
def test_boundary_of_made_up_rows_in_test(n_test, severity):
    [finding] = found(segments(40, n_in_test=n_test))
    assert finding.severity is severity
    assert ("oversampled too" in str(finding.message)) is (severity is Severity.WARNING)


@pytest.mark.parametrize(("n_joined", "severity"), [(14, Severity.INFO), (15, Severity.ERROR)])
def test_boundary_of_joined_among_those_on_lines(n_joined, severity):
    assert severities(found(segments(300, n_joined, n_in_test=0))) == [severity]


def test_without_a_class_to_compare_with_it_is_a_warning():
    assert severities(judge(RULE, facts_of(fraud=segments(300, 200)))) == [Severity.WARNING]


def test_a_tiny_class_is_no_error():
    assert worst(found(segments(2, 2, n_examined=30))) == 0


@pytest.mark.parametrize(("n_less", "n_found"), [(1, 0), (0, 1)])
def test_boundary_of_copies(n_less, n_found):
    n_repeated = least_hits(400, 0.05) - n_less
    assert len(found(copies(n_repeated, n_repeated))) == n_found


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"n_across": 2}, Severity.INFO),
        ({"n_across": 3}, Severity.WARNING),
        ({"n_across": 15}, Severity.ERROR),
        ({"n_across": 100, "dispersion": 2.0}, Severity.ERROR),
        ({"n_across": 100, "dispersion": 2.1}, Severity.INFO),
        ({"n_across": 100, "share_whole": 0.75}, Severity.ERROR),
    ],
)
def test_boundaries_of_what_copies_join(given, severity):
    assert severities(found(copies(100, **given))) == [severity]


@pytest.mark.parametrize("given", [{"share_whole": 0.74}, {"share_whole": None}])
def test_copies_that_chance_explains_are_none(given):
    assert not found(copies(100, 100, **given))


@pytest.mark.parametrize(("n_less", "n_found"), [(1, 0), (0, 1)])
def test_boundary_of_copies_in_the_other_class(n_less, n_found):
    n_repeated = least_hits(400, 3 * 0.1) - n_less
    assert len(found(copies(n_repeated, n_repeated), copies(40, share_whole=None))) == n_found


@pytest.mark.parametrize("sampler", ["smote", "copies"])
def test_more_made_up_rows_never_score_milder(sampler):
    steps = [worst(found_in(dealt(resampled(rare(), sampler, n), 120))) for n in (40, 42, 45, 60, 120, 360)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_more_rows_that_join_splits_never_score_milder():
    assert never_falls(worst(found(segments(200, n))) for n in range(201))
    assert never_falls(worst(found(segments(n, n))) for n in range(401))
    assert never_falls(worst(found(copies(n, n))) for n in range(401))
