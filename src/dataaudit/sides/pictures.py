"""Which columns are drawn, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dataaudit.side_figures import ColumnPicture
from dataaudit.sides.counted import CountedColumn, counted_feature, counted_label
from dataaudit.sides.outlines import outline
from dataaudit.sides.shares import share_table

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MOST_PICTURES = 8
# Where few columns are flagged, so many are drawn all the same: the label and the features that tell most of it.
USUAL_PICTURES = 4
# A number of so few values is drawn value by value.
MOST_VALUES = 12


def column_pictures(facts: Facts, flagged: Iterable[str], distances: Mapping[str, float]) -> tuple[ColumnPicture, ...]:
    """Return the flagged columns, the label, and the telling features that are farthest apart.

    Parameters
    ----------
    facts : Facts
    flagged : iterable of str
        Columns that a finding says differ, the worst first.
    distances : mapping of column to float
        The largest distance of every column that was compared.
    """
    label = facts.info.label
    drawn: list[ColumnPicture] = []
    of_label = _picture(counted_label(facts))
    features = [column for column in flagged if column != label]
    room = MOST_PICTURES - (of_label is not None)
    drawn += _pictures(facts, features, room)
    drawn += [of_label] if of_label is not None else []
    done = {picture.column for picture in drawn}
    rest = [column for column in _telling(facts, distances) if column not in done and column not in features]
    return (*drawn, *_pictures(facts, rest, USUAL_PICTURES - len(drawn)))


def _pictures(facts: Facts, columns: Sequence[str], most: int) -> list[ColumnPicture]:
    found: list[ColumnPicture] = []
    for column in columns:
        if len(found) >= most:
            break
        picture = _picture(counted_feature(facts, column))
        if picture is not None:
            found.append(picture)
    return found


def _telling(facts: Facts, distances: Mapping[str, float]) -> list[str]:
    """Return the features that were compared: those first that tell most of the label and are farthest apart."""
    tells = facts.associations if facts.has("associations") else {}

    def weight(column: str) -> tuple[float, float]:
        told = max(0.0, tells[column].explained) if column in tells else 0.0
        return told * distances[column], distances[column]

    features = [column.name for column in facts.features if column.name in distances]
    return sorted(features, key=lambda column: (*(-w for w in weight(column)), column))


def _picture(counted: CountedColumn | None) -> ColumnPicture | None:
    """Return a histogram of a number, the shares of categories; None if there is nothing to draw."""
    if counted is None:
        return None
    n_values = sum(1 for key in range(len(counted.keys)) if any(n[key] > 0 for n in counted.n.values()))
    has_names = counted.edges is None or (n_values <= MOST_VALUES and any(counted.keys))
    if has_names:
        table = share_table(counted)
        return None if table is None else ColumnPicture(counted.column, table)
    histogram = outline(counted)
    if histogram is None:
        return None
    n_rows = {split: int(n.sum()) + counted.n_missing[split] for split, n in counted.n.items()}
    missing = {split: counted.n_missing[split] / max(1, n) for split, n in n_rows.items()}
    return ColumnPicture(counted.column, histogram, missing if any(missing.values()) else {})
