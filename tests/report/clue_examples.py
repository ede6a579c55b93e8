"""Results with clues made by hand: red cars and Ferraris, prices in thirds, hostile names, far too much."""

from __future__ import annotations

from dataclasses import replace

from tests.report.examples import rich_result
from tests.report.extremes import HOSTILE, hostile_result, huge_result

from dataaudit.figures import OTHER_CLASSES, ClassMix, ClueClass, ColumnTell, LabelClues, MixRow
from dataaudit.model import AuditResult, ColumnInfo, Finding, Kind, Role, Severity
from dataaudit.text import FromData, Text

SPLITS = ("train", "test")


def told(column: str, code: str = "SPUR001", severity: Severity = Severity.ERROR) -> Finding:
    """Return a finding about one column."""
    message = Text("{column} = {value} gives it away.", {"column": column, "value": FromData("red")})
    return Finding(code, "shortcut-value", severity, (column,), SPLITS, message, {}, Text("Drop it."))


def colour_mix() -> ClassMix:
    rows = (
        MixRow("red", {"train": (612, 33, 0), "test": (61, 109, 92)}, is_flagged=True),
        MixRow("black", {"train": (18, 2210, 1904), "test": (70, 501, 466)}),
        MixRow("silver", {"train": (0, 2874, 4749), "test": (0, 0, 0)}),
        MixRow("all others", {"train": (1, 0, 0), "test": (1, 1, 1)}, from_data=False),
        MixRow("(missing)", {"train": (3, 5, 7), "test": (1, 1, 0)}, from_data=False, is_missing=True),
    )
    everything = MixRow("all rows", {"train": (634, 5122, 6660), "test": (133, 612, 559)}, from_data=False)
    return ClassMix("colour", SPLITS, (0, 1, 2), 0, 0, rows, everything)


def car_clues() -> LabelClues:
    return LabelClues(
        label="model",
        classes=(ClueClass("Ferrari"), ClueClass("Fiat"), ClueClass("Ford")),
        is_ordered=False,
        mixes=(colour_mix(),),
        without_mix={"description": "nearly all its values are different"},
        tells=(
            ColumnTell("colour", 0.464, 0.409, 0.519, 12_400),
            ColumnTell("description", 0.21, 0.19, 0.23, 12_400, True, "whether it holds the word", "coupé"),
            ColumnTell("mileage_km", 0.05, 0.04, 0.06, 12_400, part="whether it is missing"),
            ColumnTell("convertible", 0.0, 0.0, 0.0004, 12_400),
        ),
        n_tells_left_out=2,
    )


def clues_result() -> AuditResult:
    """The rich result, whose finding on the colour is shown with its classes."""
    result = rich_result()
    return replace(result, clues=car_clues(), findings=(*result.findings, told("description", "LEAK005")))


def price_result() -> AuditResult:
    """Three splits and a number for a label."""
    counts = {"train": (0, 12, 988), "validation": (1, 2, 97), "test": (20, 100, 123_456_789)}
    rows = (
        MixRow("up to 3", {split: n[::-1] for split, n in counts.items()}, is_interval=True),
        MixRow("over 3", counts, is_interval=True, is_flagged=True),
    )
    mix = ClassMix("horsepower", tuple(counts), (0, 1, 2), 2, 1, rows, MixRow("all rows", counts, from_data=False))
    classes = (ClueClass("low", "up to 1207"), ClueClass("middle", "1207 to 4398"), ClueClass("high", "over 4398"))
    finding = told("horsepower", "LEAK005", Severity.WARNING)
    result = rich_result()
    dataset = replace(result.dataset, label="price")
    return replace(result, dataset=dataset, findings=(finding,), clues=LabelClues("price", classes, True, (mix,)))


def many_classes(column: str = "colour", n_splits: int = 3) -> ClassMix:
    """Return a mix in which a further class is told of, beside five and the rest."""
    splits = ("train", "validation", "test")[:n_splits]
    counts = dict.fromkeys(splits, (1000, 1, 20, 30, 40, 50, 60_000))
    rows = tuple(
        MixRow(name, counts, is_flagged=name == "v0") for name in (*(f"v{number}" for number in range(7)), "all others")
    )
    places = (5, 0, 1, 2, 3, 4, OTHER_CLASSES)
    return ClassMix(column, splits, places, 5, 0, rows, MixRow("all rows", counts, from_data=False))


def hostile_clues_result() -> AuditResult:
    """Columns, values, classes and splits have hostile names."""
    classes = tuple(ClueClass(name) for name in HOSTILE[:6])
    mixes = []
    for name in HOSTILE[:8]:
        mix = many_classes(name)
        rows = tuple(replace(row, name=text) for row, text in zip(mix.rows, HOSTILE[6:], strict=False))
        mixes.append(replace(mix, rows=rows))
    tells = tuple(ColumnTell(name, 0.5, 0.4, 0.6, 9, True, "whether it holds the word", name) for name in HOSTILE)
    clues = LabelClues(HOSTILE[0] + HOSTILE[9], classes, False, tuple(mixes), {HOSTILE[8]: "it is odd"}, tells[:12])
    result = hostile_result()
    findings = (*result.findings, *(told(name) for name in HOSTILE[:9]))
    # The label is a column of that name, of which nothing is told.
    return replace(result, findings=findings, clues=clues, dataset=replace(result.dataset, label="y"))


def huge_clues_result(n_columns: int = 10_000) -> AuditResult:
    """Every column is flagged and has the longest name; 1,000 classes of the longest names."""
    result = huge_result(300, 400)
    names = [f"column_{number}_" + "long_name_" * 40 for number in range(n_columns)]
    classes = tuple(ClueClass(f"class {number} " + "&<>" * 300) for number in range(6))
    long = "&<>" * 100
    mixes = tuple(
        replace(mix, rows=tuple(replace(row, name=long + row.name) for row in mix.rows))
        for mix in (many_classes(name) for name in names[:8])
    )
    tells = tuple(ColumnTell(name, 0.5, 0.4, 0.6, 9, word=long, part="its word") for name in names[:12])
    clues = LabelClues("y" * 5000, classes, False, mixes, dict.fromkeys(names[8:5000], "it is odd"), tells, 10**6)
    columns = tuple(ColumnInfo(name, Kind.CATEGORICAL, Role.FEATURE) for name in names)
    return replace(
        result,
        dataset=replace(result.dataset, columns=columns),
        findings=(*result.findings, *(told(name) for name in names)),
        clues=clues,
    )
