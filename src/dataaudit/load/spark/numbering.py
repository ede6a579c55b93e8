"""Row numbers of frames: the place of a row in its part (a file, a partition) and the rows of the parts before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlparse

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

FILE, PLACE = "__file", "__place"
BITS_OF_PLACE = 33
MAX_LITERALS = 100


@dataclass(frozen=True)
class Part:
    """How many rows a file or partition holds, and the number of its first one among its own."""

    n_rows: int
    first: int = 0


def by_file(frame: DataFrame, place: Column) -> DataFrame:
    """Return the frame of files with the name of each row's file and a number that rises within it."""
    # Not by its name: a file's own column may be called `_metadata` too.
    file = frame.metadataColumn("_metadata").getField("file_path")
    return frame.select("*", file.alias(FILE), place.cast("bigint").alias(PLACE))


def by_partition(frame: DataFrame) -> DataFrame:
    """Return the frame with the number of each row's partition and its place in it."""
    from pyspark.sql import functions as sf

    number = sf.monotonically_increasing_id()
    partition = sf.shiftright(number, BITS_OF_PLACE).cast("string")
    return frame.select("*", partition.alias(FILE), number.alias(PLACE))


def parts_of(frame: DataFrame) -> dict[str, Part]:
    """Count the rows of every part; only these counts reach the driver."""
    from pyspark.sql import functions as sf

    counted = frame.groupBy(FILE).agg(sf.count(sf.lit(1)).alias("n"), sf.min(PLACE).alias("first"))
    return {row[FILE]: Part(row["n"], row["first"]) for row in counted.collect()}


def number_rows(frame: DataFrame, parts: Mapping[str, Part], order: Sequence[str]) -> DataFrame:
    """Return the frame with `row` in place of part and place: 0, 1, ... through the parts in this order."""
    from pyspark.sql import functions as sf

    counts = [parts[name].n_rows for name in order]
    offsets = {
        name: before - parts[name].first for name, before in zip(order, accumulate(counts, initial=0), strict=False)
    }
    columns = [name for name in frame.columns if name not in (FILE, PLACE)]
    if len(offsets) <= 1:
        offset: Column = sf.lit(next(iter(offsets.values()), 0))
    elif len(offsets) <= MAX_LITERALS:
        listed = [sf.lit(value) for name, number in offsets.items() for value in (name, number)]
        offset = sf.create_map(*listed)[sf.col(FILE)]
    else:
        table = frame.sparkSession.createDataFrame(list(offsets.items()), f"{FILE} string, __offset bigint")
        frame, offset = frame.join(sf.broadcast(table), FILE), sf.col("__offset")
    return frame.select(*columns, (sf.col(PLACE) + offset).alias("row"))


def rows_in_path_order(parts: Mapping[str, Part], paths: Sequence[Path]) -> list[int]:
    """Return the number of rows of every file, 0 where it is no part."""
    names = _by_path(parts)
    found = [names.get(str(path.absolute())) for path in paths]
    return [0 if name is None else parts[name].n_rows for name in found]


def in_path_order(parts: Mapping[str, object], paths: Sequence[Path]) -> list[str]:
    """Return the names of the parts in the order of the paths; a file without rows is no part."""
    names = _by_path(parts)
    found = [names.get(str(path.absolute())) for path in paths]
    return [name for name in found if name is not None]


def _by_path(parts: Mapping[str, object]) -> dict[str, str]:
    return {unquote(urlparse(name).path): name for name in parts}
