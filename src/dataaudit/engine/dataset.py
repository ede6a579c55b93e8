"""A dataset: named splits as relations of one engine, and what each column is.

Every relation has the columns `row` (0-based position in the file as read)
and `c0`, `c1`, ... in the order of `DatasetInfo.columns`. Names from the data
never stand in a statement, so no name can break one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dataaudit.engine.base import Engine
from dataaudit.model import DatasetInfo

# Means and standard deviations leave larger numbers out: their squares leave the range of a double.
LARGEST_TO_AVERAGE = 1e150
# The name and the number of rows of each file, in the order in which row numbers run through them.
FileRows = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Relation:
    """One split as the engine knows it.

    `absent` names columns the split's file does not have; they are NULL there.
    `files` are the files it came from, where there are several: row numbers
    run through all rows of the first, then of the second, and so on, also
    where a column cut the split out of them.
    """

    name: str
    n_rows: int
    absent: frozenset[str] = frozenset()
    files: FileRows = ()


@dataclass(frozen=True)
class ColumnSurvey:
    """What one scan of a split counts of one column.

    Infinite cells and NaN are missing in the relation; `n_infinite` and
    `n_nan` say how many there were. `n_distinct` counts the values of text, whole-number and
    boolean columns of train (approximate unless it comes near `n_present`),
    0 otherwise. Datetimes have their range in seconds since 1970. Lengths are
    in characters.
    """

    n_present: int
    n_infinite: int = 0
    n_nan: int = 0
    n_distinct: int = 0
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    sd: float | None = None
    is_integer: bool = False
    n_zero: int = 0
    mean_length: float | None = None
    share_with_space: float | None = None


@dataclass(frozen=True)
class CellKinds:
    """What the cells of one text-stored column of one split parse as.

    `stored_as_text` is true for Parquet and frames whose column type is text,
    false for CSV, where every cell is text. `n_decorated` cells are numbers
    once a currency sign, thousands separator, per cent sign or quotes are
    taken off. `odd_examples` are cells that are not what most cells are, as
    (row number, text), at most 20, with `n_odd` in all.
    """

    column: str
    split: str
    n_rows: int
    n_present: int
    n_number: int
    n_decorated: int
    n_date: int
    n_leading_zero: int
    stored_as_text: bool
    read_as: str
    n_odd: int
    odd_examples: tuple[tuple[int, str], ...]
    date_format: str | None = None
    sampled: bool = False


Cells = Mapping[str, Mapping[str, CellKinds]]


@dataclass(frozen=True)
class Source:
    """A split as its file or frame holds it, kept where its rows are to be written out again.

    Attributes
    ----------
    relation : str
        What stands after FROM: it offers `row` and the columns `r0`, `r1`, ... in the order of `names`.
    types : tuple of str
        The engine's type of each column; of CSV all VARCHAR, the cells as they stand in the file.
    delimiter : str or None
        CSV only.
    label : str or None
        SQL over `r0`, `r1`, ... of the label as the typed relation has it, NULL where it is missing; None where the
        split has no label.
    arrow_schema : bytes or None
        Of Parquet: what Arrow and pandas noted of the columns, where they did.
    """

    name: str
    relation: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    n_rows: int
    is_csv: bool
    delimiter: str | None = None
    has_header: bool = True
    label: str | None = None
    arrow_schema: bytes | None = None


@dataclass(frozen=True)
class Dataset:
    """Splits, columns and the engine that holds them.

    `classes` are the texts of the label's classes (empty in regression and
    without a label), sorted as the report shows them. `sql_types` maps every
    column to its SQL type in the relations, `surveys` every split and column
    to its counts. `cells` maps a column and split to what its cells parse as,
    for text columns that hold more than text. `sources` are the splits as
    their files hold them, where they were kept. `prior` are the shares of
    classes in the world, as far as the user declared them.
    """

    engine: Engine
    info: DatasetInfo
    relations: Mapping[str, Relation]
    classes: tuple[str, ...] = ()
    sql_types: Mapping[str, str] = field(default_factory=dict)
    surveys: Mapping[str, Mapping[str, ColumnSurvey]] = field(default_factory=dict)
    cells: Cells = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    prior: Mapping[str, float] = field(default_factory=dict)

    def sql_name(self, column: str) -> str:
        """Return the column's name in statements: `c` and its position."""
        return f"c{self._positions[column]}"

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {column.name: position for position, column in enumerate(self.info.columns)}
