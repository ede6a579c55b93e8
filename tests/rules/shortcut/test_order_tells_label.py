"""SPUR004 order-tells-label."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, above_info, association, binary_facts, class_table, drift, plain_table
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.measure.association import Association, Tried
from dataaudit.measure.columns import IdentifierShape
from dataaudit.measure.links.gaps import GapPattern
from dataaudit.measure.links.order import RowOrder
from dataaudit.model import ColumnInfo, Kind, Role, Severity
from dataaudit.rules.shortcut.order_tells_label import OrderTellsLabel

RULE = OrderTellsLabel()
HALF = MILLION // 2
SORTED = np.array([[HALF // 8, 0]] * 8 + [[0, HALF // 8]] * 8)
MIXED = np.array([[HALF // 16, HALF // 16]] * 16)
BOUNDARY_WARNING = [(0.3, 0), (0.302, Severity.WARNING), (1.0, Severity.WARNING)]


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
    }
    known = {"associations": {}, "missing_associations": {}, "identifiers": {}, "label_drifts": {}}
    return binary_facts(n_cat, n_dog, links=SimpleNamespace(**links), **{**known, **facts})


def name_facts(way: str, explained: float, kind: Kind = Kind.TEXT, shape: IdentifierShape | None = None, **given):
    """Return facts of an id that tells so much in one way, and nothing in others."""
    n_rows = given.pop("n_rows", MILLION)
    counts = np.array([[n_rows // 2, 0], [0, n_rows - n_rows // 2]])

    def read(p: float) -> Association:
        return Association("k", p, n_rows, None, 1.0, coding="its first character", tried=Tried(counts, 7))

    parts = {"k": {"part": read(0.0), "range": read(-0.01), "remainder": read(0.01), way: read(explained)}}
    declared = given.pop("declared", True)
    facts = order_facts(
        given.pop("order", None), identifier_parts=parts, identifiers={} if shape is None else {"k": shape}, **given
    )
    column = ColumnInfo("k", kind, given.get("role", Role.ID), declared)
    facts.info = SimpleNamespace(
        task=facts.info.task, column={"k": column}.__getitem__, with_role=lambda *_: (), label="y"
    )
    return facts


def gap_facts(explained: float, single: float = 0.0, n_rows: int = MILLION, n_cat: int | None = None):
    n_cat = n_rows // 2 if n_cat is None else n_cat
    counts = np.array([[n_cat, 0], [0, n_rows - n_cat]])
    read = Association(
        "", explained, n_rows, None, 1.0, coding="which cells of a row are missing", tried=Tried(counts, 2)
    )
    pattern = GapPattern(read, ("a", "b"), 2, 4)
    blocks = np.array(
        [[n_cat // 2, (n_rows - n_cat) // 2], [n_cat - n_cat // 2, n_rows - n_cat - (n_rows - n_cat) // 2]]
    )
    singles = {"a": association(single, n_rows, "a"), "b": association(-0.01, n_rows, "b")}
    return order_facts(row_order(blocks=blocks), gap_pattern=pattern, missing_associations=singles)


def time_facts(explained: float):
    table = class_table("at", {"early": (HALF, 0), "late": (0, HALF)})
    facts = order_facts(associations={"at": association(explained, column="at")}, tables={"at": table})
    facts.info = SimpleNamespace(
        task=facts.info.task, with_role=lambda *roles: (ColumnInfo("at", Kind.DATETIME, Role.TIME, True),), label="y"
    )
    return facts


def shape(**given) -> IdentifierShape:
    known = {"consecutive": False, "sorted_by_row": False, "name_suggests": False, **given}
    return IdentifierShape("k", MILLION, MILLION, MILLION, **known)


def in_order(table: pd.DataFrame, share: float, seed: int = 0) -> pd.DataFrame:
    """Return the rows in the order of the label, a share of them put into another row's place."""
    random = np.random.default_rng(seed)
    places = np.arange(len(table))
    moved = np.flatnonzero(random.random(len(table)) < share)
    places[moved] = random.permutation(places[moved])
    return table.sort_values("y", kind="stable").iloc[places].reset_index(drop=True)


# The order of the rows.


def test_a_sorted_file_is_told_with_its_ends_and_how_to_shuffle_it():
    [finding] = findings_of("SPUR004", plain_table(1000).sort_values("y"))
    assert finding.severity is Severity.INFO
    assert finding.columns == ("y",)
    assert str(finding.message).startswith("The order of the rows of train tells y: the place in the file explains 9")
    assert "of its first eighth 100 % are cat, of its last 100 % dog." in str(finding.message)
    assert "cat" not in str(finding.message.redacted())
    assert "frame.sample(frac=1" in str(finding.fix)
    assert sum(map(sum, finding.figure.counts["train"])) == 1000
    assert len(finding.figure.rows) == 8


def test_classes_in_turn_are_told():
    table = in_order(plain_table(600), 0.0)
    turns = table.groupby("y").cumcount().sort_values(kind="stable").index
    [finding] = findings_of("SPUR004", table.loc[turns])
    assert finding.severity is Severity.INFO
    assert "when it is divided by 2 explains 9" in str(finding.message)


def test_a_file_sorted_by_a_number_is_told():
    table = plain_table(500)
    [finding] = findings_of("SPUR004", table.assign(y=table["length"] * 2).sort_values("y"))
    assert finding.severity is Severity.INFO
    assert finding.figure is None
    assert "eighth" not in str(finding.message)


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_rows_in_no_order_in_100_rows(seed):
    table = plain_table(100, seed).assign(row_id=np.random.default_rng(seed).permutation(100), gap2=np.nan)
    table.loc[::3, "gap2"] = 1.0
    assert not findings_of("SPUR004", table)


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_permuted_numbers_in_100_rows(seed):
    table = plain_table(100, seed)
    assert not findings_of("SPUR004", table.assign(y=np.random.default_rng(seed).normal(size=100)))


def test_is_silent_on_a_million_rows_of_noise():
    assert not judge(RULE, order_facts(row_order(0.002, 0.001), gap_pattern=None))


def test_is_silent_where_rows_stand_in_the_order_of_a_feature_that_knows_nothing():
    assert not findings_of("SPUR004", plain_table(2000).sort_values(["street", "income"]))


def test_is_silent_on_three_events_that_stand_together_by_chance():
    """3 cats in 60 rows: that they are neighbours comes by luck once in a few hundred files, and proves nothing."""
    table = plain_table(60).assign(y=np.where(np.isin(np.arange(60), [30, 31, 33]), "cat", "dog"))
    assert not findings_of("SPUR004", table)
    assert findings_of("SPUR004", table, thresholds={"SPUR004": {"alpha": 1.0}})


@pytest.mark.parametrize(("explained", "severity"), [(0.1, 0), (0.1011, Severity.INFO), (1.0, Severity.INFO)])
@pytest.mark.parametrize("coding", ["position", "remainder"])
def test_the_boundary_of_the_order_lies_at_the_lower_bound(explained, severity, coding):
    assert worst(judge(RULE, order_facts(row_order(**{coding: explained})))) == severity


def test_a_clearer_order_never_scores_milder():
    steps = [worst(findings_of("SPUR004", in_order(plain_table(1000), share))) for share in (1.0, 0.7, 0.4, 0.1, 0.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.INFO)


# Splits that follow the order.


def cut(share_shuffled: float = 0.0, n_train: int = 700, n_rows: int = 1000):
    table = in_order(plain_table(n_rows), share_shuffled)
    return table[:n_train].reset_index(drop=True), table[n_train:].reset_index(drop=True)


def test_a_test_cut_from_the_sorted_file_is_a_warning():
    train, test = cut()
    [finding] = findings_of("SPUR004", train, test=test)
    assert finding.severity is Severity.WARNING
    assert finding.splits == ("train", "test")
    assert "; test lies on from its end: the labels are 71.4 % apart (at least 6" in str(finding.message)
    assert 'train_test_split(frame, stratify=frame["y"])' in str(finding.fix)


def test_a_test_cut_from_the_beginning_is_a_warning_too():
    test, train = cut(n_train=300)
    [finding] = findings_of("SPUR004", train, test=test)
    assert finding.severity is Severity.WARNING
    assert "; test lies on from its beginning" in str(finding.message)


def test_a_test_of_classes_that_train_has_not_is_a_warning():
    table = plain_table(900).assign(y=np.repeat(["a", "b", "c"], 300))
    assert worst(findings_of("SPUR004", table[:600], test=table[600:])) == Severity.WARNING


@pytest.mark.parametrize(
    ("classes_of_test", "severity"),
    [
        ("b" * 40 + "c" * 260, Severity.WARNING),  # the end of train is of b, as far from this as all of train is
        ("cd" * 150, Severity.WARNING),  # in no order, but of classes that train has not
        ("ab" * 40 + "cd" * 110, Severity.INFO),  # far from train, but mixed and in no order
    ],
)
def test_a_test_that_has_little_in_common_with_train(classes_of_test, severity):
    train = plain_table(700).assign(y=list("a" * 350 + "b" * 350))
    letters = np.array(list(classes_of_test))
    if severity is Severity.INFO:
        letters = np.random.default_rng(0).permutation(letters)
    test = plain_table(len(letters), 1).assign(y=letters)
    assert worst(findings_of("SPUR004", train, test=test)) == severity


def test_a_number_cut_in_its_order_is_a_warning():
    table = plain_table(900)
    table = table.assign(y=table["length"]).sort_values("y")
    assert worst(findings_of("SPUR004", table[:600], test=table[600:])) == Severity.WARNING


@pytest.mark.parametrize("seed", range(4))
def test_a_random_split_of_a_sorted_file_stays_an_info(seed):
    table = in_order(plain_table(600, seed), 0.0)
    is_test = np.random.default_rng(seed).random(600) < 0.3
    assert worst(findings_of("SPUR004", table[~is_test], test=table[is_test])) == Severity.INFO


def test_a_train_to_which_rows_of_a_rare_class_were_appended_stays_an_info():
    """Oversampled after the split: train is in an order, and test, as the world is, looks like its beginning."""
    train, test = plain_table(600), plain_table(300, 1)
    rare = [
        frame["y"].where(np.random.default_rng(i).random(len(frame)) < 0.2, "dog")
        for i, frame in enumerate((train, test))
    ]
    train, test = train.assign(y=rare[0]), test.assign(y=rare[1])
    cats = train[train["y"] == "cat"]
    appended = pd.concat([train, *[cats] * 7], ignore_index=True)
    assert worst(findings_of("SPLIT001", appended, test=test)) == Severity.ERROR
    assert worst(findings_of("SPUR004", appended, test=test)) == Severity.INFO


@pytest.mark.parametrize("roles", [{}, {"time": "day"}])
def test_a_split_in_time_is_no_warning(roles):
    """Where rows stand in the order of a date, the label may change with it, and test may well come after train."""
    train, test = cut()
    days = pd.date_range("2024-01-01", periods=1000)
    found = findings_of("SPUR004", train.assign(day=days[:700]), test=test.assign(day=days[700:]), **roles)
    assert worst(found) == Severity.INFO
    assert any("The order of the rows" in str(finding.message) for finding in found)


def test_where_a_time_is_declared_no_split_is_said_to_follow():
    train, test = cut()
    days = pd.Series(pd.date_range("2024-01-01", periods=1000)).sample(frac=1, random_state=0).to_numpy()
    train, test = train.assign(day=days[:700]), test.assign(day=days[700:])
    assert worst(findings_of("SPUR004", train, test=test)) == Severity.WARNING
    assert worst(findings_of("SPUR004", train, test=test, time="day")) == Severity.INFO


def follow_facts(distance: float, test_blocks=((0, 50_000),) * 4, p_value: float = 0.0, **given):
    test = row_order(given.pop("own_order", 0.0), split="test", blocks=np.array(test_blocks))
    apart = drift(0.5, p_value, distance, "y", measure="tv")
    return order_facts(row_order(0.9), test, label_drifts={"test": apart}, **given)


@pytest.mark.parametrize(("distance", "severity"), [(0.0999, Severity.INFO), (0.1, Severity.WARNING)])
def test_the_boundary_of_the_distance(distance, severity):
    assert worst(judge(RULE, follow_facts(distance))) == severity


@pytest.mark.parametrize(("p_value", "severity"), [(0.0099, Severity.WARNING), (0.01, Severity.INFO)])
def test_the_boundary_of_the_chance_of_the_distance(p_value, severity):
    assert worst(judge(RULE, follow_facts(0.4, p_value=p_value))) == severity


@pytest.mark.parametrize(
    ("blocks", "own_order", "severity"),
    [
        ([(0, 19)], 0.0, Severity.INFO),  # too few rows
        ([(0, 20)], 0.0, Severity.WARNING),
        ([(1, 5000), (1, 5000)], 0.0, Severity.INFO),  # mixed, in no order
        ([(2, 0), (0, 10_000)], 0.5, Severity.WARNING),  # mixed, in the order of the label
        ([(4000, 1000), (1000, 4000)], 0.5, Severity.INFO),  # mixed as all of train is
    ],
)
def test_what_a_split_must_be_to_follow(blocks, own_order, severity):
    assert worst(judge(RULE, follow_facts(0.4, blocks, own_order=own_order))) == severity


# Names of rows.


def test_names_that_begin_with_the_class_are_a_warning():
    table = plain_table(400)
    table["file"] = [
        f"{y}_{i:04d}.png" for y, i in zip(table["y"], np.random.default_rng(1).permutation(400), strict=True)
    ]
    [finding] = findings_of("SPUR004", table)
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("file",)
    assert "file names the row, yet its first character explains 99.9" in str(finding.message)
    assert "--id file" in str(finding.fix)
    assert worst(findings_of("SPUR004", table, honest="file")) == Severity.INFO
    assert not findings_of("SPUR004", table, group="file")
    assert not findings_of("SPUR004", table, exclude="file")


def test_ids_given_out_by_class_are_a_warning_if_declared_and_left_to_another_rule_if_not():
    table = plain_table(400)
    table["case_id"] = table["y"].argsort().argsort() * 3 + 1000
    [finding] = findings_of("SPUR004", table, id="case_id")
    assert finding.severity is Severity.WARNING
    assert "its value explains" in str(finding.message)
    assert not findings_of("SPUR004", table)
    assert above_info(findings_of("DATA005", table))


def test_an_id_that_only_counts_the_rows_of_a_sorted_file_is_no_news():
    table = in_order(plain_table(400), 0.0).assign(case=np.arange(400) * 2)
    [finding] = findings_of("SPUR004", table, id="case")
    assert finding.severity is Severity.INFO
    assert finding.columns == ("y",)


def test_odd_ids_of_one_class_are_a_warning():
    table = plain_table(400)
    table["case"] = np.random.default_rng(2).permutation(400) * 2 + (table["y"] == "cat")
    [finding] = findings_of("SPUR004", table, id="case")
    assert "its value modulo 2 explains" in str(finding.message)


@pytest.mark.parametrize("way", ["part", "range", "remainder"])
@pytest.mark.parametrize(("explained", "severity"), BOUNDARY_WARNING)
def test_the_boundary_of_names_lies_at_the_lower_bound(way, explained, severity):
    assert worst(judge(RULE, name_facts(way, explained))) == severity


def test_one_finding_per_name_of_what_tells_most():
    facts = name_facts("part", 0.9)
    facts.links.identifier_parts["k"]["remainder"] = facts.links.identifier_parts["k"]["part"]
    assert len(judge(RULE, facts)) == 1


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"kind": Kind.NUMERIC, "declared": False}, 0),
        ({"kind": Kind.NUMERIC, "declared": True}, Severity.WARNING),
        ({"kind": Kind.TEXT, "declared": False}, Severity.WARNING),
        ({"shape": shape(sorted_by_row=True), "order": row_order(0.9)}, Severity.INFO),
        ({"shape": shape(sorted_by_row=True)}, Severity.WARNING),
        ({"shape": shape(), "order": row_order(0.9)}, Severity.WARNING),
    ],
)
def test_ranges_that_other_findings_tell(given, severity):
    assert worst(judge(RULE, name_facts("range", 0.9, **given))) == severity
    assert worst(judge(RULE, name_facts("part", 0.9, **given))) == Severity.WARNING


def test_of_many_ids_in_small_tables_some_look_good_by_luck():
    """12 rows, two of them cats: among 200 ids some have both cats among the lowest, or share a last digit."""
    random = np.random.default_rng(0)
    for _ in range(4):
        ids = {f"k{i}": random.permutation(12) * 10 for i in range(20)}
        table = pd.DataFrame({"x": random.normal(size=12), **ids, "y": random.permutation(["cat"] * 2 + ["dog"] * 10)})
        assert not findings_of("SPUR004", table, id=tuple(ids))


@pytest.mark.parametrize(("n_rows", "severity"), [(12, 0), (100, Severity.WARNING)])
def test_luck_is_asked_over_all_that_was_tried(n_rows, severity):
    """Six of six and none of six: once in 462 columns, and some hundred parts and pairs were tried."""
    order = row_order(blocks=np.array([[n_rows // 4, n_rows // 4]] * 2))
    assert worst(judge(RULE, name_facts("part", 1.0, n_rows=n_rows, order=order))) == severity


# Sets of gaps.


def with_sets(share_linked: float, n_rows: int = 1000) -> pd.DataFrame:
    """Return a table in which a or b is missing, not both, in the cats of a share of the rows."""
    random, table = np.random.default_rng(0), plain_table(n_rows)
    first = random.random(n_rows) < 0.5
    knows = random.random(n_rows) < share_linked
    second = first ^ np.where(knows, table["y"] == "cat", random.random(n_rows) < 0.5)
    number = random.normal(size=n_rows)
    return table.assign(a=np.where(first, np.nan, number), b=np.where(second, np.nan, -(number**2)))


def test_gaps_that_tell_only_together_are_an_error():
    [finding] = findings_of("SPUR004", with_sets(1.0))
    assert finding.severity is Severity.ERROR
    assert sorted(finding.columns) == ["a", "b"]
    assert "which cells of a row are missing explains 9" in str(finding.message)
    assert "whether a single one is missing explains" in str(finding.message)
    assert not findings_of("SPUR003", with_sets(1.0))


def test_closer_gaps_never_score_milder():
    steps = [worst(findings_of("SPUR004", with_sets(share))) for share in (0.0, 0.3, 0.6, 0.75, 0.9, 1.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_gaps_of_a_single_column_are_left_to_another_rule():
    table = plain_table(1000)
    table["income"] = table["income"].mask(table["y"] == "cat")
    assert not findings_of("SPUR004", table)
    assert findings_of("SPUR003", table)


@pytest.mark.parametrize(
    ("explained", "severity"),
    [(0.3, 0), (0.302, Severity.WARNING), (0.8, Severity.WARNING), (0.802, Severity.ERROR)],
)
def test_boundaries_of_gaps_lie_at_the_lower_bound(explained, severity):
    assert worst(judge(RULE, gap_facts(explained))) == severity


@pytest.mark.parametrize(("single", "severity"), [(0.796, Severity.ERROR), (0.8, 0)])
def test_gaps_must_tell_more_than_the_best_column(single, severity):
    assert worst(judge(RULE, gap_facts(0.9, single))) == severity


def test_the_same_gaps_count_less_where_few_rows_carry_the_label():
    steps = [worst(judge(RULE, gap_facts(0.9, n_rows=1000, n_cat=n_cat))) for n_cat in (1, 2, 20, 500)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


# Times.


@pytest.mark.parametrize(("explained", "severity"), [(0.3, 0), (0.302, Severity.INFO), (1.0, Severity.INFO)])
def test_the_boundary_of_the_time_lies_at_the_lower_bound(explained, severity):
    assert worst(judge(RULE, time_facts(explained))) == severity


def test_a_time_that_tells_is_told():
    table = in_order(plain_table(400), 0.0).assign(day=pd.date_range("2024-01-01", periods=400))
    table = table.sample(frac=1, random_state=0)
    [finding] = findings_of("SPUR004", table, time="day")
    assert finding.severity is Severity.INFO
    assert finding.columns == ("day",)
    assert "When a row is (day) explains 9" in str(finding.message)


def test_everything_at_once_is_told_once_each():
    table = in_order(with_sets(1.0), 0.0)
    table["file"] = [f"{y}_{i:04d}" for i, y in enumerate(table["y"])]
    found = findings_of("SPUR004", table)
    assert [finding.severity for finding in found] == [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert [set(finding.columns) for finding in found] == [{"a", "b"}, {"file"}, {"y"}]
    assert len({finding.fingerprint for finding in found}) == 3
