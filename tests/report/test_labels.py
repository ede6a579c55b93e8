"""Evidence as a person reads it."""

import math

import pytest

from dataaudit.report.labels import EvidenceRow, evidence_rows
from dataaudit.text import FromData


@pytest.mark.parametrize("unknown", [None, math.nan, [], [None, math.nan], {}, {"a": None}])
def test_what_is_not_known_is_left_out(unknown):
    assert evidence_rows({"slope": unknown, "n_rows": 3}) == [EvidenceRow("Rows", "3")]


def test_one_unknown_place_of_a_list_is_kept():
    assert evidence_rows({"slopes": [1.5, None]}) == [EvidenceRow("Slopes", "1.5, not known")]


def test_truths_are_words():
    assert [row.value for row in evidence_rows({"coarse": True, "sampled": False})] == ["yes", "no"]


def test_a_missing_cell_is_known():
    assert evidence_rows({"value": FromData(None)}) == [EvidenceRow("Value", "(missing)")]


def test_groups_keep_their_borders():
    assert evidence_rows({"example_groups": ["12, 40", "77, 90"]}) == [EvidenceRow("Example groups", "12, 40 · 77, 90")]
    assert evidence_rows({"words": ["a", "b"]}) == [EvidenceRow("Words", "a, b")]
