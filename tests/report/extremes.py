"""Audit results at the edges: nothing at all, hostile words everywhere, far too much."""

from __future__ import annotations

from dataclasses import replace

from tests.report.examples import dataset, rich_result

from dataaudit.figures import Bars, Crosstab, Histogram, RangeStrip
from dataaudit.model import (
    AuditResult,
    Check,
    ColumnInfo,
    DatasetInfo,
    Finding,
    Kind,
    Role,
    Rows,
    Severity,
    SplitInfo,
    Status,
    Task,
)
from dataaudit.text import FromData, Text

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "a|b|c",
    "two\nlines\r\nthree",
    "`code` **bold** [link](https://example.org) @someone #12 $x$",
    "{{ 7 * 7 }} {% raw %} {value}",
    "[bold red]rich[/bold red] [link=https://example.org]x[/link]",
    "bell\x07 null\x00 escape\x1b[31m",
    "\u202eright to left\u202c עברית العربية",
    "👩‍🚀 🚗 é ﷽",
    "]]> <!-- --> &amp; </style></svg></details>",
    "\ud800half a character",
    "=1+1",
    "x" * 10_000,
    "",
)


def empty_result() -> AuditResult:
    return AuditResult(
        version="0.1.0",
        created_at="2025-03-04T10:30:00+00:00",
        seed=0,
        dataset=DatasetInfo(task=None, label=None, splits=(), columns=()),
        findings=(),
        checks=(),
        timings={},
        docs={},
    )


def hostile_finding(text: str, number: int) -> Finding:
    return Finding(
        code="SPUR001",
        name="shortcut-value",
        severity=Severity.ERROR,
        columns=(text, f"plain_{number}"),
        splits=("train", text),
        message=Text(
            "{column} = {value} gives {klass} away.",
            {"column": text, "value": FromData(text), "klass": [FromData(text)]},
        ),
        evidence={"value": FromData(text), "text": text, "share": {text: 0.5}, "values": [FromData(text), text]},
        fix=Text("Leave {column} out: `--exclude {column}`.", {"column": text}),
        rows=(Rows("test", (number,)),),
        identity=(text,),
        figure=(
            Bars(text, (text, "b"), {text: (0.5, 0.5), "test": (0.1, 0.9)}),
            Crosstab(text, text, (text,), (text,), {text: ((3,),)}),
            Histogram(text, (0.0, 1.0, 4.0), {text: (0.5, 0.5)}),
            RangeStrip(text, (0.0, 1.0), (-1.0, 2.0), text, 0.1, 0.1),
        )[number % 4],
    )


def hostile_result() -> AuditResult:
    """Every text that comes from outside is hostile."""
    text = " ".join(HOSTILE[:12])
    columns = tuple(ColumnInfo(name, Kind.TEXT, Role.FEATURE) for name in HOSTILE)
    splits = tuple(SplitInfo(name, name, 3, 1) for name in HOSTILE[:3])
    return replace(
        rich_result(),
        dataset=DatasetInfo(Task.BINARY, HOSTILE[0], splits, columns, notes=HOSTILE),
        findings=tuple(hostile_finding(name, number) for number, name in enumerate(HOSTILE)),
        checks=(
            Check("SPUR001", "shortcut-value", Status.FAILED, None, 3, sampled=False, seconds=0.1),
            Check("SPUR002", "shortcut-breaks", Status.SKIPPED, text, 0, sampled=False, seconds=0.0),
            Check("SPUR003", "missingness-tells-label", Status.CRASHED, text, 0, sampled=False, seconds=0.0),
        ),
        command=text,
        thresholds={"shortcut-value": {"min_support": text}},
    )


def huge_result(n_findings: int = 5_000, n_columns: int = 10_000, length: int = 400) -> AuditResult:
    """Many findings of many rules with the largest pictures and very long names."""
    names = [f"column_{number}_" + "long_name_" * (length // 10) for number in range(n_columns)]
    classes = tuple(f"class {number} " + "&<>" * 50 for number in range(60))
    counts = {split: tuple(tuple(1_000_000 + row for _ in classes) for row in range(60)) for split in "abcd"}
    figure = Crosstab("t" * 500, "r" * 500, classes, classes, counts)
    findings = tuple(
        Finding(
            code=f"DATA{number % 50:03d}",
            name="missing-values",
            severity=Severity(1 + number % 3),
            columns=tuple(names[number : number + 40]),
            splits=("train", "test"),
            message=Text(
                "{column} & {value}: " + "many words " * 200, {"column": names[number], "value": FromData("<&>" * 30)}
            ),
            evidence={f"share_of_{place}": dict.fromkeys(classes, 0.5) for place in range(10)},
            fix=Text("Mend {column}: " + "many words " * 200, {"column": names[number]}),
            rows=tuple(Rows(split, tuple(range(20)), truncated=True) for split in ("train", "test")),
            figure=figure,
        )
        for number in range(n_findings)
    )
    infos = tuple(ColumnInfo(name, Kind.CATEGORICAL, Role.FEATURE) for name in names)
    return replace(rich_result(), findings=findings, dataset=replace(dataset(), columns=infos))
