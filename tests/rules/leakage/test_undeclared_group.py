"""LEAK010 undeclared-group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import columns_of, dealt, plain_splits, plain_table, split_facts
from tests.rules.frames import findings_of, folded, judge

from dataaudit.measure.entity.entities import Entity
from dataaudit.measure.entity.levels import LevelOverlap
from dataaudit.model import Finding, Severity
from dataaudit.rules.leakage.undeclared_group import UndeclaredGroup

RULE = UndeclaredGroup()
N_PATIENTS = 60


def visits(name: str = "patient_id", n_visits: int = 10, seed: int = 0) -> pd.DataFrame:
    """Return so many rows of each of 60 patients, whose sex, age and town do not change, in the order of patients."""
    random = np.random.default_rng(seed)
    patient = np.repeat(np.arange(N_PATIENTS), n_visits)
    n_rows = len(patient)
    return pd.DataFrame(
        {
            name: patient + 1000,
            "sex": random.choice(["f", "m"], N_PATIENTS)[patient],
            "age": random.integers(20, 70, N_PATIENTS)[patient],
            "town": random.choice(["A", "B", "C"], N_PATIENTS)[patient],
            "pulse": random.normal(70, 9, n_rows),
            "colour": random.choice(list("abcdefghijkl"), n_rows),
            "y": random.permutation(np.resize(["ill", "well"], n_rows)),
        }
    )


def found_in(train: pd.DataFrame, **options) -> tuple[Finding, ...]:
    return findings_of("LEAK010", train, **options)


def entity(*columns: str, **given) -> Entity:
    """Return 100 levels of ten rows each, in no order and without a constant column."""
    known = {"named": True, "n_rows": 1000, "n_levels": 100, "n_largest": 10, "n_neighbours": 999}
    known |= {"n_neighbours_alike": 10, "share_alike_by_chance": 0.01, "constant": (), "n_others": 9, "n_pairs": 900}
    return Entity(columns or ("x",), **{**known, **given})


def found(*entities: Entity):
    return split_facts(entities={of.columns: of for of in entities})


def overlap(n_shared: int, expected: float = 240.0) -> LevelOverlap:
    return LevelOverlap(250, n_shared, expected, 50, min(50, n_shared))


@pytest.mark.parametrize(
    "name", ["patient_id", "PatientID", "patient", "home_station_no", "movie_id", "USUBJID", "ключ_id", "顧客_ID"]
)
def test_flags_a_column_by_its_name_and_counts_the_rows_of_both_splits(name):
    train, test = dealt(visits(name), 150)
    [finding] = found_in(train, test=test)
    assert finding.severity is Severity.INFO
    assert finding.columns == (name,)
    assert "150 of 150 test rows (100 %) belong to one that has rows in train" in str(finding.message)
    assert f"`--group {name}` if one {name} stands for one person or thing" in str(finding.fix)
    assert finding.evidence["splits"]["test"]["n_rows_shared"] == 150


def test_counts_what_a_random_split_gives():
    """Of two rows each, a test row has its twin in train with the chance 420 of 599."""
    train, test = dealt(visits(n_visits=2).drop(columns=["age", "town", "sex"]), 36)
    [finding] = found_in(train, test=test)
    expected = 36 * 84 / 119
    assert finding.evidence["splits"]["test"]["n_rows_shared_in_random_split"] == pytest.approx(expected)
    shared = test["patient_id"].isin(train["patient_id"]).sum()
    assert finding.evidence["splits"]["test"]["n_rows_shared"] == shared


def test_flags_a_column_by_what_is_constant_within_it_whatever_its_name_and_order():
    frame = visits("x17").sample(frac=1, random_state=0)
    [finding] = found_in(frame)
    assert finding.columns == ("x17",)
    assert finding.evidence["columns_constant"] == ["age", "sex", "town"]


def test_fewer_constant_columns_are_enough_where_equal_rows_stand_together():
    frame = visits("x17").drop(columns="town")
    assert columns_of(found_in(frame)) == {"x17"}
    assert not found_in(frame.sample(frac=1, random_state=0))


def test_flags_a_site_and_the_number_within_it_as_a_pair():
    frame = visits()
    number = frame.pop("patient_id") - 1000
    frame["clinic"], frame["number"] = "clinic " + (number // 10).astype(str), number % 10
    findings = found_in(frame)
    assert findings[0].columns == ("clinic", "number")
    assert findings[0].evidence["n_values"] == N_PATIENTS
    command = '`table["clinic_number"] = table["clinic"].astype(str) + "/" + table["number"].astype(str)`'
    assert f"{command}, declare it with `--group clinic_number`" in str(findings[0].fix)
    scope = {"table": frame}
    exec(command.strip("`"), scope)
    assert not found_in(scope["table"], group="clinic_number")


@pytest.mark.parametrize("seed", range(5))
def test_is_silent_on_plain_features(seed):
    random = np.random.default_rng(seed)
    frame = plain_table(800, seed).assign(
        occupation=random.choice([f"job {i}" for i in range(14)], 800),
        age=random.integers(18, 90, 800),
        month=random.integers(1, 13, 800),
        hot=(random.random(800) < 0.1).astype(int),
        n_users=random.poisson(40, 800),
        years_at_company=random.integers(0, 37, 800),
    )
    train, test = dealt(frame, 200, seed)
    assert not found_in(train, test=test)


def test_is_silent_on_one_name_for_another_and_on_coarser_names():
    """Education and its number say the same, and a part of a region lies in one region."""
    random = np.random.default_rng(0)
    level, part = random.integers(0, 16, 900), random.integers(0, 40, 900)
    frame = pd.DataFrame({"education": [f"e{i}" for i in level], "education_num": level, "part": part})
    assert not found_in(frame.assign(region=part // 5, y=random.permutation(np.resize(["a", "b"], 900))))


def test_is_silent_on_a_sorted_table():
    """Neighbours in the file are alike in every sorted column, which says nothing of what is constant within one."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"price": np.sort(random.integers(0, 90, 1200)), "sold": np.sort(random.integers(0, 9, 1200))})
    frame["kind"] = random.choice(list("abcdefghij"), 1200)
    assert not found_in(frame.assign(y=random.permutation(np.resize(["a", "b"], 1200))))


def test_is_silent_where_the_group_is_declared_or_the_splits_keep_it_apart():
    frame = visits()
    assert not found_in(frame, group="patient_id")
    train, test = frame[frame["patient_id"] < 1040], frame[frame["patient_id"] >= 1040]
    assert not found_in(train, test=test)
    assert found_in(train, test=frame)


def test_what_lies_within_a_declared_group_needs_no_group_of_its_own():
    frame = visits()
    frame["session_id"] = np.arange(len(frame)) // 5
    assert columns_of(found_in(frame)) == {"patient_id", "session_id"}
    assert not found_in(frame, group="patient_id")


def test_one_finding_for_two_names_of_one_patient():
    frame = visits()
    frame["patient"] = "p" + frame["patient_id"].astype(str)
    [finding] = found_in(frame)
    assert {*finding.columns, *finding.evidence["same_as"]} == {"patient", "patient_id"}


def test_names_of_rows_are_no_groups():
    train, test = plain_splits(300, 100)
    assert not found_in(train.assign(patient_id=range(300)), test=test.assign(patient_id=range(300, 400)))


@pytest.mark.parametrize(("n_levels", "n_found"), [(7, 0), (8, 1), (769, 1), (770, 0)])
def test_boundary_of_the_levels(n_levels, n_found):
    assert len(judge(RULE, found(entity(n_levels=n_levels)))) == n_found


@pytest.mark.parametrize(("n_constant", "n_found"), [(2, 0), (3, 1)])
def test_boundary_of_the_constant_columns(n_constant, n_found):
    given = entity(named=False, constant=tuple("abc"[:n_constant]))
    assert len(judge(RULE, found(given))) == n_found


@pytest.mark.parametrize(("n_alike", "n_found"), [(207, 0), (208, 1)])
def test_boundary_of_the_runs(n_alike, n_found):
    """Of 999 neighbours 1 % are alike by chance: a fifth of the rest beyond it are 207.8."""
    given = entity(named=False, constant=("a", "b"), n_neighbours_alike=n_alike)
    assert len(judge(RULE, found(given))) == n_found


@pytest.mark.parametrize(("least_z", "n_found"), [(62.9, 1), (63.0, 0)])
def test_boundary_of_the_chance_of_runs(least_z, n_found):
    """208 of 999 lie (.2082 - .01) / sqrt(.01 * .99 / 999) = 62.97 standard errors above chance."""
    given = entity(named=False, constant=("a", "b"), n_neighbours_alike=208)
    assert len(judge(replace(RULE, least_z=least_z), found(given))) == n_found


@pytest.mark.parametrize("n_shared", [1, 100, 250])
def test_never_says_more_than_info(n_shared):
    [finding] = judge(RULE, found(entity(overlaps={"test": overlap(n_shared)}, constant=tuple("abcdef"))))
    assert finding.severity is Severity.INFO


def test_boundary_of_kept_apart_is_a_single_row():
    assert not judge(RULE, found(entity(overlaps={"test": overlap(0)})))
    assert judge(RULE, found(entity(overlaps={"test": overlap(1)})))
    assert judge(RULE, found(entity(overlaps={"test": overlap(0, expected=0.0)})))


@pytest.mark.parametrize(
    ("n_shared", "told"),
    [
        (1, "1 of 250 test rows (0.4 %) belongs to one that has rows in train; a split that pays no heed to it would "),
        (250, "250 of 250 test rows (100 %) belong to one that has rows in train; a split that pays no heed to it "),
    ],
)
def test_words_of_the_rows_shared(n_shared, told):
    [finding] = judge(RULE, found(entity(overlaps={"test": overlap(n_shared)})))
    assert told in str(finding.message)


@pytest.mark.parametrize(("n_shared", "told"), [(0, False), (119, False), (120, True), (250, True)])
def test_says_that_nothing_keeps_them_together_where_they_lie_as_in_a_heedless_split(n_shared, told):
    overlaps = {"validation": overlap(7), "test": overlap(n_shared)}
    [finding] = judge(RULE, found(entity(overlaps=overlaps)))
    ending = "would give 240, so nothing keeps them together." if told else "would give 240."
    assert str(finding.message).endswith(ending)


def test_further_findings_are_folded():
    findings = judge(RULE, found(*(entity(f"x{i}") for i in range(5))))
    assert len(findings) == 4
    assert folded(findings).evidence["n_columns"] == 2


@pytest.mark.parametrize("seed", range(3))
def test_copies_of_a_row_are_not_the_rows_of_a_person(seed):
    """Rows of a rare class repeated: values that named one row each name its copies, and all else is the same."""
    random = np.random.default_rng(seed)
    table = visits("x17", seed=seed).assign(rate=random.permutation(600) + 1000, weight=random.normal(70, 9, 600))
    rare = table.iloc[random.permutation(600)[:120]]
    copied = pd.concat([table, *[rare] * 4]).sample(frac=1, random_state=seed)
    assert columns_of(found_in(copied)) == columns_of(found_in(table)) == {"x17"}
