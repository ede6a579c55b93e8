"""DATA009 mixed-types."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, least_hits, made_facts, never_falls, worst

from dataaudit.measure.columns import CellKinds
from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.mixed_types import MixedTypes
from dataaudit.rules.integrity.number_as_text import NumberAsText


def write_csv(path: Path, cells: list[str], seed: int = 0) -> Path:
    clean_frame(len(cells), seed).assign(x=cells).to_csv(path, index=False)
    return path


def kinds(split: str, n_present: int, n_number: int, n_date: int = 0, n_leading_zero: int = 0) -> CellKinds:
    return CellKinds(
        "x", split, n_present, n_present, n_number, 0, n_date, n_leading_zero, False, "VARCHAR", n_number, ()
    )


def judged_within(n_present: int, n_number: int, **counts: int) -> list:
    cells = {"x": {"train": kinds("train", n_present, n_number, **counts)}}
    return judge(MixedTypes(), made_facts({"x": Kind.CATEGORICAL}, cells=cells, tables={}))


def judged_across(n_present: int, n_odd: int, n_odd_train: int = 0) -> list:
    train, test = kinds("train", 10_000, 10_000 - n_odd_train), kinds("test", n_present, n_present - n_odd)
    return judge(MixedTypes(), made_facts({"x": Kind.NUMERIC}, cells={"x": {"train": train, "test": test}}))


def test_numbers_among_words_are_worth_knowing(tmp_path):
    cells = [f"word{i}" if i % 3 else str(i * 13 % 700) for i in range(600)]
    [finding] = findings_of("DATA009", write_csv(tmp_path / "train.csv", cells))
    assert finding.severity is Severity.INFO
    assert finding.columns == ("x",)
    assert "x mixes kinds in 600 training cells: 66.7 % other text and 33.3 % numbers" in str(finding.message)


def test_dates_among_words_count_as_a_kind(tmp_path):
    cells = [f"2021-03-{1 + i % 28:02d}" if i % 2 else f"word{i}" for i in range(400)]
    [finding] = findings_of("DATA009", write_csv(tmp_path / "train.csv", cells))
    assert finding.evidence["n_cells"] == {"dates": 200, "other text": 200}


def test_flags_text_in_test_where_train_is_numbers(tmp_path):
    train = write_csv(tmp_path / "train.csv", [str(i / 7) for i in range(400)])
    test = write_csv(tmp_path / "test.csv", [f"{i} kg" if i < 30 else str(i / 7) for i in range(200)], seed=1)
    [finding] = findings_of("DATA009", train, test=test)
    assert finding.severity is Severity.WARNING
    assert finding.splits == ("train", "test")
    assert "30 test cells (15 %) do not read as one: 0 kg (row 0), 1 kg (row 1) and 2 kg (row 2)" in str(
        finding.message
    )


def test_flags_text_in_test_where_train_is_typed():
    test = clean_frame(200, seed=1)
    test["length"] = test["length"].astype(str)
    test.loc[:49, "length"] = "long"
    [finding] = findings_of("DATA009", clean_frame(400), test=test)
    assert (finding.severity, finding.columns) == (Severity.WARNING, ("length",))


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA009", clean_frame(100), test=clean_frame(100, seed=1))


@pytest.mark.parametrize(
    "cells",
    [
        ["red", "green"] * 100,
        [f"A{i}" for i in range(200)],
        [f"{i * 37 % 99999:05d}" for i in range(300)],
        ["true", "false"] * 100,
        [str(i) for i in range(200)],
    ],
    ids=["words", "codes", "postcodes", "flags", "numbers"],
)
def test_is_silent_on_one_kind(tmp_path, cells):
    assert not findings_of("DATA009", write_csv(tmp_path / "train.csv", cells))


def test_is_silent_on_a_million_words_or_numbers():
    assert not judged_within(1_000_000, 0)
    assert not judged_across(1_000_000, 0)


def test_numbers_nearly_everywhere_are_left_to_data006():
    assert not judged_within(1000, 900)
    assert judged_within(1000, 899)


@pytest.mark.parametrize(("n_number", "n_found"), [(4, 0), (5, 1)])
def test_boundary_of_few_cells(n_number, n_found):
    assert len(judged_within(20, n_number)) == n_found


def test_boundary_of_the_second_kind_lies_at_the_lower_bound():
    n_number = least_hits(10_000, 0.01)
    assert not judged_within(10_000, n_number - 1)
    assert worst(judged_within(10_000, n_number)) == Severity.INFO


def test_boundary_between_splits_lies_at_the_lower_bound():
    n_odd = least_hits(10_000, 0.01)
    assert [worst(judged_across(10_000, n)) for n in (0, 1, n_odd - 1, n_odd)] == [0, 1, 1, 2]


def test_cells_that_train_has_as_well_are_no_difference():
    assert not judged_across(1000, 30, n_odd_train=300)
    assert judged_across(1000, 60, n_odd_train=300)


def test_more_of_a_second_kind_never_scores_milder():
    steps = [worst(judged_within(1000, n)) for n in range(0, 901, 5)]
    assert never_falls(steps[:-1])
    assert (steps[0], steps[99], steps[100], steps[-1]) == (0, Severity.INFO, Severity.WARNING, 0)


def both(cells: CellKinds) -> list:
    """Judge with DATA006 and DATA009; a column of nine tenths numbers is read as such."""
    read_as = "DOUBLE" if cells.n_number >= 0.9 * cells.n_present else "VARCHAR"
    facts = made_facts({"x": Kind.NUMERIC}, cells={"x": {"train": replace(cells, read_as=read_as)}}, tables={})
    return judge(NumberAsText(), facts) + judge(MixedTypes(), facts)


@pytest.mark.parametrize("n_present", [15, 16, 20, 30, 50, 100, 1000, 10_000])
def test_dirtier_numbers_never_score_milder_across_both_rules(n_present):
    doses = range(0, n_present // 2 + 1, max(1, n_present // 200))
    found = [both(kinds("train", n_present, n_present - n_odd)) for n_odd in doses]
    assert max(map(len, found)) == 1
    assert never_falls(map(worst, found))
    assert (worst(found[0]), worst(found[1]), worst(found[-1])) == (0, Severity.WARNING, Severity.WARNING)


@pytest.mark.parametrize("dirt", ["n/k", "about {}"])
def test_dirtier_cells_in_a_file_never_score_milder_across_both_rules(tmp_path, dirt):
    steps = []
    for percent in (0, 1, 9, 12, 30, 50):
        cells = [dirt.format(i) if i % 100 < percent else str(i / 7) for i in range(400)]
        path = write_csv(tmp_path / "train.csv", cells)
        steps.append(max(worst(findings_of(code, path)) for code in ("DATA006", "DATA009")))
    assert never_falls(steps)
    assert (steps[0], steps[1], steps[-1]) == (0, Severity.WARNING, Severity.WARNING)


def test_numbers_that_are_the_majority_make_words_a_warning(tmp_path):
    cells = [str(i / 7) if i % 8 else "n/k" for i in range(400)]
    [finding] = findings_of("DATA009", write_csv(tmp_path / "train.csv", cells))
    assert finding.severity is Severity.WARNING
    assert "87.5 % numbers and 12.5 % other text" in str(finding.message)
    assert "to_numeric" in str(finding.fix)


CODES = {
    "tickets": lambda i: str(110_000 + 37 * i) if i % 4 else ("PC {}", "A/5 {}", "STON/O2. {}")[i % 3].format(i),
    "chromosomes": lambda i: str(1 + i % 22) if i % 5 else "X",
}


@pytest.mark.parametrize("name", CODES)
def test_numbers_in_codes_are_no_more_than_info(tmp_path, name):
    cells = [CODES[name](i) for i in range(800)]
    assert worst(findings_of("DATA009", write_csv(tmp_path / "train.csv", cells))) == Severity.INFO


@pytest.mark.parametrize("n_share", [0.05, 0.12, 0.5])
def test_chromosomes_are_info_in_both_rules(tmp_path, n_share):
    cells = ["X" if i % 100 < 100 * n_share else str(1 + i % 22) for i in range(1000)]
    path = write_csv(tmp_path / "train.csv", cells)
    assert max(worst(findings_of(code, path)) for code in ("DATA006", "DATA009")) == Severity.INFO


@pytest.mark.parametrize(("n_present", "severity"), [(14, Severity.INFO), (15, Severity.WARNING)])
def test_boundary_of_cells_of_a_majority(n_present, severity):
    assert worst(judged_within(n_present, n_present - 5)) == severity


def test_more_text_in_test_never_scores_milder():
    steps = [worst(judged_across(500, n)) for n in range(501)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_leading_zeros_among_numbers_are_codes():
    assert not judged_within(1000, 880, n_leading_zero=120)


def test_frames_of_mixed_objects_are_seen():
    values = pd.Series([i if i % 2 else f"w{i}" for i in range(200)], dtype=object)
    found = findings_of("DATA009", clean_frame(200).assign(x=values))
    assert [finding.columns for finding in found] == [("x",)]
