"""The HTML report: one file, escaped, bounded, complete."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.report.examples import accepted_result, clean_result, drift, rich_result, shared_rows
from tests.report.extremes import HOSTILE, empty_result, hostile_result, huge_result

from dataaudit.model import AuditResult, Check, Severity, SplitInfo, Status
from dataaudit.report.html import render_html, render_notebook
from dataaudit.text import Text

MEGABYTE = 1_000_000
VOID = {"meta", "link", "br", "img", "hr", "input"}
# fmt: off
KNOWN = {
    "html", "head", "meta", "link", "title", "style", "body", "svg", "symbol", "path", "circle", "defs", "pattern",
    "rect", "use", "line", "text", "desc", "a", "header", "footer", "main", "nav", "section", "article", "h1", "h2",
    "h3", "h4", "h5", "p", "div", "span", "b", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "code", "pre", "time", "bdi",
}
# fmt: on
INLINE = {"span", "bdi", "code", "a", "b", "time"}


class Page(HTMLParser):
    """Reads a page strictly: known tags only, each closed in order, ids unique."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in KNOWN, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "style"
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src"):
                self.links.append(value)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in KNOWN, tag

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag not in INLINE:
            self.words.append(" ")

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize(
    "result",
    [rich_result(), accepted_result(), clean_result(), empty_result(), hostile_result()],
    ids=["rich", "accepted", "clean", "empty", "hostile"],
)
def test_is_well_formed_and_loads_nothing(result):
    html = render_html(result)
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert all(link == "data:," or link[1:] in page.ids for link in page.links if link[0] == "#" or link == "data:,")
    assert all(link.startswith("#") or link == "data:," for link in page.links)
    assert not re.search(r"url\((?!#)|@import", html)
    levels = [int(heading[1]) for heading in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_shows_every_part():
    text = Page(render_html(rich_result())).text
    for words in (
        "2 errors: do not trust a score measured on this test set",
        "There are also 8 warnings and 1 info finding.",
        "94.9 % of the rows with colour = red are Ferrari",
        "Rows by colour and model",
        "Share of each class",
        "price_eur in train and test",
        "2.1 % above the range of train",
        "Test rows matched 217",
        "Rows in test 17, 42, 88",
        "red means Ferrari",
        "dataaudit fix cars_train.csv --test cars_test.csv --select LEAK001",
        "needs a numeric target",
        "ValueError: the matrix is not finite",
        "first_registered datetime time declared",
        "min_support = 50",
        "a sample of 6,000 rows",
        "cars_train.csv was read as UTF-8 with a byte order mark.",
        "dataaudit audit cars_train.csv",
    ):
        assert words in text, words


def test_severities_come_in_order_and_rules_are_grouped():
    html = render_html(rich_result())
    places = [html.index(f'id="{anchor}"') for anchor in ("LEAK001-error", "SPUR001-error", "IMB002-warning")]
    places.append(html.index('id="SPLIT002-warning"'))
    places.append(html.index('id="DATA002-info"'))
    assert places == sorted(places)
    assert html.count('id="SPLIT002-warning"') == 1
    assert "3 more findings of this rule" in html


def test_masks_have_their_hooks():
    html = render_html(rich_result())
    assert '<time datetime="2025-03-04T10:30:00+00:00">2025-03-04 10:30 UTC</time>' in html
    assert '<dd class="seconds">1.93 s</dd>' in html
    masked = re.sub(r'class="([^"]* )?seconds">[^<]*<', "", html)
    assert not re.search(r"\d s<", masked)


def test_nothing_from_the_data_becomes_markup():
    html = render_html(hostile_result())
    text = Page(html).text
    assert "<script" not in html
    assert "<img" not in html
    assert "<script>alert(1)</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "x" * 1000 not in html
    html.encode("utf-8")


def test_hostile_message_templates_are_escaped_too():
    finding = replace(shared_rows(), message=Text("<b onclick=x>{value}</b>", {"value": HOSTILE[0]}))
    Page(render_html(replace(rich_result(), findings=(finding,))))


def test_accepted_findings_stand_apart():
    page = render_html(accepted_result())
    assert 'id="LEAK001-error"' not in page
    text = Page(page).text
    assert "Accepted by the baseline" in text
    assert "2 findings accepted by a baseline are listed but not counted." in text
    assert "1 error: do not trust" in text


def test_nothing_found():
    text = Page(render_html(clean_result())).text
    assert "Nothing found: 25 checks passed" in text
    assert "Findings There are none." in text


@pytest.mark.parametrize(("n_findings", "n_columns"), [(5_000, 10_000), (300, 400), (50, 60)])
def test_stays_under_a_megabyte(n_findings, n_columns):
    html = render_html(huge_result(n_findings, n_columns))
    assert len(html.encode()) < MEGABYTE
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    if n_findings > 1000:
        assert "left out to keep this page small" in page.text
        assert "more columns not listed" in page.text


def test_stays_under_a_megabyte_with_many_of_everything_else():
    checks = tuple(Check(f"XX{n:05d}", "c" * 500, Status.SKIPPED, "r" * 5000, 0, False, 0.0) for n in range(3000))
    splits = tuple(SplitInfo(f"{n}" * 500, "s" * 5000, n, 3) for n in range(1000))
    result = rich_result()
    dataset = replace(result.dataset, splits=splits, notes=("note " * 1000,) * 1000)
    thresholds = {f"rule-{n}": {"field" * 50: "v" * 5000} for n in range(500)}
    result = replace(result, dataset=dataset, checks=checks, command="c" * 2_000_000, thresholds=thresholds)
    assert len(render_html(result).encode()) < MEGABYTE


def test_every_rule_keeps_a_full_finding_when_one_fires_often():
    many = tuple(drift(f"sensor_{number}", Severity.ERROR, 1) for number in range(500))
    html = render_html(replace(rich_result(), findings=(*rich_result().findings, *many)))
    for anchor in ("LEAK001-error-1", "SPUR001-error-1", "SPLIT002-error-20", "DATA002-info-1"):
        assert f'id="{anchor}"' in html
    assert 'id="SPLIT002-error-21"' not in html


def test_the_columns_with_findings_are_kept():
    result = huge_result(3, 2_000, 10)
    last = result.dataset.columns[-1].name
    finding = replace(shared_rows(), columns=(last,))
    html = render_html(replace(result, findings=(finding,)))
    assert f'<th scope="row"><bdi class="name">{last}</bdi></th>' in html


def test_notebook_frames_the_page():
    html = render_notebook(rich_result())
    assert html.startswith("<iframe ")
    assert html.count("<") == 2
    assert "sandbox" in html
    assert html == rich_result()._repr_html_()


def test_an_unknown_rule_still_shows():
    result = replace(rich_result(), docs={})
    assert isinstance(result, AuditResult)
    text = Page(render_html(result)).text
    assert "LEAK001" in text
    assert "rows-shared-between-splits" in text
