"""Geometry of the pictures, at the edges of what a figure may hold."""

import math

import pytest

from dataaudit.figures import Bars, Crosstab, Histogram, RangeStrip
from dataaudit.report.drawing import draw

NAN = math.nan
INFINITE = math.inf


def histogram(edges=(0.0, 1.0, 2.0), train=(0.25, 0.75), **options):
    return draw(Histogram("t", edges, {"train": train}, **options))


def strip(train=(0.0, 10.0), other=(2.0, 20.0), **options):
    return draw(RangeStrip("t", train, other, "test", 0.0, 0.5, **options))


def test_the_longest_bar_is_as_long_as_there_is_room():
    drawing = draw(Bars("t", ("a", "b", "c"), {"train": (0.8, 0.2, 0.0)}))
    assert [line[1][0].length for line in drawing.lines] == [100.0, 25.0, 0.0]
    assert [line[1][0].share for line in drawing.lines] == ["80 %", "20 %", "0 %"]


def test_a_small_share_never_looks_like_none():
    drawing = draw(Bars("t", ("a", "b"), {"train": (0.99999, 0.00001)}))
    assert drawing.lines[1][1][0].length > 0
    assert drawing.lines[1][1][0].share == "0.001 %"


def test_categories_and_series_are_capped_and_counted():
    names = tuple(str(number) for number in range(40))
    drawing = draw(Bars("t", names, dict.fromkeys("abcdefg", (0.1,) * 40)))
    assert (len(drawing.lines), drawing.n_left_out, len(drawing.keys)) == (12, 28, 4)
    counts = tuple((1,) * 40 for _ in names)
    table = draw(Crosstab("t", "r", names, names, {"train": counts}))
    assert (table.n_rows_left_out, table.n_columns_left_out) == (30, 32)
    assert len(table.tables[0][1][0][1]) == 8


def test_shades_follow_the_share_of_the_line_and_only_zero_is_blank():
    drawing = draw(Crosstab("t", "r", ("v", "w"), ("a", "b"), {"train": ((999, 1), (0, 0))}))
    (_, first), (_, second) = drawing.tables[0][1]
    assert [cell.shade for cell in first] == [6, 1]
    assert [cell.shade for cell in second] == [0, 0]


def test_a_line_is_shaded_by_all_its_classes_also_those_not_shown():
    drawing = draw(Crosstab("t", "r", ("v",), tuple("abcdefghij"), {"train": ((1,) * 8 + (496, 496),)}))
    assert {cell.shade for cell in drawing.tables[0][1][0][1]} == {1}


def test_the_highest_bin_reaches_the_top():
    assert histogram().steps[0].path == "M0,100V66.7H500.0V0.0H1000.0V100"
    assert histogram().peak == "75 %"


def test_uneven_bins_are_admitted():
    assert not histogram().uneven
    assert histogram(edges=(0.0, 1.0, 20.0)).uneven
    assert histogram(edges=(-INFINITE, 1.0, INFINITE)).uneven


def test_times_are_shown_as_dates():
    drawing = histogram(edges=(0.0, 86_400.0, 172_800.0), is_time=True)
    assert [tick.label for tick in drawing.ticks] == ["1970-01-01", "1970-01-02", "1970-01-03"]
    assert histogram(edges=(0.0, 1.0, 1e30), is_time=True).ticks[-1].label == "1e+30"


def test_without_edges_there_are_no_numbers():
    drawing = histogram(edges=(17.0, 18.0, 19.0), show_edges=False)
    assert drawing.ticks == ()
    assert "17" not in drawing.description
    strips = strip(show_edges=False)
    assert all(part.ends is None for part in strips.strips)
    assert strips.description == "test: 50 % above the range of train."


def test_the_strip_marks_what_lies_outside():
    train, other = strip().strips
    assert [(span.start, span.length, span.outside) for span in train.spans] == [(0.0, 50.0, False)]
    assert [(span.start, span.length, span.outside) for span in other.spans] == [
        (10.0, 40.0, False),
        (50.0, 50.0, True),
    ]


def test_the_strip_holds_where_nothing_overlaps_or_everything_is_one_point():
    apart = strip(train=(0.0, 1.0), other=(3.0, 4.0)).strips[1]
    assert [span.outside for span in apart.spans] == [True]
    point = strip(train=(5.0, 5.0), other=(5.0, 5.0)).strips
    assert all(span.length > 0 for part in point for span in part.spans)
    huge = strip(train=(-1e308, 1e308), other=(0.0, 1e308)).strips
    assert huge[1].spans[0].start == 50.0


@pytest.mark.parametrize(
    "figure",
    [
        Bars("t", (), {"train": ()}),
        Bars("t", ("a",), {}),
        Crosstab("t", "r", (), (), {}),
        Histogram("t", (0.0,), {"train": ()}),
        Histogram("t", (0.0, 1.0), {"train": (0.0,)}),
        Histogram("t", (0.0, 1.0, 2.0), {"train": (0.5, NAN)}),
        RangeStrip("t", (0.0, INFINITE), (0.0, 1.0), "test", 0.0, 0.0),
        RangeStrip("t", (NAN, 1.0), (0.0, 1.0), "test", 0.0, 0.0),
    ],
)
def test_nothing_to_draw(figure):
    assert draw(figure) is None
