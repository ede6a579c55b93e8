"""What a model that tells two splits apart comes to, in words: for train's other splits and for the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.rules.split._drift_words import called
from dataaudit.text import Text

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.shifts.joint import Carrier, JointDrift
    from dataaudit.model import Evidence

# A column that tells less alone, or whose loss costs less, is not named.
LEAST_ALONE = 0.6
LEAST_LOST = 0.005
MOST_NAMED = 3


def joint_message(found: JointDrift) -> Text:
    """Return one sentence: how well the splits are told apart, and by what."""
    template = (
        "A model tells the rows of {split} from those of {base} by their features: its AUC is {auc} (at least "
        "{lower}), where .5 is guessing"
    )
    if found.classes_matched:
        template += ", with the classes of both made equally common"
    named = telling(found)
    values: dict[str, object] = {
        "split": found.split,
        "base": called(found.base),
        "auc": show_auc(found.auc),
        "lower": show_auc(found.lower),
        "columns": [f"{carrier.column} ({show_auc(carrier.auc_alone)} alone)" for carrier in named],
    }
    if named:
        template += "; what tells it is {columns}"
        if is_only_joint(found):
            template += ", which only together do" if len(named) > 1 else ", with others"
    return Text(f"{template}.", values)


def is_only_joint(found: JointDrift) -> bool:
    """Return whether columns tell the splits apart, but none of them alone."""
    return bool(found.carriers) and all(carrier.auc_alone < LEAST_ALONE for carrier in found.carriers)


def joint_evidence(facts: Facts, found: JointDrift) -> dict[str, Evidence]:
    """Return the numbers of a joint drift, and the largest distance of any one column beside it."""
    distances = [drift.effect for drift in facts.drifts.get(found.split, {}).values()] if found.base == "train" else []
    return {
        "n_rows_base": found.n_base,
        "n_rows_other": found.n_other,
        "n_columns": found.n_columns,
        "n_columns_left_out": found.n_columns_left_out,
        "model": "extremely randomised trees, 3 folds",
        "classes_matched": found.classes_matched,
        "auc": found.auc,
        "auc_lower": found.lower,
        "auc_upper": found.upper,
        "columns": [carrier.column for carrier in found.carriers],
        "auc_of_column_alone": [carrier.auc_alone for carrier in found.carriers],
        "auc_lost_without_column": [carrier.auc_lost for carrier in found.carriers],
        "only_joint": is_only_joint(found),
        "largest_distance_of_one_column": max(distances, default=None),
    }


def show_auc(auc: float) -> str:
    """Return an area with two decimals.

    >>> show_auc(0.7), show_auc(1.0)
    ('.70', '1')
    """
    return "1" if auc > 0.995 else f"{auc:.2f}".removeprefix("0")


def telling(found: JointDrift) -> list[Carrier]:
    """Return the columns worth naming: without which the model tells less."""
    return [carrier for carrier in found.carriers if carrier.auc_lost >= LEAST_LOST][:MOST_NAMED]
