"""Parts of texts beyond their beginnings and ends: numbers, which of several words; in small tables too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import findings_of, never_falls, worst

from dataaudit.measure.inside_cells import derived
from dataaudit.measure.inside_cells.parts import Items, binned
from dataaudit.measure.inside_cells.words import order_of_words, words_to_try
from dataaudit.model import Severity

VERDICTS = ["accepted", "refused", "postponed", "lost"]
FILLERS = [f"w{number}" for number in range(30)]


def noted(words: list[object], seed: int = 0) -> list[str]:
    """Return a sentence around each word, with other words and numbers."""
    random = np.random.default_rng(seed)
    return [
        f"seen by {a}, {' '.join(random.choice(FILLERS, 3))}: {word}, day {b} of {c}"
        for a, b, c, word in zip(*random.integers(10, 999, (3, len(words))), words, strict=True)
    ]


def with_words(n_rows: int, n_classes: int, share_wrong: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Return notes that hold the word of their row's class, but for a share of the rows."""
    random = np.random.default_rng(seed)
    label = random.permutation(np.resize(np.arange(n_classes), n_rows))
    wrong = random.permutation(n_rows) < share_wrong * n_rows
    told = np.where(wrong, random.permutation(label), label)
    return pd.DataFrame({"note": noted([f"sort{k}" for k in told], seed), "y": [f"class {k}" for k in label]})


def with_numbers(n_rows: int, template: str, seed: int = 0) -> pd.DataFrame:
    """Return a numeric target, written into a note."""
    random = np.random.default_rng(seed)
    price = random.normal(0, 50, n_rows)
    others = random.integers(0, 999, n_rows)
    notes = [template.format(price=p, other=o) for p, o in zip(price, others, strict=True)]
    return pd.DataFrame({"note": notes, "y": price})


def without_link(n_rows: int, seed: int) -> pd.DataFrame:
    """Return notes with words and numbers, and a label dealt at random, in the words of the notes."""
    random = np.random.default_rng(seed)
    notes = {f"note{i}": noted(random.choice(VERDICTS, n_rows).tolist(), 10 * seed + i) for i in range(4)}
    return pd.DataFrame(notes).assign(y=random.choice(VERDICTS[: 2 + seed % 3], n_rows))


@pytest.mark.parametrize(("n_rows", "n_classes"), [(60, 2), (120, 3), (300, 10), (1000, 25)])
def test_a_class_in_a_word_of_a_note_is_found(n_rows, n_classes):
    [finding] = findings_of("LEAK005", with_words(n_rows, n_classes))
    assert finding.severity >= Severity.WARNING
    assert finding.columns == ("note",)
    assert str(finding.evidence["part_of_column"]).endswith("word" if n_classes == 2 else "words")


def test_several_words_are_named_and_redacted():
    [finding] = findings_of("LEAK005", with_words(600, 3))
    assert "note (which it holds of the words sort" in str(finding.message)
    assert "sort" not in str(finding.message.redacted())


@pytest.mark.parametrize("n_rows", [12, 100, 1000])
def test_more_notes_that_tell_never_score_milder(n_rows):
    steps = [worst(findings_of("LEAK005", with_words(n_rows, 3, wrong))) for wrong in (1, 0.5, 0.2, 0.05, 0.01, 0)]
    assert never_falls(steps)
    assert steps[0] == 0


def test_more_rows_never_score_milder_and_few_say_nothing():
    steps = [worst(findings_of("LEAK005", with_words(n_rows, 2))) for n_rows in (8, 20, 60, 200, 600)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


@pytest.mark.parametrize(
    ("template", "part"),
    [
        ("{price:.0f} paid, house {other}", "its first number"),
        ("house {other}: {price:.1f} paid", "its last number"),
        ("house {other}: {price:.4e} paid", "its last number"),
    ],
)
@pytest.mark.parametrize("n_rows", [100, 1500])
def test_a_number_in_a_note_is_found(template, part, n_rows):
    [finding] = findings_of("LEAK005", with_numbers(n_rows, template), task="regression")
    assert finding.severity >= Severity.WARNING
    assert finding.evidence["part_of_column"] == part


def test_a_class_that_is_a_threshold_of_a_number_in_a_note_is_found():
    table = with_numbers(300, "house {other}: {price:.1f} paid")
    table["y"] = np.where(table["y"] > 20, "dear", "cheap")
    [finding] = findings_of("LEAK005", table)
    assert finding.evidence["part_of_column"] == "its last number"


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_said_of_notes_in_small_tables_with_labels_dealt_at_random(seed):
    assert findings_of("LEAK005", without_link(100, seed)) == ()


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_said_of_notes_in_tables_with_labels_dealt_at_random(seed):
    assert findings_of("LEAK005", without_link(2000, seed)) == ()


def test_nothing_is_said_of_a_few_rows_that_fall_together_by_luck():
    """12 rows and 60 notes of words drawn by coin: some word of some note parts the classes."""
    random = np.random.default_rng(0)
    notes = {f"n{i}": [" ".join(random.choice(FILLERS, 6)) + f" {j}" for j in range(24)] for i in range(60)}
    assert findings_of("LEAK005", pd.DataFrame(notes).assign(y=["cat"] * 4 + ["dog"] * 20)) == ()


@pytest.mark.parametrize("part", ["first", "last"])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_numbers_value_by_value_and_row_by_row_tell_the_same(measure, monkeypatch, part, task):
    random = np.random.default_rng(1)
    numbers = np.round(random.normal(0, 20, 40), 1)
    of_row = random.integers(0, 40, 900)
    template = "at {0:.1f} near x" if part == "first" else "x3 or -2.50 then {0:.1f}."
    table = pd.DataFrame({"note": [template.format(n) for n in numbers[of_row]], "y": numbers[of_row]})
    table["y"] = table["y"] + random.normal(0, 1, 900) if task == "regression" else (table["y"] > 5).map(str)
    table.loc[::30, "note"] = None
    table.loc[7, "note"] = "no number"
    by_value, by_row = both_ways(measure, monkeypatch, table)
    assert by_value.coding == by_row.coding == f"its {part} number"
    assert by_value.explained == by_row.explained
    assert by_value.tried.counts.tolist() == by_row.tried.counts.tolist()


def test_words_value_by_value_and_row_by_row_tell_the_same(measure, monkeypatch):
    random = np.random.default_rng(2)
    cells = np.array([f"{a} {word}, {b}" for word in VERDICTS for a, b in random.integers(0, 99, (12, 2))])
    table = pd.DataFrame({"note": random.choice(cells, 700)})
    table["y"] = table["note"].str.extract(r" (\w+),")[0]
    table.loc[::20, "note"] = None
    by_value, by_row = both_ways(measure, monkeypatch, table)
    assert by_value.coding == by_row.coding == "which it holds of the words"
    assert by_value.word == by_row.word
    assert by_value.explained == pytest.approx(by_row.explained, rel=1e-12)
    assert by_value.tried.counts.tolist() == by_row.tried.counts.tolist()
    assert by_value.tried.n_parts == by_row.tried.n_parts


def both_ways(measure, monkeypatch, table):
    """Return the association of the note by its values and by its rows."""
    by_value = measure(table, task="regression" if table["y"].dtype.kind == "f" else None)
    monkeypatch.setattr(derived, "MAX_ROWS", derived.MAX_ROWS + 1)
    found = by_value.derived_associations["note"]
    monkeypatch.setattr(derived, "MAX_VALUES_TO_TAKE_APART", 0)
    by_row = measure(table, task="regression" if table["y"].dtype.kind == "f" else None)
    return found, by_row.derived_associations["note"]


def test_numbers_alike_share_a_bin_and_none_is_too_full():
    numbers = np.repeat(np.arange(100.0), 10)
    bins = binned(np.append(numbers, [np.nan, np.inf]), np.ones(1002))
    assert bins[-2:].tolist() == [16, 16]
    assert len(np.unique(np.column_stack([numbers, bins[:-2]]), axis=0)) == 100
    assert np.bincount(bins[:-2]).tolist() == pytest.approx([62.5] * 16, abs=10)


def test_rows_without_a_label_count_in_no_part():
    items = Items.of_rows(np.array([0, -1, 1, 1]), 2)
    assert items.pooled(np.array([0, 0, 0, 1])).tolist() == [[1, 1], [0, 1]]
    assert items.held(np.array([[True, True, False, True]])).tolist() == [[1, 1]]
    assert items.n_of_item.tolist() == [1, 0, 1, 1]


def test_a_word_that_all_or_one_hold_is_not_tried():
    held = [{"all", "half", "one"}, {"all", "half"}, {"all"}, {"all"}]
    assert words_to_try(held, [1, 1, 1, 1], 4, [0.5, 0.5]) == ["half"]


def test_of_many_words_those_are_tried_that_as_many_rows_hold_as_a_class_has():
    fillers = [{f"filler{number % 25}"} for number in range(400)]
    rare = [{"rare"}] * 7
    assert "rare" not in words_to_try(fillers + rare, [1] * 407, 407, [])
    assert "rare" in words_to_try(fillers + rare, [1] * 407, 407, [400 / 407, 7 / 407])


def test_words_stand_by_what_they_explain_and_those_of_luck_are_left_out(measure):
    facts = measure(with_words(100, 2))
    from dataaudit.measure.inside_cells.parts import label_sums

    held = np.array([[25, 25], [40, 10], [50, 0], [27, 23]])
    totals = np.array([50, 50])
    order = order_of_words(lambda counts: label_sums(facts, totals, counts), held, totals, np.zeros(2, dtype=np.int64))
    assert order.tolist() == [2, 1]
