"""A rule's documentation, read from its own docstring."""

from __future__ import annotations

import inspect
import itertools
from typing import TYPE_CHECKING

from dataaudit.model import RuleDoc
from dataaudit.rules._base import HEADINGS

if TYPE_CHECKING:
    from dataaudit.rules._base import Rule


def rule_doc(rule_type: type[Rule]) -> RuleDoc:
    """Return the summary and the sections of a rule's docstring.

    Parameters
    ----------
    rule_type : type of Rule

    Returns
    -------
    RuleDoc
        Its sections keep the order of the docstring; a heading outside
        `HEADINGS` is plain text of the section before it.
    """
    lines = inspect.cleandoc(rule_type.__doc__ or "").splitlines()
    starts = [i for i in range(len(lines) - 1) if lines[i] in HEADINGS and _is_underline(lines[i + 1])]
    return RuleDoc(
        code=rule_type.code,
        name=rule_type.name,
        summary=_summary(lines[: starts[0]] if starts else lines),
        sections={
            lines[start]: "\n".join(lines[start + 2 : end]).strip()
            for start, end in itertools.pairwise([*starts, len(lines)])
        },
    )


def _is_underline(line: str) -> bool:
    return len(line) >= 3 and set(line) == {"-"}


def _summary(lines: list[str]) -> str:
    paragraph = "\n".join(lines).strip().split("\n\n")[0]
    return " ".join(paragraph.split())
