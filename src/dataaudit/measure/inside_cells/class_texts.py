"""The class of a row, written out in a cell of a text column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import quote_text
from dataaudit.measure.inside_cells.words import NO_WORD, padded
from dataaudit.measure.labels import label_select

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

MAX_ROWS = 20_000
MOST_CLASSES = 50


@dataclass(frozen=True)
class ClassTexts:
    """Cells that hold the text of a class, as a word or words of their own.

    `share_own` of the rows hold the text of their own class, `share_other`
    that of another, in the mean over the other classes; `text` is the class
    whose rows hold theirs most often. Rows of the commonest 50 classes.
    """

    column: str
    n_rows: int
    share_own: float
    share_other: float
    text: str
    sampled: bool = False


def measure_class_texts(facts: Facts, column: str) -> ClassTexts | None:
    """Return how often a column's cells hold the text of their class; None without rows of classes that are words."""
    commonest = np.argsort(-facts.classes.counts["train"], kind="stable")[:MOST_CLASSES]
    texts = [facts.classes.classes[place] for place in commonest]
    texts = [text for text in texts if NO_WORD.sub("", text)]
    held, n_rows = _rows_that_hold(facts, column, texts)
    n_labelled, n_others = int(n_rows.sum()), int(n_rows.sum()) * (len(texts) - 1)
    if n_others <= 0:
        return None
    own = np.diag(held)
    return ClassTexts(
        column,
        n_labelled,
        share_own=float(own.sum()) / n_labelled,
        share_other=float(held.sum() - own.sum()) / n_others,
        text=texts[int(np.argmax(own))],
        sampled=facts.sample.leaves_out(MAX_ROWS),
    )


def _rows_that_hold(facts: Facts, column: str, texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return by the row's class how many rows hold each class's text, and how many there are."""
    rows = facts.sample.some_rows(MAX_ROWS)
    words = f"SELECT {padded(facts.dataset.sql_name(column))} AS words, {label_select(facts, 'train')} FROM {rows}"
    held = np.zeros((len(texts), len(texts)), dtype=np.int64)
    n_rows = np.zeros(len(texts), dtype=np.int64)
    counted = ", ".join(f"count(*) FILTER (WHERE contains(words, {quote_text(_padded_text(text))}))" for text in texts)
    if not texts:
        return held, n_rows
    place = {text: i for i, text in enumerate(texts)}
    found = facts.dataset.engine.rows(f"SELECT CAST(y AS VARCHAR), count(*), {counted} FROM ({words}) GROUP BY y")
    for text, n, *of_class in found:
        if text in place:
            n_rows[place[text]], held[place[text]] = n, of_class
    return held, n_rows


def _padded_text(text: str) -> str:
    """Return a text as `padded` writes it.

    >>> _padded_text("Not OK")
    ' not ok '
    """
    return f" {NO_WORD.sub(' ', text.lower())} "
