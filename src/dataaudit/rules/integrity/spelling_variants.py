"""DATA007: one category is spelt in several ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.figures import Bars
from dataaudit.intervals import wilson
from dataaudit.model import Finding, Kind, Severity, Task
from dataaudit.rules._base import Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

BETWEEN_WORDS = re.compile(r"(?<=\w)[\s_\-./']*[\s\-./'_](?=[^\W_])")
SIGN = re.compile(r"\s[-.]$")
TRAILING = " \t\n._"
MOST_BARS = 20


@dataclass(frozen=True)
class Spellings:
    """Spellings of what seems one category, the commonest first, with rows over all splits."""

    counts: Mapping[str, int]

    @property
    def n_rows_minor(self) -> int:
        """Rows that are not spelt the commonest way."""
        return sum(self.counts.values()) - max(self.counts.values())

    @property
    def are_letters(self) -> bool:
        """Whether all spellings are single letters, which may well be different codes."""
        return all(len(spelling.strip()) == 1 for spelling in self.counts)


@dataclass(frozen=True)
class SpellingVariants(Rule):
    """One category is spelt in several ways.

    What it does
    ------------
    Compares the categories of every feature, and the label's classes, after
    bringing them to one form: Unicode NFKC, case folded, spaces trimmed, and
    runs of spaces, underscores, hyphens, dots, slashes and apostrophes
    between two words made one space. Signs at the ends are kept, so A+ and
    A-, C and C++, <=50K and >50K stay different, and so do 1.2 and 12.
    Counts over all splits.

    Why it matters
    --------------
    The model learns "New York" and "new york" apart, each from fewer rows.
    A spelling that only test has is a category never seen. In the label, a
    right answer in another spelling is counted as wrong.

    Flagged
    -------
    Ferrari in 800 rows, ferrari in 60 and "Ferrari " in 5: a warning.

    Clean
    -----
    red, green and blue; grades A+, A and A-.

    Thresholds
    ----------
    warning_share : share of rows, default 0.005
        A warning if the lower Wilson 95 % bound of the rows not spelt the
        commonest way reaches it; info for any such row.
    most_findings : findings, default 50
        Columns reported one by one; the others in a last finding.

    Limits
    ------
    Knows no synonyms, no accents left out and no typing errors. Columns of
    very many categories are compared in their commonest only. Single letters
    in two cases (a, A) may be different codes: info.

    Fix
    ---
    Write each category one way before splitting:
    `frame[column] = frame[column].replace({"ferrari": "Ferrari"})`, or
    `dataaudit fix TRAIN --select DATA007`, which takes the commonest spelling
    (of single letters with --unsafe).

    References
    ----------
    Unicode Standard Annex 15 (normalisation forms); OpenRefine's key-collision
    clustering (fingerprint method).
    """

    code: ClassVar[str] = "DATA007"
    name: ClassVar[str] = "spelling-variants"

    warning_share: float = 0.005
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per column, that with most rows in other spellings first."""
        found = []
        for column, counts in categories(facts):
            groups = group_spellings(counts)
            if groups:
                n_minor = sum(group.n_rows_minor for group in groups)
                n_rows = sum(counts.values())
                found.append((n_minor / n_rows, self._finding(column, groups, n_rows)))
        yield from fold(self, found, self.most_findings)

    def _finding(self, column: str, groups: list[Spellings], n_rows: int) -> Finding:
        n_minor = sum(group.n_rows_minor for group in groups)
        n_telling = sum(group.n_rows_minor for group in groups if not group.are_letters)
        lower, upper = wilson(n_minor, n_rows)
        is_warning = n_telling > 0 and wilson(n_telling, n_rows)[0] >= self.warning_share
        shown = groups[0].counts
        message = Text(
            "{column} spells {categories} in several ways: {spellings}{more}; {rows} ({share}) {verb} not spelt "
            "the commonest way.",
            {
                "column": column,
                "categories": show_count(len(groups), "category", "categories"),
                "spellings": [FromData(f"{spelling!r} ({n:,})") for spelling, n in shown.items()],
                "more": f" and {len(groups) - 1:,} more" if len(groups) > 1 else "",
                "rows": show_count(n_minor, "row"),
                "share": show_share(n_minor / n_rows),
                "verb": "is" if n_minor == 1 else "are",
            },
        )
        return self.finding(
            Severity.WARNING if is_warning else Severity.INFO,
            message,
            columns=(column,),
            evidence={
                "n_rows": n_rows,
                "n_categories_spelt_differently": len(groups),
                "n_rows_not_commonest_spelling": n_minor,
                "share_not_commonest_spelling": n_minor / n_rows,
                "share_lower": lower,
                "share_upper": upper,
                "spellings": [
                    FromData(" = ".join(f"{spelling!r} ({n})" for spelling, n in group.counts.items()))
                    for group in groups
                ],
            },
            fix=Text(
                "Write each category one way before splitting: `frame[{column}] = frame[{column}].replace({change})`, "
                "or `dataaudit fix ... --select DATA007`.",
                {"column": repr(column), "change": FromData(_replacement(shown))},
            ),
            figure=Bars(
                f"Spellings of one category of {column}",
                tuple(list(shown)[:MOST_BARS]),
                {"all splits": tuple(n / n_rows for n in list(shown.values())[:MOST_BARS])},
            ),
        )


def normal_form(text: str) -> str:
    """Return what two spellings of one category have in common.

    >>> normal_form(" New-York "), normal_form("new_york"), normal_form("A-"), normal_form("1.2")
    ('new york', 'new york', 'a-', '1.2')
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    spaced = re.sub(r"\s+", " ", folded).strip()
    return re.sub(BETWEEN_WORDS, _one_space, spaced).rstrip(TRAILING)


def _one_space(run: re.Match[str]) -> str:
    before, after = run.string[run.start() - 1], run.string[run.end()]
    is_sign = after.isdigit() and SIGN.search(run.group()) is not None
    return run.group() if is_sign or not (before.isalpha() or after.isalpha()) else " "


def group_spellings(counts: Mapping[str, int]) -> list[Spellings]:
    """Return the groups of several spellings of one form, those with most rows in other spellings first.

    >>> [list(group.counts) for group in group_spellings({"red": 5, "Red": 9, "A+": 1, "A-": 1})]
    [['Red', 'red']]
    """
    groups: dict[str, dict[str, int]] = {}
    for spelling, n in counts.items():
        form = normal_form(spelling)
        if form and n > 0:
            groups.setdefault(form, {})[spelling] = n
    several = [
        Spellings(dict(sorted(group.items(), key=lambda item: (-item[1], item[0]))))
        for group in groups.values()
        if len(group) > 1
    ]
    return sorted(several, key=lambda group: (-group.n_rows_minor, next(iter(group.counts))))


def categories(facts: Facts) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each column of categories with its rows per category over all splits."""
    if facts.info.label is not None and facts.info.task in (Task.BINARY, Task.MULTICLASS):
        classes = facts.classes
        totals = [sum(int(counts[i]) for counts in classes.counts.values()) for i in range(len(classes.classes))]
        yield facts.info.label, dict(zip(classes.classes, totals, strict=True))
    wanted = [column.name for column in facts.features if column.kind is Kind.CATEGORICAL]
    tables = facts.tables if wanted else {}
    for name in wanted:
        table = tables.get(name)
        if table is None or table.is_bin:
            continue
        hidden = (table.missing_key, table.other_key)
        totals = [sum(int(n[i]) for n in table.n.values()) for i in range(len(table.keys))]
        yield name, {key: totals[i] for i, key in enumerate(table.keys) if i not in hidden}


def _replacement(counts: Mapping[str, int]) -> str:
    commonest, *others = counts
    return str(dict.fromkeys(others[:3], commonest))
