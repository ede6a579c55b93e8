"""SPUR001: one value of one feature gives a class away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._folding import fold
from dataaudit.rules._values import interval_words
from dataaudit.rules.shortcut._candidates import (
    Candidate,
    Limits,
    Strength,
    counts_in,
    explained_by_the_rest,
    is_interval,
    kappa_above,
    strongest,
)
from dataaudit.rules.shortcut._crosstab import crosstab
from dataaudit.rules.shortcut._seen import Seen, contexts_that_fail, mostly_missing, with_dominance
from dataaudit.text import FromData, Text, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable


@dataclass(frozen=True)
class ShortcutValue(Rule):
    """One value of one feature gives a class away, as if every red car were a Ferrari.

    What it does
    ------------
    For every value of every feature (and for intervals of numbers and times:
    single bins, sixteenths and quarters) takes the share of each class among
    the rows with the value, and the share of the value among the rows of the
    class. Both are judged as kappa: how far the share lies between what the
    class's own share gives for nothing (0) and certainty (1); so is Wilson's
    lower bound of it at z = 3.3, since very many values are tried. A class that
    makes up 99.9 % of the rows is therefore not given away by everything.

    Of a shortcut it also says what tells it from an honest strong feature:
    whether it fails in another split, or in a level of a declared context; what
    the column explains in the rows without the value; what all other features
    explain together (a random forest on at most 5,000 rows, for the five
    clearest); and whether the column's cells are mostly missing in another
    split, as what is not known at prediction time is.

    Why it matters
    --------------
    A model learns what is easiest. If red means Ferrari in the training rows,
    red will mean Ferrari in the model, and neither shape nor badge is learnt.

    Flagged
    -------
    291 of 294 red cars are Ferraris, and 291 of 300 Ferraris are red.

    Clean
    -----
    60 % of the red cars are Ferraris.

    Thresholds
    ----------
    z : standard normal quantile, default 3.3
        For Wilson's bounds: chance exceeds it once in 2,000 tries.
    kappa_min : fraction of the possible, default 0.9
        A value is pure from this kappa on,
    kappa_sure : fraction of the possible, default 0.8
        if its lower bound reaches this; of numbers the bound itself must
        reach kappa_min, as the ends of an honest feature are pure.
    min_support : rows, default 20
        Rarer values and classes are not judged; the bound itself asks for
        50 to 100 rows without exception.
    recall_min : share of the class, default 0.05
        A pure value is a warning if it holds at least this share of the class,
        an info if the class is more than half of all rows: "Own-child, so a
        small income" only confirms what is usual.
    interval_recall_min : share of the class, default 0.5
        For intervals of numbers: extremes of an honest feature are pure.
        Below this share they are worth an info.
    shortcut_recall : share of the class, default 0.9
        From this share on a pure value is a shortcut: an error.
    honest_explained : share of the label's variance, default 0.5
        A shortcut is a warning if the column explains this much in the rows
        without the value too, and holds in every other split.
    kappa_holds : fraction of the possible, default 0.7
        The value holds in a split, or in a level of a context, unless kappa
        lies below this for certain, the class made as common as in train.
    most_findings : findings, default 50
        Further findings are folded into one.

    Limits
    ------
    Whether a value is a shortcut or the reason itself ("beak = yes" and
    "bird") only you can say. An interval of numbers that holds in every split
    is therefore a warning at most. Pairs of values are not judged. A column
    declared honest gives an info, unless its value fails in another split.

    Fix
    ---
    Gather rows of the class without the value and rows with the value of
    other classes, or do without the column (--exclude).

    References
    ----------
    Geirhos et al., Nature Machine Intelligence 2:665 (2020); Sagawa et al.,
    ICLR (2020); Ribeiro, Singh and Guestrin, KDD (2016), on husky and snow.
    """

    code: ClassVar[str] = "SPUR001"
    name: ClassVar[str] = "shortcut-value"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES,)
    trains_model: ClassVar[bool] = True

    z: float = 3.3
    kappa_min: float = 0.9
    kappa_sure: float = 0.8
    min_support: int = 20
    recall_min: float = 0.05
    interval_recall_min: float = 0.5
    shortcut_recall: float = 0.9
    honest_explained: float = 0.5
    kappa_holds: float = 0.7
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per column and class."""
        yield from fold(self, with_dominance(facts, list(self._weighted(facts))), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        limits = Limits(
            self.z, self.kappa_min, self.kappa_sure, self.min_support, self.recall_min, self.shortcut_recall
        )
        for column in facts.features:
            table = facts.tables.get(column.name)
            if table is None:
                continue
            for candidate in strongest(table, limits):
                seen = self._seen(facts, table, candidate)
                yield candidate.kappa + candidate.recall, self._finding(facts, table, candidate, seen)

    def _seen(self, facts: Facts, table: ValueTable, candidate: Candidate) -> Seen:
        if candidate.strength is not Strength.SHORTCUT:
            return Seen()
        return Seen(
            fails_in_splits=tuple(
                split
                for split in _labelled_splits(facts, table)
                if kappa_above(table, candidate, split, self.z) < self.kappa_holds
            ),
            fails_in_contexts=contexts_that_fail(facts, candidate, table.column, self.z, self.kappa_holds),
            rest_explained=explained_by_the_rest(table, candidate),
            mostly_missing_in=mostly_missing(facts, table.column),
        )

    def _severity(self, facts: Facts, table: ValueTable, candidate: Candidate, seen: Seen) -> Severity:
        if candidate.strength is Strength.COVERED:
            return Severity.INFO
        interval = is_interval(table, candidate)
        if candidate.strength is Strength.PURE:
            declared = table.column in facts.honest
            too_little = interval and candidate.recall < self.interval_recall_min
            usual = 2 * candidate.n_class > candidate.n_rows
            return Severity.INFO if declared or too_little or usual else Severity.WARNING
        if seen.fails_in_splits or seen.fails_in_contexts:
            return Severity.ERROR
        if table.column in facts.honest:
            return Severity.INFO
        if interval or (seen.rest_explained or 0.0) >= self.honest_explained:
            return Severity.WARNING
        return Severity.ERROR

    def _finding(self, facts: Facts, table: ValueTable, candidate: Candidate, seen: Seen) -> Finding:
        class_name = facts.classes.classes[candidate.label]
        splits = _labelled_splits(facts, table)
        words, value = interval_words(table, candidate.first, candidate.last)
        precisions = {split: _precision(table, candidate, split) for split in splits}
        association = facts.associations.get(table.column)
        evidence: dict[str, Evidence] = {
            "value": value,
            "class": FromData(class_name),
            "n_rows_with_value": candidate.n_value,
            "n_rows_of_class": candidate.n_class,
            "n_rows_of_both": candidate.n_both,
            "share_class_given_value": candidate.precision,
            "share_value_given_class": candidate.recall,
            "share_class": candidate.n_class / candidate.n_rows,
            "kappa_lower": candidate.kappa,
            "coverage_lower": candidate.coverage,
            "share_label_explained_by_column": None if association is None else association.explained,
            **{f"share_class_given_value_{split}": share for split, share in precisions.items()},
            **seen.evidence(),
        }
        return self.finding(
            self._severity(facts, table, candidate, seen),
            seen.added_to(_message(table, candidate, words, value, class_name, precisions)),
            columns=(table.column,),
            splits=("train", *splits),
            evidence=evidence,
            fix=Text(
                "Gather {name} rows without this value and rows of other classes with it; if {column} will not be "
                "known or not mean this later, do without it: `dataaudit audit ... --exclude {column}`.",
                {"name": FromData(class_name), "column": table.column},
            ),
            identity=(str(value), class_name),
            figure=crosstab(table, candidate, str(value), facts.classes.classes, ("train", *splits)),
        )


def _labelled_splits(facts: Facts, table: ValueTable) -> list[str]:
    n_by_class = table.n_by_class
    return [split for split in facts.other_splits if split in n_by_class and n_by_class[split].sum() > 0]


def _precision(table: ValueTable, candidate: Candidate, split: str) -> float | None:
    n_value, n_both = counts_in(table, candidate, split)
    return n_both / n_value if n_value else None


def _message(
    table: ValueTable,
    candidate: Candidate,
    words: str,
    value: FromData,
    class_name: str,
    precisions: dict[str, float | None],
) -> Text:
    given_value = "{precision} of the rows with " + words + " are {name}"
    given_class = "{recall} of the {name} rows have "
    if candidate.strength is Strength.COVERED:
        template = given_class + words + ", though only " + given_value
    else:
        template = given_value + ", and " + given_class + words
    values: dict[str, object] = {
        "precision": show_share(candidate.precision),
        "recall": show_share(candidate.recall),
        "column": table.column,
        "value": value,
        "name": FromData(class_name),
    }
    for split, share in precisions.items():
        if share is not None:
            only = "only " if share < candidate.precision - 0.1 else ""
            template += f"; in {split} {only}{{in_{split}}} of the rows with it are"
            values[f"in_{split}"] = show_share(share)
    return Text(template + ".", values)
