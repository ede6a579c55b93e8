"""Row lists say when they are cut short."""

from dataaudit.model import MAX_ROWS_SHOWN, shown_rows


def test_all_rows_shown_are_not_truncated():
    assert shown_rows("test", [3, 1], n_all=2).numbers == (1, 3)
    assert not shown_rows("test", [3, 1], n_all=2).truncated


def test_more_rows_than_fit_are_truncated():
    rows = shown_rows("test", range(MAX_ROWS_SHOWN + 1))
    assert len(rows.numbers) == MAX_ROWS_SHOWN
    assert rows.truncated


def test_rows_known_only_by_their_count_are_truncated():
    assert shown_rows("test", [1, 2], n_all=3).truncated
