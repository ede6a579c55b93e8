"""SPUR004 order-tells-label."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, above_info, association, class_table, plain_table
from tests.rules.frames import findings_of, judge, never_falls, worst
from tests.rules.shortcut.orders import HALF, in_order, order_facts, row_order

from dataaudit.measure.association import Association, Tried
from dataaudit.measure.columns import IdentifierShape
from dataaudit.measure.links.gaps import GapPattern
from dataaudit.model import ColumnInfo, Kind, Role, Severity
from dataaudit.rules.shortcut.order_tells_label import OrderTellsLabel

RULE = OrderTellsLabel()
BOUNDARY_WARNING = [(0.3, 0), (0.302, Severity.WARNING), (1.0, Severity.WARNING)]


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
