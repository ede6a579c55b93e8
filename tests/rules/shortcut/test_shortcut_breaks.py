"""SPUR002 shortcut-breaks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import above_info, gain_break, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.model import Kind, Severity, Status
from dataaudit.rules.shortcut.shortcut_breaks import ShortcutBreaks, lost_gain

RULE = ShortcutBreaks()


def linked(n_rows: int, share_linked: float, seed: int) -> pd.DataFrame:
    """Return a table whose `source` repeats the label in a share of the rows, and is dealt at random in the rest."""
    random = np.random.default_rng(seed)
    train, _ = plain_splits(n_rows, 10, seed)
    source = np.where(random.random(n_rows) < share_linked, train["y"] == "cat", random.random(n_rows) < 0.5)
    return train.assign(source=np.where(source, "north", "south"))


def gain_facts(*gains, n_features: int = 1):
    columns = {f"f{i}": Kind.NUMERIC for i in range(n_features)}
    return split_facts(columns, gain_breaks={"test": {one.column: one for one in gains}})


def test_flags_a_link_that_test_does_not_have():
    [finding] = findings_of("SPUR002", linked(1000, 0.8, 0), test=linked(400, 0.0, 1))
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("source",)
    assert "of the variance of y in train, but what it taught there explains nothing in test" in str(finding.message)
    assert "--exclude source" in str(finding.fix)


def test_the_sample_of_cars_breaks_in_colour(sample_data):
    train, test = (pd.read_csv(sample_data / f"cars_{split}.csv") for split in ("train", "test"))
    [finding] = findings_of("SPUR002", train, test=test, label="make")
    assert finding.columns == ("colour",)


def test_flags_a_broken_link_to_a_number():
    train, test = plain_splits(800, 400)
    train["y"], test["y"] = train["length"] * 2, test["length"].sample(frac=1, random_state=0).to_numpy() * 2
    [finding] = findings_of("SPUR002", train, test=test, task="regression")
    assert finding.columns == ("length",)


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_random_splits_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    assert not findings_of("SPUR002", train, test=test)


def test_is_silent_where_a_strong_link_holds():
    assert not findings_of("SPUR002", linked(1000, 0.8, 0), test=linked(400, 0.8, 1))


def test_is_silent_on_a_sure_but_small_loss_of_a_million_rows():
    assert not judge(RULE, gain_facts(gain_break(0.3, 0.22, 0.001, n_other=1_000_000)))


@pytest.mark.parametrize(("other", "n_found"), [(0.2, 1), (0.201, 0)])
def test_boundary_of_the_loss(other, n_found):
    assert len(judge(RULE, gain_facts(gain_break(0.3, other, 0.001)))) == n_found


@pytest.mark.parametrize(("other", "n_found"), [(0.62, 1), (0.64, 0)])
def test_boundary_of_the_loss_as_a_share_of_the_gain(other, n_found):
    """30 % of .9 are .27."""
    assert len(judge(RULE, gain_facts(gain_break(0.9, other, 0.001)))) == n_found


@pytest.mark.parametrize(("error", "n_found"), [(0.1, 1), (0.13, 0)])
def test_boundary_of_chance(error, n_found):
    """.3 lost are three standard errors, or hardly two."""
    assert len(judge(RULE, gain_facts(gain_break(0.3, 0.0, error)))) == n_found


def test_many_features_ask_for_more():
    one = gain_break(0.3, 0.0, 0.1)
    assert judge(RULE, gain_facts(one))
    assert not judge(RULE, gain_facts(one, n_features=20))


@pytest.mark.parametrize(("n_other", "n_found"), [(19, 0), (20, 1)])
def test_boundary_of_the_rows(n_other, n_found):
    assert len(judge(RULE, gain_facts(gain_break(0.5, 0.0, 0.01, n_other=n_other)))) == n_found


def test_no_more_is_lost_than_there_was():
    assert lost_gain(gain_break(0.05, -0.4, 0.1)) == pytest.approx(0.05)
    assert not above_info(judge(RULE, gain_facts(gain_break(0.05, -0.4, 0.01))))


def test_a_weaker_link_in_test_never_scores_milder():
    train = linked(1000, 0.9, 0)
    steps = [worst(findings_of("SPUR002", train, test=linked(400, link, 1))) for link in (0.9, 0.8, 0.6, 0.3, 0.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_is_skipped_where_no_other_split_has_labels():
    train, test = plain_splits(100, 50)
    [check] = audit(train, test=test.drop(columns="y"), label="y", select=["SPUR002"]).checks
    assert (check.status, check.reason) == (
        Status.SKIPPED,
        "no other split has labels, and no declared context (--context) two levels to compare",
    )


def linked_at_sites(n_rows: int, share_at_celle: float, seed: int = 0):
    """Return a source that names the label in 90 % of the rows, at one site of three in a share of its own."""
    random = np.random.default_rng(seed)
    site = random.choice(["Aachen", "Bremen", "Celle"], n_rows)
    label = random.choice(["cat", "dog"], n_rows)
    told = random.random(n_rows) < np.where(site == "Celle", share_at_celle, 0.9)
    return pd.DataFrame(
        {
            "source": np.where(told, label, random.choice(["cat", "dog"], n_rows)),
            "length": random.normal(size=n_rows),
            "site": site,
            "y": label,
        }
    )


def test_flags_a_link_that_one_level_of_a_context_does_not_have():
    [finding] = findings_of("SPUR002", linked_at_sites(1500, 0.0), context="site")
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("source", "site")
    assert finding.splits == ("train",)
    assert str(finding.message).endswith("explains nothing where site = Celle. This holds for 1 level of site.")
    assert "Celle" not in str(finding.message.redacted())


@pytest.mark.parametrize("seed", range(4))
def test_is_silent_where_a_link_holds_in_every_level(seed):
    assert not findings_of("SPUR002", linked_at_sites(1500, 0.9, seed), context="site")


def test_a_weaker_link_in_one_level_never_scores_milder():
    steps = [
        worst(findings_of("SPUR002", linked_at_sites(1500, share), context="site")) for share in (0.9, 0.6, 0.3, 0)
    ]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


@pytest.mark.parametrize("seed", range(4))
def test_other_shares_of_classes_or_values_in_a_level_are_no_break(seed):
    random = np.random.default_rng(seed)
    table = linked_at_sites(3000, 0.9, seed)
    by_class = np.where(table["y"] == "cat", 0.9, 0.2) > random.random(3000)
    by_value = np.where(table["source"] == "cat", 0.9, 0.2) > random.random(3000)
    for chosen in (by_class, by_value):
        dealt = table.assign(site=np.where(chosen, "Aachen", "Bremen"))
        assert not findings_of("SPUR002", dealt, context="site")


def test_numbers_are_compared_between_levels_too():
    random = np.random.default_rng(0)
    size, site = random.normal(size=2000), random.choice(["Aachen", "Bremen"], 2000)
    noise = random.normal(size=2000)
    table = pd.DataFrame({"size": size, "site": site, "y": np.where(site == "Aachen", size, noise)})
    [finding] = findings_of("SPUR002", table, task="regression", context="site")
    assert finding.columns == ("size", "site")


@pytest.mark.parametrize("seed", range(3))
def test_a_site_in_a_narrow_part_of_the_range_is_no_break(seed):
    random = np.random.default_rng(seed)
    site = random.choice(list("ABCD"), 3000)
    size = random.normal(size=3000) * np.where(site == "A", 0.15, 3)
    sick = random.random(3000) < 1 / (1 + np.exp(-2 * size))
    table = pd.DataFrame({"size": size, "site": site, "y": np.where(sick, "sick", "well")})
    assert not findings_of("SPUR002", table, context="site")
    inside = table["site"] == "A"
    assert not findings_of("SPUR002", table[~inside], test=table[inside])


def test_a_value_that_is_nowhere_else_is_no_break():
    random = np.random.default_rng(0)
    sex = random.choice(["man", "woman"], 4000)
    role = np.where(random.random(4000) < 0.5, "single", np.where(sex == "man", "husband", "wife"))
    rich = random.random(4000) < np.where(role == "single", 0.1, 0.5)
    table = pd.DataFrame({"role": role, "sex": sex, "y": np.where(rich, "rich", "poor")})
    assert not findings_of("SPUR002", table, context="sex")
