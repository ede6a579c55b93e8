"""What the mends do, for people: before it is done as a diff, afterwards as a table of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dataaudit.fix.edits import DropColumn, DropRows, LeftAsItIs, MoveRows, ReplaceCells
from dataaudit.report.before_after import PageTable
from dataaudit.rules import find_rule
from dataaudit.text import REDACTED, Told, join_words, show_count, show_line, without_data

if TYPE_CHECKING:
    from dataaudit.fix.edits import AnyEdit
    from dataaudit.fix.noting import Done, Example
    from dataaudit.fix.planning import HeldBack
    from dataaudit.fix.rounds import Mended

MOST_HELD_BACK = 20
LONGEST_CELL = 30


def diff_lines(mended: Mended) -> list[str]:
    """Return what was done, mend by mend, each with its first rows or cells, and what was not done and why."""
    return done_lines(mended) + held_back_lines(mended.held_back)


def done_lines(mended: Mended) -> list[str]:
    """Return what was done, mend by mend, each with its first rows or cells."""
    lines: list[str] = []
    for done in mended.done:
        lines.append(Told(f"{_named(done.edit)}: {_what(done)}", f"{_named(done.edit)}: {_counts(done)}"))
        lines += [Told(f"    {words}", f"    {without_data(words)}") for words in _examples(done)]
    if not mended.done:
        lines.append(_nothing_done(mended.held_back))
    return lines


def held_back_lines(held_back: Sequence[HeldBack]) -> list[str]:
    """Return what was not done and why: first what --unsafe would do."""
    ordered = sorted(held_back, key=lambda one: not one.is_unsafe)
    lines: list[str] = list(dict.fromkeys(_held_back(one) for one in ordered))
    if len(lines) > MOST_HELD_BACK:
        lines[MOST_HELD_BACK:] = [f"and {show_count(len(lines) - MOST_HELD_BACK, 'more mend')} not done"]
    return lines


def _nothing_done(held_back: Sequence[HeldBack]) -> str:
    n_unsafe = len({_held_back(one) for one in held_back if one.is_unsafe})
    if n_unsafe:
        verb = "needs" if n_unsafe == 1 else "need"
        return f"Nothing safe to mend; {show_count(n_unsafe, 'mend')} {verb} --unsafe."
    return "Nothing could be mended." if held_back else "Nothing to mend."


def mends_table(mended: Mended) -> PageTable:
    """Return what was done, as a table."""
    lines = [
        (done.edit.code, _subject(done.edit), Told(_deed(done.edit)), _counts(done) or "whole column")
        for done in mended.done
    ]
    return PageTable("What was mended", ("rule", "where", "what", "how much"), tuple(lines), n_words=4)


def _deed(edit: AnyEdit) -> str:
    if isinstance(edit, DropColumn | DropRows):
        return f"dropped: {edit.what}"
    return f"moved: {edit.what}" if isinstance(edit, MoveRows) else edit.what


def _named(edit: AnyEdit) -> str:
    return f"{edit.code} {find_rule(edit.code).name}"


def _what(done: Done) -> str:
    edit = done.edit
    if isinstance(edit, DropRows):
        return f"drop {_counts(done)}: each {edit.what}"
    if isinstance(edit, DropColumn):
        return f"drop the column {edit.column}: it {edit.what}"
    if isinstance(edit, MoveRows):
        return f"move {_counts(done)}: each {edit.what}"
    new_type = "" if done.new_type is None else f"; its type becomes {done.new_type}"
    return f"{edit.column}: {edit.what} in {_counts(done) or 'no cell'}{new_type}"


def _counts(done: Done) -> str:
    noun = "cell" if isinstance(done.edit, ReplaceCells) else "row"
    return join_words([f"{show_count(n, noun)} of {split}" for split, n in done.counts.items() if n])


def _subject(edit: AnyEdit) -> str:
    if isinstance(edit, DropColumn | ReplaceCells | LeftAsItIs):
        return edit.column
    return edit.split if isinstance(edit, DropRows) else "all splits"


def _examples(done: Done) -> list[str]:
    if not done.examples:
        return []
    if isinstance(done.edit, ReplaceCells):
        return [
            Told(f"{_row(one)}: {_cell(one.before)} -> {_cell(one.after)}", f"{_row(one)}: {REDACTED} -> {REDACTED}")
            for one in done.examples
        ]
    more = sum(done.counts.values()) - len(done.examples)
    shown = ", ".join(_row(one) for one in done.examples)
    return [f"{shown}{f' and {more:,} more' if more else ''}"]


def _row(example: Example) -> str:
    return f"{example.split} row {example.row:,}"


def _cell(value: str | None) -> str:
    return "(missing)" if value is None or value == "" else show_line(value, LONGEST_CELL)


def _held_back(one: HeldBack) -> str:
    edit = one.edit
    if isinstance(edit, DropRows):
        what = f"drop rows of {edit.split} ({edit.what})"
    elif isinstance(edit, DropColumn):
        what = f"drop the column {edit.column} ({edit.what})"
    elif isinstance(edit, MoveRows):
        what = "move rows"
    else:
        what = f"{edit.column}: {edit.what}"
    how = " --unsafe does it." if one.is_unsafe else ""
    words = f"{what}: {one.reason.rstrip('.')}{'' if one.reason.endswith('?') else '.'}"
    return Told(f"not done: {_named(edit)}: {words}{how}", f"not done: {_named(edit)}: {_subject(edit)}.{how}")
