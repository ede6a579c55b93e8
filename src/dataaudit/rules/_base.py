"""What every rule is: a frozen dataclass of documented thresholds with one method, `judge`."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.figures import Figure
from dataaudit.model import Evidence, Finding, Rows, Severity
from dataaudit.text import Text

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

HEADINGS = (
    "What it does",
    "Why it matters",
    "Flagged",
    "Clean",
    "Thresholds",
    "Limits",
    "Fix",
    "References",
)


class Need(enum.StrEnum):
    """What a rule cannot do without; its value completes "skipped: ..."."""

    LABEL = "needs a label"
    CLASSES = "needs a label with classes"
    REGRESSION = "needs a numeric target"
    OTHER_SPLIT = "needs a test or validation split"
    GROUP = "needs a group column: declare it with --group"
    TIME = "needs a time column: declare it with --time"


@dataclass(frozen=True)
class Mended:
    """What `dataaudit fix` does about a finding: it completes "the command ..."; and whether only with --unsafe."""

    does: str
    unsafe: bool = False

    def said_after(self, fix: Text, code: str) -> Text:
        """Return the sentence of the fix, and behind it the command that does it.

        >>> str(Mended("drops the column", unsafe=True).said_after(Text("Drop {x}.", {"x": "a"}), "LEAK005"))
        'Drop a. `dataaudit fix ... --select LEAK005 --unsafe` drops the column.'
        """
        unsafe = " --unsafe" if self.unsafe else ""
        return Text(f"{fix.template} `dataaudit fix ... --select {code}{unsafe}` {self.does}.", fix.values)


@dataclass(frozen=True)
class Rule:
    """One kind of defect, judged from facts.

    A subclass is a frozen dataclass. Its docstring is its documentation: a
    summary line, then the sections in `HEADINGS`, each a heading line
    underlined with dashes. Its fields are its thresholds.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    needs: ClassVar[tuple[Need, ...]] = ()
    # Judged beside the rules that only count, while those keep the engine busy.
    trains_model: ClassVar[bool] = False
    # Judging nearly always grows trees: their library takes a second to import, so that is begun during loading.
    grows_trees: ClassVar[bool] = False

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield what is wrong, or nothing; raise `NotMeasurable` when it cannot be told."""
        raise NotImplementedError

    def finding(
        self,
        severity: Severity,
        message: Text,
        *,
        columns: Sequence[str] = (),
        splits: Sequence[str] = ("train",),
        evidence: Mapping[str, Evidence],
        fix: Text,
        rows: Sequence[Rows] = (),
        identity: Sequence[str] = (),
        figure: Figure | None = None,
        mended: Mended | None = None,
    ) -> Finding:
        """Build a finding that carries this rule's code and name; its fix ends with the command that mends it."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity,
            columns=tuple(columns),
            splits=tuple(splits),
            message=message,
            evidence=evidence,
            fix=fix if mended is None else mended.said_after(fix, self.code),
            rows=tuple(rows),
            identity=tuple(identity),
            figure=figure,
        )
