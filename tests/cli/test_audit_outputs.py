"""Where reports go, and what is never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataaudit.cli.outputs import write_file
from dataaudit.errors import ConfigError
from dataaudit.model import Severity

BEGINNINGS = {
    "report.html": "<!doctype html",
    "report.htm": "<!doctype html",
    "report.json": "{",
    "report.md": "",
    "report.MD": "",
    "report.xml": "<?xml",
    "report.txt": "",
}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", BEGINNINGS)
def test_the_ending_says_the_format(invoke, fake_audit, tmp_path, name):
    result = invoke("audit", "a.csv", "--output", name)
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / name).read_text(encoding="utf-8").lower().startswith(BEGINNINGS[name])
    assert result.stdout.splitlines()[-1].endswith(f"wrote {name}")


def test_several_outputs_in_one_run(invoke, fake_audit, tmp_path):
    fake_audit.severities = (Severity.ERROR, Severity.INFO)
    result = invoke("audit", "a.csv", "--output", "r.html", "--output", "r.json", "--output", "r.xml")
    assert result.exit_code == 1
    assert names(tmp_path) == ["r.html", "r.json", "r.xml"]
    assert result.stdout == "1 error, 0 warnings, 1 info finding; wrote r.html, r.json and r.xml\n"
    assert len(fake_audit.calls) == 1


@pytest.mark.parametrize("name", ["html", "json", "markdown", "junit", "terminal"])
def test_a_format_without_output_goes_to_stdout_alone(invoke, fake_audit, tmp_path, name):
    result = invoke("audit", "a.csv", "--format", name)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith("\n")
    assert not result.stdout.endswith("\n\n\n")
    assert names(tmp_path) == []
    if name == "json":
        json.loads(result.stdout)


def test_without_output_and_format_the_terminal_gets_the_summary(invoke, fake_audit):
    assert invoke("audit", "a.csv").stdout == invoke("audit", "a.csv", "--format", "terminal").stdout != ""


def test_a_format_overrides_the_ending_of_one_output(invoke, fake_audit, tmp_path):
    assert invoke("audit", "a.csv", "--format", "json", "--output", "report.dat").exit_code == 0
    json.loads((tmp_path / "report.dat").read_text())


def test_a_text_file_holds_no_colours(invoke, fake_audit, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    fake_audit.severities = (Severity.ERROR,)
    invoke("audit", "a.csv", "--output", "report.txt")
    assert "\x1b" not in (tmp_path / "report.txt").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--output", "report"], "the ending of --output report says no format"),
        (["--output", "report.pdf"], "the ending of --output report.pdf says no format"),
        (["--output", "a.html", "--output", "b.html", "--format", "html"], "--format goes with one --output only"),
        (["--output", "a.html", "--output", "./a.html"], "--output a.html is given twice"),
        (["--output", "none/a.html"], "the folder none of --output none/a.html does not exist"),
        (["--output", "old.html"], "--output old.html exists"),
        (["--output", "folder.html", "--force"], "--output folder.html is not a file"),
        (["--output", "/dev/null", "--format", "html", "--force"], "--output /dev/null is not a file"),
        (["--output", "train.csv", "--format", "html", "--force"], "--output train.csv is one of the files"),
        (["--output", "link.csv", "--format", "html", "--force"], "--output link.csv is one of the files"),
        (["--output", "t1.csv", "--format", "html", "--force", "--test", "t*.csv"], "--output t1.csv is one of"),
        (["--output", "old.html", "--force", "--baseline", "old.html"], "--output old.html is one of the files"),
    ],
)
def test_what_cannot_be_written_is_told_before_the_work(invoke, fake_audit, tmp_path, options, message):
    for name in ("train.csv", "t1.csv", "old.html"):
        (tmp_path / name).write_text("as it was")
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "link.csv").symlink_to("train.csv")
    result = invoke("audit", "train.csv", *options)
    assert (result.exit_code, fake_audit.calls) == (2, [])
    assert result.stderr.startswith(f"error: {message}")
    assert "\nhint: " in result.stderr
    assert {(tmp_path / name).read_text() for name in ("train.csv", "t1.csv", "old.html")} == {"as it was"}


def test_force_replaces_and_keeps_a_link(invoke, fake_audit, tmp_path):
    (tmp_path / "old.json").write_text("as it was")
    (tmp_path / "latest.json").symlink_to("old.json")
    result = invoke("audit", "a.csv", "--output", "latest.json", "--force")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "latest.json").is_symlink()
    json.loads((tmp_path / "old.json").read_text())


def test_nothing_is_written_when_the_audit_fails(invoke, fake_audit, tmp_path):
    fake_audit.error = ConfigError("wrong")
    invoke("audit", "a.csv", "--output", "report.html")
    assert names(tmp_path) == []


def test_a_file_is_written_beside_and_renamed(tmp_path, monkeypatch):
    (tmp_path / "r.html").write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ConfigError, match="cannot be written: No space left on device"):
        write_file(tmp_path / "r.html", b"new")
    assert (tmp_path / "r.html").read_bytes() == b"old"
    assert names(tmp_path) == ["r.html"]


def test_a_written_file_has_the_usual_permissions(tmp_path):
    (tmp_path / "plain").touch()
    write_file(tmp_path / "r.html", b"new")
    assert (tmp_path / "r.html").stat().st_mode == (tmp_path / "plain").stat().st_mode
