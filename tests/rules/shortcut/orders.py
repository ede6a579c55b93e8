"""Hand-made facts of row orders, and files in the order of the label, for the tests of SPUR004."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
from tests.rules.builders import MILLION, binary_facts

from dataaudit.measure.association import Association
from dataaudit.measure.links.order import RowOrder

HALF = MILLION // 2
SORTED = np.array([[HALF // 8, 0]] * 8 + [[0, HALF // 8]] * 8)
MIXED = np.array([[HALF // 16, HALF // 16]] * 16)


def told(explained: float, n_rows: int = MILLION, coding: str = "row number") -> Association:
    return Association("", explained, n_rows, 16, 1.0, coding=coding)


def row_order(position: float = 0.0, remainder: float = 0.0, split: str = "train", **given) -> RowOrder:
    blocks = given.pop("blocks", SORTED if position > 0 else MIXED)
    n_rows = int(blocks.sum())
    left = np.array([[n_rows // 2, 0], [0, n_rows // 2]])
    return RowOrder(split, told(position, n_rows), told(remainder, n_rows), 2, blocks, left, 0, 1000, **given)


def order_facts(order: RowOrder | None = None, *others: RowOrder, **facts) -> SimpleNamespace:
    """Return facts of a million rows of two classes in which nothing is wrong but what is given."""
    order = order or row_order()
    n_cat, n_dog = order.blocks.sum(axis=0).tolist()
    links = {
        "row_orders": {one.split: one for one in (order, *others)},
        "identifier_parts": facts.pop("identifier_parts", {}),
        "gap_pattern": facts.pop("gap_pattern", None),
        "file_origins": facts.pop("file_origins", None),
    }
    known = {"associations": {}, "missing_associations": {}, "identifiers": {}, "label_drifts": {}}
    return binary_facts(n_cat, n_dog, links=SimpleNamespace(**links), **{**known, **facts})


def in_order(table: pd.DataFrame, share: float, seed: int = 0) -> pd.DataFrame:
    """Return the rows in the order of the label, a share of them put into another row's place."""
    random = np.random.default_rng(seed)
    places = np.arange(len(table))
    moved = np.flatnonzero(random.random(len(table)) < share)
    places[moved] = random.permutation(places[moved])
    return table.sort_values("y", kind="stable").iloc[places].reset_index(drop=True)
