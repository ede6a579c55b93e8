"""Tables with something wrong in them: audited, or told why not."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest


def as_csv(**columns: object) -> str:
    return pd.DataFrame(columns).to_csv(index=False)


LABEL = ["cat", "dog"] * 30
NUMBERS = np.random.default_rng(0).normal(size=60)


def test_one_row(fails, write):
    assert fails(write("x,y\n1,cat\n")) == "label 'y' has a value in one training row only"


def test_two_rows(audits, write):
    assert audits(write("x,y\n1,cat\n2,dog\n"))["dataset"]["task"] == "binary"


def test_one_column(audits, write):
    report = audits(write(as_csv(y=LABEL)))
    assert [column["role"] for column in report["dataset"]["columns"]] == ["label"]


def test_no_label_named_and_none_to_guess(fails, write):
    message = fails(write(as_csv(x=NUMBERS, kind=LABEL)), label=None)
    assert message == "no label was named, and none is unmistakable"


def test_a_label_that_is_not_there(fails, write):
    assert fails(write(as_csv(x=NUMBERS, kind=LABEL))) == "t.csv has no column 'y' (declared as label)"


def test_a_label_that_is_all_missing(fails, write):
    assert fails(write(as_csv(x=NUMBERS, y=[None] * 60))) == "label 'y' is missing in every training row"


def test_a_label_of_infinite_numbers(fails, write):
    assert fails(write(as_csv(x=NUMBERS, y=[np.inf] * 60))) == "label 'y' is missing in every training row"


def test_a_constant_label(fails, write):
    assert fails(write(as_csv(x=NUMBERS, y="cat"))) == "label 'y' has the same value in all 60 training rows"


def test_a_label_of_its_own_in_every_row(fails, write):
    words = [f"word {i}" for i in range(60)]
    assert fails(write(as_csv(x=NUMBERS, y=words))) == "label 'y' has a value of its own in every training row"


def test_duplicate_column_names(fails, write):
    message = fails(write("a,y,a\n1,cat,2\n2,dog,3\n"))
    assert message == "t.csv: the column name 'a' stands 2 times in the header (columns 1, 3)"


def test_infinite_values(audits, write):
    numbers = NUMBERS.copy()
    numbers[:5], numbers[5:8] = np.inf, -np.inf
    report = audits(write(as_csv(x=numbers, y=LABEL)))
    found = [finding for finding in report["findings"] if finding["evidence"].get("n_infinite")]
    assert [(finding["columns"], finding["evidence"]["n_infinite"]) for finding in found] == [(["x"], 8)]


def test_all_missing_columns(audits, write):
    report = audits(write(as_csv(x=NUMBERS, a=[None] * 60, b=[np.nan] * 60, y=LABEL)))
    named = {name for finding in report["findings"] for name in finding["columns"]}
    assert {"a", "b"} <= named


def test_nothing_but_missing_columns(audits, write):
    assert audits(write(as_csv(a=[None] * 60, b=[None] * 60, y=LABEL)))["dataset"]["task"] == "binary"


@pytest.mark.parametrize(
    "odd", ["<script>alert(1)</script>", "a|b", "two\nlines", "`code`", "*", "é\u202e", "]]>", "%s{x}"]
)
@pytest.mark.parametrize("extension", ["csv", "parquet"])
def test_odd_names_and_values(audits, tmp_path, odd, extension):
    table = pd.DataFrame({odd: [odd, "plain"] * 30, "x": NUMBERS, "y": [odd, "dog"] * 30})
    path = tmp_path / f"t.{extension}"
    if extension == "csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path)
    report = audits(path)
    assert report["dataset"]["columns"][0]["name"] == odd
    # The column is the label's twin: it must be told, by its own name.
    assert any(odd in finding["columns"] for finding in report["findings"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page


def test_an_odd_label_name(audits, tmp_path):
    name = "a|<b>\nc"
    pd.DataFrame({name: LABEL, "x": NUMBERS}).to_csv(tmp_path / "t.csv", index=False)
    assert audits(tmp_path / "t.csv", label=name)["dataset"]["label"] == name


def wide_csv(n_columns: int, n_rows: int) -> str:
    random = np.random.default_rng(0)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*(f"x{i}" for i in range(n_columns - 1)), "y"])
    for i in range(n_rows):
        writer.writerow([*random.integers(0, 100, n_columns - 1), ("cat", "dog")[i % 2]])
    return file.getvalue()


def test_ten_thousand_columns(audits, write):
    report = audits(write(wide_csv(10_000, 30)), "--select", "IMB")
    assert len(report["dataset"]["columns"]) == 10_000


def test_all_rules_on_more_columns_than_any_statement_takes(audits, write):
    report = audits(write(wide_csv(1_200, 30)))
    assert len(report["dataset"]["columns"]) == 1_200


def test_splits_with_other_columns_and_types(audits, write):
    train = write(as_csv(x=NUMBERS, n=range(60), w=["a", "b"] * 30, y=LABEL), "train.csv")
    test = write(as_csv(y=LABEL, n=["many"] * 60, w=NUMBERS, extra=1), "test.csv")
    report = audits(train, "--test", str(test))
    notes = " ".join(report["dataset"]["notes"])
    assert "extra" in notes
    assert "The column 'n' holds numbers in train but text in test" in notes
    assert any(finding["evidence"].get("absent_from") == "test" for finding in report["findings"])


def test_a_test_split_of_another_table(fails, write):
    train, test = write(as_csv(x=NUMBERS, y=LABEL), "train.csv"), write("a,b\n1,2\n", "test.csv")
    assert fails(train, "--test", str(test)) == "test.csv has no column in common with train.csv"
