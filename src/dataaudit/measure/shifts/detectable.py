"""How much so many rows can tell: half widths of scores, and the differences between two models that they show.

Pure functions of counts. Rows count as independent; every interval is of
95 %, every difference is found with a power of 80 % by a two-sided test at 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from dataaudit.intervals import wilson

# Folds of the cross-validation that is meant where train alone is there, here and in IMB003: scikit-learn's default.
N_FOLDS = 5
# The score a model is supposed to have: recall, accuracy and AUC alike.
ASSUMED_SCORE = 0.9
ASSUMED_R2 = 0.5
# Share of the rows that one of two models gets right and the other wrong.
ASSUMED_DISCORDANT = 0.1
# Correlation of the absolute errors that two models make on the same row.
ASSUMED_CORRELATION = 0.8
# Correlation of the scores that two models give the rows of a class, and what it makes of two areas of .9 (simulated
# in the tests, as the table of Hanley and McNeil 1983 has it).
ASSUMED_CORRELATION_OF_SCORES = 0.8
CORRELATION_OF_AREAS = 0.72
# A useless model against one that never errs.
MOST_BETWEEN_AREAS = 0.5
Z_INTERVAL = 1.959964
Z_POWER = 0.841621
# Standard deviation of |e| over its mean, for normal e.
SPREAD_OF_NORMAL_ERRORS = math.sqrt(math.pi / 2 - 1)
# With fewer rows no two-sided sign test reaches 5 %: 2 / 2**5 > .05.
LEAST_ROWS_TO_COMPARE = 6


@lru_cache(maxsize=4096)
def half_width(n_rows: int, score: float = ASSUMED_SCORE) -> float:
    """Return half the width of Wilson's 95 % interval of a recall or an accuracy on so many rows.

    >>> round(half_width(100), 3), half_width(0)
    (0.06, 0.5)
    """
    lower, upper = wilson(score * n_rows, n_rows)
    return (upper - lower) / 2


def rows_needed(width: float) -> int:
    """Return the least number of rows on which a recall of .9 has at most that half width.

    >>> rows_needed(0.05), rows_needed(0.1)
    (141, 37)
    """
    if not 0 < width < 1:
        return 0
    low, high = 0, math.ceil(4 / width**2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if half_width(middle) <= width else (middle + 1, high)
    return low


def auc_half_width(n_positive: int, n_negative: int, auc: float = ASSUMED_SCORE) -> float | None:
    """Return half the width of the 95 % interval of an area under the ROC curve; None without rows of both classes.

    Hanley and McNeil, Radiology 143:29 (1982); at most .5. The rarer class
    should be the positive one: the formula, which is for exponential scores,
    is not symmetric, and the wider interval is then given.

    >>> round(auc_half_width(40, 200), 4), auc_half_width(0, 50)
    (0.0653, None)
    """
    if n_positive < 1 or n_negative < 1:
        return None
    return min(0.5, Z_INTERVAL * _auc_error(n_positive, n_negative, auc))


def _auc_error(n_positive: int, n_negative: int, auc: float) -> float:
    above_two, two_above = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    scatter = auc * (1 - auc) + (n_positive - 1) * (above_two - auc**2) + (n_negative - 1) * (two_above - auc**2)
    return math.sqrt(scatter / (n_positive * n_negative))


def macro_auc_half_width(n_rows_by_class: Sequence[int]) -> float | None:
    """Return half the width of the mean over classes of the AUC of each against the others, or a little more.

    The classes' areas share rows; the mean of their half widths is the half
    width of the mean if they move together, and too wide if they do not. Of
    two classes both areas are the same. Positive is always the rarer side.
    Classes without rows are left out; None if fewer than two have any.

    >>> round(macro_auc_half_width([200, 40]), 4), macro_auc_half_width([50])
    (0.0653, None)
    """
    n_all = sum(n_rows_by_class)
    widths = [auc_half_width(min(n, n_all - n), max(n, n_all - n)) for n in n_rows_by_class]
    known = [width for width in widths if width is not None]
    return sum(known) / len(known) if known else None


def smallest_difference_of_aucs(n_rows_by_class: Sequence[int]) -> float | None:
    """Return the smallest difference of two models' areas under the ROC curve that the rows show; None as above.

    Both models score the same rows, about as well, and their scores correlate
    by .8 within each class: Hanley and McNeil, Radiology 148:839 (1983). Of more
    than two classes as for the mean of their areas. 1 where no difference up to
    an area of 1 against one of .5 can be told.

    >>> round(smallest_difference_of_aucs([200, 40]), 3), smallest_difference_of_aucs([50])
    (0.07, None)
    """
    n_all = sum(n_rows_by_class)
    sides = [(min(n, n_all - n), max(n, n_all - n)) for n in n_rows_by_class]
    errors = [_auc_error(*pair, ASSUMED_SCORE) for pair in sides if pair[0] > 0]
    if not errors:
        return None
    error = sum(errors) / len(errors) * math.sqrt(2 * (1 - CORRELATION_OF_AREAS))
    difference = (Z_INTERVAL + Z_POWER) * error
    return difference if difference <= MOST_BETWEEN_AREAS else 1.0


@lru_cache(maxsize=4096)
def smallest_difference(n_rows: int) -> float:
    """Return the smallest difference of two models' accuracies, or recalls, that so many rows can show.

    Both models predict the same rows (McNemar's test). They disagree in being
    right on a tenth of them, or on as many as the difference asks for. 1 where
    not even a model that is always wrong could be told from one that is always
    right.

    >>> round(smallest_difference(100), 3), round(smallest_difference(10_000), 4), smallest_difference(5)
    (0.088, 0.0089, 1.0)
    """
    if n_rows < LEAST_ROWS_TO_COMPARE:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _rows_for(middle) <= n_rows else (middle, high)
    return high


def rows_for_difference(difference: float) -> int:
    """Return the least number of rows that can show a difference of two models' accuracies, or recalls.

    Connor, Biometrics 43:207 (1987), for McNemar's test.

    >>> rows_for_difference(0.02), rows_for_difference(0.05)
    (1960, 312)
    """
    if not 0 < difference <= 1:
        return 0
    return max(LEAST_ROWS_TO_COMPARE, math.ceil(_rows_for(difference)))


def _rows_for(difference: float) -> float:
    if difference <= 0:
        return math.inf
    discordant = max(ASSUMED_DISCORDANT, difference)
    root = Z_INTERVAL * math.sqrt(discordant) + Z_POWER * math.sqrt(discordant - difference**2)
    return (root / difference) ** 2


def r2_half_width(n_rows: int, r2: float = ASSUMED_R2) -> float:
    """Return half the width of the 95 % interval of a coefficient of determination; at most 1.

    Target and errors normal: Olkin and Finn, Psychological Bulletin 118:155 (1995).
    Heavy tails widen it.

    >>> round(r2_half_width(100), 3), r2_half_width(0)
    (0.139, 1.0)
    """
    if n_rows < 1:
        return 1.0
    return min(1.0, Z_INTERVAL * 2 * math.sqrt(r2 / n_rows) * (1 - r2))


def rows_needed_r2(width: float) -> int:
    """Return the least number of rows on which an R² of .5 has at most that half width.

    >>> rows_needed_r2(0.1), rows_needed_r2(0.2)
    (193, 49)
    """
    if not 0 < width < 1:
        return 0
    return math.ceil((Z_INTERVAL * 2 * (1 - ASSUMED_R2)) ** 2 * ASSUMED_R2 / width**2)


def mean_error_half_width(n_rows: int) -> float:
    """Return half the width of the 95 % interval of a mean absolute error, as a share of it, errors normal; at most 1.

    >>> round(mean_error_half_width(100), 3)
    0.148
    """
    return min(1.0, Z_INTERVAL * SPREAD_OF_NORMAL_ERRORS / math.sqrt(n_rows)) if n_rows > 0 else 1.0


def smallest_difference_of_errors(n_rows: int) -> float:
    """Return the smallest difference of two models' mean absolute errors that so many rows show, as a share of them.

    Errors are normal, and the absolute ones of two models correlate by .8.

    >>> round(smallest_difference_of_errors(100), 3)
    0.134
    """
    if n_rows < LEAST_ROWS_TO_COMPARE:
        return 1.0
    return min(1.0, _of_errors() / math.sqrt(n_rows))


def rows_for_difference_of_errors(difference: float) -> int:
    """Return the least number of rows that show a difference of mean absolute errors, given as a share of them.

    >>> rows_for_difference_of_errors(0.02)
    4481
    """
    if not 0 < difference <= 1:
        return 0
    return max(LEAST_ROWS_TO_COMPARE, math.ceil((_of_errors() / difference) ** 2))


def _of_errors() -> float:
    return (Z_INTERVAL + Z_POWER) * SPREAD_OF_NORMAL_ERRORS * math.sqrt(2 * (1 - ASSUMED_CORRELATION))
