"""One file, several splits: cut by the values of a column."""

from __future__ import annotations

from dataclasses import replace

from dataaudit.engine.base import Engine, quote_text
from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable, nearest_names
from dataaudit.text import join_words, show_value

SPLIT_SPELLINGS = {
    "train": ("train", "training", "tr", "learn", "fit"),
    "validation": ("validation", "valid", "val", "dev", "development", "eval"),
    "test": ("test", "testing", "te", "holdout", "hold-out", "held-out"),
    "reference": ("reference", "world", "production"),
}


def cut_by_column(engine: Engine, raw: RawTable, column: str) -> dict[str, RawTable]:
    """Return one raw table per split named in the column; row numbers stay those of the file.

    Raises
    ------
    InputError
        If the column is absent, a value names no split, or no row is train.
    """
    if column not in raw.names:
        near = nearest_names(column, raw.names)
        raise InputError(f"{raw.source} has no column {column!r} (declared as split column)", hint=near)
    cell = f"CAST(r{raw.names.index(column)} AS VARCHAR)"
    found = engine.rows(f"SELECT {cell}, count(*) FROM {raw.relation} AS raw GROUP BY 1 ORDER BY 1 LIMIT 50")
    splits: dict[str, RawTable] = {}
    for split, spellings in SPLIT_SPELLINGS.items():
        values = [str(value) for value, _ in found if str(value).strip().lower() in spellings]
        if values:
            listed = ", ".join(quote_text(value) for value in values)
            splits[split] = replace(
                raw,
                split=split,
                source=f"{raw.source} ({column} = {join_words(values)})",
                relation=_cut(raw.relation, cell, listed),
                as_written=None if raw.as_written is None else _cut(raw.as_written, cell, listed),
                n_rows=sum(int(n) for value, n in found if str(value) in values),
            )
    _check_all_named(raw, column, found, splits)
    return splits


def _cut(relation: str, cell: str, listed: str) -> str:
    return f"(SELECT * FROM {relation} AS whole WHERE {cell} IN ({listed}))"


def _check_all_named(
    raw: RawTable, column: str, found: list[tuple[str | None, int]], splits: dict[str, RawTable]
) -> None:
    known = {spelling for spellings in SPLIT_SPELLINGS.values() for spelling in spellings}
    unknown = [
        "(missing)" if value is None else show_value(value)
        for value, _ in found
        if str(value).strip().lower() not in known
    ]
    if unknown:
        raise InputError(
            f"split column {column!r} of {raw.source} holds {join_words(unknown)}: not the name of a split",
            hint="its values must be train, validation, test or reference",
        )
    if "train" not in splits:
        raise InputError(
            f"split column {column!r} of {raw.source} has no training rows", hint="one value must be 'train'"
        )
