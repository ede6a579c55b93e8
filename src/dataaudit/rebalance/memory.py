"""How much memory a sampler needs, told before it starts; more than there is to be had is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dataaudit.errors import InputError
from dataaudit.model import Role

if TYPE_CHECKING:
    from dataaudit.engine.dataset import Dataset

BYTES_PER_CELL = 8
# The rows as points, twice over in the sampler, once as they are read, once as they are written.
TIMES_POINTS = 5
NEIGHBOURS = 12
SHARE_OF_MACHINE = 0.5
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?)B", re.IGNORECASE)
WORKING_MEMORY = 2**30
# Python, the engine and the libraries.
BYTES_AT_REST = 500_000_000


def bytes_needed(
    strategy: str,
    n_rows: int,
    n_new: int,
    n_numbers: int,
    sizes: tuple[int, ...],
    counts: Mapping[int, int],
    grown: tuple[int, ...],
) -> int:
    """Return about how many bytes a sampler needs at its peak.

    Parameters
    ----------
    strategy : str
    n_rows, n_new : int
        Rows that there are, and that are to be made.
    n_numbers : int
        Columns of numbers.
    sizes : tuple of int
        How many categories each column of them has.
    counts : mapping of class to rows
    grown : tuple of int
        Classes that grow.
    """
    width = n_numbers + sum(sizes)
    points = TIMES_POINTS * (n_rows + n_new) * width * BYTES_PER_CELL
    around = NEIGHBOURS * (n_rows + n_new) * 2 * BYTES_PER_CELL
    # Distances are held in blocks of scikit-learn's working memory; SMOTE's are within a class.
    largest = max((counts[code] for code in grown), default=0)
    within = strategy.startswith("smote")
    distances = min(WORKING_MEMORY, (largest if within else n_rows) * max(largest, 1) * BYTES_PER_CELL)
    votes = 0
    if strategy.startswith("smote") and sizes:
        # SMOTENC holds the categories of all neighbours of all new rows at once; SMOTEN all distances within a class.
        votes = 6 * n_new * width * BYTES_PER_CELL
        if not n_numbers:
            votes = 2 * largest * largest * BYTES_PER_CELL
    return BYTES_AT_REST + points + around + distances + votes


def bytes_allowed(memory_limit: str | None) -> int:
    """Return the limit that was set, else half of the machine's memory.

    >>> bytes_allowed("1.5GB"), bytes_allowed("2 MiB")
    (1500000000, 2097152)
    """
    if memory_limit is None:
        return int(SHARE_OF_MACHINE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    found = SIZE.fullmatch(memory_limit.strip())
    assert found is not None  # the settings take no other
    number, letter, binary = found.groups()
    return int(float(number) * (1024 if binary else 1000) ** ("KMGT".index(letter.upper()) + 1))


def show_bytes(n_bytes: int) -> str:
    """Return a size in words.

    >>> show_bytes(1_234_000_000), show_bytes(5_600_000)
    ('1.2 GB', '6 MB')
    """
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{max(1, round(n_bytes / 1e6))} MB"


def check_memory(strategy: str, needed: int, memory_limit: str | None) -> None:
    """Raise InputError if a sampler needs more memory than it may have."""
    allowed = bytes_allowed(memory_limit)
    if needed > allowed:
        limit = "half of this machine's" if memory_limit is None else "the limit of"
        raise InputError(
            f"{strategy} needs about {show_bytes(needed)} of memory, more than {limit} {show_bytes(allowed)}",
            "use random-over, random-under or weights, which need none to speak of, or raise --memory-limit",
        )


def first_guess(dataset: Dataset, strategy: str, n_new: int, counts: Mapping[int, int], grown: tuple[int, ...]) -> int:
    """Return about how many bytes are needed, from what loading the table has told."""
    from dataaudit.rebalance.features import MAX_CATEGORIES, NAMED, candidates

    n_numbers, sizes = 0, []
    surveys = dataset.surveys["train"]
    for column in candidates(dataset):
        n_distinct = surveys[column.name].n_distinct if column.name in surveys else 0
        if column.kind not in NAMED:
            n_numbers += 1
        elif n_distinct <= MAX_CATEGORIES:
            sizes.append(n_distinct + 1)
    n_rows = dataset.relations["train"].n_rows
    n_copied = sum(column.role is not Role.FEATURE for column in dataset.info.columns)
    own = bytes_needed(strategy, n_rows, n_new, n_numbers, tuple(sizes), counts, grown)
    return own + n_copied * (n_rows + n_new) * BYTES_PER_CELL
