"""DATA002: cells that are missing, infinite, or missing under another name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.intervals import wilson
from dataaudit.model import Finding, Kind, Severity
from dataaudit.rules._base import Mended, Rule
from dataaudit.rules._folding import fold
from dataaudit.text import FromData, Text, show_count, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.profiles import ColumnProfile
    from dataaudit.measure.tables import ValueTable

DISGUISES = frozenset(
    {
        *("", "?", "??", "-", "--", "---", ".", "..", "*", "#", "#n/a", "#na", "#value!", "#ref!"),
        *("unknown", "unk", "missing", "none", "nil", "void", "n.a.", "n.a", "na.", "not available"),
        *("not applicable", "not known", "not specified", "not provided", "not stated", "unspecified"),
        *("undefined", "undetermined", "no data", "no answer", "no value", "tbd", "(blank)", "blank", "(missing)"),
    }
)


@dataclass(frozen=True)
class MissingValues(Rule):
    """Cells are missing, infinite, or missing under another name.

    What it does
    ------------
    Counts the missing cells of every feature in train and judges their share
    by its lower Wilson 95 % bound. Names features that a split does not have
    at all, infinite cells in any split, categories whose text means missing
    ("?", "unknown", "n.a."), and rows without a single feature.

    Why it matters
    --------------
    Most models refuse missing cells or fill them in silently; a column that
    is mostly missing says little and its imputed values are mostly invented.
    A feature absent from test cannot be used. "?" is learnt as a category.

    Flagged
    -------
    12 % of the ages are missing: info. Two thirds are: a warning. The column
    income stands in train but not in test: an error.

    Clean
    -----
    Fewer than 5 % of every column's cells are missing.

    Thresholds
    ----------
    info_share : share of rows, default 0.05
        Info from this lower bound on.
    warning_share : share of rows, default 0.5
        A warning from this lower bound on: more is imputed than known.
    most_findings : findings, default 50
        Reported one by one; the others, less bad, in a last finding.

    Source: 5 % is where Schafer (1999) sees little left to gain by imputing well.

    Limits
    ------
    Says how much is missing, not why: SPUR003 tells whether missingness gives
    the label away, SPLIT003 whether it differs between splits. "none" may be
    an honest category, therefore only info. Missing numbers written as -999
    are SCALE004's.

    Fix
    ---
    Impute in the pipeline, fitted on the training rows and with an indicator
    (`SimpleImputer(add_indicator=True)`); drop a column that is mostly
    missing (`--exclude`); read "?" as missing (`na_values`). `dataaudit fix TRAIN
    --select DATA002` makes missing what means it and what is infinite, and drops
    rows and columns without a cell (words that may be an answer, such as "none",
    and columns that are mostly missing, with --unsafe).

    References
    ----------
    Little and Rubin, Statistical Analysis with Missing Data (2019); Schafer,
    Statistical Methods in Medical Research 8 (1999); Qahtan et al., FAHES, KDD
    (2018), on disguised values.
    """

    code: ClassVar[str] = "DATA002"
    name: ClassVar[str] = "missing-values"

    info_share: float = 0.05
    warning_share: float = 0.5
    most_findings: int = 50

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield a finding per column and defect, the worst first."""
        found = [*self._absent(facts), *self._missing(facts), *self._infinite(facts), *self._disguised(facts)]
        yield from fold(self, found, self.most_findings)
        yield from self._empty_rows(facts)

    def _absent(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        for split, profiles in facts.profiles.items():
            for column in facts.features:
                if split != "train" and column.name in profiles and profiles[column.name].absent:
                    yield (
                        1.0,
                        self.finding(
                            Severity.ERROR,
                            Text(
                                "{column} stands in train but not in {split}: a model trained with it cannot be "
                                "measured there.",
                                {"column": column.name, "split": split},
                            ),
                            columns=(column.name,),
                            splits=("train", split),
                            evidence={"n_rows": profiles[column.name].n_rows, "absent_from": split},
                            fix=_exclude(column.name, "Add the column to that split, or leave it out"),
                            mended=Mended("drops it", unsafe=True),
                            identity=("absent",),
                        ),
                    )

    def _missing(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        for column in facts.features:
            profile = facts.profiles["train"].get(column.name)
            if profile is None or profile.absent or profile.n_rows == 0:
                continue
            n_missing = profile.n_missing - profile.n_infinite
            lower, upper = wilson(n_missing, profile.n_rows)
            is_warning = lower >= self.warning_share or n_missing == profile.n_rows
            if is_warning or lower >= self.info_share:
                severity = Severity.WARNING if is_warning else Severity.INFO
                yield n_missing / profile.n_rows, self._missing_finding(profile, n_missing, severity, (lower, upper))

    def _missing_finding(
        self, profile: ColumnProfile, n_missing: int, severity: Severity, bounds: tuple[float, float]
    ) -> Finding:
        message = Text(
            "{column} is missing in {how_many} ({share}).",
            {
                "column": profile.column,
                "how_many": f"all {show_count(profile.n_rows, 'training row')}"
                if n_missing == profile.n_rows
                else f"{n_missing:,} of {show_count(profile.n_rows, 'training row')}",
                "share": show_share(n_missing / profile.n_rows),
            },
        )
        impute = Text(
            "Impute it in the pipeline, fitted on the training rows, with an indicator: "
            "`SimpleImputer(add_indicator=True)`."
        )
        return self.finding(
            severity,
            message,
            columns=(profile.column,),
            evidence={
                "n_rows": profile.n_rows,
                "n_missing": n_missing,
                "share_missing": n_missing / profile.n_rows,
                "share_lower": bounds[0],
                "share_upper": bounds[1],
            },
            fix=_exclude(profile.column, "Leave it out") if severity is Severity.WARNING else impute,
            mended=Mended("drops it", unsafe=n_missing < profile.n_rows) if severity is Severity.WARNING else None,
            identity=("missing",),
        )

    def _infinite(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        for split, profiles in facts.profiles.items():
            for column in facts.features:
                profile = profiles.get(column.name)
                if profile is not None and profile.n_infinite > 0:
                    yield profile.n_infinite / max(1, profile.n_rows), self._infinite_finding(profile, split)

    def _infinite_finding(self, profile: ColumnProfile, split: str) -> Finding:
        share = profile.n_infinite / max(1, profile.n_rows)
        return self.finding(
            Severity.WARNING,
            Text(
                "{column} is infinite in {rows} ({share}), counted here as missing; most models refuse such cells.",
                {
                    "column": profile.column,
                    "rows": show_count(profile.n_infinite, f"{split} row"),
                    "share": show_share(share),
                },
            ),
            columns=(profile.column,),
            splits=(split,),
            evidence={"n_rows": profile.n_rows, "n_infinite": profile.n_infinite, "share_infinite": share},
            fix=Text(
                "Find where it divides by zero or overflows; `dataaudit fix ... --select DATA002` makes these cells "
                "missing."
            ),
            identity=("infinite",),
        )

    def _disguised(self, facts: Facts) -> Iterator[tuple[float, Finding]]:
        if not any(column.kind is Kind.CATEGORICAL for column in facts.features):
            return
        tables = facts.tables
        for column in facts.features:
            table = tables.get(column.name)
            if column.kind is Kind.CATEGORICAL and table is not None and not table.is_bin:
                words = _disguises(table)
                if words:
                    yield self._disguised_finding(table, words)

    def _disguised_finding(self, table: ValueTable, words: dict[str, int]) -> tuple[float, Finding]:
        n_rows, n_disguised = int(table.n["train"].sum()), sum(words.values())
        lower, upper = wilson(n_disguised, n_rows)
        message = Text(
            "{column} holds {words} in {rows} ({share}), which reads like a missing cell but is taken for a category.",
            {
                "column": table.column,
                "words": [FromData(word) for word in words],
                "rows": show_count(n_disguised, "training row"),
                "share": show_share(n_disguised / n_rows),
            },
        )
        return n_disguised / n_rows, self.finding(
            Severity.WARNING if lower >= self.warning_share else Severity.INFO,
            message,
            columns=(table.column,),
            evidence={
                "n_rows": n_rows,
                "n_rows_disguised": n_disguised,
                "share_disguised": n_disguised / n_rows,
                "share_lower": lower,
                "share_upper": upper,
                "values": [FromData(word) for word in words],
                "n_rows_of_values": list(words.values()),
            },
            fix=Text(
                "If it means missing, say so when reading, `pandas.read_csv(..., na_values={values})`, or let "
                "`dataaudit fix ... --select DATA002` empty these cells.",
                {"values": FromData(str(list(words)))},
            ),
            identity=("disguised",),
        )

    def _empty_rows(self, facts: Facts) -> Iterator[Finding]:
        if not facts.features:
            return
        for split, rows in facts.completeness.items():
            if rows.n_empty > 0:
                lower, upper = wilson(rows.n_empty, rows.n_rows)
                yield self.finding(
                    Severity.WARNING if lower >= self.info_share else Severity.INFO,
                    Text(
                        "{rows} ({share}) {verb} no feature at all.",
                        {
                            "rows": show_count(rows.n_empty, f"{split} row"),
                            "share": show_share(rows.n_empty / rows.n_rows),
                            "verb": "has" if rows.n_empty == 1 else "have",
                        },
                    ),
                    splits=(split,),
                    evidence={
                        "n_rows": rows.n_rows,
                        "n_rows_empty": rows.n_empty,
                        "n_rows_complete": rows.n_complete,
                        "share_lower": lower,
                        "share_upper": upper,
                    },
                    fix=Text("Drop these rows, `dataaudit fix ... --select DATA002`, and find out what made them."),
                    identity=("empty-rows",),
                )


def _disguises(table: ValueTable) -> dict[str, int]:
    """Return texts that mean missing with their training rows, the commonest first."""
    counts = {
        key: int(n)
        for index, (key, n) in enumerate(zip(table.keys, table.n["train"], strict=True))
        if n > 0 and index not in (table.missing_key, table.other_key) and key.strip().casefold() in DISGUISES
    }
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _exclude(column: str, what: str) -> Text:
    return Text("{what}: `dataaudit audit ... --exclude {column}`.", {"what": what, "column": column})
