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

LABELLED = "SELECT row, features, y FROM alike_train WHERE y IS NOT NULL"


class ConflictingRows(Mend):
    """Drop the training rows that are alike in all features and have different labels.

    All of them, as nobody knows which label is right; or, with `--conflicts majority`, all but those of the commonest
    label, where one is commonest. Safe where the features are fine; where they are coarse, alike rows differ because a
    feature is not there that tells them apart, and without them the rest looks easier than it is.
    """

    codes: ClassVar[tuple[str, ...]] = ("LABEL001",)
    does: ClassVar[str] = "drop training rows that are alike but labelled differently (--conflicts)"

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
            what = "is alike to rows of the commonest label" if keeps_majority else "is alike to a row of another label"
            condition = f"row IN ({_minorities() if keeps_majority else _mixed()})"
            yield DropRows("LABEL001", what, judgement, "train", condition)


def _mixed() -> str:
    """Return SQL of all rows of groups with several labels."""
    groups = f"SELECT features FROM ({LABELLED}) GROUP BY features HAVING min(y) <> max(y)"
    return f"SELECT row FROM ({LABELLED}) WHERE features IN ({groups})"


def _minorities() -> str:
    """Return SQL of the rows of such groups but those of the commonest label; of all where two are as common."""
    counts = f"SELECT features, y, count(*) AS n FROM ({LABELLED}) GROUP BY features, y"
    best = f"SELECT features, max(n) AS best FROM ({counts}) GROUP BY features"
    commonest = (
        f"SELECT features, min(y) AS y FROM ({counts}) AS c JOIN ({best}) AS b USING (features) WHERE n = best "
        "GROUP BY features HAVING count(*) = 1"
    )
    kept = f"SELECT row FROM ({LABELLED}) AS l JOIN ({commonest}) AS k ON l.features = k.features AND l.y = k.y"
    return f"SELECT row FROM ({_mixed()}) WHERE row NOT IN ({kept})"
