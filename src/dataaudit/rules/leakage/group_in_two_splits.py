"""LEAK003: a declared group has rows in train and in another split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.model import MAX_ROWS_SHOWN, Evidence, Finding, Role, Rows, Severity
from dataaudit.rules._base import Mended, Need, Rule
from dataaudit.rules.leakage._impact import with_impact
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.rows import GroupOverlap

FIX = (
    "Put all rows into one `table` and split it again so that every {column} lies in one split: scikit-learn's "
    "`train_places, test_places = next(GroupShuffleSplit(1, test_size=0.2, random_state=0).split(table, "
    'groups=table["{column}"]))`, or move the torn ones only, `dataaudit fix ... --select LEAK003`; audit the result '
    "with `--group {column}`."
)
# To deal the groups out anew would undo the cut in time.
FIX_AFTER_CUT = (
    "Keep the cut in time and take out of {split} every {column} that train has, or those before the cut out of train, "
    "and audit the result with `--group {column}`; if in use known ones come back, do not declare it."
)


@dataclass(frozen=True)
class GroupInTwoSplits(Rule):
    """Rows of one declared group stand in train and in another split.

    What it does
    ------------
    Compares the values of every column declared with --group: a patient,
    station, user or photo that has rows in train and in another split. Says
    how many rows and groups, of those with a value, and how much of the
    label's variance the group alone explains in train, and lists the first
    20 of these rows, each with the first row of its group in train. Where
    --time is declared and the split follows train, these groups stand before
    and after the cut.

    Why it matters
    --------------
    Rows of one group are alike beyond what the features mean. A model that
    recognises the patient knows the diagnosis; on a new patient it does not.

    Flagged
    -------
    Station ST01 has 700 windows in train and 300 in test.

    Clean
    -----
    Every station lies wholly in train or wholly in test.

    Thresholds
    ----------
    None: a column is declared as a group because its groups must not be torn.

    Limits
    ------
    Only declared columns are judged, by exact equality of their values;
    rows without a group are left out.

    Fix
    ---
    Split again by groups, for instance with scikit-learn's GroupShuffleSplit
    or StratifiedGroupKFold, or `dataaudit split --group COLUMN`. `dataaudit fix
    TRAIN --test TEST --group COLUMN --select LEAK003` moves the torn groups only.
    After a cut in time: take the groups that train has out of the later split.

    References
    ----------
    Roberts et al., Ecography 40:913 (2017); Saeb et al., GigaScience 6(5)
    (2017).
    """

    code: ClassVar[str] = "LEAK003"
    name: ClassVar[str] = "group-in-two-splits"
    needs: ClassVar[tuple[Need, ...]] = (Need.GROUP, Need.OTHER_SPLIT)

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per group column and split."""
        for column, overlaps in facts.group_overlaps.items():
            for split, overlap in overlaps.items():
                if overlap.n_groups_shared > 0:
                    finding = self._finding(facts, column, split, overlap)
                    yield _with_cost(facts, overlap, finding)

    def _finding(self, facts: Facts, column: str, split: str, overlap: GroupOverlap) -> Finding:
        association = facts.associations.get(column)
        follows = _follows_train(facts, split)
        share_rows = overlap.n_rows_shared / max(1, overlap.n_rows)
        share_groups = overlap.n_groups_shared / max(1, overlap.n_groups)
        message = Text(
            "{n_shared} of the {rows} with a {column} ({share}) {verb} to one that has rows in train too: "
            "{groups} of the {all_groups} in {split}, such as {examples}{cut}{power}.",
            {
                "n_shared": f"{overlap.n_rows_shared:,}",
                "rows": show_count(overlap.n_rows, f"{split} row"),
                "verb": "belongs" if overlap.n_rows_shared == 1 else "belong",
                "split": split,
                "share": show_share(share_rows),
                "column": column,
                "groups": f"{overlap.n_groups_shared:,}",
                "all_groups": show_count(overlap.n_groups, "group"),
                "examples": [FromData(example) for example in overlap.examples[:3]],
                "cut": ", before and after the cut in time" if follows else "",
                "power": _power_words(association),
            },
        )
        evidence: dict[str, Evidence] = {
            "n_rows": overlap.n_rows,
            "n_rows_shared": overlap.n_rows_shared,
            "share_rows_shared": share_rows,
            "n_groups": overlap.n_groups,
            "n_groups_shared": overlap.n_groups_shared,
            "share_groups_shared": share_groups,
            "n_groups_train": overlap.n_groups_train,
            "groups": [FromData(example) for example in overlap.examples],
        }
        if follows:
            evidence["n_groups_before_and_after_cut"] = overlap.n_groups_shared
        if association is not None:
            evidence["share_label_explained"] = association.explained
        return self.finding(
            Severity.ERROR,
            message,
            columns=(column,),
            splits=("train", split),
            evidence=evidence,
            fix=Text(FIX_AFTER_CUT if follows else FIX, {"column": column, "split": split}),
            mended=Mended("drops their training rows") if follows else None,
            rows=_shared_rows(split, overlap),
        )


def _follows_train(facts: Facts, split: str) -> bool:
    """Return whether a time is declared by which every row of the split is later than train."""
    if not facts.info.with_role(Role.TIME):
        return False
    try:
        overlap = facts.time_overlaps.get(split)
    except NotMeasurable:
        return False
    return overlap is not None and overlap.n_rows_overlapping == 0


def _with_cost(facts: Facts, overlap: GroupOverlap, finding: Finding) -> Finding:
    return with_impact(facts, finding, lambda: facts.impact.of_groups(overlap.split, overlap.column))


def _shared_rows(split: str, overlap: GroupOverlap) -> tuple[Rows, ...]:
    # In the order of the pairs: the first row listed of the split belongs to the group of the first listed of train.
    pairs = overlap.pairs[:MAX_ROWS_SHOWN]
    more = overlap.n_rows_shared > len(pairs)
    return (
        Rows(split, tuple(row for row, _ in pairs), truncated=more),
        Rows("train", tuple(first for _, first in pairs), truncated=more),
    )


def _power_words(association: Association | None) -> str:
    if association is None:
        return ""
    return f". The group alone explains {show_share(max(0.0, association.explained))} of the label's variance"
