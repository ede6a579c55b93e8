"""Rules whose findings no mend answers, and what they need instead."""

from __future__ import annotations

from collections.abc import Iterable

from dataaudit.text import join_words

# By what is needed: it completes "what it needs is ...".
NEEDED = {
    "the data as they were before they were scaled, filled or resampled, which the files do not hold": (
        *("LEAK006", "LEAK007", "LEAK008", "SCALE006"),
    ),
    "another split: dataaudit split": ("LEAK004", "LEAK010", "LEAK011", "SPLIT006", "SPLIT007"),
    "other class shares: dataaudit rebalance": ("IMB001", "IMB002", "IMB003", "IMB004", "IMB005"),
    "somebody who knows what these rows are, or other rows": (
        *("RANGE001", "RANGE002", "RANGE003", "SPLIT001", "SPLIT002", "SPLIT003", "SPLIT004", "SPLIT005", "SPLIT009"),
        *("SPUR001", "SPUR002", "SPUR003", "SPUR004", "SPUR005", "SPUR006"),
    ),
    "somebody who labels these rows anew": ("LABEL003", "LABEL004"),
    "a step of the model, fitted on train, such as a scaler": ("SCALE001", "SCALE002", "SCALE003"),
}


def needed_for(code: str) -> str | None:
    """Return what the findings of a rule need, None if it has a mend.

    >>> needed_for("LEAK004"), needed_for("LEAK001")
    ('another split: dataaudit split', None)
    """
    return next((needed for needed, codes in NEEDED.items() if code in codes), None)


def without_mend_lines(codes: Iterable[str]) -> list[str]:
    """Return in words which of these rules have no mend, and what they need.

    >>> without_mend_lines(["LEAK004", "LEAK001", "LEAK011"])
    ['no mend for LEAK004 and LEAK011: what they need is another split: dataaudit split.']
    """
    wanted = set(codes)
    return [
        f"no mend for {join_words(sorted(wanted & set(own)), most=20)}: "
        f"what {'they need' if len(wanted & set(own)) > 1 else 'it needs'} is {needed}."
        for needed, own in NEEDED.items()
        if wanted & set(own)
    ]
