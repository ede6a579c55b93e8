"""Which rows a sample takes: decided by arithmetic on a row's number, so that every engine draws the same.

An engine's own hash would do on one engine, but no two engines share one, and
it may change with a version.
"""

from __future__ import annotations

# Draws are numbers of 31 bits, so that the product of two fits a signed 64-bit integer.
MASK = 2**31 - 1
# Of three linear congruential sequences: multipliers of a row's low and high bits, both below 2^26.
MULTIPLIERS = ((62_089_911, 22_576_131), (38_177_487, 43_112_609), (50_685_443, 29_943_829))
# How the seed enters each of them.
SEEDED = ((7_919, 104_729), (23_757, 314_194), (7_919, 104_828))
SHIFTS = (16, 17)


def draw_expression(seed: int, row: str = "row") -> str:
    """Return SQL of a number in [0, 2^31) that looks drawn at random for every row and seed.

    The middle bits of the product of three linear sequences: its gaps, blocks
    and remainders pass chi-square tests against independent draws
    (tests/engine/test_draw.py), which a product of two does not. The row's
    number stands in it a few times only; what stands in a statement twice is
    computed twice.
    """
    first, second, third = (
        f"(({row} & {MASK}) * {low} + ({row} >> 31) * {high} + {(seed * step + start) & MASK} & {MASK})"
        for (low, high), (step, start) in zip(MULTIPLIERS, SEEDED, strict=True)
    )
    return f"((({first} * {second} >> {SHIFTS[0]}) & {MASK}) * {third} >> {SHIFTS[1]} & {MASK})"


def draw_limit(n_rows: int, n_wanted: int) -> int:
    """Return what the draws of about `n_wanted` of `n_rows` rows lie below.

    >>> draw_limit(10, 10) == MASK + 1, draw_limit(100, 1) * 100 // MASK
    (True, 1)
    """
    return MASK + 1 if n_wanted >= n_rows else -(-(MASK + 1) * n_wanted // n_rows)
