"""The numbers behind a picture: rules fill them from facts, renderers only draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dataaudit.text import REDACTED


@dataclass(frozen=True)
class Bars:
    """Shares per category, one series per split (or per class).

    `series` maps a name to one share in [0, 1] per category.
    """

    title: str
    categories: tuple[str, ...]
    series: Mapping[str, tuple[float, ...]]

    def redacted(self) -> Bars:
        """Return the figure with its categories' names left out."""
        return replace(self, categories=(REDACTED,) * len(self.categories))


@dataclass(frozen=True)
class Histogram:
    """Shares per bin on common edges; bin i lies between edges[i] and edges[i + 1].

    `has_less` and `has_more` say that the first and the last bin also hold
    whatever lies beyond their outer edge.
    """

    title: str
    edges: tuple[float, ...]
    series: Mapping[str, tuple[float, ...]]
    is_time: bool = False
    show_edges: bool = True
    has_less: bool = False
    has_more: bool = False

    def redacted(self) -> Histogram:
        """Return the figure without numbers on its axis."""
        return replace(self, show_edges=False)


@dataclass(frozen=True)
class Crosstab:
    """Counts of value x class, one table per split."""

    title: str
    row_name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: Mapping[str, tuple[tuple[int, ...], ...]]

    def redacted(self) -> Crosstab:
        """Return the table with the names of values and classes left out."""
        return replace(self, rows=(REDACTED,) * len(self.rows), columns=(REDACTED,) * len(self.columns))


@dataclass(frozen=True)
class RangeStrip:
    """The range of a column in train beside its range in another split."""

    title: str
    train: tuple[float, float]
    other: tuple[float, float]
    other_name: str
    share_below: float
    share_above: float
    show_edges: bool = True

    def redacted(self) -> RangeStrip:
        """Return the strip without the numbers at its ends."""
        return replace(self, show_edges=False)


Figure = Bars | Histogram | Crosstab | RangeStrip


# The place of "all other classes" among a class mix's classes.
OTHER_CLASSES = -1


@dataclass(frozen=True)
class MixRow:
    """The labelled rows with one value, or in one interval, of a column.

    Attributes
    ----------
    name : str
        The value, or the interval ("3 to 7", "over 9").
    counts : mapping of split to tuple of int
        Rows per class of the mix, in the order of its `classes`.
    from_data : bool
        Whether the name came from the data; "all others" did not.
    is_interval : bool
        Whether the name is an interval and not one value.
    is_missing : bool
        Whether these are the rows in which the cell is missing.
    is_flagged : bool
        Whether a finding names this value, or the picture is about it.
    """

    name: str
    counts: Mapping[str, tuple[int, ...]]
    from_data: bool = True
    is_interval: bool = False
    is_missing: bool = False
    is_flagged: bool = False

    def redacted(self) -> MixRow:
        """Return the row without its value."""
        return replace(self, name=REDACTED) if self.from_data else self


@dataclass(frozen=True)
class ClassMix:
    """The classes of the rows with each value of a column, in every split that has labels.

    Attributes
    ----------
    classes : tuple of int
        Places in `LabelClues.classes`, in the order of drawing; `OTHER_CLASSES`, if any, is the last.
    told : int
        The place of the class that is told of.
    told_row : int
        The row that tells most of it.
    everything : MixRow
        All rows, whatever the value.
    """

    column: str
    splits: tuple[str, ...]
    classes: tuple[int, ...]
    told: int
    told_row: int
    rows: tuple[MixRow, ...]
    everything: MixRow

    def redacted(self) -> ClassMix:
        """Return the mix without the names of values."""
        return replace(self, rows=tuple(row.redacted() for row in self.rows))


@dataclass(frozen=True)
class ColumnTell:
    """How much of the label one column tells alone, in train: a share of its variance with a 90 % interval.

    `part` is what of the column tells it, "whether it is missing" or "its
    hour", if not the values; `word` the word of the data it speaks of.
    """

    column: str
    explained: float
    lower: float
    upper: float
    n_rows: int
    sampled: bool = False
    part: str | None = None
    word: str | None = None

    def redacted(self) -> ColumnTell:
        """Return the same without the word."""
        return self if self.word is None else replace(self, word=REDACTED)


@dataclass(frozen=True)
class ClueClass:
    """A class of the label; in regression a third of the target ("low"), with its `bounds` ("up to 3.5")."""

    name: str
    bounds: str | None = None

    def redacted(self) -> ClueClass:
        """Return the class without its name; of a third the bounds are left out."""
        return ClueClass(REDACTED) if self.bounds is None else ClueClass(self.name)


@dataclass(frozen=True)
class LabelClues:
    """What gives the label away: class mixes of flagged columns, and how much each column tells.

    Attributes
    ----------
    classes : tuple of ClueClass
        The classes that some mix shows by itself.
    is_ordered : bool
        Whether the classes are parts of a number.
    mixes : tuple of ClassMix
        Of the flagged columns, the worst first.
    without_mix : mapping of str to str
        Flagged column -> why it has no class mix, as the end of a sentence.
    tells : tuple of ColumnTell
        The most telling first.
    n_tells_left_out : int
        Columns that tell less.
    """

    label: str
    classes: tuple[ClueClass, ...]
    is_ordered: bool
    mixes: tuple[ClassMix, ...]
    without_mix: Mapping[str, str] = field(default_factory=dict)
    tells: tuple[ColumnTell, ...] = ()
    n_tells_left_out: int = 0

    def redacted(self) -> LabelClues:
        """Return the clues without values and names of classes."""
        return replace(
            self,
            classes=tuple(one.redacted() for one in self.classes),
            mixes=tuple(mix.redacted() for mix in self.mixes),
            tells=tuple(tell.redacted() for tell in self.tells),
        )
