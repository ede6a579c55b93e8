"""The Markdown report: compact, and nothing in it runs, mentions or links."""

import re

import pytest
from tests.report.examples import accepted_result, clean_result, rich_result
from tests.report.extremes import empty_result, hostile_result, huge_result

from dataaudit.report.markdown import inline, render_markdown

GITHUB_COMMENT = 65_536


def table_lines(text):
    return [line for line in text.splitlines() if line.startswith("|")]


def test_says_what_matters():
    text = render_markdown(rich_result())
    assert text.startswith("### 🛑 2 errors: do not trust a score measured on this test set\n")
    assert "| 2 | 8 | 1 | 16 | 2 | 1 |" in text
    assert "| error | SPUR001 | <code>colour</code> | 94.9 % of the rows with colour = red are Ferrari" in text
    assert "<summary><b>LEAK001</b> rows-shared-between-splits: how to mend it (1 error)</summary>" in text
    assert "<code>dataaudit fix cars&#95;train.csv --test cars&#95;test.csv --select LEAK001</code>" in text
    assert "RANGE003 target-beyond-training (skipped): needs a numeric target" in text


@pytest.mark.parametrize(
    "result", [hostile_result(), rich_result(), huge_result(300, 400)], ids=["hostile", "rich", "huge"]
)
def test_tables_keep_their_shape(result):
    text = render_markdown(result)
    counts, findings = [], []
    for line in table_lines(text):
        (counts if line.count("|") == 7 else findings).append(line)
    assert len(counts) == 3
    assert all(line.count("|") == 5 for line in findings)
    assert len(text) < GITHUB_COMMENT


def test_hostile_words_stay_words():
    text = render_markdown(hostile_result())
    assert "<script" not in text
    assert "<img" not in text
    assert not re.search(r"@\w", text)
    assert not re.search(r"(?<!&)#\d", text)
    assert "://" not in text
    assert "\x1b" not in text
    assert set(re.findall(r"</?(\w+)", text)) <= {"code", "details", "summary", "b", "sub"}
    assert text.count("<details>") == text.count("</details>")
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a|b", "a&#124;b"),
        ("<b>", "&#60;b&#62;"),
        ("two\nlines", "two&#92;nlines"),
        ("`x`", "&#96;x&#96;"),
        ("@team", "@\u200bteam"),
        ("#12", "#\u200b12"),
        ("https://example.org", "https:\u200b//example.org"),
    ],
)
def test_inline(given, shown):
    assert inline(given) == shown


def test_accepted_findings_are_folded_away():
    text = render_markdown(accepted_result())
    assert "<summary>2 accepted findings, not counted</summary>" in text
    assert "| error | LEAK001" not in text


def test_nothing_to_say():
    assert render_markdown(clean_result()).startswith("### ✅ Nothing found: 25 checks passed")
    assert render_markdown(empty_result()).startswith("### ❔ Nothing was checked")
