"""What differs between the splits' tables, told in notes of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dataaudit.errors import InputError
from dataaudit.load.raw import RawTable
from dataaudit.load.typing import EMBEDDING, TypedColumn
from dataaudit.text import join_words

WORDS = {
    "BIGINT": "numbers",
    "DOUBLE": "numbers",
    "BOOLEAN": "true and false",
    "TIMESTAMP": "times",
    "VARCHAR": "text",
    EMBEDDING: "lists",
}


def check_common_columns(raws: Mapping[str, RawTable]) -> None:
    """Raise InputError if a split has no column in common with train."""
    for raw in raws.values():
        if not set(raw.names) & set(raws["train"].names):
            raise InputError(
                f"{raw.source} has no column in common with {raws['train'].source}",
                hint=f"its columns are {', '.join(raw.names[:5])}; is the header missing, or is it another table?",
            )


def schema_notes(raws: Mapping[str, RawTable], columns: Sequence[TypedColumn]) -> list[str]:
    """Return a note per split about columns that train lacks, and one per column whose type differs."""
    return [*_extra_columns(raws), *_other_types(columns)]


def _extra_columns(raws: Mapping[str, RawTable]) -> list[str]:
    known = set(raws["train"].names)
    notes = []
    for split, raw in raws.items():
        extra = [name for name in raw.names if name not in known]
        if extra:
            notes.append(f"Columns of {split} that train does not have were left out: {join_words(extra)}.")
    return notes


def _other_types(columns: Sequence[TypedColumn]) -> list[str]:
    notes = []
    for column in columns:
        words = {split: WORDS[found] for split, found in column.natural.items() if found is not None}
        train = words.get("train")
        others = {split: word for split, word in words.items() if train is not None and word != train}
        if others:
            told = join_words([f"{word} in {split}" for split, word in others.items()])
            read_as = WORDS[column.sql_type]
            notes.append(f"The column {column.name!r} holds {train} in train but {told}; it was read as {read_as}.")
    return notes
