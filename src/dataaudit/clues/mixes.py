"""Class mixes: of the rows with each value of a flagged column, how many are of which class, in every split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.clues.flagged import BREAKS, MISSINGNESS, Window, lists_most_rows, windows
from dataaudit.clues.groups import KeyGroup, flag, group_keys
from dataaudit.clues.label import LabelClasses
from dataaudit.figures import OTHER_CLASSES, ClassMix, MixRow
from dataaudit.model import Finding

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

IntArray = NDArray[np.int64]
MOST_CLASSES = 5
MOST_FLAGGED_VALUES = 3
ALL_ROWS = KeyGroup("all rows", (), from_data=False)


@dataclass(frozen=True)
class Draft:
    """A mix before it is settled which classes are shown: rows of all classes of the label.

    `counts` maps a split to an array of shape (n_groups, n_classes); `told`
    is the place of the class that is told of.
    """

    column: str
    groups: tuple[KeyGroup, ...]
    counts: Mapping[str, IntArray]
    told: int
    told_row: int
    is_ordered: bool


def draft_mix(facts: Facts, label: LabelClasses, table: ValueTable, findings: Sequence[Finding]) -> Draft | None:
    """Return the mix of a flagged column, or None if train has no labelled row or one class."""
    by_key = {
        split: label.counts(table, split)
        for split in ("train", *facts.other_splits)
        if table.n_by_class[split].sum() > 0
    }
    if "train" not in by_key or (by_key["train"].sum(axis=0) > 0).sum() < 2:
        return None
    breaks = next((finding.splits[-1] for finding in findings if finding.code == BREAKS), "")
    named = [window for window in windows(table, findings) if window.class_name in label.names]
    groups = group_keys(
        table,
        np.sum([counts.sum(axis=1) for counts in by_key.values()], axis=0),
        _flagged_keys(table, findings, named, by_key, breaks),
        is_integer=bool(facts.profiles["train"][table.column].is_integer),
        only_flagged=not lists_most_rows(table),
    )
    counts = {split: np.stack([n[list(group.keys)].sum(axis=0) for group in groups]) for split, n in by_key.items()}
    told_row, told = _told(label, groups, named, counts, breaks)
    groups[told_row] = flag(groups[told_row])
    return Draft(table.column, tuple(groups), counts, told, told_row, label.is_ordered)


def _flagged_keys(
    table: ValueTable,
    findings: Sequence[Finding],
    named: Sequence[Window],
    by_key: Mapping[str, IntArray],
    breaks: str,
) -> list[tuple[int, int]]:
    """Return the values and intervals the findings name; where they name none, the most telling category."""
    flagged = [(window.first, window.last) for window in named][:MOST_FLAGGED_VALUES]
    if any(finding.code == MISSINGNESS for finding in findings):
        flagged.append((table.missing_key, table.missing_key))
    if flagged or table.is_bin:
        return flagged
    keys = [key for key in range(len(table.keys)) if key != table.other_key]
    key, _ = _most_telling(by_key["train"], by_key.get(breaks), keys)
    return [(key, key)]


def _told(
    label: LabelClasses,
    groups: Sequence[KeyGroup],
    named: Sequence[Window],
    counts: Mapping[str, IntArray],
    breaks: str,
) -> tuple[int, int]:
    """Return the row and the class that the picture is about."""
    if named:
        ends = (named[0].first, named[0].last)
        row = next(i for i, group in enumerate(groups) if (group.keys[0], group.keys[-1]) == ends)
        return row, label.names.index(named[0].class_name)
    places = [i for i, group in enumerate(groups) if group.is_flagged] or range(len(groups))
    return _most_telling(counts["train"], counts.get(breaks), places)


def shown_classes(label: LabelClasses, drafts: Sequence[Draft]) -> list[int]:
    """Return the classes that have a colour of their own, in every mix the same; further told ones follow.

    The class told of first, then the commonest in train; numbers keep their order.
    """
    if not drafts:
        return []
    if label.is_ordered:
        return list(range(len(label.classes)))
    everything = sum((counts.sum(axis=0) for counts in drafts[0].counts.values()), np.zeros(len(label.names)))
    train = drafts[0].counts["train"].sum(axis=0)
    told = list(dict.fromkeys(draft.told for draft in drafts))
    ordered = sorted(np.flatnonzero(everything).tolist(), key=lambda place: (-int(train[place]), place))
    shown = list(dict.fromkeys([told[0], *ordered]))[:MOST_CLASSES]
    return list(dict.fromkeys([*shown, *told]))


def class_mix(draft: Draft, shown: Sequence[int]) -> ClassMix:
    """Return a mix in which the classes without a colour are one."""
    places = {label_class: place for place, label_class in enumerate(shown)}
    own = [c for c in shown[:MOST_CLASSES] if c != draft.told]
    classes = sorted([*own, draft.told]) if draft.is_ordered else [draft.told, *own]
    rest = [c for c in range(draft.counts["train"].shape[1]) if c not in classes]
    has_rest = any(counts[:, rest].sum() > 0 for counts in draft.counts.values())
    columns = [[c] for c in classes] + ([rest] if has_rest else [])
    counts = {split: np.stack([n[:, c].sum(axis=1) for c in columns], axis=1) for split, n in draft.counts.items()}
    return ClassMix(
        column=draft.column,
        splits=tuple(counts),
        classes=(*(places[c] for c in classes), *([OTHER_CLASSES] if has_rest else [])),
        told=places[draft.told],
        told_row=draft.told_row,
        rows=tuple(_row(group, {split: n[i] for split, n in counts.items()}) for i, group in enumerate(draft.groups)),
        everything=_row(
            KeyGroup("all rows", (), from_data=False), {split: n.sum(axis=0) for split, n in counts.items()}
        ),
    )


def _row(group: KeyGroup, counts: Mapping[str, IntArray]) -> MixRow:
    return MixRow(
        group.name,
        {split: tuple(n.tolist()) for split, n in counts.items()},
        from_data=group.from_data,
        is_interval=group.is_interval,
        is_missing=group.is_missing,
        is_flagged=group.is_flagged,
    )


def _most_telling(train: IntArray, elsewhere: IntArray | None, places: Iterable[int]) -> tuple[int, int]:
    """Return the row and the class that meet most often beyond what their shares give for nothing.

    Where the link breaks in another split, what is left of it there is taken
    off. Of two classes, which tie, the rarer is told of.
    """
    beyond = _beyond_chance(train)
    if elsewhere is not None:
        beyond = beyond - _beyond_chance(elsewhere)
    per_class = train.sum(axis=0)
    cells = ((place, label) for place in places for label in np.flatnonzero(per_class).tolist())
    return max(cells, key=lambda cell: (round(float(beyond[cell]), 12), -int(per_class[cell[1]])))


def _beyond_chance(counts: IntArray) -> NDArray[np.float64]:
    n_rows = max(1, int(counts.sum()))
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n_rows
    beyond: NDArray[np.float64] = (counts - expected) / n_rows
    return beyond
