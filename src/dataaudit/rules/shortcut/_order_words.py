"""The words and the picture of what the order of the rows tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.figures import Crosstab
from dataaudit.model import Task
from dataaudit.text import FromData, Text, show_share, show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.order import RowOrder
    from dataaudit.rules.shortcut._split_order import Following

MOST_CLASSES = 8
N_RUNS_SHOWN = 8


def order_message(facts: Facts, order: RowOrder, lower: float, following: Sequence[Following]) -> Text:
    """Return the sentence on the place in the file; `lower` is the lower bound of what it explains."""
    ends, values = _ends(facts, order)
    return Text(
        "The order of the rows of train tells {label}: the place in the file explains {explained} of its variance "
        "(at least {lower})" + ends + "{follows}.",
        {
            "label": facts.label,
            "explained": show_share(order.position.explained),
            "lower": show_share(lower),
            "follows": "".join(map(_follows, following)),
            **values,
        },
    )


def _follows(one: Following) -> str:
    return (
        f"; {one.split} lies on from its {one.end}: the labels are {show_share(one.drift.effect)} apart "
        f"(at least {show_share(max(0.0, one.drift.lower))})"
    )


def _ends(facts: Facts, order: RowOrder) -> tuple[str, dict[str, object]]:
    """Return words on the commonest class at both ends of the file; nothing in regression, or if it is the same."""
    if facts.info.task is Task.REGRESSION:
        return "", {}
    runs = order.grouped(N_RUNS_SHOWN)
    first, last = runs[0], runs[-1]
    head, tail = int(first.argmax()), int(last.argmax())
    if head == tail:
        return "", {}
    return "; of its first eighth {head_share} are {head}, of its last {tail_share} {tail}", {
        "head_share": show_share(float(first[head] / first.sum())),
        "head": FromData(facts.classes.classes[head]),
        "tail_share": show_share(float(last[tail] / last.sum())),
        "tail": FromData(facts.classes.classes[tail]),
    }


def order_fix(facts: Facts, following: list[str]) -> Text:
    """Return what to do; `following` are the splits that follow the order."""
    if following:
        return Text(
            "Put train and {splits} together, shuffle (`frame.sample(frac=1, random_state=0)`) and split again, "
            'stratified: `train_test_split(frame, stratify=frame["{label}"])`. If the order is that of time, say so: '
            "`dataaudit audit ... --time COLUMN`.",
            {"splits": following, "label": facts.label},
        )
    return Text(
        "Shuffle before batching (`frame.sample(frac=1, random_state=0)`), and do not split by position (KFold of "
        "scikit-learn with shuffle=True). If the order is that of time or of groups, say so: `dataaudit audit ... "
        "--time COLUMN --group COLUMN`.",
    )


def order_figure(facts: Facts, order: RowOrder) -> Crosstab | None:
    """Return runs of rows by class; nothing in regression."""
    if facts.info.task is Task.REGRESSION:
        return None
    runs = order.grouped(N_RUNS_SHOWN)
    commonest = np.argsort(-runs.sum(axis=0), kind="stable")[:MOST_CLASSES]
    names = tuple(show_value(facts.classes.classes[place]) for place in commonest)
    return Crosstab(
        "Runs of rows by class",
        "rows",
        tuple(f"{i + 1}. of {len(runs)} parts" for i in range(len(runs))),
        names,
        {"train": tuple(tuple(run[commonest].tolist()) for run in runs)},
    )
