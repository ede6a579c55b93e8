"""LABEL001: rows alike in all features with different labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import ConfigError
from dataaudit.fix.edits import AnyEdit, DropRows
from dataaudit.fix.mend import MAJORITY, Mend, Wishes
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

OTHER_LABEL = "is alike to a row of another label"
OUTVOTED = "is alike to rows of a commoner label"
TIED = "is alike to as many rows of another label, so that no majority says which is right"
LABELLED = "SELECT row, features, y FROM alike_train WHERE y IS NOT NULL"


class ConflictingRows(Mend):
    """Drop the training rows that are alike in all features and have different labels.

    All of them, as nobody knows which label is right; or, with `--conflicts majority`, all but those of the commonest
    label, where one is commonest, and all where labels tie. Safe where the features are fine; where they are coarse,
    alike rows differ because a feature is not there that tells them apart, and without them the rest looks easier than
    it is.
    """

    codes: ClassVar[tuple[str, ...]] = ("LABEL001",)
    does: ClassVar[str] = "drop training rows that are alike but labelled differently (--conflicts)"
    also_unsafe: ClassVar[str] = "where the columns are coarse"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the rows of the groups with several labels."""
        keeps_majority = wishes.conflicts == MAJORITY
        if keeps_majority and facts.info.task is Task.REGRESSION:
            raise ConfigError(
                f"--conflicts majority: {facts.label!r} is a number, of which there is no majority",
                "leave --conflicts out: rows that contradict one another are dropped",
            )
        _ = facts.contradictions
        for finding in findings:
            judgement = "the features are coarse, rather than the labels wrong" if finding.evidence["coarse"] else None
            if not keeps_majority:
                yield DropRows("LABEL001", OTHER_LABEL, judgement, "train", f"row IN ({_mixed()})")
                continue
            won = f"SELECT features FROM ({_commonest()})"
            lost = f"SELECT row FROM ({_mixed()}) WHERE row NOT IN ({_kept()})"
            for what, which in ((OUTVOTED, "IN"), (TIED, "NOT IN")):
                own = f"SELECT row FROM alike_train WHERE features {which} ({won})"
                yield DropRows("LABEL001", what, judgement, "train", f"row IN ({lost}) AND row IN ({own})")


def _mixed() -> str:
    """Return SQL of all rows of groups with several labels."""
    groups = f"SELECT features FROM ({LABELLED}) GROUP BY features HAVING min(y) <> max(y)"
    return f"SELECT row FROM ({LABELLED}) WHERE features IN ({groups})"


def _commonest() -> str:
    """Return SQL of the commonest label of the rows with the same features, where no other is as common."""
    counts = f"SELECT features, y, count(*) AS n FROM ({LABELLED}) GROUP BY features, y"
    best = f"SELECT features, max(n) AS best FROM ({counts}) GROUP BY features"
    return (
        f"SELECT features, min(y) AS y FROM ({counts}) AS c JOIN ({best}) AS b USING (features) WHERE n = best "
        "GROUP BY features HAVING count(*) = 1"
    )


def _kept() -> str:
    """Return SQL of the rows of the commonest labels."""
    return f"SELECT row FROM ({LABELLED}) AS l JOIN ({_commonest()}) AS k ON l.features = k.features AND l.y = k.y"
