from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from tests.report.examples import rich_result, shared_rows, shortcut

from dataaudit.model import Severity, redact
from dataaudit.proof.changes import Changes, Hidden, OnPurpose, Remaining, compare
from dataaudit.report.before_after import (
    MAX_TABLE_LINES,
    PageTable,
    expected_words,
    hidden_words,
    render_before_after,
    rows_line,
    set_apart,
    show_rows_line,
    verdict_details,
    verdict_words,
)
from dataaudit.report.html import MAX_BYTES
from dataaudit.text import FromData, Text, Told, without_data
from dataaudit.write.accounting import RowCounts

ROWS = [RowCounts("train", 100, 97, 99, {"repeats row 1": 3}, n_repeated=2), RowCounts("test", 50, 50, 50)]


def page(before=None, after=None, changes=None, **more):
    before = before or rich_result()
    after = after or replace(before, findings=before.findings[1:])
    return render_before_after(before, after, changes or compare(before, after), ROWS, command="fix", **more)


def words(**more):
    return verdict_words(replace(Changes((), (), (), (), ()), **more))


def test_the_verdict_counts_errors_and_warnings():
    error, other = shared_rows(), shortcut()
    info = replace(error, severity=Severity.INFO)
    milder = Remaining(error, replace(error, severity=Severity.WARNING))
    assert words(gone=(error, other, info)) == "2 errors are gone, no new error or warning"
    assert words(gone=(error,), remaining=(milder,)) == "1 error is gone, 1 warning remains, no new error or warning"
    assert words(new=(error,)) == "1 error is new"
    assert words(remaining=(Remaining(error, error), milder)) == "1 error and 1 warning remain, no new error or warning"
    assert words(judged_first=(error,)) == "1 error is seen for the first time"
    assert (
        words(gone=(other,), judged_first=(error,))
        == "1 error is gone, no new error or warning, 1 error is seen for the first time"
    )
    worse = Remaining(info, replace(error, severity=Severity.WARNING))
    assert words(remaining=(worse, milder)) == "1 warning remains, 1 grew worse, no new error or warning"
    assert (
        words(remaining=(Remaining(replace(error, severity=Severity.WARNING), error),))
        == "1 grew worse, no new error or warning"
    )
    assert words() == words(gone=(info,)) == "No error and no warning is gone, remains or is new"


def test_the_details_tell_what_was_judged_only_once_and_what_changed_its_severity():
    error = shared_rows()
    milder = Remaining(error, replace(error, severity=Severity.WARNING))
    details = verdict_details(Changes((), (error,), (milder,), (), (shortcut(),)))
    assert len(details) == 3
    assert details[0] == "1 finding is less severe than before."
    assert details[1].startswith("1 finding could not be seen before")
    assert "could not be judged again" in details[2]


def test_the_page_holds_what_is_gone_and_what_remains():
    before = rich_result()
    html = page(before)
    assert str(before.findings[0].code) in html
    assert 'id="gone"' in html
    assert 'id="new"' not in html


def test_what_is_there_on_purpose_is_neither_new_nor_counted():
    error, info = shared_rows(), replace(shortcut(), severity=Severity.INFO)
    found = (OnPurpose(None, error, "rows are repeated."), OnPurpose(None, info, "rows are repeated."))
    changes = replace(Changes((), (), (), (), ()), expected=found)
    assert verdict_words(changes) == "no new error or warning, 1 is there on purpose".capitalize()
    [told] = expected_words(changes)
    assert told == f"{error.code} (error) and {info.code} (info): rows are repeated."
    after = replace(rich_result(), findings=(error, info))
    assert set_apart(after, changes).worst is None
    html = page(replace(after, findings=()), after, changes)
    assert 'id="expected"' in html
    assert "There are none." in html
    assert 'id="new"' not in html
    assert 'class="verdict tone-clean"' in html


def test_a_redacted_page_shows_no_value_of_the_data():
    secret = "Zyxwvut"
    telling = replace(shared_rows(), message=Text("It is {value}.", {"value": FromData(secret)}))
    before = redact(replace(rich_result(), findings=(telling,)))
    table = PageTable("Classes", ("class", "rows"), ((Told(secret), "3"),), note=Told(f"{secret} is rare.", "Rare."))
    notes = [Told(f"{secret!r} is rare.", "A class is rare."), "Kept."]
    assert secret in page(before, notes=notes, tables=[table])
    html = page(before, notes=[without_data(note) for note in notes], tables=[table.redacted()])
    assert secret not in html
    assert all(kept in html for kept in ("A class is rare.", "Kept.", "▮▮▮", "3"))


def test_the_page_runs_nothing_and_loads_nothing():
    class Watch(HTMLParser):
        tags: set[str] = set()  # noqa: RUF012

        def handle_starttag(self, tag, attrs):
            self.tags.add(tag)
            names = dict(attrs)
            assert not any(name.startswith("on") or name == "src" for name in names)
            assert names.get("href", "#").startswith(("#", "data:"))

    watch = Watch()
    watch.feed(page(notes=["A note."], tables=[PageTable("Classes", ("class", "train"), (("a", "3"),))]))
    assert "script" not in watch.tags
    assert "table" in watch.tags


def test_anchors_are_there_and_unique():
    ids, links = [], []

    class Watch(HTMLParser):
        def handle_starttag(self, tag, attrs):
            names = dict(attrs)
            if "id" in names:
                ids.append(names["id"])
            if names.get("href", "").startswith("#"):
                links.append(names["href"][1:])

    Watch().feed(page(notes=["A note."], tables=[PageTable("Classes", ("class", "train"), (("a", "3"),))]))
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)


def test_words_of_the_data_are_escaped():
    nasty = replace(shared_rows(), message=Text("It is {value}.", {"value": FromData("<script>alert(1)</script>")}))
    before = replace(rich_result(), findings=(nasty,))
    tables = [PageTable("Shares", ("<b>", "n"), (("<i>x</i>", "1"),))]
    html = page(before, replace(before, findings=()), notes=["<u>"], tables=tables)
    assert not any(raw in html for raw in ("<script>", "<i>x", "<u>", "<b>&"))
    assert "&lt;script&gt;" in html


def test_many_findings_stay_within_the_limit():
    many = tuple(replace(shortcut(), identity=(str(i),)) for i in range(4_000))
    before = replace(rich_result(), findings=many)
    long = [PageTable("Many", ("class", "rows"), tuple((f"class {i}", str(i)) for i in range(10_000)))]
    html = page(before, replace(before, findings=many[:2_000]), tables=long)
    assert len(html.encode()) <= MAX_BYTES
    assert f"and {10_000 - MAX_TABLE_LINES:,} more lines" in html


def test_rows_are_accounted_for_in_words():
    line = rows_line(RowCounts("train", 10, 6, 9, {"gap": 3}, n_moved_out={"test": 1}, n_repeated=2, n_synthetic=1))
    assert show_rows_line(line) == (
        "train: 10 rows in, 6 kept (dropped: gap 3, moved to test 1), 2 repeated, 1 synthetic; 9 rows out"
    )


def test_a_new_info_does_not_belie_the_headline():
    changes = Changes((), (), (), (replace(shared_rows(), severity=Severity.INFO),), ())
    assert words(gone=(shortcut(),), new=changes.new) == "1 error is gone, no new error or warning"


def test_what_can_no_longer_be_judged_is_told_as_that_and_not_as_gone():
    error, info = shared_rows(), replace(shortcut(), severity=Severity.INFO)
    hidden = (Hidden(error, "rows are more alike now."), Hidden(info, "rows are more alike now."))
    assert words(hidden=hidden) == "1 error can no longer be judged, no new error or warning"
    changes = replace(Changes((), (), (), (), ()), hidden=hidden)
    assert verdict_details(changes) == []
    [told] = hidden_words(changes)
    codes = " and ".join(sorted({error.code, info.code}))
    assert told == (
        "2 findings can no longer be judged, which is no sign of being mended: "
        f"train now holds repeated or made-up rows. {codes}: rows are more alike now."
    )
    before = replace(rich_result(), findings=(error, info))
    html = page(before, replace(before, findings=()), changes)
    assert 'id="no-longer-judged"' in html
    # The figures alone would say that it is mended.
    assert html.count('href="#no-longer-judged"') == 2
    assert 'href="#no-longer-judged"' not in page()
    assert "rows are more alike now." in html
    assert 'id="gone"' not in html


def test_what_has_other_columns_stands_once_with_both_messages():
    was = replace(shortcut(), columns=("a", "b"), message=Text("Two columns differ."))
    now = replace(was, columns=("a",), message=Text("One column differs."))
    before, after = (replace(rich_result(), findings=(one,)) for one in (was, now))
    changes = compare(before, after)
    assert verdict_details(changes) == ["1 finding is about other columns than before."]
    html = page(before, after, changes)
    assert "One column differs." in html
    assert "Before: Two columns differ." in html
    assert ", before: " not in html  # as severe as it was
    assert 'id="gone"' not in html
    assert 'id="new"' not in html
