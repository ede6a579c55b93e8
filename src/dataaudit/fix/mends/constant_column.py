"""DATA003: columns of one value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit, DropColumn
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.model import Severity

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


class ConstantColumn(Mend):
    """Drop the features that have one value in all training rows.

    Columns that are nearly constant stay. In very few rows a column may be constant by chance: that needs judgement.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA003",)
    does: ClassVar[str] = "drop the columns that have one value in all training rows"
    also_unsafe: ClassVar[str] = "in very few rows"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the columns that are wholly constant."""
        for finding in findings:
            if finding.evidence["n_rows_of_value"] == finding.evidence["n_rows"]:
                few = "so few rows may be alike by chance" if finding.severity is Severity.INFO else None
                yield DropColumn("DATA003", "has one value in all training rows", few, finding.columns[0])
