"""LABEL005, LABEL006: rows without a label, or with a code for a missing one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropRows
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.measure.labels import splits_with_label
from dataaudit.text import FromData, show_number

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

# A reference is a sample of the world, of use without labels.
LABELLED_SPLITS = ("train", "validation", "test")


class MissingLabel(Mend):
    """Drop the rows whose label is missing. Nothing can be learnt from them, and nothing measured on them."""

    codes: ClassVar[tuple[str, ...]] = ("LABEL005",)
    does: ClassVar[str] = "drop the rows without a label"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the unlabelled rows of every split that has a finding, unless none there has a label."""
        for finding in findings:
            split = finding.splits[-1]
            is_empty = finding.evidence["n_rows_unlabelled"] == finding.evidence["n_rows"]
            if split in LABELLED_SPLITS and not is_empty:
                yield DropRows(
                    "LABEL005", "has no label", None, split, f"{facts.dataset.sql_name(facts.label)} IS NULL"
                )


class CodedLabel(Mend):
    """Drop the rows whose target is a code such as -999, which stands for a missing one. Caps and heaps are left."""

    codes: ClassVar[tuple[str, ...]] = ("LABEL006",)
    does: ClassVar[str] = "drop the rows whose target is a code such as -999"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the rows of every split that hold the code."""
        codes = [finding for finding in findings if finding.identity and finding.identity[0].startswith("code")]
        for finding in codes:
            value = finding.evidence["value"]
            if not isinstance(value, FromData) or not isinstance(value.value, float | int):
                continue
            condition = f"{facts.dataset.sql_name(facts.label)} = CAST('{float(value.value)!r}' AS DOUBLE)"
            what = f"has the target {show_number(float(value.value))}, a code for a missing one"
            for split in splits_with_label(facts.dataset):
                if split in LABELLED_SPLITS:
                    yield DropRows("LABEL006", what, None, split, condition)
