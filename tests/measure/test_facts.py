from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.measure.small import mixed

from dataaudit.errors import NotMeasurable
from dataaudit.measure import sample
from dataaudit.measure.facts import Facts
from dataaudit.measure.recall import fact, sampled_fact

NAMES = sorted(name for name, value in vars(Facts).items() if isinstance(value, fact))
NEEDS_MORE = {"target", "target_shape", "target_regions", "time_overlaps", "lateness"}


@pytest.fixture
def facts(measure):
    return measure(mixed(120), test=mixed(60, 1), group=["level"])


@pytest.fixture
def counted(facts, monkeypatch):
    """Return facts, and the names of the facts measured so far in order."""
    measured = []
    for name in NAMES:
        descriptor = vars(Facts)[name]

        def noting(of, measure=descriptor.measure, name=name):
            measured.append(name)
            return measure(of)

        monkeypatch.setattr(descriptor, "measure", noting)
    return facts, measured


def test_nothing_is_measured_before_it_is_read(counted):
    facts, measured = counted
    assert (measured, facts.seen, facts.seconds) == ([], {}, 0.0)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEEDS_MORE])
def test_each_fact_is_measured_once_and_kept(counted, name):
    facts, measured = counted
    first = getattr(facts, name)
    assert getattr(facts, name) is first
    assert measured.count(name) == 1
    assert len(measured) == len(set(measured))


def test_all_facts_together_are_measured_once_each(counted):
    facts, measured = counted
    for name in NAMES:
        if name not in NEEDS_MORE:
            getattr(facts, name)
    assert sorted(measured) == [name for name in NAMES if name not in NEEDS_MORE]


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("profiles", set()),
        ("classes", set()),
        ("row_hashes", set()),
        ("completeness", set()),
        ("group_overlaps", set()),
        ("quantiles", {"sample"}),
        ("repeats", {"alike_rows", "row_hashes"}),
        ("overlaps", {"alike_rows", "row_hashes"}),
    ],
)
def test_a_fact_measures_no_more_than_it_needs(counted, name, others):
    facts, measured = counted
    getattr(facts, name)
    assert set(measured) == {name} | others


def test_what_was_read_is_noted_with_whether_it_was_sampled(facts):
    _ = facts.profiles
    assert facts.seen == {"profiles": False}
    facts.seen.clear()
    _ = facts.quantiles
    assert facts.seen == {"quantiles": False}, "all rows fit"
    facts.seen.clear()
    _ = facts.profiles
    assert facts.seen == {"profiles": False}, "a fact read again is noted again"


def test_sampled_facts_are_those_from_the_sample():
    assert {name for name in NAMES if isinstance(vars(Facts)[name], sampled_fact)} == {
        "derived_associations",
        "entities",
        "quantiles",
        "sample",
        "step_size",
        "target_regions",
        "target_shape",
        "time_orders",
    }


def test_an_ablation_is_measured_once_per_column(facts):
    first = facts.ablation("measure")
    assert facts.ablation("measure") is first
    assert facts.seen["ablation of measure"] is False
    assert facts.ablation("tenth").column == "tenth"


def test_a_fact_that_cannot_be_measured_is_tried_once(measure, monkeypatch):
    facts = measure(mixed(60), test=mixed(30), time="level")
    tried = []
    original = Facts.time_overlaps.measure
    monkeypatch.setattr(Facts.time_overlaps, "measure", lambda of: (tried.append(1), original(of)))
    for _ in range(3):
        with pytest.raises(NotMeasurable, match="'level' is categorical"):
            _ = facts.time_overlaps
    assert tried == [1]


def test_time_spent_is_counted_once_though_facts_read_facts(facts):
    _ = facts.associations
    spent = facts.seconds
    assert spent > 0
    _ = facts.tables
    assert facts.seconds == spent


def test_every_fact_says_what_it_holds():
    assert all(vars(Facts)[name].__doc__ for name in NAMES)


def test_label_and_other_splits(measure):
    facts = measure(mixed(60), test=mixed(30), reference=mixed(30, 2))
    assert (facts.label, facts.other_splits) == ("y", ("test",))
    assert [column.name for column in facts.features] == [name for name in mixed(5).columns if name != "y"]


def test_a_fact_is_sampled_where_rows_were_left_out_whoever_measured_it_first(measure, monkeypatch):
    monkeypatch.setattr(sample, "MAX_ROWS", 100)
    monkeypatch.setattr(sample, "MAX_ROWS_TAKEN_WHOLE", 50)
    facts = measure(mixed(2000), test=mixed(300, 1))
    _ = facts.tables, facts.quantiles, facts.derived_associations, facts.twins
    facts.seen.clear()
    _ = facts.twins, facts.identifiers, facts.drifts, facts.tables
    assert facts.seen == dict.fromkeys(("twins", "identifiers", "drifts", "tables"), False)
    _ = facts.quantiles, facts.derived_associations, facts.step_size, facts.ablation("measure")
    assert {name for name, sampled in facts.seen.items() if sampled} == {
        "quantiles", "derived_associations", "step_size", "ablation of measure",
    }  # fmt: skip


def test_two_threads_measure_a_fact_once(counted):
    facts, measured = counted
    with ThreadPoolExecutor(2) as threads:
        twice = [threads.submit(lambda: (facts.associations, dict(facts.seen))) for _ in range(2)]
        (first, seen), (second, seen_too) = (done.result() for done in twice)
    assert first is second
    assert measured.count("associations") == measured.count("tables") == 1
    assert seen == seen_too == {"associations": False}, "each thread notes what it read"
    assert facts.seen == {}


def test_the_other_thread_waits_for_what_is_being_measured(facts, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    measure = vars(Facts)["profiles"].measure

    def slowly(of):
        begun.set()
        assert go_on.wait(60)
        return measure(of)

    monkeypatch.setattr(vars(Facts)["profiles"], "measure", slowly)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: facts.profiles)
        assert begun.wait(60)
        second = threads.submit(lambda: facts.profiles)
        assert facts.classes.counts["train"].sum() > 0, "other facts need not wait"
        assert not second.done()
        go_on.set()
        assert first.result(60) is second.result(60)
