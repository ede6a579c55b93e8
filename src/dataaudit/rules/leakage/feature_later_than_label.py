"""LEAK012: a date feature is later than the moment its row is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Evidence, Finding, Role, Severity, shown_rows
from dataaudit.rules._base import Mended, Need, Rule
from dataaudit.rules._chance import change_lower
from dataaudit.rules._durations import show_duration
from dataaudit.rules._folding import fold
from dataaudit.rules.leakage._impact import with_reason
from dataaudit.rules.leakage._planned import is_planned_ahead
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.lateness import Lateness

TELLING = (
    "; being later tells {label}: so are {share_label} of the rows with {value}, and {share_others} of the others."
)


@dataclass(frozen=True)
class FeatureLaterThanLabel(Rule):
    """A date among the features is later than the time of its row: at that moment it was not known.

    What it does
    ------------
    The column declared with --time is the moment a row is about, at which a
    model would predict. Counts, over all rows of all splits, the dates of
    every feature that are later, says by how much, and whether being later
    tells the label. Where one of the two columns holds no time of day, days
    are compared: 14:03 is not later than its day.

    Why it matters
    --------------
    What is written down afterwards knows how it ended: the day an account was
    closed, a patient was discharged, a claim was settled. In use the cell is
    empty, or another.

    Flagged
    -------
    `discharged_at` is later than `admitted_at` in 97 % of the rows, by 4 days
    in the median, and --time is `admitted_at`.

    Clean
    -----
    `last_visit` lies before `admitted_at` in every row; or a log's
    `received_at` is a few seconds behind.

    Thresholds
    ----------
    error_share : share of the rows, default 0.05
        An error needs the lower 95 % bound of the later rows to reach this.
    warning_share : share of the rows, default 0.001
        A warning needs it to reach this ...
    least_rows : rows, default 3
        ... in so many rows. Fewer are worth an info only.
    most_zone_hours : hours, default 14
        Later in every row, by whole quarters of an hour that differ by no
        more than one hour, and by no more than this: clocks of two zones, an
        info.
    least_label_change : share of the rows, default 0.1
        The message says that being later tells the label, where its share
        differs between a class and the others by at least this (lower bound).
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    A difference of up to a minute counts as two clocks, and is an info, as
    are columns declared honest, and those whose name says that they are
    planned ahead (due, expiry, scheduled, ...), unless it says as well that
    something is done (cancelled, completed, paid, ...) or being later tells
    the class. What a leak of this kind costs is not measured: the plain model
    does not compare dates with one another. Only dates are compared with
    dates: years and other numbers are not, even where both are numbers. Of
    columns with later rows the first 100 by name are described.

    Fix
    ---
    Leave the column out (`dataaudit fix TRAIN --select LEAK012 --unsafe` drops
    it), or keep its value only where it was known in time.

    References
    ----------
    Kaufman, Rosset and Perlich, ACM TKDD 6(4) (2012); Kapoor and Narayanan,
    Patterns 4(9) (2023), on features that are no longer legitimate.
    """

    code: ClassVar[str] = "LEAK012"
    name: ClassVar[str] = "feature-later-than-label"
    needs: ClassVar[tuple[Need, ...]] = (Need.TIME,)

    error_share: float = 0.05
    warning_share: float = 0.001
    least_rows: int = 3
    most_zone_hours: float = 14.0
    least_label_change: float = 0.1
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per date feature."""
        weighted = (
            (_share_beyond(by_split), self._finding(facts, column, by_split))
            for column, by_split in facts.lateness.items()
        )
        for finding in fold(self, weighted, self.most_findings):
            yield with_reason(facts, finding, "the plain model does not compare dates with one another")

    def _excuse(self, facts: Facts, column: str, by_split: Mapping[str, Lateness], *, is_telling: bool) -> str:
        """Return why the later rows are no leak for sure, or nothing; a name is no excuse where they tell the label."""
        if column in facts.honest:
            return "it is declared honest"
        if is_planned_ahead(column) and not is_telling:
            return "by its name it is planned ahead"
        if self._is_other_zone(by_split):
            return "always by the same whole quarters of an hour, as clocks of two time zones"
        return "by a minute at most, as two clocks may differ" if _n_beyond(by_split) == 0 else ""

    def _is_other_zone(self, by_split: Mapping[str, Lateness]) -> bool:
        counted = [found for found in by_split.values() if found.n_rows]
        least, most = min(found.seconds_least for found in counted), max(found.seconds_most for found in counted)
        return (
            all(found.only_quarters and not found.by_day for found in counted)
            and least > 0
            and most <= 3600 * self.most_zone_hours
            and most - least <= 3600
        )

    def _severity(self, by_split: Mapping[str, Lateness]) -> Severity:
        n_beyond = _n_beyond(by_split)
        lower = wilson(n_beyond, _n_rows(by_split))[0]
        if n_beyond < self.least_rows or lower < self.warning_share:
            return Severity.INFO
        return Severity.ERROR if lower >= self.error_share else Severity.WARNING

    def _finding(self, facts: Facts, column: str, by_split: Mapping[str, Lateness]) -> Finding:
        [time] = facts.info.with_role(Role.TIME)
        telling = self._telling_class(by_split)
        excuse = self._excuse(facts, column, by_split, is_telling=telling is not None)
        severity = Severity.INFO if excuse else self._severity(by_split)
        late = {split: found for split, found in by_split.items() if found.n_later}
        n_rows, n_later = _n_rows(by_split), sum(found.n_later for found in late.values())
        largest = max(late.values(), key=lambda found: found.n_later)
        message = Text(
            "{column} is later than {time} in {later} of {rows} ({share}, at least {lower}), by {median} in the median"
            "{excuse}" + ("." if telling is None else TELLING),
            {
                "column": column,
                "time": time.name,
                "later": f"{n_later:,}",
                "rows": show_count(n_rows, "row"),
                "share": show_share(n_later / max(1, n_rows)),
                "lower": show_share(wilson(n_later, n_rows)[0]),
                "median": show_duration(largest.seconds_median),
                "excuse": f"; {excuse}" if excuse else "",
                "label": facts.info.label,
                "share_label": None if telling is None else show_share(telling.share),
                "value": None if telling is None else FromData(telling.label),
                "share_others": None if telling is None else show_share(telling.share_others),
            },
        )
        evidence: dict[str, Evidence] = {
            "n_rows": n_rows,
            "n_rows_later": n_later,
            "n_rows_later_by_a_minute_at_most": sum(found.n_later_by_clock for found in late.values()),
            "share_later": n_later / max(1, n_rows),
            "share_later_lower": wilson(n_later, n_rows)[0],
            "seconds_later_median": largest.seconds_median,
            "seconds_later_most": max(found.seconds_most for found in late.values()),
            "compared_by_day": largest.by_day,
            "splits": {
                split: {"n_rows": found.n_rows, "n_rows_later": found.n_later} for split, found in by_split.items()
            },
            **_label_evidence(by_split, telling),
        }
        return self.finding(
            severity,
            message,
            columns=(column, time.name),
            splits=tuple(late),
            evidence=evidence,
            fix=_fix(column, time.name, severity),
            mended=None if severity is Severity.INFO else Mended("drops the column", unsafe=True),
            rows=tuple(shown_rows(split, found.numbers, found.n_later) for split, found in late.items()),
        )

    def _telling_class(self, by_split: Mapping[str, Lateness]) -> _Telling | None:
        """Return the class whose rows are later, or not, most unlike the others, if clearly so."""
        counts: dict[str, tuple[int, int]] = {}
        for found in by_split.values():
            for name, (n_later, n) in found.n_by_label.items():
                known = counts.get(name, (0, 0))
                counts[name] = (known[0] + n_later, known[1] + n)
        later, rows = sum(n for n, _ in counts.values()), sum(n for _, n in counts.values())
        changes = [
            (change_lower(n_later, n, later - n_later, rows - n), name, n_later / n, (later - n_later) / (rows - n))
            for name, (n_later, n) in counts.items()
            if 0 < n < rows
        ]
        # Of two classes both are as unlike: then the one that is later more often.
        lower, name, share, others = max(changes, key=lambda c: (c[0], c[2]), default=(0.0, "", 0.0, 0.0))
        return _Telling(name, share, others, lower) if lower >= self.least_label_change else None


@dataclass(frozen=True)
class _Telling:
    """A class, the share of its rows that are later and of all other rows, and the lower bound of how far apart."""

    label: str
    share: float
    share_others: float
    lower: float


def _n_rows(by_split: Mapping[str, Lateness]) -> int:
    return sum(found.n_rows for found in by_split.values())


def _n_beyond(by_split: Mapping[str, Lateness]) -> int:
    """Return the rows that are later by more than what two clocks may differ."""
    return sum(found.n_later - found.n_later_by_clock for found in by_split.values())


def _share_beyond(by_split: Mapping[str, Lateness]) -> float:
    return _n_beyond(by_split) / max(1, _n_rows(by_split))


def _label_evidence(by_split: Mapping[str, Lateness], telling: _Telling | None) -> dict[str, Evidence]:
    means = {split: found.target_means for split, found in by_split.items() if found.target_means is not None}
    if means:
        return {
            "target_mean_later": {split: FromData(later) for split, (later, _) in means.items()},
            "target_mean_others": {split: FromData(others) for split, (_, others) in means.items()},
        }
    if telling is None:
        return {}
    return {
        "label": FromData(telling.label),
        "share_later_of_label": telling.share,
        "share_later_of_others": telling.share_others,
        "share_change_lower": telling.lower,
    }


def _fix(column: str, time: str, severity: Severity) -> Text:
    if severity is Severity.INFO:
        return Text("Nothing, if {column} was known at {time}; else leave it out.", {"column": column, "time": time})
    return Text(
        "Find out when {column} becomes known. If after {time}: audit and train without it "
        "(`dataaudit audit ... --exclude {column}`), or empty the later cells in every split. If before, declare it in "
        'the configuration: honest = ["{column}"].',
        {"column": column, "time": time},
    )
