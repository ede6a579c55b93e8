"""Reading a rule's docstring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dataaudit.rules import Rule, rule_doc


@dataclass(frozen=True)
class Documented(Rule):
    """One value of one feature
    gives a class away.

    More words that are not the summary.

    What it does
    ------------
    It counts.

    And it divides.

    Thresholds
    ----------
    min_rows : int, default 20
        Rows.

    Notes
    -----
    Not a heading of its own.
    """

    code: ClassVar[str] = "DOC001"
    name: ClassVar[str] = "documented"


@dataclass(frozen=True)
class Undocumented(Rule):
    code: ClassVar[str] = "DOC002"
    name: ClassVar[str] = "undocumented"


def test_summary_is_the_first_paragraph_on_one_line():
    assert rule_doc(Documented).summary == "One value of one feature gives a class away."


def test_sections_keep_order_and_text():
    sections = rule_doc(Documented).sections
    assert list(sections) == ["What it does", "Thresholds"]
    assert sections["What it does"] == "It counts.\n\nAnd it divides."
    assert sections["Thresholds"].startswith("min_rows : int, default 20\n    Rows.")
    assert sections["Thresholds"].endswith("Not a heading of its own.")


def test_code_and_name():
    doc = rule_doc(Documented)
    assert (doc.code, doc.name) == ("DOC001", "documented")


def test_without_a_docstring_the_sections_are_empty():
    # A dataclass writes its own signature as docstring; no heading is found in it.
    assert rule_doc(Undocumented).sections == {}
