"""SPUR006: two features together tell the label though neither does alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from dataaudit.figures import Crosstab
from dataaudit.model import Finding, Severity, Task
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import carrying_rows, explained_lower
from dataaudit.rules._folding import fold
from dataaudit.rules._luck import FEW_ROWS, luck
from dataaudit.text import Text, show_share, show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.pairs import PairLink

MOST_CLASSES = 8
# What the codes of a way of reading stand for; ways that are not here have too many.
CODES = {
    "which is larger": ("{0} less", "the same", "{0} larger", "one missing"),
    "whether they are the same": ("unlike", "the same", "one missing"),
    "on which sides of two cuts they lie": (
        "both low",
        "{0} low, {1} high",
        "{0} high, {1} low",
        "both high",
        "one missing",
    ),
}


@dataclass(frozen=True)
class PairTellsLabel(Rule):
    """Two features together tell the label though neither does alone.

    What it does
    ------------
    Takes the explained label variance P, leave-one-out, of pairs of features,
    beside that of the better of the two. A pair is read by its values
    together (numbers in 2, 4 and 8 bins, categories as the commonest 4, 8 and
    16), by the sides of two cuts on which its numbers lie, by which is larger
    or whether both are the same, and by their difference where their ranges
    overlap. The search is bounded: at most 5,000 rows of train and 50
    features, of more the 25 that tell most by themselves and 25 drawn evenly
    from the rest by name; so at most 1,225 pairs, which are compared in 1,500
    of the rows, and of which the twelve that tell most beyond the better of
    the two are taken closer in all of them. A reading that was chosen because
    it fits some rows fits them too well, so each row is judged by a reading
    that was found without it: searched is one half and judged the other, and
    the other way round (of up to 1,000 rows four fifths and one fifth, five
    times). A pair must stand out in every search. Judged is the lower 95 %
    bound, as for single columns.

    Why it matters
    --------------
    A check of single columns sees nothing in a label that is the sign of a
    product, the equality of two codes, or which of two dates is later, and
    every model with interactions learns it. If one of the two is known only
    with the label, or was made from it, the score is as false as with a copy
    of the label.

    Flagged
    -------
    `billing_country` and `card_country` are the same in all honest orders and
    different in the others: P of either alone is .01, of both .98.

    Clean
    -----
    Twenty features of which each tells a little. A pair of which one alone
    tells as much: LEAK005. Thousands of pairs of noise.

    Thresholds
    ----------
    warning_explained : share of the label's variance, default 0.85
        A warning from this lower bound on. Never an error: two honest
        features may tell the label together, and only you know.
    info_explained : share of the label's variance, default 0.6
        An info from this lower bound on.
    gain_min : share of the label's variance, default 0.3
        The lower bound must exceed what the better of the two explains by this.
    alpha : probability, default 0.01
        Where few rows carry the label's variance, the chance that luck links a
        pair so clearly must lie below this over all pairs and ways to read
        them that were searched (Fisher's exact test, Bonferroni).
    most_findings : findings, default 5
        Further pairs are folded into one finding: one leaking column makes a
        pair with every copy of its partner.

    Limits
    ------
    Three features that tell only together are not seen, nor pairs outside the
    bounds above, nor what two texts tell by a word in them. Noise in the label
    hides a pair: with 5 % of two equally common classes wrong, P is .81.

    Fix
    ---
    Find out when both become known and whether one was made from the label.
    If so, do without it (--exclude); if the link is honest, declare both in
    the configuration: honest = ["a", "b"].

    References
    ----------
    Kaufman, Rosset and Perlich, ACM TKDD 6(4) (2012); Goodman and Kruskal,
    JASA 49:732 (1954) for the measure; Jakulin and Bratko, PKDD (2003).
    """

    code: ClassVar[str] = "SPUR006"
    name: ClassVar[str] = "pair-tells-label"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)
    trains_model: ClassVar[bool] = True

    warning_explained: float = 0.85
    info_explained: float = 0.6
    gain_min: float = 0.3
    alpha: float = 0.01
    most_findings: int = 5

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per pair."""
        yield from fold(self, self._weighted(facts), self.most_findings)

    def _weighted(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        for pair in facts.links.pairs.values():
            lower = explained_lower(facts, pair.association)
            least = min(self.info_explained, self.warning_explained)
            if lower >= least and lower - pair.single >= self.gain_min and self._is_no_luck(facts, pair):
                yield pair.association.explained, self._finding(facts, pair, lower)

    def _is_no_luck(self, facts: Facts, pair: PairLink) -> bool:
        if carrying_rows(facts) > FEW_ROWS:
            return True
        tried = pair.association.tried
        if tried is None:
            return False
        return luck(tried.counts, ordered_classes=facts.info.task is Task.REGRESSION) * tried.n_parts < self.alpha

    def _severity(self, facts: Facts, pair: PairLink, lower: float) -> Severity:
        is_honest = set(pair.columns) <= facts.honest
        return Severity.WARNING if lower >= self.warning_explained and not is_honest else Severity.INFO

    def _finding(self, facts: Facts, pair: PairLink, lower: float) -> Finding:
        first, second = pair.columns
        is_honest = set(pair.columns) <= facts.honest
        known = {"first": first, "second": second, "label": facts.label}
        message = Text(
            "{first} and {second} together ({way}) explain {explained} of the variance of {label} (at least {lower}), "
            "the better of them alone, {better}, {single}{honest}.",
            {
                **known,
                "way": pair.association.coding,
                "explained": show_share(pair.association.explained),
                "lower": show_share(lower),
                "better": pair.single_column,
                "single": show_share(pair.single),
                "honest": "; both are declared honest" if is_honest else "",
            },
        )
        fix = (
            "Find out when {first} and {second} become known, and whether one was made from {label}. If so, do without "
            "it: `dataaudit audit ... --exclude {first}`. If the link is honest, declare both in the configuration: "
            '`honest = ["{first}", "{second}"]`.'
        )
        return self.finding(
            self._severity(facts, pair, lower),
            message,
            columns=pair.columns,
            evidence={
                "n_rows": pair.association.n_rows,
                "way_of_reading": pair.association.coding,
                "share_label_explained": pair.association.explained,
                "share_label_explained_lower": lower,
                "better_column": pair.single_column,
                "share_label_explained_by_better_column": pair.single,
                "n_features": pair.n_features,
                "n_features_paired": pair.n_columns,
                "n_pairs": pair.n_pairs,
            },
            fix=Text("Nothing: both are declared honest." if is_honest else fix, known),
            figure=_figure(facts, pair),
        )


def _figure(facts: Facts, pair: PairLink) -> Crosstab | None:
    """Return how the pair was read by class, where the codes can be named; nothing in regression."""
    tried = pair.association.tried
    ways = {way for way, _ in pair.ways}
    if facts.info.task is Task.REGRESSION or tried is None or len(ways) != 1 or not ways <= set(CODES):
        return None
    [way] = ways
    commonest = np.argsort(-tried.counts.sum(axis=0), kind="stable")[:MOST_CLASSES]
    return Crosstab(
        f"{pair.columns[0]} and {pair.columns[1]} by class",
        way,
        tuple(CODES[way][code].format(*pair.columns) for _, code in pair.ways),
        tuple(show_value(facts.classes.classes[place]) for place in commonest),
        {"train": tuple(tuple(row[commonest].tolist()) for row in tried.counts)},
    )
