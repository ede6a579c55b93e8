"""The label's texts inside the cells of a column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import findings_of

from dataaudit.measure.inside_cells import class_texts
from dataaudit.text import FromData


def verdicts(
    share_wrong: float = 0.0, classes: tuple[str, ...] = ("male", "female"), n_rows: int = 400
) -> pd.DataFrame:
    """Return notes that hold the class of their row, or of another for a share of the rows."""
    random = np.random.default_rng(0)
    label = random.choice(classes, n_rows)
    told = np.where(random.permutation(n_rows) < share_wrong * n_rows, random.choice(classes, n_rows), label)
    return pd.DataFrame({"note": [f"No {i}: {word.upper()}; seen" for i, word in enumerate(told)], "y": label})


def test_a_class_counts_as_a_word_of_its_own(measure):
    found = measure(verdicts()).class_texts("note")
    assert (found.share_own, found.share_other, found.n_rows) == (1.0, 0.0, 400)
    assert found.text in ("male", "female")


def test_shares_are_those_a_loop_finds(measure):
    table = verdicts(0.5, ("good", "not good", "bad"))
    found = measure(table).class_texts("note")
    cells = table["note"].str.lower()
    own = [f" {y};" in cell for cell, y in zip(cells, table["y"], strict=True)]
    others = [
        f" {y};" in cell
        for cell, own_class in zip(cells, table["y"], strict=True)
        for y in ("good", "not good", "bad")
        if y != own_class
    ]
    assert found.share_own == pytest.approx(np.mean(own))
    assert found.share_other == pytest.approx(np.mean(others))


def test_classes_without_a_word_are_not_looked_for(measure):
    table = pd.DataFrame({"note": [f"+ {i} -" for i in range(40)], "y": ["+", "-"] * 20})
    assert measure(table).class_texts("note") is None


def test_only_the_commonest_classes_are_looked_for(measure, monkeypatch):
    monkeypatch.setattr(class_texts, "MOST_CLASSES", 2)
    table = pd.concat([verdicts(), verdicts(classes=("unknown",), n_rows=50)], ignore_index=True)
    assert measure(table).class_texts("note").n_rows == 400


def test_the_rule_names_the_text_and_redacts_it():
    [finding] = findings_of("LEAK005", verdicts())
    assert finding.evidence["share_cells_holding_their_class"] == 1.0
    assert finding.evidence["class_in_cells"] in (FromData("male"), FromData("female"))
    assert "100 % of its cells hold the label, as " in str(finding.message)
    assert "male" not in str(finding.message.redacted())


def test_the_rule_is_silent_on_texts_that_stand_in_cells_of_all_classes():
    table = verdicts()
    table["note"] = [f"male or female? {'yes' if y == 'male' else 'no'} {i}" for i, y in enumerate(table["y"])]
    [finding] = findings_of("LEAK005", table)
    assert finding.evidence["class_in_cells"] is None
    assert "hold the label" not in str(finding.message)
