"""Which rows a sample takes: decided by arithmetic on a row's number, so that every engine draws the same.

An engine's own hash would do on one engine, but no two engines share one, and
it may change with a version.
"""

from __future__ import annotations

# A prime below 2^31: the square of a remainder still fits a 64-bit integer.
MODULUS = 2**31 - 1
MULTIPLIER, MULTIPLIER_HIGH, MULTIPLIER_SEED = 48_271, 69_621, 7_919
STEP_FIRST, STEP_SECOND, STEP_LAST = 104_729, 16_807, 1_013_904_223


def draw_expression(seed: int, row: str = "row") -> str:
    """Return SQL of a number in [0, 2^31 - 1) that looks drawn at random for every row and seed.

    A polynomial of degree four of the row's number in the field of that many
    elements. Its gaps, blocks and remainders pass chi-square tests against
    independent draws (tests/engine/test_draw.py), which one of degree two does not.
    """
    offset = (seed * MULTIPLIER_SEED + STEP_FIRST) % MODULUS
    line = f"(({row} % {MODULUS} * {MULTIPLIER} + {row} // {MODULUS} * {MULTIPLIER_HIGH} + {offset}) % {MODULUS})"
    squared = f"(({line} * {line} + {line}) % {MODULUS} * {STEP_SECOND} % {MODULUS})"
    return f"({squared} * {squared} + {STEP_LAST}) % {MODULUS}"


def draw_limit(n_rows: int, n_wanted: int) -> int:
    """Return what the draws of about `n_wanted` of `n_rows` rows lie below.

    >>> draw_limit(10, 10) == MODULUS, draw_limit(100, 1) * 100 // MODULUS
    (True, 1)
    """
    return MODULUS if n_wanted >= n_rows else -(-MODULUS * n_wanted // n_rows)
