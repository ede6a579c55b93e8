"""What is said of each oddity of a target: the sentence, the evidence, the fix, the rows and the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.figures import Histogram
from dataaudit.intervals import wilson
from dataaudit.model import Evidence, Rows, shown_rows
from dataaudit.rules.label._target_figures import distance_figure, target_figure
from dataaudit.text import FromData, Text, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.target_shape import EndValue, TargetShape
    from dataaudit.rules.label._oddities import Code, Excess, Spike


@dataclass(frozen=True)
class Said:
    """All of a finding but its severity; `identity` tells the oddities of one target apart."""

    message: Text
    evidence: Mapping[str, Evidence]
    fix: Text
    identity: tuple[str, ...]
    rows: tuple[Rows, ...] = ()
    figure: Histogram | None = None


def say_cap(label: str, shape: TargetShape, spike: Spike) -> Said:
    """Say that more rows than usual stand at an end."""
    sign = "<" if spike.side == "high" else ">"
    return Said(
        Text(
            "{label} is exactly {value} in {rows}, its {end} value, while those next to it have {usual} each: it seems "
            "to be cut off there, or cannot go further.",
            {
                "label": label,
                "value": FromData(spike.end.value),
                "rows": _count(spike.end, shape),
                "end": "lowest" if spike.side == "low" else "highest",
                "usual": show_rounded(spike.usual, 2),
            },
        ),
        _spike_evidence(shape, spike),
        Text(
            "Find out which. If it was cut off, use a model for censored targets, or measure the error with these rows "
            "and without: `frame[frame[{label}] {sign} {value}]`.",
            {"label": repr(label), "sign": sign, "value": FromData(spike.end.value)},
        ),
        ("cap", spike.side),
        _rows(spike.end),
        target_figure(label, shape),
    )


def say_many_zeros(label: str, shape: TargetShape, spike: Spike) -> Said:
    """Say that zero has more rows than the values next to it lead to."""
    return Said(
        Text(
            "{label} is 0 in {rows}, while the values next to it have {usual} each.",
            {"label": label, "rows": _count(spike.end, shape), "usual": show_rounded(spike.usual, 2)},
        ),
        _spike_evidence(shape, spike),
        Text(
            "If 0 is a kind of its own (no claim, no sale), predict apart whether it is 0, `frame[{label}] == 0`, and "
            "how much it is otherwise, or use a Tweedie loss.",
            {"label": repr(label)},
        ),
        ("zero",),
        _rows(spike.end),
        target_figure(label, shape),
    )


def say_zero_apart(label: str, shape: TargetShape) -> Said:
    """Say that the positive values start far above the zeros."""
    lowest, following = shape.low[0], shape.low[1]
    return Said(
        Text(
            "{label} is 0 in {rows}, while its positive values start at {next}: does 0 stand for a missing target?",
            {"label": label, "rows": _count(lowest, shape), "next": FromData(following.value)},
        ),
        _share_evidence(shape, lowest) | {"next_value": FromData(following.value)},
        _drop_fix(label, 0.0),
        ("zero",),
        _rows(lowest),
        target_figure(label, shape),
    )


def say_code(label: str, shape: TargetShape, code: Code, is_most: bool) -> Said:
    """Say that a code stands at an end, and if it is most of it, its part of the variance."""
    variance = f" It makes {show_share(code.variance_share or 0.0)} of the target's variance." if is_most else ""
    return Said(
        Text(
            "{label} is {code} in {rows}; the next value is {next}, {gap} times the spread of all others away, so "
            "{again} seems to be a code (missing, or cut off).{variance}",
            {
                "label": label,
                "code": FromData(code.end.value),
                "rows": _count(code.end, shape),
                "next": FromData(code.next_value),
                "gap": show_rounded(code.gap, 2),
                "again": FromData(code.end.value),
                "variance": variance,
            },
        ),
        {
            **_share_evidence(shape, code.end),
            "next_value": FromData(code.next_value),
            "gap_per_spread": code.gap,
            "variance_share": code.variance_share,
            "variance_share_lower": code.variance_share_lower,
        },
        _drop_fix(label, code.end.value),
        ("code", code.side, str(code.place)),
        _rows(code.end),
        target_figure(label, shape),
    )


def say_heap(label: str, shape: TargetShape, excess: Excess) -> Said:
    """Say that more rows are multiples of a step than an even spread has."""
    heap = excess.heap
    return Said(
        Text(
            "{label} is a multiple of {step} in {round} of {rows} ({expected} if they were spread evenly): {share} of "
            "all rows, at least {lower}, seem to be rounded to it and the others are not.",
            {
                "label": label,
                "step": FromData(heap.step),
                "round": f"{heap.n_rows_round:,}",
                "rows": show_count(heap.n_rows, "training row"),
                "expected": show_rounded(excess.n_expected, 2),
                "share": show_share(excess.share),
                "lower": show_share(excess.lower),
            },
        ),
        {
            "step": FromData(heap.step),
            "step_per_spread": heap.step_per_spread,
            "n_rows_seen": int(shape.counts.sum()),
            "n_rows_near_multiples": heap.n_rows,
            "n_rows_at_multiples": heap.n_rows_round,
            "n_rows_expected": excess.n_expected,
            "share_in_excess": excess.share,
            "share_in_excess_lower": excess.lower,
            "share_in_excess_upper": excess.upper,
        },
        Text(
            "Ask how the number was taken. Judge a model by an error no finer than {step}, and compare its error on "
            "the round numbers with that on the others: `frame[{label}] % {again} == 0`.",
            {"step": FromData(heap.step), "label": repr(label), "again": FromData(heap.step)},
        ),
        ("heap",),
        figure=distance_figure(label, heap),
    )


def say_negative(label: str, shape: TargetShape, n_rows: int) -> Said:
    """Say that so many rows, codes left out, are negative where the others are not."""
    found = shape.negatives
    least = found.lowest_other if found else None
    lower, upper = wilson(n_rows, shape.n_rows)
    return Said(
        Text(
            "{label} is negative in {rows} of {all} ({share}), while all others are {least} or more.",
            {
                "label": label,
                "rows": f"{n_rows:,}",
                "all": show_count(shape.n_rows, "training row"),
                "share": show_share(n_rows / shape.n_rows),
                "least": FromData(least),
            },
        ),
        {
            "n_rows": shape.n_rows,
            "n_rows_negative": n_rows,
            "share_negative": n_rows / shape.n_rows,
            "share_lower": lower,
            "share_upper": upper,
            "highest_negative": FromData(found.highest if found else None),
            "lowest_other": FromData(least),
        },
        Text(
            "Look at them, `frame[frame[{label}] < 0]`: mend the sign, or drop the rows.",
            {"label": repr(label)},
        ),
        ("negative",),
        (shown_rows("train", found.numbers, found.n_rows),) if found and found.numbers else (),
        target_figure(label, shape),
    )


def say_infinite(label: str, shape: TargetShape) -> Said:
    """Say that cells are infinite."""
    n_all = shape.n_rows + shape.n_infinite
    return Said(
        Text(
            "{label} is infinite in {rows} of {all}: no error can be measured with them, and here they count as "
            "unlabelled.",
            {"label": label, "rows": f"{shape.n_infinite:,}", "all": show_count(n_all, "training row")},
        ),
        {"n_rows": n_all, "n_rows_infinite": shape.n_infinite, "share_infinite": shape.n_infinite / n_all},
        Text(
            "Find out what was divided by zero, or drop the rows: `frame = frame[numpy.isfinite(frame[{label}])]`.",
            {"label": repr(label)},
        ),
        ("infinite",),
    )


def _count(end: EndValue, shape: TargetShape) -> str:
    return f"{show_count(end.n_rows, 'training row')} ({show_share(end.n_rows / shape.n_rows)})"


def _share_evidence(shape: TargetShape, end: EndValue) -> dict[str, Evidence]:
    lower, upper = wilson(end.n_rows, shape.n_rows)
    return {
        "value": FromData(end.value),
        "n_rows": end.n_rows,
        "share": end.n_rows / shape.n_rows,
        "share_lower": lower,
        "share_upper": upper,
    }


def _spike_evidence(shape: TargetShape, spike: Spike) -> dict[str, Evidence]:
    return {
        "value": FromData(spike.end.value),
        "n_rows": spike.end.n_rows,
        "share": spike.end.n_rows / shape.n_rows,
        "share_in_excess_lower": spike.lower,
        "share_in_excess_upper": spike.upper,
        "n_rows_usual": spike.usual,
        "times_usual_lower": spike.times,
    }


def _drop_fix(label: str, value: float) -> Text:
    return Text(
        "If so, drop these rows before splitting: `frame = frame[frame[{label}] != {value}]`.",
        {"label": repr(label), "value": FromData(value)},
    )


def _rows(end: EndValue) -> tuple[Rows, ...]:
    return (shown_rows("train", end.numbers, end.n_rows),) if end.numbers else ()
