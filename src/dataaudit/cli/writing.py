"""What the commands that write a folder have in common: their options, and what they print at the end."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dataaudit.cli.options import Decorator, together
from dataaudit.config import FAIL_ON, Settings

if TYPE_CHECKING:
    from rich.console import Console

    from dataaudit.model import AuditResult
    from dataaudit.proof.finishing import Proof

NEVER = "never"
MAX_LISTED = 20
MAX_MESSAGE_LENGTH = 400


def _options(*, output_required: bool) -> Decorator:
    return together(
        click.option(
            "--output",
            metavar="DIR",
            type=click.Path(path_type=Path),
            required=output_required,
            help="The folder to be made: the splits, a manifest, and a report of the findings before and after.",
        ),
        click.option("--force", is_flag=True, help="Replace a folder that dataaudit wrote."),
        click.option("--redact", is_flag=True, help="Leave every value that came from the data out of the report."),
        click.option("--no-audit", is_flag=True, help="Write only: audit neither what comes in nor what is written."),
        click.option(
            "--fail-on",
            type=click.Choice(FAIL_ON),
            help="Exit with 1 if what was written has a finding this severe or worse.  [default: never]",
        ),
    )


writing_options = _options(output_required=True)
# Of a command that can also only say what it would write.
maybe_writing_options = _options(output_required=False)


def folder_for(output: Path, force: bool, sources: dict[str, object], settings: Settings) -> Path:
    """Return the full path of the folder to be written, or say at once why it cannot be.

    Raises
    ------
    ConfigError
        If it exists, cannot be written, or holds an input.
    """
    from dataaudit.cli.given import input_paths
    from dataaudit.write.folder import check_folder

    return check_folder(output, force, input_paths(sources, settings))


def print_proof(proof: Proof, folder: Path, console: Console | None = None) -> None:
    """Print what was written, what had to give, and what became of the findings."""
    from rich.console import Console
    from rich.text import Text

    console = console or Console(file=sys.stdout)
    for line, style in proof_lines(proof, folder):
        console.print(Text(line, style=style), soft_wrap=False, highlight=False)


def proof_text(proof: Proof, folder: Path, width: int = 80) -> str:
    """Return what `print_proof` prints, without colour."""
    from rich.console import Console

    text = io.StringIO()
    print_proof(proof, folder, Console(file=text, width=width, no_color=True, force_terminal=False))
    return text.getvalue()


def proof_lines(proof: Proof, folder: Path) -> list[tuple[str, str]]:
    """Return the lines with their styles."""
    from dataaudit.report.before_after import (
        expected_words,
        hidden_words,
        rows_line,
        show_rows_line,
        verdict_details,
        verdict_words,
    )

    lines: list[tuple[str, str]] = []
    if proof.changes is not None:
        lines.append((verdict_words(proof.changes), "bold"))
        lines += [(words, "") for words in [*verdict_details(proof.changes), *hidden_words(proof.changes)]]
        lines += [(f"on purpose: {words}", "") for words in expected_words(proof.changes)]
    lines += [(show_rows_line(rows_line(counts)), "") for counts in proof.rows]
    lines += [(f"note: {note}", "") for note in proof.notes]
    lines += _finding_lines(proof)
    lines.append((f"wrote {folder}: {', '.join(_names(proof))}", "dim"))
    return lines


def exit_code(proof: Proof, fail_on: str | None) -> int:
    """Return 1 if what was written has a finding at or above the severity that is not there on purpose, else 0."""
    from dataaudit.model import Severity

    if fail_on in (None, NEVER) or proof.after is None:
        return 0
    worst = _counted(proof).worst
    return int(worst is not None and worst >= Severity[str(fail_on).upper()])


def _finding_lines(proof: Proof) -> list[tuple[str, str]]:
    from dataaudit.model import Severity
    from dataaudit.report.verdict import ordered_findings
    from dataaudit.text import show_count, show_line

    if proof.after is None:
        return []
    found = [finding for finding in ordered_findings(_counted(proof)) if finding.severity > Severity.INFO]
    lines = [
        (f"{finding.severity.label} {finding.code}: {show_line(str(finding.message), MAX_MESSAGE_LENGTH)}", "")
        for finding in found[:MAX_LISTED]
    ]
    if len(found) > MAX_LISTED:
        lines.append((f"and {show_count(len(found) - MAX_LISTED, 'more finding')}: see report.html", ""))
    return lines


def _counted(proof: Proof) -> AuditResult:
    from dataaudit.report.before_after import set_apart

    assert proof.after is not None  # whoever asks has looked
    assert proof.changes is not None
    return set_apart(proof.after, proof.changes)


def _names(proof: Proof) -> Sequence[str]:
    from dataaudit.write.folder import MANIFEST

    return [*(file.name for file in proof.files), MANIFEST]
