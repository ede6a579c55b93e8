"""DATA007 spelling-variants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import (
    category_table,
    clean_frame,
    findings_of,
    judge,
    least_hits,
    made_facts,
    never_falls,
    worst,
)

from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.spelling_variants import SpellingVariants, group_spellings, normal_form


def with_makes(n_rows: int, **makes: int) -> pd.DataFrame:
    """A clean table whose first rows have these makes, all others Fiat."""
    words = [make for make, n in makes.items() for _ in range(n)]
    return clean_frame(n_rows).assign(make=[*words, *["Fiat"] * (n_rows - len(words))])


def judged(n_rows: int, n_variant: int, usual: str = "red", variant: str = "Red") -> list:
    counts = {usual: n_rows - n_variant, **({variant: n_variant} if n_variant else {})}
    facts = made_facts({"x": Kind.CATEGORICAL}, task=None, tables={"x": category_table("x", counts)})
    return judge(SpellingVariants(), facts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ferrari", "ferrari"),
        ("red", "red "),
        ("New York", "new-york"),
        ("new_york", "new  york"),
        ("St. Louis", "St Louis"),
        ("O'Brien", "o brien"),
        ("Straße", "STRASSE"),
        ("cafe\u0301", "caf\u00e9"),
        ("ＡＢＣ", "abc"),
        ("and/or", "and or"),
        ("Jr.", "jr"),
        ("type-2", "type 2"),
        ("non\u00a0smoker", "non smoker"),
    ],
)
def test_one_category_in_two_spellings(one, other):
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<=50K", ">50K"),
        ("A+", "A-"),
        ("A", "A-"),
        ("A", "A+"),
        ("C", "C++"),
        ("C", "C#"),
        ("1.2", "12"),
        ("1-2", "12"),
        ("1-2", "1 2"),
        ("-1", "1"),
        ("temp -5", "temp 5"),
        ("+", "-"),
        ("?", "-"),
        ("new york", "newyork"),
        ("Paris", "Pariss"),
        ("naïve", "naive"),
        ("0-4", "04"),
    ],
)
def test_categories_that_differ(one, other):
    assert normal_form(one) != normal_form(other)


def test_groups_are_named_the_commonest_spelling_first():
    [first, second] = group_spellings({"red": 5, "Red": 9, "RED": 1, "blue": 3, "Blue": 3, "green": 8})
    assert list(first.counts) == ["Red", "red", "RED"]
    assert first.n_rows_minor == 6
    assert list(second.counts) == ["Blue", "blue"]


def test_flags_spellings_that_matter():
    [finding] = findings_of("DATA007", with_makes(1000, Ferrari=300, ferrari=60, FERRARI=5))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("make",)
    assert "make spells 1 category in several ways: 'Ferrari' (300), 'ferrari' (60) and 'FERRARI' (5)" in str(
        finding.message
    )
    assert "65 rows (6.5 %) are not spelt the commonest way" in str(finding.message)
    assert ".replace({'ferrari': 'Ferrari', 'FERRARI': 'Ferrari'})" in str(finding.fix)


def test_the_spellings_can_be_redacted():
    [finding] = findings_of("DATA007", with_makes(1000, Ferrari=300, ferrari=60))
    assert "errari" not in str(finding.message.redacted())
    assert "errari" not in str(finding.fix.redacted())


def test_a_rare_spelling_is_named_all_the_same():
    [finding] = findings_of("DATA007", with_makes(1000, Ferrari=300, ferrari=1))
    assert finding.severity is Severity.INFO
    assert "'ferrari' (1)" in str(finding.message)


def test_flags_a_spelling_that_only_test_has():
    test = clean_frame(200, seed=1)
    test["colour"] = test["colour"].str.upper()
    [finding] = findings_of("DATA007", clean_frame(400), test=test)
    assert finding.severity is Severity.WARNING
    assert finding.evidence["n_categories_spelt_differently"] == 3


def test_flags_classes_of_the_label():
    frame = clean_frame(400)
    frame.loc[:39, "y"] = frame.loc[:39, "y"].str.title()
    [finding] = findings_of("DATA007", frame)
    assert finding.columns == ("y",)
    assert finding.severity is Severity.WARNING


def test_single_letters_in_two_cases_may_be_codes():
    frame = clean_frame(600).assign(gene=np.resize(["a", "A", "b", "B"], 600))
    [finding] = findings_of("DATA007", frame)
    assert finding.severity is Severity.INFO


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA007", clean_frame(100), test=clean_frame(100, seed=1))


def test_is_silent_on_a_million_rows_of_different_words():
    assert not judged(1_000_000, 400_000, "red", "green")


def test_boundary_lies_at_the_lower_bound():
    n_variant = least_hits(10_000, 0.005)
    assert [worst(judged(10_000, n)) for n in (0, 1, n_variant - 1, n_variant)] == [0, 1, 1, 2]


def test_more_rows_in_another_spelling_never_score_milder():
    steps = [worst(judged(1000, n)) for n in range(0, 501, 4)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_missing_and_pooled_cells_are_no_spellings():
    table = category_table("x", {"(Missing)": 50, "red": 50}, n_missing=10)
    facts = made_facts({"x": Kind.CATEGORICAL}, task=None, tables={"x": table})
    assert not judge(SpellingVariants(), facts)
