"""Rounds: what one has written the next one reads, row numbers stay those of what came in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.fix.conftest import plain

from dataaudit.errors import ConfigError
from dataaudit.fix.choosing import chosen_codes
from dataaudit.fix.edits import DropColumn, DropRows, MoveRows, ReplaceCells
from dataaudit.fix.mend import Mend, discover, mend_lines
from dataaudit.rules import discover as rules


def test_rows_that_are_alike_only_once_cells_are_mended_go(mend):
    rng = np.random.default_rng(0)
    table = plain().assign(city=rng.choice(["Rome", "Ulm", "Bonn"], 300))
    table = pd.concat([table, table.iloc[:40].assign(city=table["city"][:40].str.upper())], ignore_index=True)
    mended = mend(table, "DATA")
    assert len(mended.train) == 300
    assert mended.dropped["row"].tolist() == list(range(300, 340))


def test_a_label_is_spelt_alike_before_rows_contradict_one_another(mend):
    table = pd.concat([plain(), plain().iloc[:40].assign(y=lambda frame: frame["y"] + " ")], ignore_index=True)
    mended = mend(table)
    assert len(mended.train) == 300
    assert set(mended.dropped["code"]) == {"DATA001"}


def test_rows_are_numbered_as_they_came_in_through_all_rounds(mend):
    # Moved to train in one round, a row is dropped there in the next: it is listed as the row of test that it was.
    train, test = plain().assign(who=np.arange(300) // 3), plain(150, seed=1).assign(who=200 + np.arange(150) // 3)
    test = pd.concat([train.iloc[[5]], test], ignore_index=True)
    mended = mend(train, "LEAK003", "DATA001", test=test, group="who")
    assert mended.dropped[["split", "row", "code"]].to_numpy().tolist() == [["test", 0, "DATA001"]]
    assert (len(mended.train), len(mended.test)) == (300, 150)
    assert any("DATA001" in line and "drop 1 row of test" in line for line in mended.done)


def test_edits_of_one_round_are_of_one_phase(plan):
    table = pd.concat([plain(), plain().iloc[:20]], ignore_index=True).assign(country="DE")
    assert [type(edit) for edit in plan(table).edits] == [DropColumn]
    assert [edit.phase for edit in (ReplaceCells("", ""), DropColumn("", ""), MoveRows("", ""), DropRows("", ""))] == [
        0,
        0,
        1,
        2,
    ]


def test_one_answer_at_a_time_to_the_same_cells(plan):
    words = np.where(np.arange(300) % 3 == 0, "?", np.where(np.arange(300) % 3 == 1, "red", "Red"))
    edits = plan(plain().assign(colour=words)).edits
    assert [(edit.code, edit.column) for edit in edits] == [("DATA002", "colour")]


def test_every_mend_is_documented_and_belongs_to_a_rule():
    assert set(discover()) <= set(rules())
    for mends in discover().values():
        for mend in mends:
            assert isinstance(mend, Mend)
            assert mend.__doc__
            assert mend.does
    assert len(mend_lines()) == len(discover())


@pytest.mark.parametrize("code", sorted(discover()))
def test_every_mended_rule_names_the_command(code):
    assert f"select {code}" in " ".join((rules()[code].__doc__ or "").replace("\n", " ").split())


def test_all_mends_but_those_ignored_are_chosen():
    assert chosen_codes((), (), ()) == tuple(discover())
    assert chosen_codes(("DATA",), (), ("DATA001", "spelling-variants")) == tuple(
        code for code in discover() if code.startswith("DATA") and code not in ("DATA001", "DATA007")
    )
    assert chosen_codes((), ("LEAK001", "SPUR"), ()) == ("LEAK001",)


@pytest.mark.parametrize(
    ("select", "message", "hint"),
    [
        (["SPUR001"], "--select: SPUR001 has no mend", "there are mends for DATA001, DATA002"),
        (["SCALE006"], "--select: SCALE006 has no mend", "what it needs is the data as they were before"),
        (["shortcut-value"], r"shortcut-value \(SPUR001\) has no mend", "there are mends for"),
        (["IMB"], "--select: IMB has no mend", "there are mends for"),
        (["DATO01"], "is neither a code", "did you mean 'DATA001'"),
    ],
)
def test_what_cannot_be_mended_is_named(select, message, hint):
    with pytest.raises(ConfigError, match=message) as error:
        chosen_codes(select, (), ())
    assert hint in (error.value.hint or "")


def test_nothing_is_left_where_all_is_ignored():
    with pytest.raises(ConfigError, match="no mend is left"):
        chosen_codes(("DATA001", "LEAK"), (), ("DATA", "LEAK00", "LEAK012"))


def test_only_frames_come_back_without_an_output(mend):
    with pytest.raises(ConfigError, match="no output was named"):
        mend("train.csv")


def test_it_does_not_run_on_spark(mend):
    from dataaudit.config import Settings
    from dataaudit.fix.api import plan_request

    with pytest.raises(ConfigError, match="fix does not run on spark"):
        plan_request(Settings(engine="spark"), (), unsafe=False, conflicts="drop")


def test_conflicts_are_dropped_or_decided(mend):
    with pytest.raises(ConfigError, match="conflicts is 'all'"):
        mend(plain(), conflicts="all")


@pytest.mark.parametrize(
    "odd",
    [
        {"nothing": np.nan},
        {"huge": [1e300, -1e300, *range(298)]},
        {"flag": np.arange(300) % 2 == 0},
        {"when": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(300), unit="h")},
        {'a "b", c': np.arange(300) * 0.7},
        {"row": np.arange(300) * 0.7, "place": 1.5},
    ],
    ids=["missing", "huge", "boolean", "times", "quotes", "names of ours"],
)
def test_odd_columns_come_through(mend, odd):
    table = plain().assign(**odd)
    mended = mend(table, unsafe=True)
    for name in mended.train.columns:
        pd.testing.assert_series_equal(mended.train[name], table[name])


def test_three_classes_and_numbers_and_few_rows_come_through(mend):
    rng = np.random.default_rng(0)
    for label in (rng.integers(0, 3, 300), rng.normal(size=300)):
        assert len(mend(plain().assign(y=label)).train) == 300
    assert len(mend(plain(4).assign(y=["a", "b", "a", "b"])).train) == 4
