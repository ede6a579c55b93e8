"""However a table is handed over, the same is found in it."""

from __future__ import annotations

import pytest
from tests.metamorphic.findings import audited, findings, named_rows, sentences, statuses
from tests.metamorphic.forms import FORMS


def by_number(split, number):
    return number


def check_same(result, known):
    assert statuses(result) == statuses(known)
    assert findings(result) == findings(known)
    assert sentences(result) == sentences(known)
    assert named_rows(result, by_number) == named_rows(known, by_number)


@pytest.mark.parametrize("form", FORMS)
def test_files_and_frames(table, known, form, tmp_path):
    given = {split: FORMS[form](frame, tmp_path / split) for split, frame in table.splits.items()}
    check_same(audited(table.with_splits(given)), known)


def test_train_as_a_frame_and_the_others_as_files(table, known, tmp_path):
    given = {split: FORMS["csv"](frame, tmp_path / split) for split, frame in table.splits.items()}
    check_same(audited(table.with_splits({**given, "train": table.splits["train"]})), known)


def test_one_thread_or_all_of_them(table, known):
    result = audited(table, threads=1)
    check_same(result, known)
    assert result.dataset == known.dataset
