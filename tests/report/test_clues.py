"""The section on what gives the label away: its words, its bars, its links, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.clue_examples import (
    car_clues,
    clues_result,
    colour_mix,
    hostile_clues_result,
    huge_clues_result,
    many_classes,
    price_result,
    told,
)
from tests.report.examples import rich_result
from tests.report.test_html import MEGABYTE, Page

from dataaudit.figures import ClueClass, LabelClues
from dataaudit.model import Severity, redact
from dataaudit.report.clues import clues_view
from dataaudit.report.drawing.mix import draw_mix
from dataaudit.report.html import render_html
from dataaudit.report.limits import PAGE_LIMITS
from dataaudit.report.mix_words import reading


def section(result):
    html = render_html(result)
    start = html.index('<section class="clues"')
    return html[start : html.index('<section class="about-audit"', start)]


def text_of(result):
    return Page(section(result)).text


def test_the_page_is_well_formed_and_its_links_lead_somewhere():
    for result in (clues_result(), price_result(), hostile_clues_result(), redact(clues_result())):
        page = Page(render_html(result))
        assert len(page.ids) == len(set(page.ids))
        assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))


def test_there_is_no_section_without_clues():
    html = render_html(rich_result())
    assert 'class="clues"' not in html
    assert "#clues" not in html


def test_where_nothing_is_flagged_the_section_says_so():
    result = replace(clues_result(), findings=(), clues=replace(car_clues(), mixes=(), without_mix={}))
    assert "No single column is flagged for giving model away." in text_of(result)


def test_a_sentence_says_what_to_read():
    assert str(reading(car_clues(), colour_mix(), is_first=True)) == (
        "Read it like this: of the 645 rows with colour = red in train, 95 % are Ferrari, against 5 % of all rows. "
        "In test, only 23 % of the 262 such rows are."
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [("Ferrari", "are Ferrari"), (">50K", "have model = >50K"), ("1", "have model = 1"), ("true", "have model = true")],
)
def test_classes_that_are_no_words_are_values_of_the_label(name, words):
    clues = replace(car_clues(), classes=(ClueClass(name), *car_clues().classes[1:]))
    assert words in str(reading(clues, colour_mix()))


def test_missing_cells_thirds_and_empty_splits_have_words_of_their_own():
    missing = replace(colour_mix(), told_row=4)
    assert "of the 15 rows where colour is missing in train" in str(reading(car_clues(), missing, is_first=True))
    assert "In test, there is no such row." in str(reading(car_clues(), replace(colour_mix(), told_row=2)))
    text = text_of(price_result())
    assert "of the 1,000 rows with horsepower over 3 in train, 99 % have a high price ( over 4398 )" in text.replace(
        "(over 4398)", "( over 4398 )"
    )
    assert "In validation, 97 % of the 100 such rows do." in text


def test_every_bar_says_its_shares_in_words():
    text = text_of(clues_result())
    assert "95 % of 645 Ferrari 95 % and Fiat 5 %" in text
    assert "0 % of 7,623 Fiat 38 % and Ford 62 %" in text
    assert "no such row" in text
    assert "all rows train 5 % of 12,416 Ferrari 5 %, Fiat 41 % and Ford 54 %" in text


def test_segments_fill_the_bar_and_none_is_invisible():
    for line in draw_mix(car_clues(), colour_mix()).lines:
        for bar in line.bars:
            if bar.segments:
                assert sum(segment.length for segment in bar.segments) == pytest.approx(100, abs=0.05)
                assert all(segment.length > 0.3 for segment in bar.segments)


def test_a_class_has_one_colour_in_all_mixes():
    clues = LabelClues("y", tuple(ClueClass(f"k{i}") for i in range(6)), False, ())
    first = draw_mix(clues, replace(many_classes(), classes=(0, 1, 2, 3, 4, 5, -1), told=0))
    second = draw_mix(clues, many_classes())
    hues = {key.name: key.hue for key in first.keys}
    assert {key.name: key.hue for key in second.keys if key.name in hues} == hues
    assert [key.hue for key in second.keys] == ["hue-5", "hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "rest"]
    assert second.keys[0].is_told


def test_findings_and_blocks_link_to_one_another():
    html = render_html(clues_result())
    assert 'href="#class-mix-1"' in html[html.index('id="SPUR001-error-1"') : html.index('id="IMB002-warning"')]
    block = html[html.index('id="class-mix-1"') : html.index('class="group tells"')]
    assert 'href="#SPUR001-error-1"' in block
    assert "description</bdi> is flagged too: nearly all its values are different." in block


def test_the_index_lists_the_section():
    html = render_html(clues_result())
    index = html[html.index('<nav class="index"') : html.index("</nav>")]
    for link in ("#clues", "#class-mix-1", "#tells"):
        assert f'href="{link}"' in index


def test_ranked_columns_are_named_in_words():
    text = text_of(clues_result())
    assert "How much of model each column alone tells" in text
    assert "colour SPUR001 46 % 41 to 52 %" in text
    assert "description whether it holds the word coupé LEAK005 21 % 19 to 23 %" in text
    assert "mileage_km whether it is missing 5.0 % 4.0 to 6.0 %" in text
    assert "convertible 0 % 0 to under 0.1 %" in text
    assert "2 more columns tell less." in text
    assert "Parts of dates and texts were looked at in a sample." in text


def test_accepted_findings_have_no_block():
    result = clues_result()
    accepted = frozenset(finding.fingerprint for finding in result.findings if finding.columns == ("colour",))
    view = clues_view(replace(result, accepted=accepted), PAGE_LIMITS[0], {})
    assert view is not None
    assert view.blocks == []
    assert view.tells[0].column == "colour"


def test_what_is_not_drawn_is_counted():
    result = clues_result()
    more = tuple(told(f"extra_{number}", severity=Severity.WARNING) for number in range(200))
    text = text_of(replace(result, findings=(*result.findings, *more)))
    assert "200 more flagged columns are not drawn; the findings name them." in text


def test_nothing_hostile_becomes_markup():
    html = render_html(hostile_clues_result())
    Page(html)
    assert "<script" not in html
    assert "<img" not in html
    assert "x" * 1000 not in html
    assert 'class="clues"' in html


def test_redaction_keeps_columns_and_numbers():
    text = text_of(redact(clues_result()))
    for secret in ("red", "black", "silver", "Ferrari", "Fiat", "coupé"):
        assert secret not in text.split()
    assert "of the 645 rows with colour = ▮▮▮ in train, 95 % have model = ▮▮▮" in text
    assert "all others" in text
    assert "(missing)" in text
    prices = text_of(redact(price_result()))
    assert "1207" not in prices
    assert "4398" not in prices
    assert "with horsepower ▮▮▮ in train, 99 % have a high price," in prices


@pytest.mark.parametrize("n_columns", [60, 10_000])
def test_stays_under_a_megabyte(n_columns):
    html = render_html(huge_clues_result(n_columns))
    assert len(html.encode()) < MEGABYTE
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert 'id="class-mix-1"' in html
