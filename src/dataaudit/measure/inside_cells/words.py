"""The words of texts: which of them may tell something, and how much each tells.

A word is a run of ASCII letters, digits and underscores, small and capital
alike. Padded, a text is its words with one space before, between and after,
so that it holds a word where it contains it between two spaces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.measure.association import SMOOTHINGS, KeySums, squared_errors
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

N_WORDS = 20
MOST_CLASS_WORDS = 40
# P times the number of rows: of words that know nothing of two classes, one in twenty explains so much by luck.
LEAST_GAIN = 3
NO_WORD = re.compile(r"\W+", re.ASCII)


def padded(cell: str) -> str:
    r"""Return SQL for the words of a text, one space around each; empty where the cell is missing.

    >>> padded("c")
    "coalesce(' ' || regexp_replace(lower(c), '\\W+', ' ', 'g') || ' ', '')"
    """
    return f"coalesce(' ' || regexp_replace(lower({cell}), '\\W+', ' ', 'g') || ' ', '')"


def words_of(text: str) -> set[str]:
    """Return the words of a text.

    >>> sorted(words_of("A dog, a CAT."))
    ['a', 'cat', 'dog']
    """
    return set(NO_WORD.split(text.lower())) - {""}


def class_shares(facts: Facts) -> list[float]:
    """Return the shares of the commonest classes in train, or none of a numeric target."""
    if facts.info.task is Task.REGRESSION:
        return []
    counts = np.sort(facts.classes.counts["train"])[::-1][:MOST_CLASS_WORDS]
    n_rows = facts.dataset.relations["train"].n_rows
    return [float(n) / n_rows for n in counts if n > 0]


def words_to_try(words: Sequence[set[str]], n_rows: Sequence[int], n_all: int, shares: Sequence[float]) -> list[str]:
    """Return the 20 words that nearest to half of all rows hold, and one a class that as many rows hold as it has.

    A word that all rows hold, or a single one, tells nothing. How the words
    go with the label is not asked: the choice is none that luck could make.

    >>> words_to_try([{"seen", "ill"}, {"seen", "well"}], [4, 6], 10, [0.6, 0.4])
    ['ill', 'well']
    """
    held: Counter[str] = Counter()
    for of_value, n in zip(words, n_rows, strict=True):
        held.update(dict.fromkeys(of_value, n))

    def by_halving(word: str) -> tuple[int, str]:
        return -held[word] * (n_all - held[word]), word

    def by_class(word: str) -> tuple[float, str]:
        return min(max(held[word] / (n_all * share), n_all * share / held[word]) for share in shares), word

    parting = sorted((word for word, n in held.items() if 1 < n < n_all), key=by_halving)
    chosen = set(parting[:N_WORDS]) | set(sorted(parting, key=by_class)[: len(shares)] if shares else ())
    return [word for word in parting if word in chosen]


def words_to_try_of_rows(
    facts: Facts, relation: str, cells: Sequence[str], n_all: int, shares: Sequence[float]
) -> Mapping[str, list[str]]:
    """Return for each column of padded texts what `words_to_try` returns of its rows."""
    listed = ", ".join(cells)
    long = f"(UNPIVOT (SELECT {listed} FROM {relation}) ON {listed} INTO NAME name VALUE cell)"
    split = f"SELECT name, unnest(list_distinct(string_split(cell, ' '))) AS word FROM {long}"
    counted = f"SELECT name, word, count(*) AS n FROM ({split}) WHERE word <> '' GROUP BY ALL"
    parting = (
        f"SELECT name, word, n * ({n_all} - n) AS halving, {_ratio(n_all, shares)} AS ratio FROM ({counted}) "
        f"WHERE n > 1 AND n < {n_all}"
    )
    found = facts.dataset.engine.rows(
        f"SELECT name, word FROM ({parting}) "
        f"QUALIFY row_number() OVER (PARTITION BY name ORDER BY halving DESC, word) <= {N_WORDS} "
        f"OR row_number() OVER (PARTITION BY name ORDER BY ratio, word) <= {len(shares)} "
        "ORDER BY name, halving DESC, word"
    )
    by_cell: dict[str, list[str]] = {}
    for cell, word in found:
        by_cell.setdefault(str(cell), []).append(str(word))
    return by_cell


def _ratio(n_all: int, shares: Sequence[float]) -> str:
    """Return SQL for how many times more, or fewer, rows hold a word than the class nearest to it has."""
    sizes = [f"CAST('{n_all * share!r}' AS DOUBLE)" for share in dict.fromkeys(shares)]
    ratios = [f"greatest(CAST(n AS DOUBLE) / {size}, {size} / CAST(n AS DOUBLE))" for size in sizes]
    return f"least({', '.join(ratios)})" if len(ratios) > 1 else "".join(ratios) or "0.0"


def order_of_words(
    sums_of: Callable[[IntArray], KeySums], held: IntArray, of_cells: IntArray, of_missing: IntArray
) -> IntArray:
    """Return the places of the words that explain something, those that explain most first.

    Parameters
    ----------
    sums_of : function of counts per class, one key in each row, to the sums behind P
    held : array of shape (n_words, n_classes)
        Rows that hold each word.
    of_cells, of_missing : array of shape (n_classes,)
        Rows with a cell, and without.
    """
    keys = [sums_of(held), sums_of(of_cells - held), sums_of(of_missing[None, :])]
    total = np.sum([np.broadcast_to(key.sum_of_squares, len(held)) for key in keys], axis=0)
    n_rows = int(of_cells.sum() + of_missing.sum())
    errors = np.min(
        [np.sum([np.broadcast_to(squared_errors(key, a), len(held)) for key in keys], axis=0) for a in SMOOTHINGS],
        axis=0,
    )
    gain = total * (n_rows / max(1, n_rows - 1)) ** 2 - errors
    # Rounded, so that words alike but for the last digit stand in the order they came in.
    rounded = np.round(gain / np.maximum(total, np.finfo(np.float64).tiny), 12)
    order: IntArray = np.argsort(-rounded, kind="stable")
    telling: IntArray = order[rounded[order] * n_rows > LEAST_GAIN]
    return telling


def first_held(holds: BoolArray, missing: BoolArray) -> IntArray:
    """Return the place of the first word each item holds; then comes that it holds none, then the missing cell.

    >>> first_held(np.array([[False, True, False], [True, True, False]]), np.array([False] * 3)).tolist()
    [1, 0, 2]
    """
    codes = np.where(holds.any(axis=0), holds.argmax(axis=0), len(holds))
    return np.where(missing, len(holds) + 1, codes)
