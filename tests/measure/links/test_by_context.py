from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


def linked(n_rows: int = 1500, told_at_west: float = 0.9, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    site = random.choice(["north", "south", "west"], n_rows, p=[0.4, 0.4, 0.2])
    label = random.choice(["cat", "dog"], n_rows)
    told = random.random(n_rows) < np.where(site == "west", told_at_west, 0.9)
    source = np.where(told, label, random.choice(["cat", "dog"], n_rows))
    size = random.normal(size=n_rows) + (label == "cat")
    return pd.DataFrame({"source": source, "size": size, "site": site, "y": label})


def test_counts_are_those_of_pandas(measure):
    frame = linked()
    frame.loc[::11, "source"] = None
    frame.loc[::13, "y"] = None
    facts = measure(frame, context=["site"])
    table = facts.links.tables_by_context["source", "site"]
    keys = facts.tables["source"].keys
    for place, level in enumerate(table.levels):
        rows = frame[(frame["site"] == level) & frame["y"].notna()]
        for i, key in enumerate(keys):
            is_key = rows["source"].isna() if i == len(keys) - 1 else rows["source"] == key
            expected = [(is_key & (rows["y"] == name)).sum() for name in facts.dataset.classes]
            assert table.counts[place, i].tolist() == expected


def test_bins_of_numbers_are_those_of_their_table(measure):
    frame = linked()
    facts = measure(frame, context=["site"])
    table = facts.links.tables_by_context["size", "site"]
    assert table.counts.sum(axis=0).tolist() == facts.tables["size"].n_by_class["train"].tolist()


@pytest.mark.parametrize(("told", "apart"), [(0.9, (-0.15, 0.15)), (0.0, (0.6, 2.0))])
def test_a_link_that_one_level_lacks_is_a_loss_there(measure, told, apart):
    breaks = measure(linked(told_at_west=told), context=["site"]).links.context_breaks
    [west] = [one for one in breaks if (one.column, one.level) == ("source", "west")]
    assert west.n_rows + west.n_rows_elsewhere == 1500
    assert apart[0] < west.gain_elsewhere - west.gain < apart[1]


def test_levels_of_few_rows_are_not_listed(measure):
    frame = linked()
    frame.loc[:40, "site"] = "tiny"
    assert set(measure(frame, context=["site"]).links.tables_by_context["source", "site"].levels) == {
        "north",
        "south",
        "west",
    }


def test_features_that_tell_nothing_and_tables_without_context_are_not_counted(measure):
    frame = linked().assign(noise=np.random.default_rng(3).choice(["a", "b"], 1500))
    assert ("noise", "site") not in measure(frame, context=["site"]).links.tables_by_context
    assert measure(frame).links.tables_by_context == {}
    assert measure(frame).links.context_breaks == ()


def test_dates_are_binned_too(measure):
    frame = linked()
    days = np.where(frame["y"] == "cat", 0, 400) + np.random.default_rng(4).integers(0, 300, 1500)
    frame["seen"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D")
    facts = measure(frame, context=["site"])
    table = facts.links.tables_by_context["seen", "site"]
    assert table.counts.sum(axis=0).tolist() == facts.tables["seen"].n_by_class["train"].tolist()
