"""The section that sets splits side by side: its words, its pictures, its links, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.examples import rich_result
from tests.report.side_examples import (
    COMPARISONS,
    FAR,
    NEAR,
    car_sides,
    colour_picture,
    drifted,
    hostile_sides_result,
    huge_sides_result,
    mileage_picture,
    price_sides_result,
    shares,
    sides_result,
)
from tests.report.test_html import MEGABYTE, Page

from dataaudit.figures import Histogram
from dataaudit.model import redact
from dataaudit.report.drawing.histogram import draw_histogram
from dataaudit.report.drawing.shares import draw_shares
from dataaudit.report.drawing.shifts import draw_shifts
from dataaudit.report.html import render_html, render_notebook
from dataaudit.report.json import render_json
from dataaudit.report.limits import PAGE_LIMITS
from dataaudit.report.markdown import render_markdown
from dataaudit.report.sides import sides_view
from dataaudit.side_figures import ColumnShifts, ShareRow, ShareTable, Shift


def section(result):
    html = render_html(result)
    start = html.index('<section class="sides"')
    return html[start : html.index('<section class="about-audit"', start)]


def text_of(result):
    return Page(section(result)).text


@pytest.mark.parametrize(
    "make", [sides_result, price_sides_result, hostile_sides_result, lambda: redact(sides_result())]
)
def test_the_page_is_well_formed_and_its_links_lead_somewhere(make):
    page = Page(render_html(make()))
    assert len(page.ids) == len(set(page.ids))
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


def test_there_is_no_section_without_sides():
    html = render_html(rich_result())
    assert '<section class="sides"' not in html
    assert "#sides" not in html


def test_the_map_says_how_to_read_it_and_what_chance_brings():
    text = text_of(sides_result())
    assert "Train and test side by side" in text
    assert (
        "A random split of this size would show up to 0.03 (test from train), up to 0.04 (validation from train) and "
        "up to 0.04 (test from reference)" in text
    )
    assert "40 other columns are at most 0.01 apart." in text
    assert "11 more columns" in text


def test_a_line_says_its_distances_in_words():
    text = text_of(sides_result())
    assert "0.52 (0.50 to 0.55) , beyond chance (up to 0.03)" in text.replace("),", ") ,")
    assert "missing: 2.0 % of train, 34 % of test" in text
    assert "4.0 % of test beyond the range of train" in text
    assert "11 % of test with values that train never shows" in text
    assert "not compared" in text


def test_where_nothing_differs_it_says_so_and_the_one_interval_is_seen():
    text = text_of(price_sides_result())
    assert "No column is farther apart than chance explains." in text
    assert "would show up to 0.03;" in text
    assert "No column is farther" not in text_of(sides_result())


def test_places_lie_on_one_axis_that_holds_every_distance():
    columns = (ColumnShifts("a", (FAR,)), ColumnShifts("b", (NEAR,)))
    drawn = draw_shifts(COMPARISONS[:1], columns, {})
    assert drawn.ticks == ("0", "0.5", "1")
    far, near = (line.cells[0] for line in drawn.lines)
    assert (far.lower, far.dot, far.upper, far.chance) == (50.0, 52.0, 55.0, 3.4)
    assert (near.dot, near.is_beyond, far.is_beyond) == (1.2, False, True)
    assert draw_shifts(COMPARISONS[:1], columns[1:], {}).ticks == ("0", "0.1", "0.2")
    whole = draw_shifts(COMPARISONS[:1], (ColumnShifts("c", (Shift(1.0, 0.9, 1.0, 1.0, is_sure=True),)),), {})
    assert whole.lines[0].cells[0].dot == 100.0


def test_chance_is_what_the_test_says_not_the_mark():
    assert not replace(NEAR, distance=0.05).is_beyond_chance
    assert replace(NEAR, is_sure=True).is_beyond_chance
    assert replace(NEAR, missing=(0.0, 0.13)).is_beyond_chance
    assert replace(NEAR, is_flagged=True).is_beyond_chance


def test_bars_reach_as_far_as_their_shares():
    drawing = draw_shares(
        ShareTable(("train", "test"), (ShareRow("a", shares(0.48, 0.23)), ShareRow("b", (None, *shares(0.0)))))
    )
    train, test = drawing.lines[0][1]
    assert (train.length, train.lower, train.upper) == (96.0, 92.0, 100.0)
    assert (test.length, test.share, test.interval) == (46.0, "23 %", "21 % to 25 %")
    absent, nothing = drawing.lines[1][1]
    assert absent is None
    assert nothing.length == 0.0


def test_open_ends_of_a_histogram_are_named():
    figure = Histogram("x", tuple(float(i) for i in range(9)), {"train": (0.125,) * 8}, has_less=True, has_more=True)
    assert [tick.label for tick in draw_histogram(figure).ticks] == ["0 and less", "4", "8 and more"]
    assert draw_histogram(replace(figure, has_less=False, has_more=False)).ticks[0].label == "0"


def test_portraits_say_distances_and_missing_cells():
    text = text_of(sides_result())
    assert "test from train: 0.52 (0.50 to 0.55), beyond chance" in text
    assert "validation from train: 0.01, within chance" in text
    plain = replace(car_sides(), columns=(ColumnShifts("mileage_km", (NEAR, NEAR, NEAR)),))
    text = text_of(replace(sides_result(), sides=plain))
    assert "missing, and not drawn: 20 % of train, 20 % of test, 20 % of validation and 20 % of reference" in text


def test_the_table_says_what_the_test_set_can_tell():
    text = text_of(sides_result())
    assert "What this test set can tell" in text
    assert "Accuracy 16,281 ± 0.46 points 0.69 points" in text
    assert "AUC 16,281 ± 0.0057 0.0061" in text
    assert "Recall of Fiat 16,281 ± 0.46 points 0.69 points" in text
    assert "Recall of Ferrari 0 not known none" in text
    assert "3 more classes with more rows." in text
    assert "To show a difference of 2 points takes 1,960 rows, of 1 point takes 7,847 rows" in text


def test_a_number_has_scores_of_its_own():
    text = text_of(price_sides_result())
    assert "R² 13,940 ± 0.012 –" in text
    assert "Mean error 13,940 ± 1.3 % of the error 1.1 % of the error" in text
    assert "2 % of the error takes 4,481 rows, of 1 % of the error takes 17,921 rows" in text
    assert "Recall" not in text


def test_flagged_columns_link_to_their_findings_unless_accepted():
    result = sides_result()
    html = section(result)
    assert html.count('href="#SPLIT002-error-') >= 3
    accepted = replace(result, accepted=frozenset({drifted("mileage_km").fingerprint, drifted("colour").fingerprint}))
    assert 'href="#SPLIT002' not in section(accepted)


def test_the_index_lists_the_section():
    html = render_html(sides_result())
    index = html[html.index('<nav class="index"') : html.index("</nav>")]
    for link in ("#sides", "#sides-map", "#side-1", "#side-2", "#sides-power"):
        assert f'href="{link}"' in index


def test_the_last_of_an_odd_number_of_histograms_is_wide():
    def widths(pictures):
        view = sides_view(replace(sides_result(), sides=replace(car_sides(), pictures=pictures)), PAGE_LIMITS[0], {})
        return [portrait.is_wide for portrait in view.portraits]

    one, two = mileage_picture(), replace(mileage_picture(), column="sensor_1")
    assert widths((one, two)) == [False, False]
    assert widths((one, colour_picture())) == [True, True]
    assert widths((one, two, replace(one, column="sensor_2"))) == [False, False, True]


def test_redaction_leaves_no_value():
    html = section(redact(sides_result()))
    for value in ("Ferrari", "Fiat", "teal", ">red<", "160,000", "and more<"):
        assert value not in html
        assert value in section(sides_result())
    assert "all others" in html
    assert "(missing)" in html
    assert "▮▮▮" in html
    assert "Values are left out." in html


def test_nothing_of_the_data_becomes_markup():
    html = section(hostile_sides_result())
    for text in ("<script>alert", "<img src", "</style></svg>", "\u202e", "\x07"):
        assert text not in html
    assert "{{ 7 * 7 }}" in Page(html).text
    assert "&lt;script&gt;" in html


def test_the_page_stays_small_whatever_the_data():
    result = huge_sides_result()
    assert len(render_html(result).encode()) < MEGABYTE
    assert len(render_notebook(result).encode()) < 2 * MEGABYTE
    assert len(section(replace(result, findings=())).encode()) < 250_000


def test_fewer_are_shown_where_there_is_little_room():
    view = sides_view(huge_sides_result(40), PAGE_LIMITS[-1], {})
    assert len(view.lines) + len(view.folded) == 10
    assert view.n_left_out == 10**6 + 20
    assert view.most_left_out == "0.52"
    assert len(view.portraits) == 1


def test_markdown_lists_what_is_beyond_chance():
    text = render_markdown(sides_result())
    assert "| column | test from train | validation from train | test from reference |" in text
    assert (
        "| <code>mileage&#95;km</code> | **0.52** (0.50 to 0.55) | 0.01 (0 to 0.04) | **0.52** (0.50 to 0.55) |" in text
    )
    assert "| <code>colour</code> | **0.52** (0.50 to 0.55) | not compared | 0.01 (0 to 0.04) |" in text
    assert "<code>sensor&#95;3</code> | 0.01" not in text
    assert "How far the columns are apart" not in render_markdown(price_sides_result())
    assert len(render_markdown(huge_sides_result(500))) < 65_536


def test_json_leaves_the_pictures_out():
    assert render_json(sides_result()) == render_json(replace(sides_result(), sides=None))
