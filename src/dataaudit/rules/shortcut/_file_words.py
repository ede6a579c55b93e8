"""The words, the numbers and the picture of what the file a row came from tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.figures import Crosstab
from dataaudit.model import Evidence, Severity, Task
from dataaudit.text import FromData, Text, show_line, show_share, show_value

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.files import FileOrigins

MOST_NAMED, MOST_LISTED, MOST_CLASSES = 4, 20, 8
LONGEST_NAME = 60
LEAST_ROWS, LEAST_FILES = 20, 2
# What writers call the pieces of one table; and a folder cut by columns, which everybody sees.
PIECE = re.compile(r"(^|/)part[-_.]?\d[^/]*$|(^|/)[^/=]+=[^/]*/")
PARQUET = (".parquet", ".pq", ".parq")


def file_severity(origins: FileOrigins, lower: float, least_to_warn: float) -> Severity:
    """Return a warning for files of their own that tell nearly all, an info for less and for pieces of one table."""
    n_large = int((origins.counts.sum(axis=1) >= LEAST_ROWS).sum())
    are_pieces = all(PIECE.search(name) for name in origins.names)
    is_clear = lower >= least_to_warn and n_large >= LEAST_FILES
    return Severity.WARNING if is_clear and not are_pieces else Severity.INFO


def file_message(facts: Facts, origins: FileOrigins, lower: float) -> Text:
    """Return the sentence on the file of a row; `lower` is the lower bound of what it explains."""
    held, values = _lowest_and_highest(origins) if facts.info.task is Task.REGRESSION else _holdings(facts, origins)
    return Text(
        "The file a row of train came from tells {label}: it explains {explained} of its variance (at least {lower}); "
        + held
        + ".",
        {
            "label": facts.label,
            "explained": show_share(origins.association.explained),
            "lower": show_share(lower),
            **values,
        },
    )


def _holdings(facts: Facts, origins: FileOrigins) -> tuple[str, dict[str, object]]:
    """Return words on the commonest class of the largest files."""
    named = _largest(origins, MOST_NAMED)
    words, values = [], dict[str, object]()
    for number, place in enumerate(named):
        own = origins.counts[place]
        words.append(f"{{file{number}}}{' holds' if number == 0 else ''} {{share{number}}} {{class{number}}}")
        values[f"file{number}"] = _shown(origins.names[place])
        values[f"share{number}"] = show_share(float(own.max() / own.sum()))
        values[f"class{number}"] = FromData(facts.classes.classes[int(own.argmax())])
    n_more = int((origins.counts.sum(axis=1) > 0).sum()) - len(named)
    return ", ".join(words) + (f", and so on in {n_more:,} more" if n_more else ""), values


def _lowest_and_highest(origins: FileOrigins) -> tuple[str, dict[str, object]]:
    """Return words on the files between which a number differs most, by the mean number of its bin."""
    n_rows = origins.counts.sum(axis=1)
    means = origins.counts @ np.arange(origins.counts.shape[1]) / np.maximum(1, n_rows)
    known = np.flatnonzero(n_rows)
    low, high = known[means[known].argmin()], known[means[known].argmax()]
    return "it is lowest in {low} and highest in {high}", {
        "low": _shown(origins.names[low]),
        "high": _shown(origins.names[high]),
    }


def _largest(origins: FileOrigins, most: int) -> list[int]:
    """Return the places of the files of the most labelled rows, in the order of the files."""
    n_rows = origins.counts.sum(axis=1)
    largest = np.argsort(-n_rows, kind="stable")[:most]
    return sorted(int(place) for place in largest if n_rows[place])


def _shown(name: str) -> FromData:
    """Return a file's name as the report shows it: it may be a class (cats.csv), or a cell of a column (site=3)."""
    return FromData(show_line(name, LONGEST_NAME))


def file_evidence(facts: Facts, origins: FileOrigins, lower: float) -> dict[str, Evidence]:
    """Return the numbers behind the sentence, of the largest files where there are many."""
    listed = _largest(origins, MOST_LISTED)
    evidence: dict[str, Evidence] = {
        "n_rows": origins.association.n_rows,
        "share_label_explained": origins.association.explained,
        "share_label_explained_lower": lower,
        "n_files": len(origins.names),
        "files": [_shown(origins.names[place]) for place in listed],
        "n_rows_of_files": [int(origins.counts[place].sum()) for place in listed],
    }
    if facts.info.task is Task.REGRESSION:
        return evidence
    return evidence | {
        "commonest_classes": [FromData(facts.classes.classes[int(origins.counts[place].argmax())]) for place in listed],
        "n_rows_of_commonest_classes": [int(origins.counts[place].max()) for place in listed],
    }


def file_fix(facts: Facts, origins: FileOrigins) -> Text:
    """Return what to look at, and how to make the file a column that can be declared."""
    kind = "parquet" if origins.names[0].lower().endswith(PARQUET) else "csv"
    index = "" if kind == "parquet" else ", index=False"
    return Text(
        "Find out what else differs between the files (who or what recorded them, where, how they were exported) and "
        "whether data to come will differ so too. Put them together, shuffled, with the file as a column: "
        f"`pd.concat([pd.read_{kind}(path).assign(file=path) for path in paths]).sample(frac=1, random_state=0)"
        f'.to_{kind}("all.{kind}"{index})`, and declare that: `dataaudit audit all.{kind} --label {{label}} --context '
        "file`, or `--group file` if each file is one person or device.",
        {"label": facts.label},
    )


def file_figure(facts: Facts, origins: FileOrigins) -> Crosstab | None:
    """Return the largest files by class; nothing in regression."""
    if facts.info.task is Task.REGRESSION:
        return None
    listed = _largest(origins, MOST_LISTED)
    commonest = np.argsort(-origins.counts.sum(axis=0), kind="stable")[:MOST_CLASSES]
    return Crosstab(
        "Files by class",
        "file",
        tuple(show_line(origins.names[place], LONGEST_NAME) for place in listed),
        tuple(show_value(facts.classes.classes[place]) for place in commonest),
        {"train": tuple(tuple(origins.counts[place][commonest].tolist()) for place in listed)},
    )
