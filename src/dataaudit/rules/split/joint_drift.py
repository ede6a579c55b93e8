"""SPLIT005: a model tells the rows of another split from those of train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.rules.split._joint_words import is_only_joint, joint_evidence, joint_message, telling
from dataaudit.text import Text

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts import joint


@dataclass(frozen=True)
class JointDrift(Rule):
    """A model tells the rows of another split from those of train by their features.

    What it does
    ------------
    Trains extremely randomised trees to tell rows of the split from rows of
    train, at most 2,000 of each, on two thirds of them, and scores the last
    third, in turn. Missing cells count as values. Where both splits have
    classes, the rows of train are weighted so that every class is as common
    as in the split: that the classes differ is SPLIT001's. Copies of a row,
    and rows of one group, stay together, and count as one in the interval.
    Where the splits differ, it is measured which columns tell: how well each
    does alone, and what the model loses without it.

    Why it matters
    --------------
    Columns may look alike one by one and still differ together: height and
    weight that go together in train and not in test. Whatever a model learns
    from both is then wrong in test.

    Flagged
    -------
    Two columns that rise together in train, and of which one rises where the
    other falls in test: the model's AUC is .9, though no column differs.

    Clean
    -----
    A random split: an AUC near .5, whatever the model.

    Thresholds
    ----------
    lower_min : area in [0, 1], default 0.55
        A warning if the lower bound of the 95 % interval of the AUC lies
        above this; .5 is guessing.
    error_auc : area in [0, 1], default 0.7
        An error if the AUC itself is above this, too.

    Limits
    ------
    Looks at no texts and no embeddings, and at 500 columns at most. Of a few
    hundred rows a model learns only plain differences. Declared identifiers
    and times are not looked at: they must differ; nor are columns in another
    unit or scaled otherwise (SPLIT008, SCALE006). How much the splits differ
    is told for all rows; a difference in one row of a hundred moves no AUC.

    Fix
    ---
    Find out how the columns named came about in both splits. If the split was
    meant to be random, shuffle and split again.

    References
    ----------
    Lopez-Paz and Oquab, ICLR (2017), for the test; DeLong, DeLong and
    Clarke-Pearson, Biometrics 44:837 (1988), and Obuchowski, Biometrics
    53:567 (1997), for the interval; Rabanser, Günnemann and Lipton, NeurIPS
    (2019).
    """

    code: ClassVar[str] = "SPLIT005"
    name: ClassVar[str] = "joint-drift"
    needs: ClassVar[tuple[Need, ...]] = (Need.OTHER_SPLIT,)
    trains_model: ClassVar[bool] = True

    lower_min: float = 0.55
    error_auc: float = 0.7

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per split."""
        found = facts.shifts.joint_drifts
        if not found:
            raise NotMeasurable("a model needs 50 rows of both splits, and a column that is no text")
        for drift in found.values():
            if drift.lower > self.lower_min:
                yield self._finding(facts, drift)

    def _finding(self, facts: Facts, drift: joint.JointDrift) -> Finding:
        columns = [carrier.column for carrier in telling(drift)]
        template = "Find out how {columns} came about in {split}" if columns else "Find out what made {split}"
        return self.finding(
            Severity.ERROR if drift.auc > self.error_auc else Severity.WARNING,
            joint_message(drift),
            splits=(drift.base, drift.split),
            evidence=joint_evidence(facts, drift),
            fix=Text(
                f"{template}; if the split was meant to be random, shuffle and split again; if {{split}} differs on "
                "purpose, say so beside its score"
                + (", and let no model rest on how these columns go together." if is_only_joint(drift) else "."),
                {"split": drift.split, "columns": columns},
            ),
        )
