"""DATA006 number-as-text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, made_facts, never_falls, severities, worst

from dataaudit.measure.columns import CellKinds
from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.number_as_text import NumberAsText


@pytest.fixture
def csv(tmp_path: Path):
    """Write a clean table with this text column as CSV."""

    def write(cells: list[str]) -> Path:
        path = tmp_path / "train.csv"
        clean_frame(len(cells)).assign(price=cells).to_csv(path, index=False)
        return path

    return write


def prices(n_rows: int, seed: int = 0) -> list[str]:
    return [f"{value:.2f}" for value in np.random.default_rng(seed).gamma(3, 20, n_rows)]


def judged(n_present: int, n_number: int, n_decorated: int = 0, **given: object) -> list:
    known = {"n_date": 0, "n_leading_zero": 0, "stored_as_text": False, "read_as": "DOUBLE", "odd_examples": ()}
    kinds = CellKinds(
        "x", "train", n_present, n_present, n_number, n_decorated, **{**known, "n_odd": n_present - n_number, **given}
    )
    return judge(NumberAsText(), made_facts({"x": Kind.NUMERIC}, cells={"x": {"train": kinds}}))


def test_flags_words_among_numbers_and_names_them_with_their_rows(csv):
    cells = prices(300)
    cells[4], cells[40] = "call us", "12 kg"
    [finding] = findings_of("DATA006", csv(cells))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("price",)
    assert "2 training cells do not read as one: call us (row 4) and 12 kg (row 40)" in str(finding.message)
    assert "such cells count as missing" in str(finding.message)
    assert [(rows.split, rows.numbers) for rows in finding.rows] == [("train", (4, 40))]
    assert "call us" not in str(finding.message.redacted())


@pytest.mark.parametrize("decorate", ["${}", "{} %", "1,{}", "€ {}", "'{}'"])
def test_flags_numbers_that_are_decorated(csv, decorate):
    [finding] = findings_of("DATA006", csv([decorate.format(round(100 + i * 1.7)) for i in range(300)]))
    assert finding.severity is Severity.WARNING
    assert finding.evidence["n_decorated"] == 300


def test_numbers_stored_as_text_in_a_frame_are_info():
    [finding] = findings_of("DATA006", clean_frame(200).assign(price=prices(200)))
    assert finding.severity is Severity.INFO
    assert "price is stored as text, but all its 200 training cells are numbers" in str(finding.message)


def test_few_numbers_beside_a_word_may_be_categories(csv):
    """Chromosomes: 1 to 22, and X."""
    cells = [str(1 + i % 22) if i % 20 else "X" for i in range(1000)]
    assert severities(findings_of("DATA006", csv(cells))) == [Severity.INFO]


def test_is_silent_on_a_clean_table(csv):
    assert not findings_of("DATA006", csv(prices(100)))


def test_is_silent_on_words(csv):
    assert not findings_of("DATA006", csv([["red", "green"][i % 2] for i in range(200)]))


def test_is_silent_on_codes_that_start_with_zero(csv):
    assert not findings_of("DATA006", csv([f"{i * 37 % 99999:05d}" for i in range(500)]))


def test_is_silent_on_a_million_plain_numbers():
    assert not judged(1_000_000, 1_000_000)


@pytest.mark.parametrize(("n_number", "n_found"), [(8999, 0), (9000, 1)])
def test_boundary_of_the_share(n_number, n_found):
    assert len(judged(10_000, n_number)) == n_found


@pytest.mark.parametrize(("n_present", "n_found"), [(8, 0), (9, 1)])
def test_boundary_of_few_cells(n_present, n_found):
    """All numbers, but decorated: of 8 cells the lower bound is .68, of 9 it is .70."""
    assert len(judged(n_present, 0, n_present, read_as="VARCHAR")) == n_found


def test_more_odd_cells_never_score_milder():
    steps = [worst(judged(1000, 1000 - n_odd)) for n_odd in range(101)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_more_decorated_cells_never_score_milder():
    steps = [worst(judged(1000, 1000 - n, n, read_as="DOUBLE" if n <= 100 else "VARCHAR")) for n in range(0, 1001, 20)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_missing_cells_are_not_odd(csv):
    cells = pd.Series(prices(300)).where(np.arange(300) % 3 > 0).tolist()
    assert not findings_of("DATA006", csv(cells))
