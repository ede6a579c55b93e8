"""The manifest beside what was written: the command, what came in, what went out, and where every row went."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dataaudit import __version__
from dataaudit.model import Finding
from dataaudit.write.accounting import RowCounts
from dataaudit.write.folder import MANIFEST, written_to

# What may change the rows that are written.
PACKAGES = ("duckdb", "numpy", "pandas", "pyarrow", "scikit-learn", "imbalanced-learn", "pyspark")
BYTES_AT_A_TIME = 1 << 20


@dataclass(frozen=True)
class WrittenFile:
    """A file in the folder: its name, what it holds, its rows and, of a table, the content fingerprint of an audit."""

    name: str
    holds: str
    n_rows: int | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class InputFile:
    """A split as it came in: its rows, the content fingerprint of an audit, and checksums of its files."""

    split: str
    source: str
    n_rows: int
    fingerprint: str | None
    sha256: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What one command did.

    `findings` maps "before" and "after" to the number of findings per severity; `expected` are those of after that are
    new or worse on purpose, with the reason; `hidden` those of before that can no longer be judged.
    """

    command: str
    words: str | None
    seed: int
    options: Mapping[str, Any]
    inputs: Sequence[InputFile]
    outputs: Sequence[WrittenFile]
    rows: Sequence[RowCounts]
    findings: Mapping[str, Mapping[str, int]]
    notes: Sequence[str] = field(default_factory=tuple)
    expected: Sequence[tuple[Finding, str]] = ()
    hidden: Sequence[tuple[Finding, str]] = ()


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write `manifest.json`; the files it names must be there, for their checksums."""
    document = {
        "manifest_version": 1,
        "tool": {"name": "dataaudit", "version": __version__},
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": manifest.command,
        "command_line": manifest.words,
        "seed": manifest.seed,
        "options": dict(manifest.options),
        "versions": versions(),
        "inputs": [
            {
                "split": one.split,
                "source": one.source,
                "n_rows": one.n_rows,
                "fingerprint": one.fingerprint,
                "sha256": dict(one.sha256),
            }
            for one in manifest.inputs
        ],
        "outputs": [
            {
                "file": one.name,
                "holds": one.holds,
                "n_rows": one.n_rows,
                "fingerprint": one.fingerprint,
                "sha256": checksum(folder / one.name),
            }
            for one in manifest.outputs
        ],
        "rows": [counts.check().as_json() for counts in manifest.rows],
        "findings": {when: dict(counts) for when, counts in manifest.findings.items()},
        "expected_findings": _with_reasons(manifest.expected),
        "no_longer_judged": _with_reasons(manifest.hidden),
        "notes": list(manifest.notes),
    }
    with written_to(folder):
        text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _with_reasons(findings: Sequence[tuple[Finding, str]]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.code,
            "severity": finding.severity.label,
            "columns": list(finding.columns),
            "splits": list(finding.splits),
            "fingerprint": finding.fingerprint,
            "reason": reason,
        }
        for finding, reason in findings
    ]


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that may change what is written."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            # An extra that is not installed has changed nothing.
            continue
    return found


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file; of a folder, that of its files' contents one after the other, by their names."""
    found = hashlib.sha256()
    for part in sorted(path.iterdir()) if path.is_dir() else [path]:
        with part.open("rb") as file:
            while block := file.read(BYTES_AT_A_TIME):
                found.update(block)
    return found.hexdigest()
