"""DATA005 identifier-column."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, made_facts, never_falls, numeric_profile, worst

from dataaudit.measure.association import Association
from dataaudit.measure.columns import IdentifierShape
from dataaudit.model import Kind, Role, Severity
from dataaudit.rules.integrity.identifier_column import IdentifierColumn


def judged(
    n_rows: int = 1000, n_distinct: int | None = None, explained: float = 0.0, role: Role = Role.FEATURE, **shape: bool
) -> list:
    described = {"consecutive": False, "sorted_by_row": False, "name_suggests": False, **shape}
    facts = made_facts(
        {"x": Kind.NUMERIC},
        roles={"x": role},
        identifiers={"x": IdentifierShape("x", n_rows, n_rows, n_distinct or n_rows, **described)},
        associations={"x": Association("x", explained, n_rows, 16, 1.0)},
        profiles={"train": {"x": numeric_profile("x", n_rows, is_integer=True)}},
    )
    return judge(IdentifierColumn(), facts)


def test_an_id_that_was_left_out_is_worth_knowing():
    frame = clean_frame(300).assign(id=np.random.default_rng(0).permutation(300) + 1)
    [finding] = findings_of("DATA005", frame)
    assert finding.severity is Severity.INFO
    assert "id names the row: 300 different values in 300 training rows" in str(finding.message)
    assert "left out as an id" in str(finding.message)


def test_flags_an_id_that_tells_the_label():
    frame = clean_frame(300).sort_values("y", ignore_index=True).assign(id=np.arange(300))
    [finding] = findings_of("DATA005", frame)
    assert finding.severity is Severity.WARNING
    assert finding.evidence["explained"] > 0.9
    assert "of the label, so the label can be read from it" in str(finding.message)


def test_a_rising_feature_is_suspected():
    """Unique, whole and never falling in file order, but with gaps."""
    steps = np.random.default_rng(0).integers(1, 9, 400)
    [finding] = findings_of("DATA005", clean_frame(400).assign(number=np.cumsum(steps)))
    assert finding.severity is Severity.INFO
    assert "learns the rows by heart" in str(finding.message)
    assert "--id number" in str(finding.fix)


def test_a_declared_id_is_no_news():
    frame = clean_frame(300).assign(id=np.arange(300))
    assert not findings_of("DATA005", frame, id="id")


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA005", clean_frame(100))


def test_is_silent_on_a_large_clean_table_with_wide_whole_numbers():
    amounts = np.random.default_rng(0).integers(0, 10**12, 50_000)
    assert not findings_of("DATA005", clean_frame(50_000).assign(amount=amounts))


def test_is_silent_on_text_that_differs_in_every_row():
    names = [f"person {i * 7919 % 1000} of {i}" for i in range(300)]
    assert not findings_of("DATA005", clean_frame(300).assign(person=names))


@pytest.mark.parametrize(("n_rows", "n_found"), [(19, 0), (20, 1)])
def test_boundary_of_few_rows(n_rows, n_found):
    assert len(judged(n_rows, consecutive=True)) == n_found


@pytest.mark.parametrize(("n_distinct", "n_found"), [(949, 0), (950, 1)])
def test_boundary_of_nearly_different(n_distinct, n_found):
    assert len(judged(1000, n_distinct, name_suggests=True)) == n_found


def test_boundary_of_telling_the_label_lies_at_the_lower_bound():
    just_above = next(p for p in np.arange(0.1, 0.2, 0.0001) if Association("x", p, 1000, 16, 1.0).lower > 0.1)
    assert worst(judged(1000, explained=just_above, consecutive=True)) == Severity.WARNING
    assert worst(judged(1000, explained=just_above - 0.0001, consecutive=True)) == Severity.INFO


def test_rising_numbers_alone_are_never_more_than_info():
    """A file sorted by an honest measurement looks the same."""
    assert worst(judged(1000, explained=0.9, sorted_by_row=True)) == Severity.INFO
    assert worst(judged(1000, explained=0.9, sorted_by_row=True, name_suggests=True)) == Severity.WARNING


def test_a_label_told_more_clearly_never_scores_milder():
    steps = [worst(judged(500, explained=p, role=Role.ID, consecutive=True)) for p in np.arange(-0.1, 1.01, 0.05)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (Severity.INFO, Severity.WARNING)


def test_nothing_that_looks_like_an_id_is_silent():
    assert not judged(1000, explained=0.9)
