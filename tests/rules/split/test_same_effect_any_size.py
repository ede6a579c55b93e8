"""One effect has one severity, at 300 rows as at 3,000,000, and the more rows the narrower its interval."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from tests.rules.builders import class_table, split_facts, unseen
from tests.rules.frames import class_counts, judge, numeric_profile

from dataaudit.auditing import audit
from dataaudit.measure.drift import column_drift, named_drift
from dataaudit.measure.shifts.told_apart import TwoSamples, area_between
from dataaudit.measure.shifts.world import World, _mix
from dataaudit.measure.tables import ValueTable
from dataaudit.model import Kind, Severity
from dataaudit.rules.split.feature_drift import FeatureDrift
from dataaudit.rules.split.label_shift import LabelShift
from dataaudit.rules.split.missing_rate_shift import MissingRateShift
from dataaudit.rules.split.unlike_the_world import UnlikeTheWorld
from dataaudit.rules.split.unseen_category import UnseenCategory

SIZES = (300, 30_000, 3_000_000)
WARNING, ERROR = Severity.WARNING, Severity.ERROR


def widths(found, of="distance"):
    return [finding.evidence[f"{of}_upper"] - finding.evidence[f"{of}_lower"] for finding in found]


def assert_same_verdict(found, severity, of="distance"):
    """Every size has its one finding, of one severity, and its interval is the narrower the more rows."""
    assert [len(findings) for findings in found] == [1] * len(SIZES)
    findings = [one for [one] in found]
    assert [finding.severity for finding in findings] == [severity] * len(SIZES)
    first, second, third = widths(findings, of)
    assert first > 2 * second > 4 * third > 0


def rows(n, shares):
    """Return n rows by share, to the row."""
    counts = np.rint(n * np.asarray(shares)).astype(np.int64)
    assert counts.sum() == n
    return counts


def feature_facts(table, splits=("train", "test"), **shifts):
    profiles = {split: {table.column: numeric_profile(table.column, int(table.n[split].sum()))} for split in splits}
    facts = split_facts({table.column: table.kind}, tables={table.column: table}, profiles=profiles, label_drifts={})
    vars(facts.shifts).update(shifts)
    facts.drifts = {"test": {table.column: column_drift(table, "test")}}
    return facts


def binned(base, other, names=("train", "test")):
    n = {name: np.append(counts, 0) for name, counts in zip(names, (base, other), strict=True)}
    by_class = {name: counts[:, None] for name, counts in n.items()}
    keys = (*(str(i) for i in range(len(base))), "(missing)")
    return ValueTable("x", Kind.NUMERIC, keys, np.arange(len(base) - 1.0), n, by_class, {}, {})


TENTHS = np.full(10, 0.1)
MOVED = {0.15: [0.0, 0.05, *[0.1] * 6, 0.1, 0.25], 0.3: [0, 0, 0, *[0.1] * 6, 0.4]}


@pytest.mark.parametrize(("effect", "severity"), [(0.3, ERROR)])
def test_a_number(effect, severity):
    found = [
        judge(FeatureDrift(), feature_facts(binned(rows(n // 2, TENTHS), rows(n // 2, MOVED[effect])))) for n in SIZES
    ]
    assert_same_verdict(found, severity)


@pytest.mark.parametrize("sizes", [(3000, 30_000), (30_000, 3_000_000)])
def test_a_smaller_distance_is_a_warning_however_sure_it_is(sizes):
    """A distance of .15 cannot be told from chance in 300 rows; where it can, it is no worse for being sure."""
    found = [
        judge(FeatureDrift(), feature_facts(binned(rows(n // 2, TENTHS), rows(n // 2, MOVED[0.15])))) for n in sizes
    ]
    assert [finding.severity for [finding] in found] == [WARNING, WARNING]


@pytest.mark.parametrize(("share", "severity"), [(0.7, WARNING), (0.8, ERROR)])
def test_a_category(share, severity):
    found = []
    for n in SIZES:
        base, other = rows(n // 3 * 2, [0.52, 0.48]), rows(n // 3, [share, 1 - share])
        table = class_table("x", {"red": [base[0]], "blue": [base[1]]}, test=[[other[0]], [other[1]]])
        found.append(judge(FeatureDrift(), feature_facts(table)))
    assert_same_verdict(found, severity)


def label_facts(base, other, names=("no", "yes")):
    return split_facts(
        classes=class_counts(dict(zip(names, base.tolist(), strict=True)), test=other),
        label_drifts={"test": named_drift(("y", "test", "train"), base, other)},
    )


@pytest.mark.parametrize(("share", "severity"), [(0.68, WARNING), (0.8, ERROR)])
def test_a_label(share, severity):
    found = [
        judge(LabelShift(), label_facts(rows(n // 3 * 2, [0.5, 0.5]), rows(n // 3, [share, 1 - share]))) for n in SIZES
    ]
    assert_same_verdict(found, severity)


def more_than_five_times(n):
    """Return counts of two values of which the rare one becomes 5.7 times as common."""
    return rows(n // 2, [147 / 150, 3 / 150]), rows(n // 2, [133 / 150, 17 / 150])


def test_a_rare_class_that_is_many_times_as_common():
    """From 3 rows of 150 to 17, which moves less than a tenth of the rows."""
    found = [judge(LabelShift(), label_facts(*more_than_five_times(n))) for n in SIZES]
    assert_same_verdict(found, WARNING)


def test_a_rare_category_that_is_many_times_as_common():
    found = []
    for n in SIZES:
        base, other = more_than_five_times(n)
        table = class_table("x", {"red": [base[0]], "blue": [base[1]]}, test=[[other[0]], [other[1]]])
        found.append(judge(FeatureDrift(), feature_facts(table)))
    assert [[finding.severity for finding in findings] for findings in found] == [[WARNING]] * 3


@pytest.mark.parametrize(("share", "severity"), [(0.24, WARNING), (0.3, ERROR)])
def test_missing_cells(share, severity):
    found = []
    for n in SIZES:
        sizes = {"train": n // 3 * 2, "test": n // 3}
        missing = {"train": round(0.03 * sizes["train"]), "test": round(share * sizes["test"])}
        profiles = {s: {"x": numeric_profile("x", sizes[s], n_missing=missing[s])} for s in sizes}
        found.append(judge(MissingRateShift(), split_facts(profiles=profiles)))
    assert_same_verdict(found, severity, "share_change")


@pytest.mark.parametrize(("share", "severity"), [(0.09, WARNING), (0.12, ERROR)])
def test_unseen_categories(share, severity):
    found = []
    for n in SIZES:
        one = unseen(round(share * (n // 3)), n // 3, n // 3 * 2)
        found.append(judge(UnseenCategory(), split_facts(unseen={"test": {"city": one}})))
    assert_same_verdict(found, severity, "share_excess")


@pytest.mark.parametrize(("share", "severity"), [(0.69, WARNING), (0.8, ERROR)])
def test_a_reference(share, severity):
    found = []
    for n in SIZES:
        base, other = rows(n // 3 * 2, [0.5, 0.5]), rows(n // 3, [share, 1 - share])
        by_split = {"reference": [[base[0]], [base[1]]], "test": [[other[0]], [other[1]]]}
        table = class_table("x", {"red": [0], "blue": [0]}, **by_split)
        world = World("test", {"x": column_drift(table, "test", "reference")}, {})
        facts = feature_facts(table, ("reference", "test"), world=world, world_joint_drift=None)
        found.append(judge(UnlikeTheWorld(), facts))
    assert_same_verdict(found, severity)


@pytest.mark.parametrize(("share", "severity"), [(0.11, WARNING), (0.15, WARNING), (0.4, ERROR)])
def test_a_prior(share, severity):
    found = []
    for n in SIZES:
        facts = label_facts(rows(n // 3 * 2, [0.5, 0.5]), rows(n // 3, [1 - share, share]))
        facts.shifts.prior_mixes = {"test": _mix(facts, "test", facts.classes.counts["test"], {"yes": 0.03})}
        found.append(judge(UnlikeTheWorld(), facts))
    assert_same_verdict(found, severity)


def test_the_interval_of_an_area_narrows_with_the_rows():
    random = np.random.default_rng(0)
    found = []
    for n in (300, 1000, 3000):
        is_other = np.repeat([False, True], n)
        scores = random.normal(is_other * 0.9, 1)
        samples = TwoSamples(np.zeros((2 * n, 1)), is_other, np.full(2 * n, 1 / n), np.arange(2 * n))
        found.append(area_between(scores, samples))
    assert [abs(area.auc - 0.738) < 0.04 for area in found] == [True] * 3
    assert found[0].upper - found[0].lower > found[1].upper - found[1].lower > found[2].upper - found[2].lower


def test_the_same_plant_in_files_of_every_size(tmp_path):
    """Drawn by the engine, read from Parquet, judged over all rows; the model sees 2,000 of each split."""
    found = {}
    for n in SIZES:
        files = {}
        for split, n_rows, shift, share in (("train", n // 3 * 2, 0.0, 0.3), ("test", n // 3, 0.5, 0.6)):
            files[split] = tmp_path / f"{split}{n}.parquet"
            # Rows i of n stand evenly in [0, 1), in an order that ties no column to another.
            duckdb.sql(
                f"COPY (SELECT (i * 7919 % {n_rows}) / {n_rows} + {shift} AS x, "
                f"CASE WHEN (i * 15485863 % {n_rows}) / {n_rows} < {share} THEN 'yes' ELSE 'no' END AS y "
                f"FROM range({n_rows}) AS t(i)) TO '{files[split]}' (FORMAT parquet)"
            )
        rules = ["SPLIT001", "SPLIT002", "SPLIT005"]
        result = audit(files["train"], test=files["test"], label="y", select=rules)
        found[n] = {finding.code: finding for finding in result.findings}
    for code, of in (("SPLIT001", "distance"), ("SPLIT002", "distance"), ("SPLIT005", "auc")):
        assert [by_code[code].severity for by_code in found.values()] == [ERROR] * 3
        first, second, third = widths([by_code[code] for by_code in found.values()], of)
        # Of the larger two the model sees as many rows.
        assert first > second > third or (code == "SPLIT005" and first > 2 * max(second, third))
