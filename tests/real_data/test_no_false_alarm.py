"""Random splits are alike, and permuted labels cannot be told: rules that say otherwise are wrong."""

from __future__ import annotations

import pytest
from tests.real_data.bundled import NAMES, SEEDS, above_info, audited, permuted, random_split, table

# Small tests are small however they are drawn.
TRUE_OF_SMALL_TABLES = ("SPLIT006", "SPLIT007")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_random_splits_after_dropping_repeated_rows(name, seed):
    train, test = random_split(table(name).drop_duplicates(), seed)
    result = audited(train, test, select=["SPLIT", "LEAK", "RANGE"], ignore=TRUE_OF_SMALL_TABLES)
    assert above_info(result, "SPLIT", "LEAK", "RANGE") == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_permuted_labels(name, seed):
    train, test = random_split(permuted(table(name), seed), seed)
    assert above_info(audited(train, test, select=["SPUR", "LEAK005"]), "SPUR", "LEAK005") == []
