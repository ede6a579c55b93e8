"""The real command on the sample data, in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CARS = ("sample_data/cars_train.csv", "--test", "sample_data/cars_test.csv", "--label", "make")
CLEAN = ("sample_data/clean_train.csv", "--test", "sample_data/clean_test.csv", "--label", "approved")
QUAKES = (
    *("sample_data/earthquakes_train.parquet", "--test", "sample_data/earthquakes_test.parquet"),
    *("--label", "event", "--group", "station", "--time", "start_time"),
)


@pytest.fixture
def audit(run_dataaudit, tmp_path):
    """Audit a sample and return (process, report)."""

    def run(*arguments: str):
        path = tmp_path / "report.json"
        done = run_dataaudit("audit", *arguments, "--output", path, "--force", cwd=ROOT)
        assert done.stderr == ""
        return done, json.loads(path.read_text(encoding="utf-8"))

    return run


def found(report, severity=None):
    return {finding["code"] for finding in report["findings"] if severity in (None, finding["severity"])}


def test_the_cars_have_a_shortcut_that_names_colour_red_and_ferrari(audit):
    done, report = audit(*CARS)
    assert done.returncode == 1
    (shortcut,) = [finding for finding in report["findings"] if finding["code"] == "SPUR001"]
    assert shortcut["severity"] == "error"
    assert shortcut["columns"] == ["colour"]
    assert "red" in shortcut["message"]
    assert "Ferrari" in shortcut["message"]


def test_the_cars_have_no_defect_but_the_colour(audit):
    _, report = audit(*CARS)
    told = [f for f in report["findings"] if f["severity"] != "info"]
    # In test red no longer means Ferrari: colour and what goes with the make tell the splits apart, jointly.
    (joint,) = [f for f in told if f["code"] == "SPLIT005"]
    assert "colour" in joint["message"]
    assert [f for f in told if f["columns"] != ["colour"] and f is not joint] == []


def test_the_earthquakes_have_each_planted_defect(audit):
    done, report = audit(*QUAKES)
    assert done.returncode == 1
    assert {"IMB001", "IMB002", "LEAK003"} <= found(report, "error")
    # With 8 earthquakes no test set is large enough; nothing else may be wrong.
    assert found(report, "error") | found(report, "warning") == {"IMB001", "IMB002", "LEAK003", "RANGE001", "SPLIT007"}
    beyond = [finding for finding in report["findings"] if finding["code"] == "RANGE001"]
    assert any("magnitude_estimate" in finding["columns"] for finding in beyond)


def test_the_clean_sample_has_no_finding_above_info(audit):
    done, report = audit(*CLEAN, "--fail-on", "warning")
    assert [f for f in report["findings"] if f["severity"] != "info"] == []
    assert done.returncode == 0


def test_no_rule_crashes_on_a_sample(audit):
    for sample in (CARS, QUAKES, CLEAN):
        _, report = audit(*sample)
        assert [check for check in report["checks"] if check["status"] == "crashed"] == []


def test_the_summary_goes_to_stdout_and_nothing_to_stderr(run_dataaudit):
    done = run_dataaudit("audit", *CARS, cwd=ROOT)
    assert (done.returncode, done.stderr) == (1, "")
    assert "SPUR001" in done.stdout


def test_a_split_column_and_a_glob(run_dataaudit, tmp_path, sample_data):
    for split in ("train", "test"):
        head, *rows = (sample_data / f"clean_{split}.csv").read_text().splitlines()
        lines = [f"{head},part", *(f"{row},{split}" for row in rows)]
        (tmp_path / f"part-{split}.csv").write_text("\n".join(lines) + "\n")
    done = run_dataaudit("audit", "part-*.csv", "--split-column", "part", "--label", "approved", "--fail-on", "warning")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        "none.csv --label y",
        "sample_data/cars_train.csv --label nonsense",
        "sample_data/cars_train.csv --test none.csv --label make",
        "sample_data/cars_train.csv --label make --select NOPE",
        "sample_data --label make",
    ],
)
def test_wrong_input_is_one_error_with_a_hint_and_exit_code_2(run_dataaudit, arguments):
    done = run_dataaudit("audit", *arguments.split(), cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("hint: ")
    assert "unexpected" not in done.stderr
    assert "Traceback" not in done.stderr
