"""LEAK011: the splits mix times, and the label of a row is that of its neighbour in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.model import Finding, Kind, Role, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._durations import show_duration
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.text import Text, show_rounded

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.time_order import TimeOrder

# A date of birth says who somebody is, not when the row is.
BIRTH = re.compile(r"(?i)birth|(^|[\W_])(dob|born)([\W_]|$)|brthd")


@dataclass(frozen=True)
class TimeSplitIsRandom(Rule):
    """Rows of train and another split lie among one another in time, and neighbours in time share the label.

    What it does
    ------------
    For a date feature, or the time declared with --time: how likely a row of
    the split is later than a row of train (AUC: .5 in a random split, 1 in a
    chronological one), and how well the label of a row agrees with that of
    the training row nearest in time: rank correlation of a numeric target,
    Cohen's kappa of classes, which is agreement beyond chance. Both with 95 %
    intervals; that of the agreement by leaving out stretches of time.

    With --time and --time-mode chronological (the default) LEAK004 already
    errs on the overlap, and this rule leaves that column, and the other dates
    with it, alone. It judges where no time is declared, and where --time-mode
    random says that a random split is meant. With --measure-impact it says
    what that split costs: how much better a plain model tells the rows after
    a moment, at which 70 % of train are past, if it has seen training rows
    from after it too.

    Why it matters
    --------------
    Series remember. A model that has seen the hours before and after needs
    only to fill the gap between; in use there is no hour after. On a
    pollution series the same model had an R² of .82 in a random split and
    -.99 in a chronological one.

    Flagged
    -------
    Every fifth hour of a year is test: AUC .5, and the target's correlation
    with that of the nearest training hour is .93, at least .91.

    Clean
    -----
    Customers with a date of registration that tells nothing of whether they
    leave; or a test set of the last two months.

    Thresholds
    ----------
    least_auc : probability, default 0.3
        The interval of the AUC lies above this ...
    most_auc : probability, default 0.7
        ... and below this. A random split of 150 rows has an interval of .4
        to .6 about an AUC that is itself off by a standard error of .05.
    least_agreement : correlation or kappa, default 0.5
        The lower bound of the agreement lies above this.
    least_pairs : rows, default 30
        Fewer labelled rows of the split with a time say nothing.

    Limits
    ------
    Judges whether time tells the label, not whether the model uses it.
    A label that is smooth in time for a reason that the features hold as well
    (seasons) is flagged too. Of a large train only a sample is seen, whose
    nearest rows lie further away, so agreement is understated. Dates of birth
    are left out by their name; numbers that are years are seen only if
    declared with --time.

    Fix
    ---
    Cut at one moment: train before it, validation and test after it.

    References
    ----------
    Roberts et al., Ecography 40:913 (2017); Bergmeir and Benitez, Information
    Sciences 191:192 (2012); DeLong et al., Biometrics 44:837 (1988).
    """

    code: ClassVar[str] = "LEAK011"
    name: ClassVar[str] = "time-split-is-random"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL, Need.OTHER_SPLIT)

    least_auc: float = 0.3
    most_auc: float = 0.7
    least_agreement: float = 0.5
    least_pairs: int = 30

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split: of the column whose neighbours agree best."""
        declared = {column.name for column in facts.info.with_role(Role.TIME)}
        if declared and facts.time_mode != "random":
            return
        best: dict[str, TimeOrder] = {}
        for column, orders in facts.time_orders.items():
            if BIRTH.search(column) and column not in declared:
                continue
            for split, order in orders.items():
                known = best.get(split)
                if self._is_mixed(order) and (known is None or order.agreement_lower > known.agreement_lower):
                    best[split] = order
        for order in best.values():
            yield _with_cost(facts, order, self._finding(facts, order))

    def _is_mixed(self, order: TimeOrder) -> bool:
        return (
            order.n_pairs >= self.least_pairs
            and order.auc_lower > self.least_auc
            and order.auc_upper < self.most_auc
            and order.agreement_lower > self.least_agreement
        )

    def _finding(self, facts: Facts, order: TimeOrder) -> Finding:
        is_regression = facts.info.task is Task.REGRESSION
        is_date = facts.info.column(order.column).kind is Kind.DATETIME
        apart = show_duration(order.seconds_apart) if is_date else show_rounded(order.seconds_apart)
        message = Text(
            "By {column}, rows of {split} lie among those of train (AUC {auc}; .5 is a random split), and {label} of a "
            "row {agrees} the training row nearest in time, {apart} away: {measure} {agreement}, at least {lower}. "
            "The score says how well gaps are filled, not how well the time to come is told.",
            {
                "column": order.column,
                "split": order.split,
                "auc": show_rounded(order.auc, 2),
                "label": facts.label,
                "agrees": "goes with that of" if is_regression else "is mostly that of",
                "apart": apart,
                "measure": "rank correlation" if is_regression else "agreement beyond chance (kappa)",
                "agreement": show_rounded(order.agreement, 2),
                "lower": show_rounded(order.agreement_lower, 2),
            },
        )
        return self.finding(
            Severity.WARNING,
            message,
            columns=(order.column,),
            splits=("train", order.split),
            evidence={
                "n_rows": order.n_rows,
                "n_rows_train": order.n_rows_train,
                "auc": order.auc,
                "auc_lower": order.auc_lower,
                "auc_upper": order.auc_upper,
                "agreement": order.agreement,
                "agreement_lower": order.agreement_lower,
                "agreement_measure": "rank correlation" if is_regression else "Cohen's kappa",
                "n_pairs": order.n_pairs,
                "n_times": order.n_times,
                "seconds_apart_median" if is_date else "apart_median": order.seconds_apart,
            },
            fix=Text(
                "Cut at one moment of {column}: train before it, {split} after it (scikit-learn's TimeSeriesSplit for "
                "folds), and audit with `--time {column}`. If gaps are what the model is to fill, leave this check out "
                "with `--ignore LEAK011`.",
                {"column": order.column, "split": order.split},
            ),
        )


def _with_cost(facts: Facts, order: TimeOrder, finding: Finding) -> Finding:
    return with_impact(facts, finding, lambda: facts.impact.of_time(order.split, order.column))
