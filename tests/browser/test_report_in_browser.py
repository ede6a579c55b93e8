"""The HTML report in Chromium: silent, narrow enough, and open to everyone."""

from importlib import resources

import pytest
from tests.report.clue_examples import clues_result, hostile_clues_result, huge_clues_result, price_result
from tests.report.examples import accepted_result, clean_result, rich_result
from tests.report.extremes import empty_result, hostile_result, huge_result
from tests.report.side_examples import hostile_sides_result, huge_sides_result, price_sides_result, sides_result

from dataaudit.model import redact
from dataaudit.report.html import render_html, render_notebook

pytestmark = pytest.mark.browser

RESULTS = {
    "rich": rich_result,
    "accepted": accepted_result,
    "clean": clean_result,
    "empty": empty_result,
    "hostile": hostile_result,
    "redacted": lambda: redact(rich_result()),
    "huge": lambda: huge_result(400, 500),
    "clues": clues_result,
    "clues of a number": price_result,
    "hostile clues": hostile_clues_result,
    "redacted clues": lambda: redact(clues_result()),
    "huge clues": lambda: huge_clues_result(400),
    "sides": sides_result,
    "sides of a number": price_sides_result,
    "hostile sides": hostile_sides_result,
    "redacted sides": lambda: redact(sides_result()),
    "huge sides": lambda: huge_sides_result(400),
}
# Everything folded is opened first, so that nothing hides from the checks.
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"


@pytest.fixture(scope="module")
def pages():
    return {name: render_html(make()) for name, make in RESULTS.items()}


@pytest.fixture(scope="module")
def axe_script():
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", RESULTS)
def test_asks_for_nothing_but_itself(open_report, pages, name):
    visit = open_report(pages[name])
    visit.page.evaluate(UNFOLD)
    visit.page.wait_for_load_state("networkidle")
    assert visit.requests == [visit.url]
    assert visit.complaints == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("name", RESULTS)
def test_never_scrolls_sideways(open_report, pages, name, width):
    page = open_report(pages[name], width).page
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", [name for name in RESULTS if not name.startswith("huge")])
def test_axe_finds_no_violation(open_report, pages, axe_script, name, width, scheme):
    page = open_report(pages[name], width, scheme).page
    page.evaluate(UNFOLD)
    page.evaluate(axe_script)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    told = [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]
    assert told == []
    assert found["passes"]


def test_dark_is_dark(open_report, pages):
    def ground(scheme):
        page = open_report(pages["rich"], scheme=scheme).page
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))

    assert ground("light") > 600
    assert ground("dark") < 150


def test_the_keyboard_reaches_the_findings(open_report, pages):
    page = open_report(pages["rich"]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the findings"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "findings"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('section.group') !== null")


def test_pictures_have_words(open_report, pages):
    page = open_report(pages["rich"]).page
    assert page.get_by_role("img", name="price_eur in train and test").count() == 1
    described = page.evaluate("[...document.querySelectorAll('[role=img]')].map(p => p.textContent + p.ariaLabel)")
    assert any("the highest of 16 bins holds 16 % of the rows and lies between 50 and 60" in text for text in described)
    assert any("train from 0 to 198,000; test from 120 to 412,350" in text for text in described)


@pytest.mark.parametrize(("width", "stacked"), [(360, True), (1280, False)])
def test_splits_stand_below_one_another_where_it_is_narrow(open_report, pages, width, stacked):
    page = open_report(pages["clues"], width).page
    train, test = page.locator("tr.flagged td").all()
    train, test = train.bounding_box(), test.bounding_box()
    assert (test["y"] > train["y"] + 10) is stacked
    assert (abs(test["x"] - train["x"]) < 1) is stacked
    bars = page.locator("tr.flagged td svg").all()
    assert all(bar.bounding_box()["width"] > 80 for bar in bars)
    assert page.locator("tr.flagged .split").first.is_visible() is stacked


@pytest.mark.parametrize("width", [360, 1280])
def test_class_mixes_are_tables_to_a_screen_reader(open_report, pages, width):
    page = open_report(pages["clues"], width).page
    table = page.get_by_role("table", name="Classes of colour, value by value")
    assert table.get_by_role("columnheader").count() == 3
    assert (
        table.get_by_role("row", name="red")
        .get_by_role("cell")
        .first.inner_text()
        .split("\n")[-1]
        .endswith("Ferrari 95 % and Fiat 5 %")
    )
    ranked = page.get_by_role("table", name="How much of model each column alone tells")
    assert ranked.get_by_role("row", name="colour").get_by_role("cell").count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_distances_and_shares_are_tables_to_a_screen_reader(open_report, pages, width):
    page = open_report(pages["sides"], width).page
    table = page.get_by_role("table", name="How far the columns are apart")
    assert table.get_by_role("columnheader").count() == 4
    row = table.get_by_role("row", name="mileage_km")
    assert row.get_by_role("cell").count() == 3
    said = " ".join(row.get_by_role("cell").first.text_content().split())
    assert said.endswith(
        "missing: 2.0 % of train, 34 % of test4.0 % of test beyond the range of train11 % of test with "
        "values that train never shows"
    )
    assert "0.52 (0.50 to 0.55), beyond chance (up to 0.03)" in said
    shares = page.get_by_role("table", name="Shares of the values of colour, split by split")
    assert shares.get_by_role("row", name="teal").get_by_role("cell").count() == 5
    assert shares.get_by_role("columnheader").count() == 6


@pytest.mark.parametrize(("width", "beside"), [(360, False), (1280, True)])
def test_columns_stand_beside_one_another_where_there_is_room(open_report, pages, width, beside):
    page = open_report(pages["sides"], width).page
    first, second = (page.locator(f"#side-{number}").bounding_box() for number in (1, 3))
    assert (abs(first["y"] - second["y"]) < 1) is beside
    bars = [bar.bounding_box()["width"] for bar in page.locator(".shares tbody svg").all()]
    assert min(bars) > 80
    dots = [line.bounding_box()["width"] for line in page.locator(".shift svg").all() if line.is_visible()]
    assert min(dots) > 60


def test_a_class_mix_is_printed_in_colour_on_white(open_report, pages):
    page = open_report(pages["clues"], 700, "dark").page
    page.emulate_media(media="print", color_scheme="light")
    bar = page.locator("tr.flagged rect").first
    assert bar.evaluate("bar => getComputedStyle(bar).fill") == "rgb(184, 66, 10)"
    assert bar.evaluate("bar => getComputedStyle(bar.closest('svg')).printColorAdjust") == "exact"


def test_folded_parts_are_printed(open_report, pages):
    page = open_report(pages["rich"]).page
    page.emulate_media(media="print")
    assert page.get_by_text("sensor_3 differs between train and test").is_visible()
    assert not page.locator("nav.index").is_visible()


@pytest.mark.parametrize(("width", "visible"), [(360, False), (1280, True)])
def test_the_contents_are_folded_where_they_would_push_the_findings_down(open_report, pages, width, visible):
    page = open_report(pages["rich"], width).page
    link = page.locator("nav.index a").last
    assert link.is_visible() is visible
    assert page.locator("nav.index summary").is_visible() is not visible
    if not visible:
        page.locator("nav.index summary").click()
    link.click()
    assert page.url.endswith("#method")


def test_nothing_runs_even_if_it_got_in(open_report):
    visit = open_report(render_html(rich_result()).replace("</main>", "<script>document.title = 'ran'</script></main>"))
    assert visit.page.title() != "ran"


def test_reads_without_its_style_sheet(open_report):
    """Some artifact stores forbid inline styles; the words and the pictures must survive that."""
    policy = "default-src 'none'"
    html = render_html(rich_result()).replace("default-src 'none'; style-src 'unsafe-inline'; img-src data:", policy)
    page = open_report(html).page
    bar = page.locator("table.bars tbody rect").first
    assert bar.bounding_box()["width"] > 20
    assert bar.evaluate("bar => getComputedStyle(bar).fill") == "rgb(139, 151, 168)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_class_mixes_read_without_a_style_sheet(open_report):
    policy = "default-src 'none'"
    html = render_html(clues_result()).replace("default-src 'none'; style-src 'unsafe-inline'; img-src data:", policy)
    page = open_report(html).page
    part = page.locator("tr.flagged rect").first
    assert part.bounding_box()["width"] > 20
    assert part.evaluate("bar => getComputedStyle(bar).fill") == "rgb(184, 66, 10)"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_notebook_frame_shows_the_page(open_report):
    visit = open_report(f"<!doctype html><html lang='en'><title>n</title>{render_notebook(rich_result())}</html>")
    frame = visit.page.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == "2 errors: do not trust a score measured on this test set"
    assert [url for url in visit.requests if url not in (visit.url, "about:srcdoc")] == []
