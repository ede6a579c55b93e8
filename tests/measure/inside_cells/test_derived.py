"""Parts of dates and texts that tell the label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import findings_of

from dataaudit.measure.inside_cells import derived
from dataaudit.model import Severity
from dataaudit.text import FromData

N_ROWS = 1200
WORDS = ["alpha", "beta", "gamma", "delta"]


def plain(seed: int = 0) -> pd.DataFrame:
    """Return dates, notes, codes and a label that nothing tells."""
    random = np.random.default_rng(seed)
    minutes = pd.to_timedelta(random.integers(0, 365 * 1440, N_ROWS), unit="m")
    notes = [f"{' '.join(random.choice(WORDS, 3))} {number}" for number in random.permutation(N_ROWS)]
    codes = [f"k{number}" for number in random.integers(1e5, 1e6, N_ROWS)]
    label = random.integers(0, 2, N_ROWS)
    return pd.DataFrame({"when": pd.Timestamp("2021-01-01") + minutes, "note": notes, "code": codes, "y": label})


def test_each_part_explains_what_a_loop_finds(measure):
    table = plain()
    table["y"] = (table["when"].dt.hour >= 12).map({True: "late", False: "early"})
    association = measure(table).derived_associations["when"]
    assert association.coding == "its hour"
    assert association.n_rows == N_ROWS
    hours = pd.DataFrame({"hour": table["when"].dt.hour.astype(str), "y": table["y"]})
    assert association.explained == pytest.approx(measure(hours).associations["hour"].explained, abs=1e-12)


@pytest.mark.parametrize(
    ("column", "change", "part"),
    [
        ("when", lambda table: table["when"].dt.day_of_week >= 5, "its weekday"),
        ("note", lambda table: table["note"].str.contains("delta"), "whether it holds the word"),
        ("note", lambda table: table["note"].str.len() > table["note"].str.len().median(), "its length"),
        ("code", lambda table: table["code"].str[:2].isin(["k1", "k2", "k3"]), "its first 2 characters"),
        ("code", lambda table: table["code"].str[-1].isin(list("02468")), "its last character"),
    ],
)
def test_a_label_in_a_part_of_a_column_is_a_leak(column, change, part):
    table = plain().assign(y=lambda rows: change(rows).map({True: "yes", False: "no"}))
    [finding] = [found for found in findings_of("LEAK005", table) if found.columns == (column,)]
    assert finding.severity is Severity.ERROR
    assert finding.evidence["part_of_column"] == part


def test_the_word_is_named_and_redacted():
    table = plain().assign(y=lambda rows: rows["note"].str.contains("delta").map({True: "yes", False: "no"}))
    [finding] = findings_of("LEAK005", table)
    assert finding.evidence["word"] == FromData("delta")
    assert "delta" in str(finding.message)
    assert "delta" not in str(finding.message.redacted())


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_said_of_labels_dealt_at_random(seed):
    assert findings_of("LEAK005", plain(seed)) == ()


def test_large_tables_are_sampled(measure, monkeypatch):
    monkeypatch.setattr(derived, "MAX_ROWS", 300)
    association = measure(plain()).derived_associations["code"]
    assert association.sampled
    assert association.n_rows < N_ROWS


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_value_by_value_and_row_by_row_tell_the_same(measure, monkeypatch, task):
    random = np.random.default_rng(3)
    places = np.array([f"{word}-{number} {WORDS[number % 4]}" for word in ("north", "south") for number in range(15)])
    table = pd.DataFrame({"place": random.choice(places, N_ROWS)})
    north = table["place"].str.startswith("north")
    table["y"] = np.where(north, 0.0, 5.0) + random.normal(0, 1, N_ROWS) if task == "regression" else north.map(str)
    table.loc[::50, "place"] = None
    by_value = measure(table).derived_associations["place"]
    monkeypatch.setattr(derived, "MAX_VALUES_TO_TAKE_APART", 0)
    by_row = measure(table).derived_associations["place"]
    assert by_value.coding == by_row.coding == "its first character"
    assert by_value.explained == pytest.approx(by_row.explained, rel=1e-12)
    assert by_value.n_rows == by_row.n_rows
