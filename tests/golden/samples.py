"""The sample reports: how they are made, and what of them differs from run to run."""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from click.testing import CliRunner

from dataaudit.cli import cli

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent
REPORTS = ROOT / "reports"
MASK = "(masked)"
RELATIVE_TOLERANCE = 1e-9
REWRITE = "if the change is meant: python -m tests.golden.rewrite"


def demo_commands() -> Mapping[str, list[str]]:
    """Return sample -> arguments of the command that makes its report, as `make demo` runs them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    again = re.search(r"^AGAIN := (.*)$", makefile, re.MULTILINE)
    lines = re.findall(r"^\t\$\(AUDIT\) (.*?) \$\(AGAIN\)$", makefile, re.MULTILINE)
    assert again is not None
    return {
        Path(shlex.split(line)[-1]).stem: ["audit", *shlex.split(line), *shlex.split(again.group(1))] for line in lines
    }


def write_reports(folder: Path) -> None:
    """Write every sample's report into `folder`/reports; the folder must be the current one."""
    (folder / "reports").mkdir(exist_ok=True)
    for arguments in demo_commands().values():
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output


def masked(text: str) -> dict[str, object]:
    """Return a JSON report without what differs between runs, versions and machines.

    The fingerprints of the splits are hashes of DuckDB, which a version of it may change.
    """
    report = json.loads(text)
    report["tool"]["version"] = report["created_at"] = report["timings"] = MASK
    for check in report["checks"]:
        check["seconds"] = MASK
    for split in report["dataset"]["splits"]:
        split["fingerprint"] = MASK
    return dict(report)


def masked_page(html: str, version: str) -> list[str]:
    """Return the lines of an HTML report without what differs between runs and versions."""
    without = re.sub(r"<time [^>]*>[^<]*</time>", f"<time>{MASK}</time>", html)
    without = re.sub(r'(class="[^"]*\bseconds">)[^<]*', rf"\1{MASK}", without)
    return without.replace(version, MASK).splitlines()


def differences(expected: object, found: object, path: str = "") -> Iterator[str]:
    """Yield where two reports differ; numbers may by a relative 1e-9."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            yield from differences(expected.get(key), found.get(key), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for i, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{path}[{i}]")
    elif not _alike(expected, found):
        yield f"{path}: {expected!r} became {found!r}"


def _alike(expected: object, found: object) -> bool:
    numbers = [value for value in (expected, found) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == 2:
        return math.isclose(*numbers, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-12)
    return type(expected) is type(found) and expected == found
