r"""Files with both \n and \r\n, as they come from editors of two systems."""

from __future__ import annotations

import pytest
from tests.load.loading import ROWS, cells

from dataaudit.errors import InputError

X = [float(x) for x, _ in ROWS]
LINES = ["x,y", *(f"{x},{y}" for x, y in ROWS)]


@pytest.mark.parametrize("n_first", [1, 3, 4])
@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\r\n", "\n")])
def test_a_mixture(load_table, write, n_first, ends):
    text = "".join(f"{line}{ends[i >= n_first]}" for i, line in enumerate(LINES))
    assert cells(load_table(write(text)), "x") == X


def test_what_stands_inside_quotes_is_kept(load_table, write):
    found = cells(load_table(write('x,y\r\n"a\r\nb",cat\n"c\nd",dog\n')), "x")
    assert found == ["a\r\nb", "c\nd"]


def test_a_mixture_below_blank_lines_and_behind_a_byte_order_mark(load_table, write):
    assert cells(load_table(write("\ufeff\n\n" + "\n".join(LINES) + "\r\n")), "x") == X


def test_a_mixture_that_is_not_utf_8_either(load_table, write):
    dataset = load_table(write("x,y\r\n1,Käfer\n2,dog\n".encode("cp1252")))
    assert dataset.classes == ("Käfer", "dog")


def test_a_mixture_with_an_open_quote(load_table, write):
    with pytest.raises(InputError, match=r"t\.csv"):
        load_table(write('x,y\r\n1,cat\n"2,dog\n'))
