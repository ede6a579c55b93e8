"""LEAK008: a class was oversampled before the split, so that made-up rows and their parents stand on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import wilson
from dataaudit.model import Finding, Rows, Severity, shown_rows
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.text import FromData, Text, join_words, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.impact.scores import Impact
    from dataaudit.measure.resampled.copies import Copies
    from dataaudit.measure.resampled.resampling import Resampling, Segments

MOST_TOLD = 5
FINE_COLUMNS = 3
FIX = (
    "Go back to the data before resampling, split, and resample train alone: "
    "`imblearn.pipeline.make_pipeline({sampler}, model)` does so in every fold too."
)


@dataclass(frozen=True)
class ResampledBeforeSplit(Rule):
    """A class was oversampled, by SMOTE or by copying, before the rows were dealt to the splits.

    What it does
    ------------
    SMOTE: a made-up row lies on the straight line between two rows of its
    class. Up to 200 rows of train and 200 of the other splits, of each class,
    are asked whether one share u explains the row as a + u (b - a) in all
    numeric columns at once, for two of its nearest neighbours a and b, to the
    precision in which it is stored (double, single, decimals or digits, a
    grid). At least 3 columns must tell, and of columns that are linear
    functions of others one counts.
    Copying: different rows of a class that stand more than once with the same
    label, counted over all rows.
    Both are compared with the class that shows least of it: that is what
    chance does in this table. Chance puts the more rows on lines the denser
    they lie: unless at least 3 columns are fine (half of the rows have a value
    of their own there), only classes of at least half as many rows are
    compared, and a class without such a one is passed. It is a leak where the row and its parents, or
    the copies, stand in different splits.

    Why it matters
    --------------
    A made-up row of test lies between rows of train, and a copied one is a
    row of train: the score says how well the model remembers, not how it does
    on rows it has not met.

    Flagged
    -------
    SMOTE on 1,000 rows with 10 % fraud, then a random split: of 400 fraud
    rows asked, 330 lie between two others, 290 of them with a row of the other
    split. A test that was oversampled by itself is a warning.

    Clean
    -----
    A random split of rows nobody made up; a table of few levels, in which the
    rows of all classes repeat alike. SMOTE on train alone is an info.

    Thresholds
    ----------
    share_min : share of rows, default 0.05
        So many of the rows asked lie on lines; so many different rows repeat
        (lower 95 % bound).
    factor : times, default 3.0
        Both must be this many times the share in the class with the least.
    error_share : share of rows, default 0.02
        An error needs the lower 95 % bound of the share that joins splits to
        reach this.
    n_joined_min : rows, default 3
        Fewer rows that join splits, or lie on lines in test, are worth an info.
    joined_min : share of rows, default 0.05
        So are fewer than this share of the rows found on lines.
    most_dispersion : times, default 2.0
        Copies whose counts vary more than this, against their mean, were not
        drawn at random: the rows may repeat by nature.
    whole_min : share of pairs, default 0.75
        So many of the pairs of rows that agree but for a quarter of the columns
        agree in all. Rows that agree by chance agree in part far more often.
    searched_min : share of rows, default 0.01
        Where less of a class was searched and nothing found, it is skipped.
    size_min : share of rows, default 0.5
        Where fewer than 3 columns are fine, a class that is compared with has
        at least this share of the rows of the class judged.

    Limits
    ------
    How sure: very, where numbers are stored in full. Three columns that agree
    in one u to seven digits are no coincidence; untouched tables of 26 kinds
    gave no alarm. After rounding it is weaker: with 3 decimals, columns that
    spread by 0.3 still tell if there are 8 of them, not if there are 4.

    How it could be wrong: rows of one class that were interpolated in time,
    or follow a smooth curve closely and are rounded, lie on lines too; rows
    of one class that were recorded twice are copies, though nobody resampled
    (they leak all the same).

    Invisible: jittered copies (ROSE), variational models, SMOTE on fewer than
    3 independent varying columns, rounded coarsely, scaled after rounding, or
    mixed with columns computed later; classes under 30 rows; every class
    oversampled alike; of columns that are not fine, SMOTE of a class to more
    than twice the rows of every other; a split without labels; copies in a table of one column
    or where rows agree by chance. Columns with missing cells are left out, for
    SMOTE takes none, and those of whole numbers stored as floats, which may be
    codes. Of a class of more than 20,000 rows those around its
    middle are searched. With four made-up rows for each real one, 80 % of the
    rows asked lie on lines; of them 74 % or more show in small classes, and 19
    to 83 % of all rows asked where a fifth to a hundredth of the class was
    searched (of rows drawn at random 5 to 0 % would).

    Fix
    ---
    Go back to the data before resampling, split, and resample train alone, in
    a pipeline that leaves test alone.

    References
    ----------
    Chawla et al., JAIR 16 (2002), SMOTE; Santos et al., IEEE Computational
    Intelligence Magazine 13(4) (2018), oversampling before cross-validation;
    Kapoor and Narayanan, Patterns 4:100804 (2023), L1.2.
    """

    code: ClassVar[str] = "LEAK008"
    name: ClassVar[str] = "resampled-before-split"
    needs: ClassVar[tuple[Need, ...]] = (Need.CLASSES, Need.OTHER_SPLIT)
    trains_model: ClassVar[bool] = True

    share_min: float = 0.05
    factor: float = 3.0
    error_share: float = 0.02
    n_joined_min: int = 3
    joined_min: float = 0.05
    most_dispersion: float = 2.0
    whole_min: float = 0.75
    searched_min: float = 0.01
    size_min: float = 0.5

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding for rows on lines and one for copies, over all classes."""
        others = [split for split in facts.other_splits if split in facts.classes.counts]
        resamplings = facts.preparation.resamplings
        lines = [with_impact(facts, finding, _impact_of_lines) for finding in self._interpolated(resamplings, others)]
        copied = [
            with_impact(facts, finding, partial(_impact_of_copies, facts, finding, others))
            for finding in self._copied(resamplings, others)
        ]
        found = [*lines, *copied]
        yield from found
        if not found:
            self._require_seen(resamplings, others)

    def _require_seen(self, resamplings: Mapping[str, Resampling], others: list[str]) -> None:
        """Raise NotMeasurable where nothing was found because little could be."""
        if not others:
            raise NotMeasurable("no other split has labels, so rows cannot be compared class by class")
        for resampling in resamplings.values():
            segments = resampling.segments
            if segments is not None and segments.n_searched < self.searched_min * segments.n_rows:
                raise NotMeasurable(
                    f"no class repeats its rows, but whether rows were made up cannot be told: of the "
                    f"{segments.n_rows:,} rows of a class {segments.n_searched:,} could be searched"
                )

    def _interpolated(self, resamplings: Mapping[str, Resampling], others: list[str]) -> Iterator[Finding]:
        asked = {name: found.segments for name, found in resamplings.items() if found.segments is not None}
        severities = {}
        for name, segments in asked.items():
            severity = self._severity_of_lines(segments, self._least(asked, name))
            if severity is not None:
                severities[name] = severity
        if severities:
            yield self._finding_of_lines(asked, severities, others)

    def _least(self, asked: Mapping[str, Segments], name: str) -> float | None:
        """Return the least share on lines of the classes that a class can be compared with, None if there are none."""
        size = 0.0 if _is_fine(asked[name]) else self.size_min * asked[name].n_rows
        rest = [other for key, other in asked.items() if key != name and other.n_rows >= size]
        return min((_share(other.n_on, other) for other in rest), default=None)

    def _severity_of_lines(self, segments: Segments, least: float | None) -> Severity | None:
        if least is None and not _is_fine(segments):
            return None
        n_on, share = sum(segments.n_on.values()), _share(segments.n_on, segments)
        if n_on < self.n_joined_min or share < max(self.share_min, self.factor * (least or 0.0)):
            return None
        n_joined = sum(segments.n_joined.values())
        by_chance = self.factor * (least or 0.0) * sum(segments.n_examined.values())
        n_clear = max(self.n_joined_min, self.joined_min * n_on, by_chance)
        if n_joined < n_clear:
            return Severity.INFO if n_on - segments.n_on["train"] < n_clear else Severity.WARNING
        clear = wilson(n_joined, sum(segments.n_examined.values()))[0] >= self.error_share
        # Without another class to compare with, nothing says what the table does by itself.
        return Severity.ERROR if clear and least is not None else Severity.WARNING

    def _finding_of_lines(
        self, asked: Mapping[str, Segments], severities: Mapping[str, Severity], others: list[str]
    ) -> Finding:
        worst = max(severities, key=lambda name: (severities[name], sum(asked[name].n_joined.values()), name))
        segments, severity = asked[worst], severities[worst]
        n_examined, n_on = sum(segments.n_examined.values()), sum(segments.n_on.values())
        n_joined = sum(segments.n_joined.values())
        least = self._least(asked, worst)
        sentence = "Of {asked} of class {name} asked, {on} ({share}) {lie} on the straight line between two others"
        sentence += " in {columns} at once" + (
            "" if least is None else " (in the{compared} class with the fewest: {least})"
        )
        sentence += _verdict(severity, n_joined, n_on - segments.n_on["train"])
        message = Text(
            sentence + "{also}.",
            {
                "asked": show_count(n_examined, "row"),
                "name": FromData(worst),
                "on": f"{n_on:,}",
                "lie": "lies" if n_on == 1 else "lie",
                "share": show_share(n_on / n_examined),
                "columns": show_count(segments.n_columns, "column"),
                "compared": "" if _is_fine(segments) else " compared",
                "least": show_share(least or 0.0),
                "joined": f"{n_joined:,}",
                "others": f"{n_on - segments.n_on['train']:,}",
                "splits": join_words(others),
                "also": _also(len(severities) - 1),
            },
        )
        examples = [
            example for name in sorted(severities, key=lambda name: name != worst) for example in asked[name].examples
        ]
        return self.finding(
            severity,
            message,
            splits=("train", *others),
            evidence={
                "n_rows_examined": n_examined,
                "n_rows_on_lines": dict(segments.n_on),
                "n_rows_joining_splits": dict(segments.n_joined),
                "share_on_lines": n_on / n_examined,
                "share_on_lines_of_least_class": least,
                "share_joining_splits": n_joined / n_examined,
                "share_joining_splits_lower": wilson(n_joined, n_examined)[0],
                "n_columns": segments.n_columns,
                "n_columns_fine": segments.n_fine_columns,
                "n_rows_searched": segments.n_searched,
                "n_rows": segments.n_rows,
                "n_classes": len(severities),
                "classes": [FromData(name) for name in sorted(severities)],
                "examples": [_told(example) for example in examples[:MOST_TOLD]],
            },
            fix=Text(FIX, {"sampler": "SMOTE()"})
            if severity > Severity.INFO
            else Text("Nothing, if train alone was resampled, and after the split."),
            rows=_rows_of(examples, sum(sum(asked[name].n_on.values()) for name in severities)),
            identity=("lines",),
        )

    def _copied(self, resamplings: Mapping[str, Resampling], others: list[str]) -> Iterator[Finding]:
        copies = {name: found.copies for name, found in resamplings.items()}
        severities = {}
        for name, found in copies.items():
            rest = [other for key, other in copies.items() if key != name and other.n_distinct >= self.n_joined_min]
            severity = self._severity_of_copies(found, rest)
            if severity is not None:
                severities[name] = severity
        if severities:
            yield self._finding_of_copies(copies, severities, others)

    def _severity_of_copies(self, copies: Copies, rest: list[Copies]) -> Severity | None:
        if not rest or copies.share_whole is None or copies.share_whole < self.whole_min:
            return None
        least = min(other.share_repeated for other in rest)
        lower = wilson(copies.n_repeated, copies.n_distinct)[0]
        if lower < max(self.share_min, self.factor * least):
            return None
        across = min(other.share_across for other in rest)
        joins = copies.n_across >= self.n_joined_min and copies.share_across >= self.factor * across
        if not joins or copies.dispersion > self.most_dispersion:
            return Severity.INFO
        clear = wilson(copies.n_across, copies.n_distinct)[0] >= self.error_share
        return Severity.ERROR if clear else Severity.WARNING

    def _finding_of_copies(
        self, copies: Mapping[str, Copies], severities: Mapping[str, Severity], others: list[str]
    ) -> Finding:
        worst = max(severities, key=lambda name: (severities[name], copies[name].n_across, name))
        found, severity = copies[worst], severities[worst]
        least = min(other.share_repeated for name, other in copies.items() if name != worst)
        sentence = "{repeated} of {distinct} of class {name} ({share}) {stand} more than once with the same label"
        sentence += " (in the class with the fewest: {least})"
        if severity > Severity.INFO:
            sentence += (
                ", {across} of them in more than one split: the class was oversampled by copying before the split"
            )
        elif found.dispersion > self.most_dispersion:
            sentence += ", some of them very often: they may repeat by nature"
        else:
            sentence += ", {across} of them in more than one split: fine if train alone was oversampled"
        message = Text(
            sentence + "{also}.",
            {
                "repeated": f"{found.n_repeated:,}",
                "distinct": show_count(found.n_distinct, "different row"),
                "name": FromData(worst),
                "share": show_share(found.share_repeated),
                "stand": "stands" if found.n_repeated == 1 else "stand",
                "least": show_share(least),
                "across": f"{found.n_across:,}",
                "also": _also(len(severities) - 1),
            },
        )
        return self.finding(
            severity,
            message,
            splits=("train", *others),
            evidence={
                "n_rows": found.n_rows,
                "n_rows_different": found.n_distinct,
                "n_different_rows_repeated": found.n_repeated,
                "n_different_rows_across_splits": found.n_across,
                "share_repeated": found.share_repeated,
                "share_repeated_lower": wilson(found.n_repeated, found.n_distinct)[0],
                "share_repeated_of_least_class": least,
                "share_across_splits": found.share_across,
                "share_across_splits_lower": wilson(found.n_across, found.n_distinct)[0],
                "dispersion_of_copies": found.dispersion,
                "share_of_near_matches_that_match": found.share_whole,
                "n_classes": len(severities),
                "classes": [FromData(name) for name in sorted(severities)],
            },
            fix=Text(FIX, {"sampler": "RandomOverSampler()"})
            if severity > Severity.INFO
            else Text("Nothing, if train alone was resampled, and after the split."),
            rows=[shown_rows(split, numbers) for split, numbers in (found.numbers or {}).items()],
            identity=("copies",),
        )


def _is_fine(segments: Segments) -> bool:
    return segments.n_fine_columns >= FINE_COLUMNS


def _impact_of_lines() -> Impact:
    raise NotMeasurable("the made-up rows are not all known")


def _impact_of_copies(facts: Facts, finding: Finding, others: Sequence[str]) -> Impact:
    """Measure in the first other split whose rows stand in another one too."""
    holding = [rows.split for rows in finding.rows if rows.split in others]
    return facts.impact.of_copies(holding[0])


def _share(counts: Mapping[str, int], segments: Segments) -> float:
    return sum(counts.values()) / max(1, sum(segments.n_examined.values()))


def _verdict(severity: Severity, n_joined: int, n_on_others: int) -> str:
    if severity is Severity.INFO:
        joining = ", {joined} of them with a row of another split" + (", too few to tell" if n_joined else "")
        return joining + ": train looks oversampled by SMOTE, which is fine if it is train alone"
    if n_joined >= n_on_others / 2:
        return ", {joined} of them with a row of another split: the class was oversampled before the split"
    return ", {others} of them in {splits}: it was oversampled too, and does not show how a model does on real rows"


def _also(n_more: int) -> str:
    return f"; {show_count(n_more, 'other class', 'other classes')} too" if n_more else ""


def _told(example: tuple[tuple[str, int], ...]) -> str:
    """Return a line in words.

    >>> _told((("test", 5), ("train", 1), ("train", 2)))
    'row 5 of test between row 1 of train and row 2 of train'
    """
    on, first, second = (f"row {number} of {split}" for split, number in example)
    return f"{on} between {first} and {second}"


def _rows_of(examples: Sequence[tuple[tuple[str, int], ...]], n_on: int) -> list[Rows]:
    """Return the rows that stand in examples, split by split; cut short where more rows lie on lines."""
    places = dict.fromkeys(place for example in examples for place in example)
    splits = dict.fromkeys(split for split, _ in places)
    numbers = {split: [number for other, number in places if other == split] for split in splits}
    n_more = int(n_on > len(examples))
    return [shown_rows(split, listed, len(listed) + n_more) for split, listed in numbers.items()]
