"""The numbers behind the section that sets train and the other splits side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dataaudit.figures import Histogram
from dataaudit.text import REDACTED


@dataclass(frozen=True)
class Comparison:
    """Two splits set side by side: `split` against `against`.

    `by_chance` is the distance that all numeric columns of two random samples
    of these sizes stay below, in 95 of 100 cases.
    """

    split: str
    against: str
    by_chance: float


@dataclass(frozen=True)
class Shift:
    """How far a column of one split is from the same column of another, 0 to 1, with a 95 % interval.

    Attributes
    ----------
    by_chance : float
        What the distance may be where both are random samples.
    is_sure : bool
        Whether the test behind the verdict, over all columns, tells the distance from chance.
    is_flagged : bool
        Whether a finding says that the column differs between the two.
    missing : (float, float) or None
        Shares of missing cells against and in the split, where they differ by more than chance.
    share_outside : float
        Rows of the split beyond the range of the other, where it is worth a word.
    share_unseen : float
        Rows of the split with categories the other never shows, where it is worth a word.
    """

    distance: float
    lower: float
    upper: float
    by_chance: float
    is_sure: bool = False
    is_flagged: bool = False
    missing: tuple[float, float] | None = None
    share_outside: float = 0.0
    share_unseen: float = 0.0

    @property
    def is_beyond_chance(self) -> bool:
        """Whether chance does not explain how the column differs: its distance, its missing cells or a finding."""
        return self.is_sure or self.is_flagged or self.missing is not None


@dataclass(frozen=True)
class ColumnShifts:
    """One column in all comparisons; None where it was not compared.

    `findings` are the fingerprints of the findings that say the column differs.
    """

    column: str
    shifts: tuple[Shift | None, ...]
    is_label: bool = False
    findings: tuple[str, ...] = ()

    @property
    def is_beyond_chance(self) -> bool:
        """Whether chance does not explain how it differs in one of them."""
        return any(shift is not None and shift.is_beyond_chance for shift in self.shifts)


@dataclass(frozen=True)
class Share:
    """A share of a split's rows with its 95 % interval."""

    share: float
    lower: float
    upper: float


@dataclass(frozen=True)
class ShareRow:
    """The share of one category in every split, in their order; None where the column is absent."""

    name: str
    shares: tuple[Share | None, ...]
    from_data: bool = True

    def redacted(self) -> ShareRow:
        """Return the row without its category."""
        return replace(self, name=REDACTED) if self.from_data else self


@dataclass(frozen=True)
class ShareTable:
    """The categories of a column and their shares in every split."""

    splits: tuple[str, ...]
    rows: tuple[ShareRow, ...]

    def redacted(self) -> ShareTable:
        """Return the table without the names of categories."""
        return replace(self, rows=tuple(row.redacted() for row in self.rows))


@dataclass(frozen=True)
class ColumnPicture:
    """A column in all splits; `shares_missing` are left out of a histogram, and empty where no cell is missing."""

    column: str
    picture: Histogram | ShareTable
    shares_missing: Mapping[str, float] = field(default_factory=dict)

    def redacted(self) -> ColumnPicture:
        """Return the picture without values."""
        return replace(self, picture=self.picture.redacted())


@dataclass(frozen=True)
class ClassPower:
    """What a split can tell of one class: half width of its recall, and the difference of two recalls it shows."""

    name: str
    n_rows: int
    recall_half_width: float
    smallest_difference: float

    def redacted(self) -> ClassPower:
        """Return the same without the name of the class."""
        return replace(self, name=REDACTED)


@dataclass(frozen=True)
class SplitPower:
    """What a split can tell of a model's score, and of the difference between two models.

    Attributes
    ----------
    n_folds : int or None
        Where train is cross-validated for want of another split with labels.
    half_widths : mapping of str to float
        Score ("accuracy", "AUC", "R²", "mean error") -> half width of its 95 % interval.
    smallest_difference : float
        Between two models' accuracies; in regression between their mean errors, as a share of them.
    n_rows_for_difference : mapping of float to int
        Difference -> rows that show it.
    classes : tuple of ClassPower
        The rarest first; `n_classes_left_out` have more rows.
    smallest_difference_auc : float or None
        Between two models' areas under the ROC curve.
    """

    split: str
    n_rows: int
    n_folds: int | None
    is_regression: bool
    half_widths: Mapping[str, float]
    smallest_difference: float
    n_rows_for_difference: Mapping[float, int]
    classes: tuple[ClassPower, ...] = ()
    n_classes_left_out: int = 0
    smallest_difference_auc: float | None = None

    def redacted(self) -> SplitPower:
        """Return the same without the names of classes."""
        return replace(self, classes=tuple(one.redacted() for one in self.classes))


@dataclass(frozen=True)
class SplitSides:
    """Train and the other splits side by side.

    Attributes
    ----------
    comparisons : tuple of Comparison
        The columns of the map.
    columns : tuple of ColumnShifts
        Its lines, the farthest apart first.
    n_left_out : int
        Columns compared beyond these.
    most_left_out : float
        The largest distance among them.
    pictures : tuple of ColumnPicture
        Of the columns that matter, the worst first; each is among `columns`.
    powers : tuple of SplitPower
        What each split can tell of a model.
    """

    label: str | None
    comparisons: tuple[Comparison, ...]
    columns: tuple[ColumnShifts, ...]
    n_left_out: int = 0
    most_left_out: float = 0.0
    pictures: tuple[ColumnPicture, ...] = ()
    powers: tuple[SplitPower, ...] = ()

    def redacted(self) -> SplitSides:
        """Return the same without values."""
        return replace(
            self,
            pictures=tuple(picture.redacted() for picture in self.pictures),
            powers=tuple(power.redacted() for power in self.powers),
        )
