"""SPUR004: something nobody lists as a feature tells the label: row order, file, names of rows, sets of gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Evidence, Finding, Kind, Role, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import carrying_rows, explained_lower
from dataaudit.rules._folding import fold
from dataaudit.rules._luck import FEW_ROWS, luck
from dataaudit.rules.shortcut._file_words import file_evidence, file_figure, file_fix, file_message, file_severity
from dataaudit.rules.shortcut._order_words import order_figure, order_fix, order_message
from dataaudit.rules.shortcut._split_order import splits_that_follow
from dataaudit.text import Text, show_share

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.labels import IntArray
    from dataaudit.measure.links.gaps import GapPattern
    from dataaudit.measure.links.order import RowOrder


@dataclass(frozen=True)
class OrderTellsLabel(Rule):
    """What nobody lists as a feature tells the label: the order of the rows, names of rows, sets of gaps, the time.

    What it does
    ------------
    Takes the explained label variance P, leave-one-out, in train, of what no
    list of features shows: the place of a row in the file (in 4, 16 or 64
    blocks) and its number modulo 2 to 10; the file it came from, where train
    is several files; of columns that name the row, the range, the beginning,
    the end and what is left over by 2 to 10; which cells of a row, or how
    many, are missing; a declared time. Judged is the lower 95 % bound, the
    smaller of the delta-method bound and Wilson's on as many rows as carry
    the label's variance.

    A split follows the order if it lies on from an end of train: its mix of
    labels differs from train's (lower 95 % bound of the distance), is nearer
    to that of the first or last sixteenth of train than to that of all of it
    or has little in common with it, and its rows are of one class or in the
    order of the label too; or it has hardly any label in common with train.
    Where a time is declared, or the rows of train stand in the order of a
    date, no split is said to follow.

    Why it matters
    --------------
    In a file in the order of its label, batches of neighbours hold one class,
    the first rows are no sample of all, and a cut by position gives train
    classes that test does not have. Names such as cat_0001.png, and gaps that
    come in the same sets, say from which source a row came; a model that
    sees them needs nothing else. One class per file does no harm by itself,
    but what else differs between files (site, sensor, export) stands for it.

    Flagged
    -------
    150 flowers, the first 50 of one species, the next 50 of another: info,
    and a warning if test is of the third. Names of files that begin with the
    class. Rows of one class lack either a or b, those of the other both or
    neither. cats.csv and dogs.csv.

    Clean
    -----
    Shuffled rows. Ids given out in an order of their own.

    Thresholds
    ----------
    order_explained : share of the label's variance, default 0.1
        From this lower bound on the order of the rows tells: an info, and a
        warning where a split follows it. Permuted labels stay below .034 in
        99 of 100 columns.
    split_distance : distance in [0, 1], default 0.1
        A split follows the order only where the lower bound of how far its
        labels lie from train's reaches this.
    file_explained : share of the label's variance, default 0.3
        An info from this lower bound on for the file a row came from; the
        order of the rows is then told only where it tells more.
    file_warning_explained : share of the label's variance, default 0.8
        A warning from this lower bound on, where two files have 20 labelled
        rows or more. Pieces of one table (part-00000, the parts of a Hive
        folder) stay an info.
    name_explained : share of the label's variance, default 0.3
        A warning from this lower bound on for a column that names the row. The
        range of a number that is not declared an id is left to DATA005, and
        a range that only rises or falls with the rows to the order.
    gaps_explained : share of the label's variance, default 0.3
        A warning from this lower bound on for the missing cells of a row.
    gaps_error_explained : share of the label's variance, default 0.8
        An error from this lower bound on.
    gaps_gain : share of the label's variance, default 0.1
        The lower bound must exceed what the best single column's gaps explain
        by this: single columns are SPUR003's.
    time_explained : share of the label's variance, default 0.3
        An info from this lower bound on for the declared time.
    alpha : probability, default 0.01
        Where few rows carry the label's variance, the chance that luck links
        so clearly must lie below this over all that was tried (Fisher's exact
        test, Bonferroni); so must the chance of a split's distance.
    most_findings : findings, default 50
        Further columns are folded into one finding.

    Limits
    ------
    Says that the order tells, not why: rows sorted by time or by person are
    in the order of the label too, as far as that changes slowly. Of names of
    rows and of gaps, 20,000 rows are seen. The file of a row is not judged of
    frames and of more than 1,000 files.

    Fix
    ---
    Shuffle before batching and splitting (frame.sample(frac=1)). Keep names
    of rows out of training. Find out why cells are missing together, and what
    else differs between files; make the file a column, declared --context.

    References
    ----------
    Geirhos et al., Nature Machine Intelligence 2:665 (2020); Kaufman, Rosset
    and Perlich, ACM TKDD 6(4) (2012).
    """

    code: ClassVar[str] = "SPUR004"
    name: ClassVar[str] = "order-tells-label"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)

    order_explained: float = 0.1
    split_distance: float = 0.1
    file_explained: float = 0.3
    file_warning_explained: float = 0.8
    name_explained: float = 0.3
    gaps_explained: float = 0.3
    gaps_error_explained: float = 0.8
    gaps_gain: float = 0.1
    time_explained: float = 0.3
    alpha: float = 0.01
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most two findings on the order, one on the files, one on the gaps and one per column."""
        yield from fold(self, self._weighted(facts), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        order = facts.links.row_orders["train"]
        position = self._beyond_luck(facts, order.position, self.order_explained, _runs(order), order.n_tried, True)
        remainder = self._beyond_luck(facts, order.remainder, self.order_explained, order.remainders, order.n_tried)
        by_file = list(self._of_files(facts))
        yield from by_file
        if position is not None:
            finding = self._of_order(facts, order, position)
            # Files one after the other are an order too, and the same news.
            if finding.severity > Severity.INFO or all(
                order.position.explained > explained for explained, _ in by_file
            ):
                yield order.position.explained, finding
        if remainder is not None:
            yield order.remainder.explained, self._of_remainder(facts, order, remainder)
        yield from self._of_names(facts, is_sorted=position is not None)
        yield from self._of_gaps(facts)
        yield from self._of_times(facts)

    def _beyond_luck(
        self,
        facts: Facts,
        association: Association,
        least: float,
        counts: IntArray,
        n_tried: int,
        is_ordered: bool = False,
    ) -> float | None:
        """Return the lower bound of what an association explains where it reaches what it must, else None."""
        lower = explained_lower(facts, association)
        if lower < least:
            return None
        if carrying_rows(facts) > FEW_ROWS:
            return lower
        is_number = facts.info.task is Task.REGRESSION
        chance = luck(counts, ordered_keys=is_ordered, ordered_classes=is_number) * n_tried
        return lower if chance < self.alpha else None

    def _of_order(self, facts: Facts, order: RowOrder, lower: float) -> Finding:
        following = list(splits_that_follow(facts, self.split_distance, self.order_explained, self.alpha))
        names = [one.split for one in following]
        evidence: dict[str, Evidence] = {
            "n_rows": order.position.n_rows,
            "share_label_explained": order.position.explained,
            "share_label_explained_lower": lower,
            "n_blocks": order.position.n_bins,
            "dates_in_this_order": list(order.dates),
            "splits_that_follow": list(names),
            "distances_of_splits": [one.drift.effect for one in following],
            "distances_of_splits_lower": [one.drift.lower for one in following],
        }
        return self.finding(
            Severity.WARNING if following else Severity.INFO,
            order_message(facts, order, lower, following),
            columns=(facts.label,),
            splits=("train", *names),
            evidence=evidence,
            fix=order_fix(facts, names),
            identity=("order",),
            figure=order_figure(facts, order),
        )

    def _of_files(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        origins = facts.links.file_origins
        if origins is None:
            return
        lower = self._beyond_luck(facts, origins.association, self.file_explained, origins.counts, 1)
        if lower is None:
            return
        yield (
            origins.association.explained,
            self.finding(
                file_severity(origins, lower, self.file_warning_explained),
                file_message(facts, origins, lower),
                columns=(facts.label,),
                evidence=file_evidence(facts, origins, lower),
                fix=file_fix(facts, origins),
                identity=("file",),
                figure=file_figure(facts, origins),
            ),
        )

    def _of_remainder(self, facts: Facts, order: RowOrder, lower: float) -> Finding:
        return self.finding(
            Severity.INFO,
            Text(
                "The number of a row of train tells {label}: what is left over when it is divided by {divisor} "
                "explains {explained} of its variance (at least {lower}).",
                {
                    "label": facts.label,
                    "divisor": order.divisor,
                    "explained": show_share(order.remainder.explained),
                    "lower": show_share(lower),
                },
            ),
            columns=(facts.label,),
            evidence={
                "n_rows": order.remainder.n_rows,
                "share_label_explained": order.remainder.explained,
                "share_label_explained_lower": lower,
                "divisor": order.divisor,
            },
            fix=order_fix(facts, []),
            identity=("remainder",),
        )

    def _of_names(self, facts: Facts, *, is_sorted: bool) -> Iterator[tuple[float, Finding]]:
        parts = facts.links.identifier_parts
        n_tried = sum(len(ways) for ways in parts.values())
        for name, ways in parts.items():
            judged = [one for way, one in ways.items() if not _is_told_elsewhere(facts, name, way, is_sorted)]
            for association in sorted(judged, key=lambda one: -one.explained):
                tried = association.tried
                if tried is None:
                    continue
                lower = self._beyond_luck(
                    facts,
                    association,
                    self.name_explained,
                    tried.counts,
                    tried.n_parts * n_tried,
                    tried.is_ordered,
                )
                if lower is not None:
                    yield association.explained, self._of_name(facts, association, lower)
                    break

    def _of_name(self, facts: Facts, association: Association, lower: float) -> Finding:
        column = association.column
        is_honest = column in facts.honest
        return self.finding(
            Severity.INFO if is_honest else Severity.WARNING,
            Text(
                "{column} names the row, yet {part} explains {explained} of the variance of {label} (at least "
                "{lower}){honest}.",
                {
                    "column": column,
                    "part": association.coding,
                    "explained": show_share(association.explained),
                    "label": facts.label,
                    "lower": show_share(lower),
                    "honest": "; it is declared honest" if is_honest else "",
                },
            ),
            columns=(column,),
            evidence={
                "n_rows": association.n_rows,
                "part_of_column": association.coding,
                "share_label_explained": association.explained,
                "share_label_explained_lower": lower,
                "role": facts.info.column(column).role.value,
            },
            fix=Text(
                "Keep {column} out of training (`dataaudit audit ... --id {column}`), and find out why its ids follow "
                "{label}: rows of one class may have one source, which other columns show too. If it names a group, "
                "declare it: `--group {column}`.",
                {"column": column, "label": facts.label},
            ),
        )

    def _of_gaps(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        pattern = facts.links.gap_pattern
        if pattern is None or pattern.association.tried is None:
            return
        best = max(facts.missing_associations.values(), key=lambda one: one.explained, default=None)
        single = 0.0 if best is None else max(0.0, best.explained)
        tried = pattern.association.tried
        least = max(self.gaps_explained, single + self.gaps_gain)
        lower = self._beyond_luck(facts, pattern.association, least, tried.counts, tried.n_parts, tried.is_ordered)
        if lower is not None:
            yield pattern.association.explained, self._of_pattern(facts, pattern, single, lower)

    def _of_pattern(self, facts: Facts, pattern: GapPattern, single: float, lower: float) -> Finding:
        columns = list(pattern.columns)
        return self.finding(
            Severity.ERROR if lower >= self.gaps_error_explained else Severity.WARNING,
            Text(
                "In {columns}, {coding} explains {explained} of the variance of {label} (at least {lower}); "
                "whether a single one is missing explains {single} at most.",
                {
                    "columns": columns,
                    "coding": pattern.association.coding,
                    "explained": show_share(pattern.association.explained),
                    "label": facts.label,
                    "lower": show_share(lower),
                    "single": show_share(single),
                },
            ),
            columns=pattern.columns,
            evidence={
                "n_rows": pattern.association.n_rows,
                "share_label_explained": pattern.association.explained,
                "share_label_explained_lower": lower,
                "share_label_explained_by_best_column": single,
                "n_columns_with_gaps": pattern.n_columns,
                "n_patterns": pattern.n_patterns,
            },
            fix=Text(
                "Find out why {columns} are missing together. If because of {label}, or because the rows come from "
                "different sources, do without them (`dataaudit audit ... --exclude COLUMN`) or collect them alike.",
                {"columns": columns, "label": facts.label},
            ),
        )

    def _of_times(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        for column in facts.info.with_role(Role.TIME):
            association, table = facts.associations.get(column.name), facts.tables.get(column.name)
            if association is None or table is None:
                continue
            lower = self._beyond_luck(
                facts, association, self.time_explained, table.n_by_class["train"], 1, table.is_bin
            )
            if lower is not None:
                yield association.explained, self._of_time(facts, association, lower)

    def _of_time(self, facts: Facts, association: Association, lower: float) -> Finding:
        return self.finding(
            Severity.INFO,
            Text(
                "When a row is ({column}) explains {explained} of the variance of {label} (at least {lower}).",
                {
                    "column": association.column,
                    "explained": show_share(association.explained),
                    "label": facts.label,
                    "lower": show_share(lower),
                },
            ),
            columns=(association.column,),
            evidence={
                "n_rows": association.n_rows,
                "share_label_explained": association.explained,
                "share_label_explained_lower": lower,
            },
            fix=Text(
                "Let train end before test begins (scikit-learn's TimeSeriesSplit for folds), and look whether classes "
                "were collected one after another: then whatever changed in the meantime tells {label} too.",
                {"label": facts.label},
            ),
        )


def _is_told_elsewhere(facts: Facts, name: str, way: str, is_sorted: bool) -> bool:
    """Return whether a range is no news: DATA005 tells it of numbers nobody declared, the order of counters."""
    if way != "range":
        return False
    column = facts.info.column(name)
    shape = facts.identifiers.get(name)
    rises = shape is not None and shape.sorted_by_row
    return (column.kind is Kind.NUMERIC and not column.declared) or (is_sorted and rises)


def _runs(order: RowOrder) -> IntArray:
    """Return the rows per class of the blocks at which the position tells most."""
    return order.grouped(order.position.n_bins or len(order.blocks))
