"""SPUR004 order-tells-label: the file a row came from."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, association, plain_table
from tests.rules.frames import findings_of, judge, never_falls, worst
from tests.rules.shortcut.orders import HALF, SORTED, order_facts, row_order

from dataaudit.measure.links.files import FileOrigins
from dataaudit.model import Severity
from dataaudit.rules.shortcut.order_tells_label import OrderTellsLabel

RULE = OrderTellsLabel()
BY_CLASS = ((HALF, 0), (0, HALF))


def origins(explained: float, counts=BY_CLASS, names=("cats.csv", "dogs.csv")) -> FileOrigins:
    counts = np.array(counts)
    return FileOrigins(association(explained, int(counts.sum()), ""), names, counts)


def file_facts(*args, order=None, **given):
    found = origins(*args, **given)
    return order_facts(row_order(blocks=found.counts) if order is None else order, file_origins=found)


@pytest.fixture
def save(tmp_path):
    """Return a function that writes frames as CSV files by name, and returns their paths."""

    def save_them(**frames):
        paths = [tmp_path / f"{name}.csv" for name in frames]
        for path, frame in zip(paths, frames.values(), strict=True):
            frame.to_csv(path, index=False)
        return paths

    return save_them


def by_class(table: pd.DataFrame, share_dealt: float = 0.0, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Return a table cut into two files by class, a share of the rows dealt at random."""
    random = np.random.default_rng(seed)
    is_dog = np.where(random.random(len(table)) < share_dealt, random.random(len(table)) < 0.5, table["y"] == "dog")
    table = table.sample(frac=1, random_state=seed)
    is_dog = pd.Series(is_dog).reindex(table.index)
    return {"cats": table[~is_dog], "dogs": table[is_dog]}


def test_one_class_per_file_is_a_warning_that_names_the_files(save):
    [finding] = findings_of("SPUR004", save(**by_class(plain_table(1000), 0.04)))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("y",)
    message = str(finding.message)
    assert message.startswith("The file a row of train came from tells y: it explains 9")
    assert "cats.csv holds 98" in message
    assert "% cat, dogs.csv 98" in message or "% cat, dogs.csv 97" in message
    assert '.to_csv("all.csv", index=False)`' in str(finding.fix)
    assert "dataaudit audit all.csv --label y --context file" in str(finding.fix)
    evidence = finding.evidence
    assert (evidence["n_files"], list(map(str, evidence["files"]))) == (2, ["cats.csv", "dogs.csv"])
    assert sum(evidence["n_rows_of_files"]) == evidence["n_rows"] == 1000
    assert [list(row) for row in finding.figure.counts["train"]] == [
        [most, n - most] if i == 0 else [n - most, most]
        for i, (n, most) in enumerate(
            zip(evidence["n_rows_of_files"], evidence["n_rows_of_commonest_classes"], strict=True)
        )
    ]


def test_names_of_files_are_left_out_where_values_are_for_they_may_be_classes(save):
    [finding] = findings_of("SPUR004", save(**by_class(plain_table(200))))
    told = str(finding.message.redacted())
    assert "▮▮▮ holds 100 % ▮▮▮, ▮▮▮ 100 % ▮▮▮" in told


def test_a_folder_cut_by_a_column_is_an_info_and_its_names_are_cells(tmp_path):
    plain_table(400).assign(place=plain_table(400)["y"]).to_parquet(tmp_path, partition_cols=["place"])
    [finding] = findings_of("SPUR004", tmp_path, exclude=("place",))
    assert finding.severity is Severity.INFO
    assert "place=cat/" in str(finding.message)
    assert "cat" not in str(finding.message.redacted())
    assert "pd.read_parquet(path)" in str(finding.fix)
    assert '.to_parquet("all.parquet")' in str(finding.fix)


@pytest.mark.parametrize(
    ("names", "severity"),
    [
        (("part-00000-a.parquet", "part-00001-b.parquet"), Severity.INFO),
        (("x/part_1.csv", "x/part_2.csv"), Severity.INFO),
        (("y=cat/1.parquet", "y=dog/1.parquet"), Severity.INFO),
        (("part-1.csv", "dogs.csv"), Severity.WARNING),
        (("spare-part.csv", "party1.csv"), Severity.WARNING),
        (("a=b.csv", "a=c.csv"), Severity.WARNING),
    ],
)
def test_pieces_of_one_table_are_an_info(names, severity):
    assert worst(judge(RULE, file_facts(1.0, names=names))) == severity


@pytest.mark.parametrize(
    ("explained", "severity"),
    [(0.3, 0), (0.302, Severity.INFO), (0.8, Severity.INFO), (0.802, Severity.WARNING), (1.0, Severity.WARNING)],
)
def test_boundaries_lie_at_the_lower_bound(explained, severity):
    assert worst(judge(RULE, file_facts(explained))) == severity


@pytest.mark.parametrize(("n_rows", "severity"), [(19, Severity.INFO), (20, Severity.WARNING)])
def test_a_warning_takes_two_files_of_twenty_rows(n_rows, severity):
    counts = ((MILLION, 0), (0, n_rows), *((0, 19),) * (MILLION // 19))
    facts = file_facts(1.0, counts, names=[f"{number}.csv" for number in range(len(counts))])
    assert worst(judge(RULE, facts)) == severity


def test_clearer_files_never_score_milder(save):
    steps = [
        worst(findings_of("SPUR004", save(**by_class(plain_table(1000), share)))) for share in (1.0, 0.6, 0.3, 0.1, 0.0)
    ]
    assert never_falls(steps)
    assert (steps[0], steps[2], steps[-1]) == (0, Severity.INFO, Severity.WARNING)


@pytest.mark.parametrize("n_files", [2, 5, 30])
@pytest.mark.parametrize("seed", range(2))
def test_is_silent_on_rows_dealt_to_files_in_100_rows(save, n_files, seed):
    dealt = np.random.default_rng(seed).integers(0, n_files, 100)
    table = plain_table(100, seed)
    assert not findings_of(
        "SPUR004", save(**{f"f{i}": table[dealt == i] for i in range(n_files) if (dealt == i).any()})
    )


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_permuted_labels(save, seed):
    files = by_class(plain_table(100, seed))
    table = pd.concat(files.values())
    table["y"] = np.random.default_rng(seed).permutation(table["y"])
    n_cats = len(files["cats"])
    assert not findings_of("SPUR004", save(cats=table[:n_cats], dogs=table[n_cats:]))


def test_a_few_events_in_one_file_may_be_luck():
    """3 cats, all in the first of six files of ten: once in some hundred tables."""
    counts = [(3, 7), *[(0, 10)] * 5]
    names = tuple(f"{number}.csv" for number in range(6))
    assert not judge(RULE, file_facts(0.9, counts, names=names, order=row_order(blocks=np.array([[3, 57]]))))


def test_files_sorted_by_a_number_are_told_without_classes(save):
    table = plain_table(600).sample(frac=1, random_state=0)
    table["y"] = table["length"] * 2 + (table["colour"] == "red") * 100
    is_high = table["y"] > table["y"].median()
    [finding, *_] = findings_of("SPUR004", save(high=table[is_high], low=table[~is_high]))
    assert "it is lowest in low.csv and highest in high.csv." in str(finding.message)
    assert finding.figure is None
    assert "commonest_classes" not in finding.evidence


def test_rows_without_a_label_count_for_nothing(save):
    files = by_class(plain_table(300))
    unlabelled = plain_table(100).assign(y=None)
    [finding] = findings_of("SPUR004", save(empty=unlabelled, **files))
    assert finding.evidence["n_files"] == 3
    assert list(map(str, finding.evidence["files"])) == ["cats.csv", "dogs.csv"]
    assert finding.evidence["n_rows"] == 300


def test_of_many_files_the_largest_are_named():
    counts = [(HALF, 0), (0, HALF), *[(10, 0)] * 40]
    facts = file_facts(0.99, counts, names=tuple(f"{number}.csv" for number in range(42)))
    [finding] = judge(RULE, facts)
    assert "0.csv holds 100 % cat, 1.csv 100 % dog, 2.csv 100 % cat, 3.csv 100 % cat" in str(finding.message)
    assert str(finding.message).endswith(", and so on in 38 more.")
    assert len(finding.evidence["files"]) == len(finding.figure.rows) == 20


@pytest.mark.parametrize(("position", "n_findings"), [(0.9, 1), (0.95, 1), (0.96, 2)])
def test_the_order_is_told_only_where_it_tells_more_than_the_file(position, n_findings):
    facts = order_facts(row_order(position, blocks=SORTED), file_origins=origins(0.95))
    assert len(judge(RULE, facts)) == n_findings


def test_a_name_of_a_file_is_shown_on_one_line_and_no_longer_than_needed():
    names = ("{label}\n\u202e.csv", "x" * 300 + ".csv")
    [finding] = judge(RULE, file_facts(1.0, names=names))
    assert "{label}\\n\\u202e.csv holds" in str(finding.message)
    assert len(str(finding.message)) < 300


def test_the_command_says_so_of_real_files(save, tmp_path):
    from click.testing import CliRunner

    from dataaudit.cli import cli

    save(**by_class(plain_table(300)))
    report = tmp_path / "report.json"
    pattern = str(tmp_path / "*.csv")
    done = CliRunner().invoke(cli, ["audit", pattern, "--label", "y", "--select", "SPUR004", "--output", str(report)])
    assert done.exit_code == 0, done.output
    [finding] = json.loads(report.read_text(encoding="utf-8"))["findings"]
    assert finding["severity"] == "warning"
    assert finding["evidence"]["files"] == ["cats.csv", "dogs.csv"]
