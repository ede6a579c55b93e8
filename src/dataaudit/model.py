"""The words of the house: severities, columns, splits, findings and the result of an audit.

Legend of names used everywhere: `n_` is a count, `share_` a fraction in
[0, 1], `seconds` a duration; `standard_error` belongs to the number before it;
`lower` and `upper` are the bounds of an interval.
"""

from __future__ import annotations

import enum
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from dataaudit.errors import ConfigError, FindingsError
from dataaudit.figures import Figure, LabelClues
from dataaudit.redacted_command import redact_command
from dataaudit.side_figures import SplitSides
from dataaudit.text import FromData, Text, show_count, show_value

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS_SHOWN = 20
# Names that say: this column names its row.
IDENTIFIER_NAME = re.compile(
    r"(?i:(^|[\W_])(id|ids|uuid|guid|index|idx|key|row|rowid|row_?number|rownames?|nr|no)([\W_]|$))"
    r"|^Unnamed: 0$|[a-z]I[dD]$"
)


class Severity(enum.IntEnum):
    """How much a finding matters.

    error: a result measured on this data cannot be trusted. warning: it will
    probably harm the model, or someone must decide. info: worth knowing.
    """

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The lower-case word used in JSON and on the command line."""
        return self.name.lower()


class Kind(enum.StrEnum):
    """What the cells of a column are."""

    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    CATEGORICAL = "categorical"
    TEXT = "text"
    DATETIME = "datetime"
    EMBEDDING = "embedding"


class Role(enum.StrEnum):
    """What a column is for."""

    LABEL = "label"
    FEATURE = "feature"
    GROUP = "group"
    TIME = "time"
    CONTEXT = "context"
    ID = "id"
    EXCLUDED = "excluded"


class Task(enum.StrEnum):
    """What is to be learnt."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


@dataclass(frozen=True)
class ColumnInfo:
    """A column: its name, kind and role; `declared` says the role came from the user."""

    name: str
    kind: Kind
    role: Role
    declared: bool = False


@dataclass(frozen=True)
class SplitInfo:
    """A split: where it came from, its size, and a content fingerprint that ignores row order."""

    name: str
    source: str
    n_rows: int
    n_columns: int
    fingerprint: str = ""


@dataclass(frozen=True)
class DatasetInfo:
    """What is being audited, without its rows.

    `notes` are sentences about how the files were read (encoding, guessed
    label), shown in the report.
    """

    task: Task | None
    label: str | None
    splits: tuple[SplitInfo, ...]
    columns: tuple[ColumnInfo, ...]
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> ColumnInfo:
        """Return the column of that name; KeyError if there is none."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, ColumnInfo]:
        return {column.name: column for column in self.columns}

    def split(self, name: str) -> SplitInfo:
        """Return the split of that name; KeyError if there is none."""
        for split in self.splits:
            if split.name == name:
                return split
        raise KeyError(name)

    def with_role(self, *roles: Role) -> tuple[ColumnInfo, ...]:
        """Return the columns that have one of the roles, in file order."""
        return tuple(column for column in self.columns if column.role in roles)


Scalar = str | int | float | bool | None | FromData
Evidence = Scalar | list[Scalar] | Mapping[str, "Evidence"]


@dataclass(frozen=True)
class Rows:
    """Row numbers of one split (0-based positions in the file as read)."""

    split: str
    numbers: tuple[int, ...]
    truncated: bool = False


@dataclass(frozen=True)
class Finding:
    """One decision of one rule, with its evidence.

    Attributes
    ----------
    identity : tuple of str
        What, beside code, columns and splits, tells this finding from another
        of the same rule (a value, a class); part of the fingerprint.
    figure : Figure or None
        A picture's numbers; renderers draw it, JSON leaves it out.
    """

    code: str
    name: str
    severity: Severity
    columns: tuple[str, ...]
    splits: tuple[str, ...]
    message: Text
    evidence: Mapping[str, Evidence]
    fix: Text
    rows: tuple[Rows, ...] = ()
    identity: tuple[str, ...] = ()
    figure: Figure | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Hash of what the finding is about; the order of rows and columns does not change it."""
        about = [self.code, sorted(self.columns), sorted(self.splits), sorted(self.identity)]
        return hashlib.blake2b(json.dumps(about).encode(), digest_size=8).hexdigest()


class Status(enum.StrEnum):
    """What became of a rule in one audit."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Check:
    """What became of one rule: `failed` means it found something, at any severity."""

    code: str
    name: str
    status: Status
    reason: str | None
    n_rows_seen: int
    sampled: bool
    seconds: float


@dataclass(frozen=True)
class RuleDoc:
    """A rule's documentation, read from its docstring: heading -> text."""

    code: str
    name: str
    summary: str
    sections: Mapping[str, str]


@dataclass(frozen=True)
class AuditResult:
    """Everything an audit found; the one structure all reports are rendered from.

    `accepted` holds fingerprints of a baseline: such findings stay listed but
    do not count for `worst` and the exit code. `clues` and `sides` are numbers for
    pictures of what gives the label away and of how splits differ; JSON leaves them out.
    """

    version: str
    created_at: str
    seed: int
    dataset: DatasetInfo
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    timings: Mapping[str, float]
    docs: Mapping[str, RuleDoc]
    accepted: frozenset[str] = frozenset()
    redacted: bool = False
    command: str | None = None
    thresholds: Mapping[str, Mapping[str, float | int | str]] = field(default_factory=dict)
    clues: LabelClues | None = None
    sides: SplitSides | None = None

    def open_findings(self) -> tuple[Finding, ...]:
        """Return the findings that no baseline accepts."""
        return tuple(f for f in self.findings if f.fingerprint not in self.accepted)

    def count(self, severity: Severity) -> int:
        """Return the number of open findings of exactly that severity."""
        return sum(f.severity == severity for f in self.open_findings())

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the open findings, or None."""
        return max((f.severity for f in self.open_findings()), default=None)

    def raise_if(self, severity: str = "error") -> None:
        """Raise `FindingsError` if an open finding is at or above the severity.

        Parameters
        ----------
        severity : {"error", "warning", "info", "never"}

        Raises
        ------
        FindingsError
            With the sentence of every such finding.
        ConfigError
            If the severity is none of these words.
        """
        levels = {level.label: level for level in reversed(Severity)}
        word = str(severity).lower()
        if word == "never":
            return
        if word not in levels:
            raise ConfigError(f"there is no severity {severity!r}", f"it must be one of {', '.join(levels)}, never")
        reached = [f for f in self.open_findings() if f.severity >= levels[word]]
        if reached:
            lines = [f"{f.code} {f.name}: {f.message}" for f in reached]
            raise FindingsError(f"{show_count(len(reached), 'finding')} at or above {word}:\n" + "\n".join(lines))

    def __repr__(self) -> str:
        counts = [show_count(self.count(level), level.label) for level in (Severity.ERROR, Severity.WARNING)]
        label = "no label" if self.dataset.label is None else f"label {show_value(self.dataset.label)}"
        splits = [f"{split.name} {show_count(split.n_rows, 'row')}" for split in self.dataset.splits]
        about = "; ".join(
            [", ".join([*counts, f"{self.count(Severity.INFO):,} info"]), ", ".join(splits) or "no rows", label]
        )
        return f"<AuditResult: {about}>"

    def __str__(self) -> str:
        from dataaudit.report.terminal import render_terminal

        return render_terminal(self)

    def to_html(self) -> str:
        """Render the report as one self-contained HTML page."""
        from dataaudit.report.html import render_html

        return render_html(self)

    def to_json(self) -> str:
        """Render the report as JSON, schema version 1."""
        from dataaudit.report.json import render_json

        return render_json(self)

    def to_markdown(self) -> str:
        """Render a summary for a pull request."""
        from dataaudit.report.markdown import render_markdown

        return render_markdown(self)

    def to_junit(self) -> str:
        """Render one test case per rule as JUnit XML."""
        from dataaudit.report.junit import render_junit

        return render_junit(self)

    def to_frame(self) -> pd.DataFrame:
        """Return the findings as a frame, one row each."""
        import pandas as pd

        names = ["code", "name", "severity", "columns", "splits", "message", "fix"]
        records: list[tuple[object, ...]] = [
            (f.code, f.name, f.severity.label, ", ".join(f.columns), ", ".join(f.splits), str(f.message), str(f.fix))
            for f in self.findings
        ]
        return pd.DataFrame.from_records(records, columns=names)

    def _repr_html_(self) -> str:
        from dataaudit.report.html import render_notebook

        return render_notebook(self)


def shown_rows(split: str, numbers: Iterable[int], n_all: int = 0) -> Rows:
    """Return the first `MAX_ROWS_SHOWN` row numbers, saying whether there were more.

    `n_all` is how many rows the finding is about, where `numbers` are only some of them.
    """
    listed = sorted(int(number) for number in numbers)
    shown = tuple(listed[:MAX_ROWS_SHOWN])
    return Rows(split, shown, truncated=max(n_all, len(listed)) > len(shown))


def asks_what_tells_label(code: str) -> bool:
    """Return whether a rule looks for what gives the label away.

    >>> asks_what_tells_label("SPUR001"), asks_what_tells_label("LEAK005"), asks_what_tells_label("LEAK001")
    (True, True, False)
    """
    return code.startswith("SPUR") or code == "LEAK005"


def telling_columns(findings: Iterable[Finding], label: str) -> dict[str, list[Finding]]:
    """Return the findings that say that a single column gives the label away, per column in their order."""
    telling: dict[str, list[Finding]] = {}
    for finding in findings:
        if asks_what_tells_label(finding.code) and len(finding.columns) == 1 and finding.columns[0] != label:
            telling.setdefault(finding.columns[0], []).append(finding)
    return telling


def redact(result: AuditResult) -> AuditResult:
    """Return the result without any value that came from the data."""
    return replace(
        result,
        findings=tuple(_redact_finding(f) for f in result.findings),
        checks=tuple(_redact_check(check) for check in result.checks),
        clues=None if result.clues is None else result.clues.redacted(),
        sides=None if result.sides is None else result.sides.redacted(),
        command=None if result.command is None else redact_command(result.command),
        redacted=True,
    )


def _redact_check(check: Check) -> Check:
    # The words of an exception may quote a cell; its name, before the colon, does not.
    if check.status is Status.CRASHED and check.reason is not None:
        return replace(check, reason=check.reason.partition(":")[0])
    return check


def _redact_finding(finding: Finding) -> Finding:
    return replace(
        finding,
        message=finding.message.redacted(),
        fix=finding.fix.redacted(),
        evidence={key: _redact_evidence(value) for key, value in finding.evidence.items()},
        figure=None if finding.figure is None else finding.figure.redacted(),
    )


def _redact_evidence(value: Evidence) -> Evidence:
    if isinstance(value, FromData):
        return show_value(None)
    if isinstance(value, list):
        return [show_value(None) if isinstance(item, FromData) else item for item in value]
    if isinstance(value, Mapping):
        return {key: _redact_evidence(item) for key, item in value.items()}
    return value
