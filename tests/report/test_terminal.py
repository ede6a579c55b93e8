"""The terminal report: right at 80 columns, in a pipe, without colour, whatever the words."""

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console
from tests.report.examples import accepted_result, clean_result, rich_result
from tests.report.extremes import empty_result, hostile_result, huge_result

from dataaudit.report.terminal import print_terminal, render_terminal

RESULTS = {
    "rich": rich_result(),
    "accepted": accepted_result(),
    "clean": clean_result(),
    "empty": empty_result(),
    "hostile": hostile_result(),
    "huge": huge_result(300, 400),
}


def test_reads_from_the_top():
    lines = render_terminal(rich_result()).splitlines()
    assert lines[0] == "2 errors: do not trust a score measured on this test set"
    text = "\n".join(lines)
    assert "error LEAK001 rows-shared-between-splits" in text
    assert "warning SPLIT002 feature-drift · 6 findings" in text
    assert "  - and 3 more: --output report.html lists all" in text
    assert lines[-1] == "2 errors · 8 warnings · 1 info finding · 16 passed · 2 skipped · 1 crashed"
    assert not any(line.endswith(" ") for line in lines)
    assert "Crashed\n  SCALE001 unlike-scales: ValueError: the matrix is not finite" in text
    assert "Skipped\n  RANGE003 target-beyond-training: needs a numeric target" in text


def test_a_fix_that_findings_share_is_said_once():
    assert render_terminal(rich_result()).count("fix: Find out what changed") == 1


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(name, width):
    text = render_terminal(RESULTS[name], width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "\x1b" not in text
    assert len(text.splitlines()) < 200_000 / width


def test_words_are_not_read_as_markup():
    text = render_terminal(hostile_result(), 200)
    assert "[bold red]rich[/bold red]" in text
    assert "\x07" not in text
    assert "\u202e" not in text
    text.encode("utf-8")


def test_colour_only_where_there_is_a_terminal():
    def printed(**options):
        text = io.StringIO()
        print_terminal(rich_result(), Console(file=text, width=80, **options))
        return text.getvalue()

    assert "\x1b[" in printed(force_terminal=True, color_system="standard")
    assert "\x1b[" not in printed()


def test_prints_to_stdout_by_default(capsys):
    print_terminal(clean_result(), width=80)
    assert capsys.readouterr().out.startswith("Nothing found: 25 checks passed\n")


def test_accepted_findings_are_named():
    text = render_terminal(accepted_result())
    assert "Accepted by the baseline\n  LEAK001 rows-shared-between-splits: 1 error" in text
    assert "error LEAK001" not in text


def test_long_lists_of_checks_are_folded():
    result = rich_result()
    skipped = tuple(check for check in result.checks if check.status.value == "skipped") * 10
    assert "and 8 more: --output report.html lists all" in render_terminal(replace(result, checks=skipped))
