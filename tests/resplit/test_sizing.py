"""What is told of parts whose sizes are off, and of blocks too large for parts that are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.resplit.conftest import plain

import dataaudit


def told_blocks(notes):
    return [note for note in notes if "block of" in note or "cannot be alike" in note]


def with_copies(n_copies):
    frame = plain()
    return pd.concat([frame, *[frame.iloc[:1]] * n_copies], ignore_index=True)


def test_every_part_that_is_off_is_told_with_the_groups_that_are_why():
    frame = plain().assign(g=["a"] * 390 + ["b"] * 180 + ["c"] * 30)
    notes = dataaudit.split(frame, label="y", group="g").notes
    assert (
        "train has 65 % of the rows instead of 70 %, validation has 30 % instead of 15 % and test has 5 % instead of "
        "15 %: rows that belong together go together, in 3 groups only, of 65 %, 30 % and 5 % of all rows."
    ) in notes
    assert not told_blocks(notes)  # said already


def test_a_part_that_is_not_off_is_not_told():
    frame = plain().assign(g=["a"] * 420 + ["b"] * 60 + ["c"] * 120)
    [note] = [one for one in dataaudit.split(frame, label="y", group="g").notes if "instead of" in one]
    assert not note.startswith("train")
    assert "validation has 20 %" in note or "test has 20 %" in note


def test_a_block_of_equal_rows_is_told_with_what_helps():
    notes = dataaudit.split(with_copies(200), label="y").notes
    told = "One block of 201 equal rows holds 25.1 % of the rows, so the parts cannot be alike: drop the copies first, "
    assert told_blocks(notes) == [told + "with dataaudit fix."]


@pytest.mark.parametrize(("n_copies", "is_told"), [(65, False), (67, True)])
def test_a_block_is_told_from_a_tenth_of_the_rows_on(n_copies, is_told):
    assert bool(told_blocks(dataaudit.split(with_copies(n_copies), label="y").notes)) is is_told


def test_a_block_larger_than_the_smallest_part_is_told():
    frame = with_copies(40)
    assert not told_blocks(dataaudit.split(frame, label="y").notes)
    assert told_blocks(dataaudit.split(frame, label="y", sizes=(0.95, 0.05)).notes)


def test_a_large_group_is_told_where_sizes_are_as_asked():
    frame = plain().assign(g=[0] * 360 + [1 + i // 3 for i in range(240)])
    assert told_blocks(dataaudit.split(frame, label="y", group="g").notes) == [
        "The largest group of g holds 60 % of the rows, and lies in one part: the parts cannot be alike."
    ]


def test_a_few_equal_rows_of_few_are_no_block():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=30), "b": rng.normal(size=30), "y": list("pq") * 15})
    frame = pd.concat([frame, *[frame.iloc[:1]] * 5], ignore_index=True)
    assert not told_blocks(dataaudit.split(frame, label="y").notes)


def test_copies_that_are_not_kept_together_are_told_with_what_helps():
    notes = dataaudit.split(with_copies(1_400), label="y").notes
    assert not told_blocks(notes)
    assert any("too many for any part" in note and "dataaudit fix" in note for note in notes)
