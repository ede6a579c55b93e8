"""SPUR001 shortcut-value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, above_info, class_table, plain_splits, plain_table, table_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.figures import Crosstab
from dataaudit.model import Severity
from dataaudit.rules.shortcut.shortcut_value import ShortcutValue

RULE = ShortcutValue()
THREE = ("Audi", "BMW", "Ferrari")


def cars(n_red_ferraris: int, n_other_reds: int, n_each: int = 1000, **others) -> object:
    """Return facts of three makes and two colours that follow no rule but for red."""
    n_half = n_other_reds // 2
    rest = n_each - n_red_ferraris
    rows = {
        "red": (n_half, n_other_reds - n_half, n_red_ferraris),
        "blue": (n_each // 2, n_each // 2, rest // 2),
        "grey": (n_each - n_each // 2 - n_half, n_each - n_each // 2 - (n_other_reds - n_half), rest - rest // 2),
    }
    return table_facts(class_table("colour", rows, **others), THREE)


def reds(n_rows: int, share_red_of_ferraris: float, share_red_of_others: float, seed: int = 0) -> pd.DataFrame:
    """Return a table whose `colour` goes with the Ferraris, a third of the rows."""
    random = np.random.default_rng(seed)
    table = plain_table(n_rows, seed).drop(columns="colour")
    table["y"] = random.permutation(np.resize(THREE, n_rows))
    share = np.where(table["y"] == "Ferrari", share_red_of_ferraris, share_red_of_others)
    others = random.choice(["blue", "grey", "black"], n_rows)
    return table.assign(colour=np.where(random.random(n_rows) < share, "red", others))


def test_the_sample_of_cars_is_an_error_that_names_colour_red_and_ferrari(sample_data):
    train, test = (pd.read_csv(sample_data / f"cars_{split}.csv") for split in ("train", "test"))
    [finding] = findings_of("SPUR001", train, test=test, label="make")
    assert finding.severity is Severity.ERROR
    assert str(finding.message).startswith(
        "99 % of the rows with colour = red are Ferrari, and 97 % of the Ferrari rows have colour = red; in test only 3"
    )
    assert finding.columns == ("colour",)
    assert "red" not in str(finding.message.redacted()).replace("redacted", "")
    assert "Ferrari" not in str(finding.message.redacted())


def test_shows_the_values_by_class_per_split():
    train, test = reds(1200, 0.98, 0.01), reds(600, 0.3, 0.3, seed=1)
    [finding] = findings_of("SPUR001", train, test=test)
    figure = finding.figure
    assert isinstance(figure, Crosstab)
    assert figure.rows[0] == "red"
    assert set(figure.rows) == {"red", "blue", "grey", "black"}
    assert set(figure.counts) == {"train", "test"}
    for split, frame in (("train", train), ("test", test)):
        counted = pd.crosstab(frame["colour"], frame["y"]).loc[list(figure.rows), list(figure.columns)]
        assert figure.counts[split] == tuple(tuple(row) for row in counted.to_numpy().tolist())


def test_without_another_split_a_shortcut_is_an_error_too():
    [finding] = findings_of("SPUR001", reds(1200, 0.98, 0.01))
    assert finding.severity is Severity.ERROR
    assert "--exclude colour" in str(finding.fix)


def test_a_pure_value_that_holds_part_of_a_class_is_a_warning():
    [finding] = findings_of("SPUR001", reds(3000, 0.4, 0.0))
    assert finding.severity is Severity.WARNING
    assert "100 % of the rows with colour = red are Ferrari, and " in str(finding.message)


@pytest.mark.parametrize(("n_low", "n_high", "severity"), [(1200, 1300, Severity.WARNING), (1800, 700, Severity.INFO)])
def test_a_pure_value_of_the_usual_class_is_an_info(n_low, n_high, severity):
    rows = {"child": (600, 0), "other": (n_low - 600, n_high)}
    found = judge(RULE, table_facts(class_table("relationship", rows), ("low", "high")))
    assert [finding.severity for finding in found] == [severity]


def test_a_value_that_covers_a_class_and_more_is_an_info():
    [finding] = findings_of("SPUR001", reds(3000, 1.0, 0.3))
    assert finding.severity is Severity.INFO
    assert str(finding.message).startswith("100 % of the Ferrari rows have colour = red, though only ")


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_labels_dealt_at_random_over_100_rows(seed):
    train, test = plain_splits(100, 50, seed)
    assert not findings_of("SPUR001", train, test=test)


@pytest.mark.parametrize("share_majority", [0.5, 0.99, 0.999, 0.99999])
@pytest.mark.parametrize("n_values", [2, 50, 1500])
def test_permuted_labels_never_say_more_than_info_at_a_million_rows(share_majority, n_values):
    random = np.random.default_rng(0)
    weights = 1 / np.arange(1, n_values + 1)
    totals = random.multinomial(MILLION, weights / weights.sum())
    n_rare = round(MILLION * (1 - share_majority))
    rare = random.multivariate_hypergeometric(totals, n_rare)
    table = class_table("x", {str(i): (int(t - r), int(r)) for i, (t, r) in enumerate(zip(totals, rare, strict=True))})
    assert not above_info(judge(RULE, table_facts(table, ("noise", "event"))))


@pytest.mark.parametrize("share_majority", [0.6, 0.98])
def test_permuted_labels_never_say_more_than_info_in_real_tables(share_majority):
    table = plain_table(20_000)
    labels = np.where(np.arange(20_000) < share_majority * 20_000, "noise", "event")
    assert not above_info(findings_of("SPUR001", table.assign(y=np.random.default_rng(4).permutation(labels))))


def test_a_majority_class_is_not_given_away_by_its_base_rate():
    """99.9 % of the rows are noise, so a value with noise alone says little, unless it has very many rows."""
    rows = {"calm": (40_000, 0), "windy": (59_900, 100)}
    assert not above_info(judge(RULE, table_facts(class_table("x", rows), ("noise", "event"))))


def test_honest_strong_numbers_are_no_errors():
    from sklearn.datasets import load_breast_cancer, load_iris, load_wine

    for load, label in ((load_iris, "target"), (load_breast_cancer, "target"), (load_wine, "target")):
        frame = load(as_frame=True).frame
        assert worst(findings_of("SPUR001", frame, label=label, task="multiclass")) < Severity.ERROR


def test_an_interval_that_holds_is_a_warning_and_one_that_breaks_an_error():
    random = np.random.default_rng(0)

    def lamps(n_rows: int, share_bright: float) -> pd.DataFrame:
        label = random.choice(["a", "b", "c", "d", "e"], n_rows)
        bright = (label == "e") & (random.random(n_rows) < share_bright)
        return pd.DataFrame(
            {"light": np.where(bright, random.uniform(90, 99, n_rows), random.uniform(0, 89, n_rows))}
        ).assign(y=label)

    train = lamps(3000, 1.0)
    [finding] = findings_of(
        "SPUR001", train, test=lamps(1000, 1.0), thresholds={"shortcut-value": {"shortcut_recall": 0.8}}
    )
    assert finding.severity is Severity.WARNING
    assert "rows with light in the range over 8" in str(finding.message)
    swapped = lamps(1000, 1.0)
    swapped["y"] = random.permutation(swapped["y"])
    found = findings_of("SPUR001", train, test=swapped, thresholds={"shortcut-value": {"shortcut_recall": 0.8}})
    assert worst(found) == Severity.ERROR


def test_an_honest_strong_category_that_holds_is_a_warning():
    """Each value goes with a class of its own: the column is the label's twin, not a trap of one value."""
    rows = {"red": (5, 5, 990), "blue": (985, 5, 5), "grey": (10, 990, 5)}
    holds = [[1, 1, 330], [330, 1, 1], [1, 330, 1]]
    breaks = [[110, 110, 110], [110, 110, 110], [110, 110, 110]]
    assert worst(judge(RULE, table_facts(class_table("c", rows, test=holds), THREE))) == Severity.WARNING
    assert worst(judge(RULE, table_facts(class_table("c", rows, test=breaks), THREE))) == Severity.ERROR


def test_a_declared_honest_column_is_an_info_unless_it_breaks():
    train, alike, other = reds(1200, 0.98, 0.01), reds(600, 0.98, 0.01, seed=1), reds(600, 0.3, 0.3, seed=1)
    assert worst(findings_of("SPUR001", train, test=alike, honest="colour")) == Severity.INFO
    assert worst(findings_of("SPUR001", train, test=other, honest="colour")) == Severity.ERROR


@pytest.mark.parametrize(("n_other_reds", "n_found"), [(64, 1), (65, 0)])
def test_boundary_of_kappa(n_other_reds, n_found):
    """900 red Ferraris: 900/964 lies .9 of the way from a third to one, 900/965 does not."""
    assert len(above_info(judge(RULE, cars(900, n_other_reds)))) == n_found


@pytest.mark.parametrize(("n_red", "severity"), [(899, Severity.WARNING), (900, Severity.ERROR)])
def test_boundary_between_pure_value_and_shortcut(n_red, severity):
    assert worst(judge(RULE, cars(n_red, 3))) == severity


@pytest.mark.parametrize(("n_red", "severity"), [(199, 0), (200, Severity.WARNING)])
def test_boundary_of_the_share_of_the_class(n_red, severity):
    """5 % of 4,000 Ferraris."""
    assert worst(judge(RULE, cars(n_red, 0, n_each=4000))) == severity


@pytest.mark.parametrize(("n_red", "n_found"), [(70, 0), (71, 1)])
def test_boundary_of_the_rows_without_exception(n_red, n_found):
    """n/(n + 3.3²) reaches 1/3 + .8 (2/3) from 71 rows on."""
    assert len(above_info(judge(RULE, cars(n_red, 0)))) == n_found


def test_a_purer_value_never_scores_milder():
    steps = [worst(findings_of("SPUR001", reds(1200, red, (1 - red) / 3))) for red in (0.3, 0.5, 0.8, 0.95, 0.99, 1.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_fewer_exceptions_never_score_milder():
    steps = [worst(judge(RULE, cars(950, n))) for n in range(400, -1, -5)]
    assert never_falls(steps)
    assert steps[-1] == Severity.ERROR


def test_two_classes_share_one_finding_and_three_have_one_each():
    rows = {"red": (5, 995), "blue": (600, 3), "grey": (395, 2)}
    assert len(judge(RULE, table_facts(class_table("c", rows), ("no", "yes")))) == 1
    twin = {"red": (0, 0, 1000), "blue": (1000, 0, 0), "grey": (0, 1000, 0)}
    found = judge(RULE, table_facts(class_table("c", twin), THREE))
    assert sorted(str(finding.evidence["class"]) for finding in found) == list(THREE)
    assert len({finding.fingerprint for finding in found}) == 3


def test_missing_cells_are_left_to_spur003():
    table = plain_table(1000)
    table.loc[table["y"] == "cat", "colour"] = None
    found = findings_of("SPUR001", table)
    assert not [finding for finding in found if "missing" in str(finding.evidence["value"])]


def test_many_values_and_classes_fit_into_the_picture():
    rows = {f"v{i}": tuple(200 if i == k else 1 for k in range(12)) for i in range(12)}
    facts = table_facts(class_table("c", rows), [f"k{i}" for i in range(12)])
    for finding in judge(RULE, facts):
        assert (len(finding.figure.rows), len(finding.figure.columns)) == (8, 8)
        assert sum(map(sum, finding.figure.counts["train"])) == 12 * 211


def at_sites(n_rows: int, share_red_there: float, seed: int = 0) -> pd.DataFrame:
    """Return cars of which the red ones are Ferraris, but at one site of three only in so many rows."""
    table = reds(n_rows, 0.97, 0.005, seed)
    random = np.random.default_rng(seed + 1)
    site = random.choice(["Aachen", "Bremen", "Celle"], n_rows, p=[0.48, 0.48, 0.04])
    drawn = (site == "Celle") & (random.random(n_rows) < share_red_there)
    return table.assign(site=site, colour=np.where(drawn, random.choice(["red", "blue"], n_rows), table["colour"]))


def test_says_where_a_value_fails_within_train():
    [finding] = findings_of("SPUR001", at_sites(6000, 1.0), context="site")
    assert finding.severity is Severity.ERROR
    assert "Where site = Celle, only " in str(finding.message)
    assert len(finding.evidence["fails_in_contexts"]) == 1
    assert "Celle" not in str(finding.message.redacted())


def test_says_nothing_of_contexts_in_which_it_holds():
    [finding] = findings_of("SPUR001", at_sites(6000, 0.0), context="site")
    assert finding.evidence["fails_in_contexts"] == []
    assert "Where" not in str(finding.message)


def test_a_context_in_which_it_fails_takes_the_excuse_of_an_honest_column():
    holds, fails = (findings_of("SPUR001", at_sites(6000, share), context="site", honest="colour") for share in (0, 1))
    assert (worst(holds), worst(fails)) == (Severity.INFO, Severity.ERROR)


def test_says_what_the_other_features_explain():
    [finding] = findings_of("SPUR001", reds(1200, 0.98, 0.01))
    assert finding.evidence["share_label_explained_by_others"] < 0.1
    assert "all other features together explain nothing" in str(finding.message) or "0 %" in str(finding.message)
    assert finding.evidence["share_label_explained_without_value"] < 0.1


def test_says_that_a_column_is_not_known_in_test():
    train, test = reds(1200, 0.98, 0.01), reds(600, 0.98, 0.01, seed=1)
    test["colour"] = test["colour"].where(np.arange(600) < 100)
    [finding] = findings_of("SPUR001", train, test=test)
    assert finding.evidence["mostly_missing_in"] == ["test"]
    assert "In test its cells are mostly missing" in str(finding.message)
