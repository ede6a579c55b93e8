"""What SPLIT007 says of how much a split can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.measure.shifts.detectable import (
    ASSUMED_CORRELATION,
    ASSUMED_CORRELATION_OF_SCORES,
    ASSUMED_DISCORDANT,
    ASSUMED_R2,
    ASSUMED_SCORE,
)
from dataaudit.model import Evidence
from dataaudit.text import FromData, Text, show_count, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.shifts.power import TestPower

MOST_CLASSES_LISTED = 20


def show_points(share: float) -> str:
    """Return a share in percentage points.

    >>> show_points(0.1234)
    '12.3'
    """
    return show_number(round(100 * share, 1))


def message_of_classes(power: TestPower, needed: int, wanted: str, only: str = " only") -> Text:
    """Return what the rows of the smallest class tell, and how many would bring what is wanted."""
    smallest = _smallest_first(power)[0]
    n_rows = power.n_rows_by_class[smallest]
    n_small = sum(n < needed for n in power.n_rows_by_class)
    return Text(
        "{split} has {rows} of {smallest}: a recall of {recall} would be known to ± {width} percentage points{only}"
        "{zero}; {apart}. {small} fewer than the {needed} that bring it to {wanted}.",
        {
            "split": power.split,
            "rows": show_count(n_rows, "row"),
            "smallest": FromData(power.classes[smallest]),
            "recall": show_share(ASSUMED_SCORE),
            "width": show_points(power.recall_half_width_by_class[smallest]),
            "only": only,
            "zero": _zero_errors(n_rows),
            "apart": _apart(power.smallest_difference_recall_by_class[smallest]),
            "small": _small_words(n_small, len(power.classes)),
            "needed": show_count(needed, "row"),
            "wanted": wanted,
        },
    )


def evidence_of_classes(power: TestPower, needed: int) -> dict[str, Evidence]:
    """Return the numbers behind the sentence, and those of the twenty smallest classes."""
    ranked = _smallest_first(power)
    smallest, listed = ranked[0], ranked[:MOST_CLASSES_LISTED]
    n_rows = power.n_rows_by_class[smallest]
    return {
        "n_rows": power.n_rows,
        "smallest_class": FromData(power.classes[smallest]),
        "n_rows_smallest_class": n_rows,
        "half_width_recall": power.recall_half_width_by_class[smallest],
        "half_width_accuracy": power.accuracy_half_width,
        "half_width_accuracy_no_skill": power.accuracy_half_width_no_skill,
        "half_width_auc": power.auc_half_width,
        "smallest_difference_recall": power.smallest_difference_recall_by_class[smallest],
        "smallest_difference_accuracy": power.smallest_difference_accuracy,
        "smallest_difference_auc": power.smallest_difference_auc,
        "assumed_score": ASSUMED_SCORE,
        "assumed_share_of_rows_models_differ_on": ASSUMED_DISCORDANT,
        "assumed_correlation_of_scores": ASSUMED_CORRELATION_OF_SCORES,
        "share_errors_possible_without_one_seen": min(1.0, 3 / n_rows) if n_rows else 1.0,
        "n_classes": len(ranked),
        "n_classes_too_small": sum(n < needed for n in power.n_rows_by_class),
        "n_rows_needed": needed,
        "classes": [FromData(power.classes[place]) for place in listed],
        "n_rows_by_class": [power.n_rows_by_class[place] for place in listed],
        "half_width_recall_by_class": [power.recall_half_width_by_class[place] for place in listed],
        "smallest_difference_recall_by_class": [power.smallest_difference_recall_by_class[place] for place in listed],
    }


def message_of_target(power: TestPower, label: str, needed: int, wanted: float) -> Text:
    """Return what the rows tell of a numeric target, and how many would bring what is wanted."""
    return Text(
        "{split} has {rows} with {label}: an R² of {r2} would be known to ± {width} only, a mean error to ± {error} of "
        "it; two models' mean errors must lie {difference} of it apart to be told apart. {needed} bring R² to "
        "± {wanted}.",
        {
            "split": power.split,
            "rows": show_count(power.n_rows, "row"),
            "label": label,
            "r2": ASSUMED_R2,
            "width": f"{power.r2_half_width or 0.0:.2f}",
            "error": show_share(power.error_half_width or 0.0),
            "difference": show_share(power.smallest_difference_error or 0.0),
            "needed": show_count(needed, "row"),
            "wanted": show_number(wanted),
        },
    )


def evidence_of_target(power: TestPower, needed: int) -> dict[str, Evidence]:
    """Return the numbers behind the sentence."""
    return {
        "n_rows": power.n_rows,
        "half_width_r2": power.r2_half_width,
        "half_width_error": power.error_half_width,
        "smallest_difference_error": power.smallest_difference_error,
        "assumed_r2": ASSUMED_R2,
        "assumed_correlation_of_errors": ASSUMED_CORRELATION,
        "n_rows_needed": needed,
    }


def _smallest_first(power: TestPower) -> list[int]:
    """Return the places of the classes, those with the fewest rows first."""
    return sorted(range(len(power.classes)), key=lambda place: (power.n_rows_by_class[place], power.classes[place]))


def _zero_errors(n_rows: int) -> str:
    if n_rows == 0:
        return ""
    return f", and even without an error {show_share(min(1.0, 3 / n_rows))} may be wrong"


def _apart(difference: float) -> str:
    if difference >= 1:
        return "no two models can be told apart by it"
    return f"two models' recalls must lie {show_points(difference)} points apart to be told apart"


def _small_words(n_small: int, n_classes: int) -> str:
    words = "has" if n_small == 1 else "have"
    return f"{n_small:,} of {show_count(n_classes, 'class', 'classes')} {words}"
