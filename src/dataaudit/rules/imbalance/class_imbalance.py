"""IMB001: a class is rare beside the others, or has too few rows to learn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Evidence, Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.imbalance._classes import (
    ClassSize,
    class_bars,
    class_sizes,
    effective_classes,
    n_classes_holding,
)
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.spread.islands import Islands
    from dataaudit.measure.spread.neighbourhoods import Neighbourhood

N_NEIGHBOURS = 5
MOST_ROWS = 0.9
CLASSES = ("class", "classes")
ADVICE = Text(
    "Collect more rows of the rare classes. Until then weight the classes or move the decision threshold, and report "
    "average precision and the Brier score on a test set with its natural shares. Resampling (SMOTE, random over- "
    "or under-sampling) rarely improved a strong model in published comparisons, and inflated the predicted "
    "probabilities of the rare class (van den Goorbergh et al. 2022; Elor and Averbuch-Elor 2022); never resample "
    "the test rows."
)
ISLANDS_ADVICE = Text(
    "Report the errors of this class by group, keep rows of one group in one split, and look whether the groups are "
    "causes of their own that need rows, or a feature that joins them."
)


@dataclass(frozen=True)
class ClassImbalance(Rule):
    """A class is rare beside the others.

    What it does
    ------------
    Counts the labelled training rows of every class and compares each share
    with 1/K, the share it would have in a balanced table of K classes. The
    share is judged by the upper end of its Wilson 95 % interval, so that a
    small balanced table is not called imbalanced by the luck of the draw.
    Says the count as well as the ratio, since the count of the rare class
    decides how much can be learnt of it. Of many classes, the effective number
    exp(H) and how many hold 90 % of the rows.

    Of a rare class it also says whether its rows stand together: in up to 5,000
    sampled rows, how many of the class have none of their own among their five
    nearest (over scaled numbers and indicators of categories), beside the
    share that labels dealt at random would leave alone.

    Of any class of a quarter of the rows or less it says where most rows lie in
    small islands ("small disjuncts", where errors gather): groups of 3 to 9
    rows nearer to one another than to any row of another class. Of a class that
    is not rare that is an info. Judged at `share_in_islands` with the lower 95 %
    bound over as many islands as the class would fill. Classes that overlap
    fall into single rows instead, and one cloud into one large group: over 23
    classes of 13 real tables islands held 24 % at most.

    Why it matters
    --------------
    With few rows of a class the model learns those rows, not the class, and
    a score on it is mostly noise. With a small share, whatever is common
    drowns it in the loss.

    Flagged
    -------
    99,000 rows of noise and 1,000 earthquakes: 2 % of the balanced share.
    980 rows of noise and 12 earthquakes: fewer than 20 rows.

    Clean
    -----
    Iris: 50 rows of each of 3 classes. 700 rows against 300.

    Thresholds
    ----------
    warning_of_balanced : fraction of 1/K, default 0.1
        A warning below this fraction of the balanced share.
    error_of_balanced : fraction of 1/K, default 0.01
        An error below this fraction of the balanced share.
    warning_rows : rows, default 100
        A warning below this count, if the class is also below `few_of_balanced`.
    error_rows : rows, default 20
        An error below this count, if the class is also below `few_of_balanced`.
    n_rows_of_neighbours : rows, default 20
        Of fewer sampled rows of the rarest class nothing is said of neighbours.
    share_in_islands : share of the class's different rows, default 0.5
        Least share in small islands.
    share_in_islands_lower : share of the class's different rows, default 0.4
        Least lower 95 % bound of that share.
    n_islands : small islands, default 5
        Of fewer nothing is said.
    few_of_balanced : fraction of 1/K, default 0.5
        Classes at or above it are never called rare, however small the table.

    Sources: He and Garcia (2009) call a ratio of 1:10 and beyond relevant; 20
    rows leave a recall of .9 with an interval of +-.15, 100 rows +-.06.

    Limits
    ------
    Says nothing about how hard the classes are to tell apart: an easy class
    is learnt from 20 rows, a hard one is not from 1,000. What it says of
    neighbours is told, not judged: irrelevant features hide who is near, and
    small islands can only be seen where a third of train is looked at. A class
    without any training row is SPLIT006's.

    Fix
    ---
    Collect more of the rare class; weight the classes or move the threshold;
    report average precision and the Brier score on natural shares. On the 15
    tables measured for this rule SMOTE, random over-sampling and weights
    changed average precision by .005 at most and under-sampling by -.05, and
    probabilities came out 1.6 to 4.1 times too large; published comparisons
    agree on the direction. The correction p / (p + (1 - p) w) undoes most of
    what resampling does to probabilities.

    References
    ----------
    He and Garcia, IEEE TKDE 21(9) (2009); van den Goorbergh, van Smeden,
    Timmerman and Van Calster, The harm of class imbalance corrections for risk
    prediction models, JAMIA 29(9) (2022); Elor and Averbuch-Elor, To SMOTE, or
    not to SMOTE?, arXiv:2201.08528 (2022); Hill, Ecology 54(2) (1973), on exp(H);
    Holte, Acker and Porter, Concept learning and the problem of small disjuncts,
    IJCAI (1989); Napierala and Stefanowski, J. Intelligent Information Systems
    46(3) (2016), on neighbours.
    """

    code: ClassVar[str] = "IMB001"
    name: ClassVar[str] = "class-imbalance"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES,)

    warning_of_balanced: float = 0.1
    error_of_balanced: float = 0.01
    warning_rows: int = 100
    error_rows: int = 20
    few_of_balanced: float = 0.5
    n_rows_of_neighbours: int = 20
    share_in_islands: float = 0.5
    share_in_islands_lower: float = 0.4
    n_islands: int = 5

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most two findings: of rarity, and of another class in small islands."""
        sizes = class_sizes(facts.classes)
        if len(sizes) == 1:
            yield from self._one_class(facts.label, sizes[0])
            return
        judged = [(size, self._severity(size)) for size in sizes]
        rare = [(size, severity) for size, severity in judged if severity is not None]
        if rare:
            worst = max(severity for _, severity in rare)
            alone = self._neighbourhood(facts, sizes[0].name)
            yield self._finding(facts.label, sizes, [size for size, _ in rare], worst, alone)
        told = {sizes[0].name} if rare else set()
        yield from self._scattered(facts, [size for size in sizes if size.name not in told])

    def _neighbourhood(self, facts: Facts, name: str) -> Neighbourhood | None:
        found = facts.spread.neighbourhoods.by_class.get(name)
        return found if found is not None and found.n_rows >= self.n_rows_of_neighbours else None

    def _scattered(self, facts: Facts, sizes: list[ClassSize]) -> Iterator[Finding]:
        """Yield an info of the class with the largest share of rows in small islands, where that is most of them."""
        near = [(size, self._neighbourhood(facts, size.name)) for size in sizes]
        told = [(size, one) for size, one in near if one is not None and self._is_scattered(one.islands)]
        if not told:
            return
        size, worst = max(told, key=lambda pair: (pair[1].islands.share_in_small, pair[0].name))
        yield self.finding(
            Severity.INFO,
            Text(
                "{name} lies in small islands: {said}{others}.",
                {
                    "name": FromData(size.name),
                    "said": _say_islands(worst.islands),
                    "others": f"; so {'does' if len(told) == 2 else 'do'} "
                    f"{show_count(len(told) - 1, 'more class', 'more classes')}"
                    if len(told) > 1
                    else "",
                },
            ),
            columns=(facts.label,),
            evidence={
                "class": FromData(size.name),
                "n_rows_class": size.n_rows,
                "classes": [FromData(size.name) for size, _ in told],
                **_evidence_of_islands(worst.islands),
            },
            fix=ISLANDS_ADVICE,
            identity=("islands",),
        )

    def _is_scattered(self, islands: Islands) -> bool:
        if len(islands.small) < self.n_islands or islands.share_in_small < self.share_in_islands:
            return False
        return _lower_share(islands) >= self.share_in_islands_lower

    def _severity(self, size: ClassSize) -> Severity | None:
        few = size.of_balanced_upper < self.few_of_balanced
        if size.of_balanced_upper < self.error_of_balanced or (few and size.n_rows < self.error_rows):
            return Severity.ERROR
        if size.of_balanced_upper < self.warning_of_balanced or (few and size.n_rows < self.warning_rows):
            return Severity.WARNING
        return None

    def _one_class(self, label: str, only: ClassSize) -> Iterator[Finding]:
        # As if of two classes one had no rows: silent only where chance could explain that.
        if 2 * wilson(0, only.n_rows)[1] >= self.few_of_balanced:
            return
        yield self.finding(
            Severity.ERROR,
            Text(
                "All {rows} are {only}: there is nothing to tell apart.",
                {"rows": show_count(only.n_rows, "labelled training row"), "only": FromData(only.name)},
            ),
            columns=(label,),
            evidence={"n_rows": only.n_rows, "n_classes": 1, "rarest_class": FromData(only.name)},
            fix=Text("Add rows of the other classes, or check that --label names the right column."),
        )

    def _finding(
        self,
        label: str,
        sizes: list[ClassSize],
        rare: list[ClassSize],
        severity: Severity,
        alone: Neighbourhood | None,
    ) -> Finding:
        rarest, commonest = sizes[0], sizes[-1]
        n_rows = sum(size.n_rows for size in sizes)
        per_rarest = commonest.n_rows / rarest.n_rows
        message = Text(
            "{how_many} rare: {rarest} has {n_rarest} of {n_rows} ({share}), one for every {ratio} of {commonest}. "
            "That is {of_balanced} of its share in a balanced table; "
            "the classes are as varied as {effective} equally large ones{most}.{alone}",
            {
                "how_many": f"{len(rare):,} of {len(sizes):,} classes {'is' if len(rare) == 1 else 'are'}",
                "rarest": FromData(rarest.name),
                "n_rarest": f"{rarest.n_rows:,}",
                "n_rows": show_count(n_rows, "labelled training row"),
                "share": show_share(rarest.share),
                "ratio": f"{round(per_rarest):,}",
                "commonest": FromData(commonest.name),
                "of_balanced": show_share(rarest.of_balanced),
                "effective": f"{effective_classes(sizes):.2f}",
                "most": f", and 90 % of the rows are of {show_count(n_classes_holding(sizes, MOST_ROWS), *CLASSES)}"
                if len(sizes) > 2
                else "",
                "alone": "" if alone is None else _say_alone(alone) + self._say_scattered(alone),
            },
        )
        return self.finding(
            severity,
            message,
            columns=(label,),
            evidence={
                "n_rows": n_rows,
                "n_classes": len(sizes),
                "n_classes_rare": len(rare),
                "rarest_class": FromData(rarest.name),
                "n_rows_rarest": rarest.n_rows,
                "share_rarest": rarest.share,
                "share_rarest_upper": rarest.share_upper,
                "fraction_of_balanced_share": rarest.of_balanced,
                "n_commonest_per_rarest": per_rarest,
                "effective_classes": effective_classes(sizes),
                "n_classes_holding_90_percent": n_classes_holding(sizes, MOST_ROWS),
                "rare_classes": [FromData(size.name) for size in rare],
                "n_rows_of_rare_classes": [size.n_rows for size in rare],
                **({} if alone is None else _evidence_of(alone)),
            },
            fix=ADVICE,
            figure=class_bars(sizes),
        )

    def _say_scattered(self, alone: Neighbourhood) -> str:
        return (
            f" They lie in small islands: {_say_islands(alone.islands)}." if self._is_scattered(alone.islands) else ""
        )


def _say_alone(alone: Neighbourhood) -> str:
    return (
        f" Of {show_count(alone.n_rows, 'row')} of it looked at, {show_share(alone.share_alone)} have none of their "
        f"class among the {N_NEIGHBOURS} nearest (labels dealt at random: {show_share(alone.share_alone_by_chance)})."
    )


def _say_islands(islands: Islands) -> str:
    """Return where the rows of a class lie: in one sentence, without its stop."""
    small = islands.small
    if sum(small) == islands.n_rows:
        where = f"its {islands.n_rows:,} different rows lie in {len(small):,} separate groups"
        return f"{where}, none of more than {max(small):,} rows"
    held = f"{sum(small):,} of its {islands.n_rows:,} different rows lie in {len(small):,} separate groups"
    sizes = f"{min(small):,} to {max(small):,}" if min(small) < max(small) else f"{max(small):,}"
    return f"{held} of {sizes} rows, with rows of other classes in between"


def _lower_share(islands: Islands) -> float:
    """Return the lower 95 % bound of the share in small islands, over islands: rows of one are not independent."""
    rows_per_island = sum(islands.small) / max(1, len(islands.small))
    n_islands = islands.n_rows / max(1.0, rows_per_island)
    return wilson(islands.share_in_small * n_islands, n_islands)[0]


def _evidence_of_islands(islands: Islands) -> dict[str, Evidence]:
    return {
        "n_different_rows": islands.n_rows,
        "n_groups": len(islands.sizes),
        "n_rows_largest_group": max(islands.sizes, default=0),
        "n_small_islands": len(islands.small),
        "share_in_small_islands": islands.share_in_small,
        "share_in_small_islands_lower": _lower_share(islands),
    }


def _evidence_of(alone: Neighbourhood) -> dict[str, Evidence]:
    """Return how the rarest class's rows stand, in the words of Napierala and Stefanowski."""
    outlier, rare, *borderline, near_safe, safe = alone.counts
    lower, upper = wilson(alone.counts[0], alone.n_rows)
    return {
        "n_rows_neighbours": alone.n_rows,
        "share_alone": alone.share_alone,
        "share_alone_lower": lower,
        "share_alone_upper": upper,
        "share_alone_by_chance": alone.share_alone_by_chance,
        "n_rows_by_neighbours": {
            "outlier (0 of 5)": outlier,
            "rare (1)": rare,
            "borderline (2 or 3)": sum(borderline),
            "safe (4 or 5)": near_safe + safe,
        },
        **_evidence_of_islands(alone.islands),
    }
