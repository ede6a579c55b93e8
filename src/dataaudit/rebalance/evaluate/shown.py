"""An evaluation as a table for the terminal, 80 columns wide, and for the report."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from dataaudit.rebalance.evaluate.evaluation import Evaluation, Line
from dataaudit.rebalance.evaluate.scores import CORRECTED, SCORES
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD, title
from dataaudit.report.before_after import PageTable
from dataaudit.text import show_count, show_rounded

WIDTH = 80
NAME_WIDTH = 19
CELL_WIDTH = 12
INDENT = "  "


def evaluation_text(evaluation: Evaluation, width: int = WIDTH) -> str:
    """Return all that is printed."""
    return "\n".join(evaluation_lines(evaluation, width))


def evaluation_lines(evaluation: Evaluation, width: int = WIDTH) -> list[str]:
    """Return the lines: what was tried, a table for each model, the recommendation and what to know."""
    lines = wrap(_what(evaluation), width)
    for model in evaluation.models:
        lines += ["", *_table(evaluation, model)]
    lines += ["", *wrap(_legend(evaluation), width), ""]
    for reason in evaluation.reasons:
        lines += wrap(reason, width)
    lines += [line for note in evaluation.notes for line in wrap(f"note: {note}", width)]
    return lines


def evaluation_tables(evaluation: Evaluation) -> list[PageTable]:
    """Return a table for each model, for the report of what was written."""
    tables = []
    for model in evaluation.models:
        lines = [
            (
                _title_of_page(evaluation, way, model),
                *(_cell_of_page(evaluation, way, model, score) for score in SCORES),
            )
            for way in evaluation.strategies
        ]
        heads = ("Trained with", *(_head(evaluation, score) for score in SCORES))
        note = f"{_what(evaluation)} In brackets: 95 % intervals of the difference to no resampling. "
        note += _of_threshold(evaluation)
        tables.append(PageTable(f"Ways of training a {model}", heads, tuple(lines), note=note))
    return tables


def _what(evaluation: Evaluation) -> str:
    rows = show_count(evaluation.n_rows, "row")
    if evaluation.n_rows < evaluation.n_rows_train:
        rows += f" of {evaluation.n_rows_train:,}"
    repeats = "" if evaluation.n_repeats == 1 else f", {evaluation.n_repeats} times over"
    return (
        f"Cross-validation on {rows}: {evaluation.n_folds} folds{repeats}, {evaluation.folds}. Only training parts "
        "are resampled; every score is of rows with their natural shares."
    )


def _legend(evaluation: Evaluation) -> str:
    return (
        "Second lines: 95 % intervals of the difference to no resampling (of the score itself in its own row), from "
        "the folds, corrected for the training rows they share. A + or - behind a score: better or worse than no "
        f"resampling beyond chance. Recall is at a precision of {evaluation.precision:g}. Lower is better for log "
        f"loss and calibration error. {_of_threshold(evaluation)}"
    )


def _table(evaluation: Evaluation, model: str) -> Iterator[str]:
    yield f"{model:<{NAME_WIDTH}}" + "".join(f"{score.head:>{CELL_WIDTH}}" for score in SCORES.values())
    for way in evaluation.strategies:
        found = [evaluation.line(way, model, score) for score in SCORES]
        mark = "*" if way == evaluation.recommended_by_model[model] else " "
        name = f"{mark} {title(way)}"
        yield f"{name:<{NAME_WIDTH}}" + "".join(f"{_value(line):>{CELL_WIDTH}}" for line in found)
        yield " " * NAME_WIDTH + "".join(f"{_bounds(line):>{CELL_WIDTH}}" for line in found)
        if way == THRESHOLD and model in evaluation.thresholds:
            word = "threshold" if len(evaluation.shares) == 2 else "exponent"
            yield f"{INDENT}  {word} {_threshold(evaluation, model)}"
        corrected = [evaluation.line(way, model, CORRECTED[name]) if name in CORRECTED else None for name in SCORES]
        if any(corrected):
            label = f"{INDENT}  prior corrected"
            yield f"{label:<{NAME_WIDTH}}" + "".join(
                f"{_value(line) if line else '':>{CELL_WIDTH}}" for line in corrected
            )


def _threshold(evaluation: Evaluation, model: str) -> str:
    """Return what is decided by: of two classes a probability, of more an exponent."""
    value = evaluation.thresholds[model]
    return show_rounded(value) if len(evaluation.shares) == 2 else f"{value:.1f}"


def _of_threshold(evaluation: Evaluation) -> str:
    if len(evaluation.shares) == 2:
        return "The threshold, a median over the folds, is the probability from which the rarer class is told."
    return "With the exponent a, a median over the folds, the class with the largest probability / share^a is told."


def _title_of_page(evaluation: Evaluation, way: str, model: str) -> str:
    if way != THRESHOLD or model not in evaluation.thresholds:
        return title(way)
    word = "at" if len(evaluation.shares) == 2 else "exponent"
    return f"{title(way)} ({word} {_threshold(evaluation, model)})"


def _value(line: Line | None) -> str:
    if line is None:
        return "?"
    return f"{_short(line.value)} {_sign(line)}"


def _sign(line: Line) -> str:
    if line.difference_lower is None or line.difference_upper is None:
        return " "
    better_above = line.score in SCORES and SCORES[line.score].higher_is_better
    if line.difference_lower > 0:
        return "+" if better_above else "-"
    if line.difference_upper < 0:
        return "-" if better_above else "+"
    return " "


def _bounds(line: Line | None) -> str:
    if line is None:
        return ""
    is_own = line.strategy == NONE
    lower = line.lower if is_own else line.difference_lower
    upper = line.upper if is_own else line.difference_upper
    if lower is None or upper is None:
        return ""
    if not is_own and lower == upper == 0:
        return "the same"
    sign = "" if is_own else "+"
    return f"{_tiny(lower, sign)} {_tiny(upper, sign)}"


def _short(value: float) -> str:
    return f"{value:.3f}" if value >= 0.1 else f"{value:.4f}"


def _tiny(value: float, sign: str) -> str:
    """Return a number of at most five characters: +.012, .874, +1.23."""
    text = f"{value:{sign}.3f}" if abs(value) < 0.9995 else f"{value:{sign}.2f}"
    return text.replace("0.", ".", 1) if abs(value) < 0.9995 else text


def _head(evaluation: Evaluation, score: str) -> str:
    words = SCORES[score].title
    return words if "fixed" not in words else f"recall at precision {evaluation.precision:g}"


def _cell_of_page(evaluation: Evaluation, way: str, model: str, score: str) -> str:
    line = evaluation.line(way, model, score)
    if line is None:
        return "–"
    text = _short(line.value)
    if line.difference_lower is not None and line.difference_upper is not None:
        text += f" ({line.difference_lower:+.3f} to {line.difference_upper:+.3f})"
    corrected = evaluation.line(way, model, CORRECTED[score]) if score in CORRECTED else None
    return text if corrected is None else f"{text}; prior corrected {_short(corrected.value)}"
