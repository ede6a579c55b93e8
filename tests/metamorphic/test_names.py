"""Columns of other names, which say nothing, have the same findings under those names."""

from __future__ import annotations

import pytest
from tests.metamorphic.findings import about, statuses

from dataaudit.auditing import audit

RENAMINGS = {
    "the order of names reversed": lambda place: f"z{999 - place}",
    "names that break sentences and statements": lambda place: f'{place}; DROP TABLE "train" -- <b>|{{x}}\' é',
}


# LABEL004 reads from the name that a context says who labelled.
NAMES_THAT_SPEAK = {"rater": "rater"}


def in_new_words(given, names):
    """Return an option's column, or its columns, under their new names."""
    return names[given] if isinstance(given, str) else [names[column] for column in given]


def renamed(table, names):
    frames = {split: frame.rename(columns=names) for split, frame in table.splits.items()}
    return audit(**frames, **{option: in_new_words(given, names) for option, given in table.options.items()})


def facts_about(result, old):
    """Return what each finding is about under the old names."""
    found = []
    for finding in result.findings:
        code, severity, columns, splits = about(finding)
        mapped = tuple(sorted(old.get(column, column) for column in columns))
        found.append((code, severity, mapped, splits, sorted(old.get(part, part) for part in finding.identity)))
    return sorted(found)


@pytest.mark.parametrize("naming", RENAMINGS)
def test_renamed_columns(table, known, naming):
    columns = list(dict.fromkeys(column for frame in table.splits.values() for column in frame.columns))
    names = {column: RENAMINGS[naming](place) for place, column in enumerate(columns)} | NAMES_THAT_SPEAK
    result = renamed(table, names)
    assert statuses(result) == statuses(known)
    assert facts_about(result, {new: old for old, new in names.items()}) == facts_about(known, {})
