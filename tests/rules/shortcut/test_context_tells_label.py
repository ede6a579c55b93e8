"""SPUR005 context-tells-label."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, plain_table
from tests.rules.frames import audited, class_counts, findings_of, judge, made_facts, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.association import Association
from dataaudit.measure.links.contexts import ContextEffect, LevelEffect
from dataaudit.model import Kind, Role, Severity, Status
from dataaudit.rules.shortcut.context_tells_label import ContextTellsLabel

RULE = ContextTellsLabel()
SITES = np.array(["Aachen", "Bremen", "Celle"])


def hospitals(share_told: float, n_rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """Return a table of three classes, of which a share of each comes from a site of its own."""
    random = np.random.default_rng(seed)
    place = random.integers(0, 3, n_rows)
    told = random.random(n_rows) < share_told
    site = SITES[np.where(told, place, random.integers(0, 3, n_rows))]
    return pd.DataFrame({"age": random.normal(size=n_rows), "site": site, "y": np.array(["a", "b", "c"])[place]})


def told(explained: float, beyond: float = 0.0, differences: tuple[float, ...] = (), **options: object):
    """Return facts of one context of a million rows, by how much it explains."""
    effect = ContextEffect(
        "site",
        Association("site", beyond, MILLION, None, 1.0),
        tuple(LevelEffect(f"s{i}", "cat", 1000, 0.5, 0.5 - d, d, 0.001) for i, d in enumerate(differences)),
        MILLION,
        sampled=True,
    )
    reverse = {"site": Association("site", float(options.get("reverse", 0.0)), MILLION, None, 1.0)}
    return made_facts(
        {"site": Kind.CATEGORICAL},
        roles={"site": Role.CONTEXT},
        associations={"site": Association("site", explained, MILLION, None, 1.0)},
        classes=class_counts({"cat": MILLION // 2, "dog": MILLION // 2}),
        links=SimpleNamespace(context_effects={"site": effect}, reverse_associations=reverse),
    )


def test_a_site_per_class_is_an_error():
    [finding] = findings_of("SPUR005", hospitals(1.0), context="site")
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("site",)
    assert str(finding.message).startswith("site alone explains 99.9")
    assert "--group site" in str(finding.fix)


def test_few_sites_of_many_classes_are_seen_the_other_way_round():
    random = np.random.default_rng(0)
    place = random.integers(0, 12, 2400)
    table = pd.DataFrame({"age": random.normal(size=2400), "site": SITES[place % 3], "y": [f"c{i}" for i in place]})
    [finding] = findings_of("SPUR005", table, context="site")
    assert finding.severity is Severity.ERROR
    assert "(and y 99.997 % of that of site)" in str(finding.message)


def test_says_which_level_differs_from_like_rows():
    random = np.random.default_rng(0)
    age, site = random.normal(size=3000), random.choice(SITES, 3000)
    sick = age + random.normal(0, 0.3, 3000) + 1.5 * (site == "Celle") > 0
    table = pd.DataFrame({"age": age, "site": site, "y": np.where(sick, "sick", "well")})
    [finding] = findings_of("SPUR005", table, context="site")
    assert finding.severity is Severity.WARNING
    assert "most where Celle: " in str(finding.message)
    assert "Celle" not in str(finding.message.redacted())


@pytest.mark.parametrize("n_rows", [100, 1000])
@pytest.mark.parametrize("seed", range(4))
def test_is_silent_on_contexts_at_random(n_rows, seed):
    site = np.random.default_rng(seed).choice(SITES, n_rows)
    assert not findings_of("SPUR005", plain_table(n_rows, seed).assign(site=site), context="site")


@pytest.mark.parametrize("seed", range(4))
def test_is_silent_where_the_features_explain_the_difference(seed):
    random = np.random.default_rng(seed)
    age = random.normal(size=2000)
    site = SITES[np.digitize(age + random.normal(0, 1, 2000), [-0.5, 0.5])]
    table = pd.DataFrame({"age": age, "site": site, "y": np.where(age + random.normal(0, 1, 2000) > 0, "sick", "well")})
    assert not findings_of("SPUR005", table, context="site")


def test_a_context_that_tells_more_never_scores_milder():
    steps = [worst(findings_of("SPUR005", hospitals(share), context="site")) for share in (0.0, 0.4, 0.7, 0.9, 1.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


@pytest.mark.parametrize(
    ("explained", "severity"),
    [(0.295, 0), (0.305, Severity.WARNING), (0.795, Severity.WARNING), (0.805, Severity.ERROR)],
)
def test_boundaries_of_what_is_explained(explained, severity):
    assert worst(judge(RULE, told(explained))) == severity
    assert worst(judge(RULE, told(0.0, reverse=explained))) == severity


@pytest.mark.parametrize(
    ("beyond", "difference", "severity"),
    [(0.045, 0.2, 0), (0.055, 0.2, Severity.WARNING), (0.055, 0.105, Severity.WARNING), (0.055, 0.1, 0)],
)
def test_boundaries_of_what_is_told_beyond_the_features(beyond, difference, severity):
    assert worst(judge(RULE, told(0.0, beyond, (difference,)))) == severity


def test_what_annotators_add_to_the_features_is_left_to_another_rule():
    random = np.random.default_rng(0)
    age, who = random.normal(size=3000), random.choice(SITES, 3000)
    sick = age + random.normal(0, 0.3, 3000) + 1.5 * (who == "Celle") > 0
    table = pd.DataFrame({"age": age, "annotator": who, "y": np.where(sick, "sick", "well")})
    assert not findings_of("SPUR005", table, context="annotator")
    assert worst(findings_of("LABEL004", table, context="annotator")) == Severity.WARNING


def test_is_skipped_without_a_context():
    [check] = audit(hospitals(1.0).drop(columns="site"), label="y", select=["SPUR005"]).checks
    assert (check.status, check.reason) == (Status.SKIPPED, "needs a context column: declare it with --context")


def test_a_table_of_nothing_but_the_context_is_judged_by_it_alone():
    [finding] = findings_of("SPUR005", hospitals(1.0)[["site", "y"]], context="site")
    assert finding.severity is Severity.ERROR


def test_a_numeric_target_is_judged_too():
    random = np.random.default_rng(0)
    site = random.integers(0, 3, 600)
    table = pd.DataFrame(
        {"age": random.normal(size=600), "site": SITES[site], "y": site * 10 + random.normal(size=600)}
    )
    result = audited("SPUR005", table, context="site", task="regression")
    assert worst(result.findings) == Severity.ERROR
