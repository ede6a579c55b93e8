"""Ties are found where they are, and not where chance or copies of rows look like one."""

from __future__ import annotations

import numpy as np
import pytest

from dataaudit.rebalance.ties.finding import find_ties
from dataaudit.rebalance.ties.mending import MadeCells, mend_numbers
from dataaudit.rebalance.ties.table import TiedColumn, tied_table
from dataaudit.rebalance.ties.ties import Sum, half_up


def number(name, values):
    return TiedColumn(name, np.asarray(values, dtype=float), False, True, True, False)


def category(name, values, **named):
    return TiedColumn(name, np.asarray(values, dtype=float), True, False, False, False, **named)


def flag(name, values):
    return TiedColumn(name, np.asarray(values, dtype=float), True, False, True, False)


def text(name, values):
    return TiedColumn(name, np.asarray(values, dtype=float), False, False, False, False)


def ties_of(*columns):
    return find_ties(tied_table(columns, 0))


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize("n", [30, 300, 3000])
def test_nothing_is_tied_by_chance(n):
    """Sixty tables of unrelated columns of every kind, a third of them with repeated rows."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        kinds = [
            number("normal", rng.normal(size=n)),
            number("few", rng.integers(0, 9, n)),
            number("many", rng.integers(0, n, n)),
            number("gappy", np.where(rng.random(n) < 0.3, np.nan, rng.exponential(size=n))),
            category("five", rng.integers(0, 5, n)),
            category("forty", rng.integers(0, 40, n)),
            flag("rare", rng.random(n) < 0.02),
            flag("half", rng.random(n) < 0.5),
            text("name", rng.integers(0, n // 2, n)),
        ]
        rows = np.r_[np.arange(n), rng.integers(0, n, n // 10)] if seed % 3 == 0 else np.arange(n)
        kinds = [
            TiedColumn(one.name, one.values[rows], one.is_voted, one.is_between, one.is_number, one.is_date)
            for one in kinds
        ]
        assert ties_of(*kinds).notes == (), seed


def test_a_few_wrong_cells_untie_nothing_and_many_do(rng):
    town = rng.integers(0, 20, 5000)
    for n_wrong, is_tied in ((0, True), (10, True), (50, False), (1000, False)):
        region = town // 4
        region[:n_wrong] = (region[:n_wrong] + 1) % 5
        found = ties_of(category("town", town), category("region", region), number("x", rng.normal(size=5000)))
        assert (found.taken == {"town", "region"}) is is_tied, n_wrong


def test_repeated_rows_tie_no_numbers(rng):
    cells = rng.normal(size=(500, 6)).round(6)
    cells = np.vstack([cells, cells[rng.integers(0, 500, 300)]])
    assert ties_of(*(number(f"x{i}", column) for i, column in enumerate(cells.T))).taken == frozenset()


def test_what_neither_is_made_is_not_asked_of(rng):
    town = rng.integers(0, 20, 400)
    assert ties_of(text("town", town), text("region", town // 4), number("x", rng.normal(size=400))).sets == ()


def test_of_a_number_and_its_class_the_number_is_still_made(rng):
    age = rng.integers(18, 90, 600)
    found = ties_of(number("age", age), category("band", age // 20), number("x", rng.normal(size=600)))
    assert found.taken == {"band"}
    (within,) = found.within
    row = int(np.argmax(age >= 60))
    own = age[age // 20 == age[row] // 20]
    assert (within.lows[row], within.highs[row]) == (own.min(), own.max())


@pytest.mark.parametrize("n_flags", [2, 3, 7])
def test_indicators_of_which_one_is_on(rng, n_flags):
    kind, other = rng.integers(0, n_flags, 800), rng.integers(0, 4, 800)
    flags = [flag(f"k{i}", kind == i) for i in range(n_flags)] + [flag(f"o{i}", other == i) for i in range(4)]
    order = rng.permutation(len(flags))
    found = ties_of(*(flags[i] for i in order))
    assert sorted(map(sorted, found.sets)) == [[f"k{i}" for i in range(n_flags)], [f"o{i}" for i in range(4)]]
    # With rows of none there is no such set.
    kind[:5] = -1
    assert len(ties_of(*(flag(f"k{i}", kind == i) for i in range(max(3, n_flags)))).sets) == 0


def test_sums_are_found_whichever_way_they_are_written(rng):
    parts = rng.integers(0, 500, (400, 3))
    total = parts.sum(axis=1)
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        columns = [*(number(f"p{i}", parts[:, i]) for i in range(3)), number("total", total)]
        (found,) = ties_of(*(columns[i] for i in order)).sums
        assert (found.column, sorted(found.parts), found.weights) == ("total", ["p0", "p1", "p2"], (1.0, 1.0, 1.0))
    off = total.copy()
    off[:40] += 1
    assert not ties_of(*columns[:3], number("total", off)).sums


@pytest.mark.parametrize(("weight", "constant", "decimals"), [(0.17, 0, 2), (1.8, 32, 1), (1 / 3, 0, 3), (0.001, 5, 4)])
def test_what_another_tells_but_for_rounding(rng, weight, constant, decimals):
    known = rng.normal(500, 80, 2000).round(1)
    (found,) = ties_of(number("x", known), number("y", half_up(weight * known + constant, decimals))).sums
    new = rng.normal(500, 80, 2000).round(1)
    if found.column == "y":
        assert np.abs(found.of([new]) - half_up(weight * new + constant, decimals)).max() <= 1.01 * 10.0**-decimals
    else:
        assert np.array_equal(found.of([half_up(weight * known + constant, decimals)]), known)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_numbers_that_tell_one_another_the_finer_is_computed(rng, turned):
    minutes = rng.uniform(5, 300, 600).round(1)
    columns = [number("minutes", minutes), number("charge", half_up(0.17 * minutes, 2))]
    (found,) = ties_of(*(columns[::-1] if turned else columns)).sums
    # The other way round there would be prices of no minutes.
    assert (found.column, found.parts) == ("charge", ("minutes",))


def test_where_columns_are_too_many_it_is_said_what_was_searched(rng):
    cells = rng.normal(size=(60, 510)).round(3)
    few = ties_of(*(number(f"x{i}", cells[:, i]) for i in range(100)))
    assert few.bounds == ()
    assert few.notes == ()
    columns = [number(f"x{i}", cells[:, i]) for i in range(405)]
    columns += [flag(f"f{i}", cells[:, i] > 0) for i in range(405, 510)]
    (note,) = ties_of(*columns).notes
    assert note.endswith(
        "sums (500 of 510), orders (400 of 405), ranges of numbers (100 of 405), "
        "ranges by another column's value (100 of 105)."
    )


def test_orders_are_those_that_chance_would_not_give(rng):
    low = rng.integers(0, 100, 300)
    high, apart = low + rng.integers(0, 30, 300), rng.integers(1000, 2000, 300)
    found = ties_of(number("low", low), number("high", high), number("apart", apart)).orders
    assert [(one.low, one.high, one.is_strict) for one in found] == [("low", "high", False)]
    high[5] = low[5] - 1
    assert not ties_of(number("low", low), number("high", high)).orders


def test_a_number_that_one_category_keeps_low(rng):
    single = rng.random(500) < 0.4
    shares = np.where(single, 0, rng.integers(0, 4, 500))
    (found,) = ties_of(category("single", single), number("shares", shares)).ranges
    assert (found.column, found.by) == ("shares", "single")
    assert found.left(np.array([1.0, 1.0, 0.0, np.nan]), np.array([1, 0, 1, 1])).tolist() == [True, False, False, False]


def made(values, nearer, use=None, known=None):
    values, nearer = np.asarray(values), np.asarray(nearer)
    use = np.ones(len(values), dtype=bool) if use is None else np.asarray(use)
    known = np.arange(200) if known is None else np.asarray(known)
    return MadeCells(values, use, nearer, np.ones(len(values), dtype=bool), known)


def test_a_sum_beyond_all_rows_takes_the_parents_parts(rng):
    parts = rng.integers(0, 100, (400, 2))
    ties = ties_of(number("a", parts[:, 0]), number("b", parts[:, 1]), number("t", parts.sum(axis=1)))
    assert isinstance(ties.sums[0], Sum)
    cells = {"a": made([10, 90], [9, 50]), "b": made([20, 90], [21, 30]), "t": made([31, 111], [30, 80])}
    cells["t"].known = np.arange(120)
    mend_numbers(ties, cells, np.array([0, 1]), {})
    assert [cells[name].numbers().tolist() for name in "abt"] == [[10, 50], [20, 30], [30, 80]]


def test_the_range_of_a_category_is_kept_by_taking_both(rng):
    single = rng.random(500) < 0.4
    shares = np.where(single, 0, rng.integers(0, 4, 500))
    ties = ties_of(category("single", single), number("shares", shares))
    alone, other = int(np.argmax(single)), int(np.argmax(~single & (shares == 3)))
    cells = {"shares": made([2, 2], [3, 3])}
    voters = {"single": np.array([alone, other])}
    torn = mend_numbers(ties, cells, np.array([other, other]), voters)
    assert torn.tolist() == [True, False]
    assert cells["shares"].numbers().tolist() == [3, 2]
