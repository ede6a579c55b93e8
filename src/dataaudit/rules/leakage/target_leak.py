"""LEAK005: one column says nearly all there is to say about the label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.model import Evidence, Finding, Kind, Severity, Task
from dataaudit.rules._base import Mended, Need, Rule
from dataaudit.rules._chance import carrying_rows, explained_lower
from dataaudit.rules._fineness import is_fine
from dataaudit.rules._folding import fold
from dataaudit.rules._luck import FEW_ROWS, luck
from dataaudit.rules.leakage._impact import with_column_impact
from dataaudit.text import FromData, Text, show_share

if TYPE_CHECKING:
    from dataaudit.measure.association import Ablation, Association
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.inside_cells.class_texts import ClassTexts

SHORTEST_NAME = 3
# So many rows must hold their class, and others half as often at most, before the column is said to hold the label.
LEAST_HOLDING_OWN = 0.5


@dataclass(frozen=True)
class TargetLeak(Rule):
    """One column explains nearly all of the label, as if it were known only after it.

    What it does
    ------------
    Takes the explained label variance P of every feature in train,
    leave-one-out, which many distinct values do not push up. Judged is its
    lower 95 % bound, the smaller of the delta-method bound and Wilson's on
    as many rows as carry the label's variance. A column of middling P is
    suspect too if a model of all other features together reaches at most
    half of it; that model runs on a sample, for the strongest candidates.

    Why it matters
    --------------
    Columns that are filled in after the outcome (a discharge code, the
    refund of a cancelled order, the label written in other units) give
    scores no deployed model will reach.

    Flagged
    -------
    A feature `paid_back` equal to the label `good_loan` in 995 of 1,000 rows.

    Clean
    -----
    Sex and survival on the Titanic: .29 of the variance. Petal width and iris
    species: .95, at least .87, is a warning, since only you know it is honest.

    Thresholds
    ----------
    error_explained : share of the label's variance, default 0.97
        An error from this lower bound on: 9 of 12 real leaks lie above it and
        no other column of about 70 real tables.
    warning_explained : share of the label's variance, default 0.85
        A warning from this lower bound on, unless the column explains less
        than this in every other split, by what it told in train: rows made up
        or copied to balance train make honest features look like it. Then it
        is suspect, as below.
    least_rows_elsewhere : rows, default 50
        A split of fewer labelled rows is not asked.
    suspect_explained : share of the label's variance, default 0.5
        From this lower bound on the other features are asked.
    others_factor : times, default 0.5
        A warning if the others explain at most this times P.
    part_gain : share of the label's variance, default 0.05
        A part of a date or text (its hour, its weekday, its length, its
        beginning or end, its first or last number, a word in it, which of
        several words) is judged in place of the whole where it explains so
        much more.
    copied_min : share of the training rows, default 0.02
        Where more rows repeat another, label included, and the features are
        too fine for that to be chance, a column must explain as much among
        different rows: copies tell each other's label, whatever the column.
    most_asked : columns, default 5
        At most so many columns are compared with a model of the others.
    alpha : probability, default 0.01
        Where few rows carry the label's variance, the chance that luck links a
        column so clearly must lie below this over all features and their
        parts: Fisher's exact test of every value and class, Bonferroni.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    A pair of columns that leaks only together is not seen, and of two leaks
    that say the same each hides the other from the comparison with the rest.
    Of a text's numbers the first and the last are tried, of its words twenty
    and one a class, chosen by how many rows hold them.
    Of more than 500 dates and texts, parts of 500 are tried, drawn evenly by
    name.
    Honest features can be as strong: the rule asks, you decide.

    Fix
    ---
    Find out when the column becomes known. If only with the label: audit and
    train without it (--exclude), or drop it: `dataaudit fix TRAIN --select
    LEAK005 --unsafe`. If before it, declare it in the configuration:
    honest = ["column"].

    References
    ----------
    Kaufman, Rosset and Perlich, ACM TKDD 6(4) (2012); Goodman and Kruskal,
    JASA 49:732 (1954) for the measure.
    """

    code: ClassVar[str] = "LEAK005"
    name: ClassVar[str] = "target-leak"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)
    trains_model: ClassVar[bool] = True

    error_explained: float = 0.97
    warning_explained: float = 0.85
    least_rows_elsewhere: int = 50
    suspect_explained: float = 0.5
    others_factor: float = 0.5
    part_gain: float = 0.05
    copied_min: float = 0.02
    most_asked: int = 5
    alpha: float = 0.01
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per column."""
        yield from with_column_impact(facts, fold(self, self._weighted(facts), self.most_findings))

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        suspects: list[tuple[float, Association]] = []
        for association, lower in self._beyond_chance(facts):
            if lower >= self.warning_explained and not self._fades(facts, association, lower):
                finding = self._finding(facts, association, lower, self._severity(facts, association, lower))
                yield association.explained, finding
            elif lower >= self.suspect_explained and association.column not in facts.honest:
                suspects.append((lower, association))
        suspects.sort(key=lambda pair: (-pair[0], pair[1].column))
        for lower, association in suspects[: self.most_asked] if len(facts.features) > 1 else ():
            ablation = _ask_the_others(facts, association.column)
            if ablation is not None and ablation.others_explained <= self.others_factor * association.explained:
                yield association.explained, self._finding(facts, association, lower, Severity.WARNING, ablation)

    def _beyond_chance(self, facts: Facts) -> Iterator[tuple[Association, float]]:
        for column in facts.features:
            whole = facts.associations.get(column.name)
            if whole is None:
                continue
            part = facts.derived_associations.get(column.name)
            is_preferred = part is not None and part.explained > whole.explained + self.part_gain
            for found in (part, whole) if part is not None and is_preferred else (whole,):
                association = self._without_copies(facts, found)
                if association.lower >= self.suspect_explained and self._is_no_luck(facts, association):
                    yield association, explained_lower(facts, association)
                    break

    def _without_copies(self, facts: Facts, association: Association) -> Association:
        """Return the association among different rows, if that is weaker and train holds many copies."""
        repeats = facts.repeats.get("train")
        if association.coding is not None or association.lower < self.suspect_explained or repeats is None:
            return association
        share_copied = 1 - repeats.n_distinct_rows / max(1, repeats.n_rows)
        if share_copied < self.copied_min or not is_fine(facts):
            return association
        different = facts.links.of_different_rows.get(association.column, association)
        return min(association, different, key=lambda one: one.explained)

    def _fades(self, facts: Facts, association: Association, lower: float) -> bool:
        """Return whether the column, by what it tells in train, tells too little in the other splits to be a leak."""
        if lower >= self.error_explained or association.coding is not None:
            return False
        gains = (columns.get(association.column) for columns in facts.gain_breaks.values())
        elsewhere = [
            gain.other_gain for gain in gains if gain is not None and gain.n_other >= self.least_rows_elsewhere
        ]
        return bool(elsewhere) and max(elsewhere) < self.warning_explained

    def _is_no_luck(self, facts: Facts, association: Association) -> bool:
        if carrying_rows(facts) > FEW_ROWS:
            return True
        return _luck_of(facts, association) * len(facts.features) < self.alpha

    def _severity(self, facts: Facts, association: Association, lower: float) -> Severity:
        if association.column in facts.honest:
            return Severity.INFO
        return Severity.ERROR if lower >= self.error_explained else Severity.WARNING

    def _finding(
        self,
        facts: Facts,
        association: Association,
        lower: float,
        severity: Severity,
        ablation: Ablation | None = None,
    ) -> Finding:
        column = association.column
        named = name_holds(column, facts.label)
        texts = _class_texts(facts, column)
        message = Text(
            "{column}{part}{word}{end} alone explains {explained} of the variance of {label} (at least {lower})"
            "{others}{named}{texts}{shown}{honest}.",
            {
                "column": column,
                "part": "" if association.coding is None else f" ({association.coding}",
                "word": "" if association.word is None else FromData(f" {association.word}"),
                "end": "" if association.coding is None else ")",
                "explained": show_share(association.explained),
                "label": facts.label,
                "lower": show_share(max(0.0, lower)),
                "others": "" if ablation is None else f"; all other features together explain {_others(ablation)}",
                "named": "; its name holds the label's" if named else "",
                "texts": "" if texts is None else f"; {show_share(texts.share_own)} of its cells hold the label, as ",
                "shown": "" if texts is None else FromData(texts.text),
                "honest": "; it is declared honest" if column in facts.honest else "",
            },
        )
        evidence: dict[str, Evidence] = {
            "n_rows": association.n_rows,
            "part_of_column": association.coding,
            "word": None if association.word is None else FromData(association.word),
            "share_label_explained": association.explained,
            "share_label_explained_lower": lower,
            "name_holds_label": named,
            "share_cells_holding_their_class": None if texts is None else texts.share_own,
            "class_in_cells": None if texts is None else FromData(texts.text),
        }
        if ablation is not None:
            evidence["share_label_explained_by_others"] = ablation.others_explained
            evidence["n_rows_asked"] = ablation.n_rows
        fix = (
            "Find out when {column} becomes known. If only with {label}, do without it: `dataaudit audit ... --exclude "
            '{column}`. If before, declare it in the configuration: `honest = ["{column}"]`.'
        )
        return self.finding(
            severity,
            message,
            columns=(column,),
            evidence=evidence,
            fix=Text(
                "Nothing: {column} is declared honest." if severity is Severity.INFO else fix,
                {"column": column, "label": facts.label},
            ),
            mended=None if severity is Severity.INFO else Mended("drops it", unsafe=True),
        )


def name_holds(column: str, label: str) -> bool:
    """Return whether the label's name stands in the column's, whatever the case and the separators.

    >>> name_holds("is_fraud_final", "fraud"), name_holds("Churned", "churn"), name_holds("target_mean", "target")
    (True, True, True)
    >>> name_holds("city", "y")
    False
    """
    word = re.sub(r"\W+|_+", " ", label).strip().casefold()
    return len(word) >= SHORTEST_NAME and word in re.sub(r"\W+|_+", " ", column).casefold()


def _luck_of(facts: Facts, association: Association) -> float:
    """Return a bound of the chance of so clear a link, over all parts of the column that were tried."""
    is_number = facts.info.task is Task.REGRESSION
    if association.coding is not None:
        tried = association.tried
        if tried is None:
            return 1.0
        return luck(tried.counts, ordered_keys=tried.is_ordered, ordered_classes=is_number) * tried.n_parts
    table = facts.tables.get(association.column)
    if table is None:
        return 1.0
    return luck(table.n_by_class["train"], ordered_keys=table.is_bin, ordered_classes=is_number)


def _class_texts(facts: Facts, column: str) -> ClassTexts | None:
    """Return how the label's texts stand in a column's cells, if they do."""
    if facts.info.task is Task.REGRESSION or facts.info.column(column).kind not in (Kind.TEXT, Kind.CATEGORICAL):
        return None
    found = facts.class_texts(column)
    holds_own = found is not None and found.share_own >= LEAST_HOLDING_OWN
    return found if found is not None and holds_own and found.share_own >= 2 * found.share_other else None


def _others(ablation: Ablation) -> str:
    return show_share(max(0.0, ablation.others_explained))


def _ask_the_others(facts: Facts, column: str) -> Ablation | None:
    try:
        return facts.ablation(column)
    except NotMeasurable:
        return None
