"""The samples are found to be what they were found to be, and reports/ shows what the present code renders."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest
from tests.golden.samples import (
    GOLDEN,
    REPORTS,
    REWRITE,
    ROOT,
    demo_commands,
    differences,
    masked,
    masked_page,
    write_reports,
)

from dataaudit import __version__

SAMPLES = ("cars", "clean", "earthquakes")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    """The folder of reports as the present code writes them."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "sample_data").symlink_to(ROOT / "sample_data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write_reports(folder)
    return folder / "reports"


def read(path: Path) -> str:
    assert path.is_file(), f"{path.name} is missing; {REWRITE}"
    return path.read_text(encoding="utf-8")


def test_make_demo_covers_the_samples():
    assert tuple(sorted(demo_commands())) == SAMPLES
    rendered = [path.name for path in REPORTS.iterdir() if path.suffix in (".html", ".json")]
    assert sorted(rendered) == sorted(f"{sample}.{ending}" for sample in SAMPLES for ending in ("html", "json"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_findings_are_the_golden_ones(rendered, sample):
    golden = json.loads(read(GOLDEN / f"{sample}.json"))
    found = masked(read(rendered / f"{sample}.json"))
    assert list(differences(golden, found)) == [], REWRITE


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_committed_json_is_what_the_code_renders(rendered, sample):
    committed, found = (masked(read(folder / f"{sample}.json")) for folder in (REPORTS, rendered))
    assert list(differences(committed, found)) == [], REWRITE


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_committed_page_is_what_the_code_renders(rendered, sample):
    committed, found = (masked_page(read(folder / f"{sample}.html"), __version__) for folder in (REPORTS, rendered))
    changed = list(difflib.unified_diff(committed, found, "committed", "rendered", lineterm="", n=0))
    assert changed[:20] == [], REWRITE


@pytest.mark.parametrize("sample", SAMPLES)
def test_golden_files_and_reports_name_no_place_of_this_machine(sample):
    for path in (GOLDEN / f"{sample}.json", REPORTS / f"{sample}.json", REPORTS / f"{sample}.html"):
        text = read(path)
        assert str(ROOT) not in text
        assert str(Path.home()) + "/" not in text


def test_differences_tell_numbers_from_noise():
    golden = {"a": [1, 0.5], "b": "x", "c": None, "d": True}
    assert list(differences(golden, {**golden, "a": [1, 0.5 * (1 + 1e-12)]})) == []
    for changed in ({"a": [1, 0.5000001]}, {"a": [1]}, {"b": "y"}, {"c": 0}, {"d": 1}, {"e": 1}):
        assert len(list(differences(golden, {**golden, **changed}))) == 1, changed
