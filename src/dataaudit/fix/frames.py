"""Frames in, frames of the same kinds out: rows by position, columns with their types, new cells where mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.fix.diff import diff_lines
from dataaudit.fix.edits import ReplaceCells
from dataaudit.load.frames import frame_columns
from dataaudit.write.arrow_schema import pandas_notes
from dataaudit.write.columns import column_of, replace_cells
from dataaudit.write.frames import (
    column_at,
    in_memory,
    is_arrow,
    names_of,
    rows_below,
    select_columns,
    take_rows,
    with_columns,
)

if TYPE_CHECKING:
    import pandas as pd

    from dataaudit.config import Settings
    from dataaudit.fix.rounds import Mended


@dataclass(frozen=True)
class MendedFrames:
    """Frames, mended.

    Attributes
    ----------
    train, validation, test, reference : pandas, polars or pyarrow table, or None
        Of the kinds that came in (a polars LazyFrame collected, an Arrow RecordBatch as a table), with their types:
        cells and columns that no mend touches are what they were; a mended column has another type only where its own
        cannot hold what the mend makes of it. pandas rows keep their index, moved ones stand behind the others.
    dropped : pandas.DataFrame
        split, row, reason, code; rows are positions in the frames that came in.
    changed : pandas.DataFrame
        split, row, column, before, after, code: every changed cell as text (empty beyond 100,000 cells).
    dropped_columns : tuple of str
    done : tuple of str
        What was done, and what was not and why, in words.
    """

    train: Any
    dropped: pd.DataFrame
    changed: pd.DataFrame
    validation: Any = None
    test: Any = None
    reference: Any = None
    dropped_columns: tuple[str, ...] = ()
    done: tuple[str, ...] = field(default_factory=tuple)


def mended_frames(mended: Mended, sources: Mapping[str, Any], settings: Settings) -> MendedFrames:
    """Return the frames that came in as the rounds left them."""
    replaced = {one.edit.column for one in mended.done if isinstance(one.edit, ReplaceCells)}
    if settings.split_column is not None:
        replaced.add(settings.split_column)
        sources = dict.fromkeys(mended.stage.files, sources["train"])
    frames = {split: _frame(mended, sources, split, replaced) for split in mended.stage.files}
    return MendedFrames(
        **frames,
        dropped=_list(mended.stage.dropped, ("split", "row", "reason", "code")),
        changed=_list(mended.stage.changed, ("split", "row", "column", "before", "after", "code")),
        dropped_columns=tuple(mended.stage.dropped_columns),
        done=tuple(diff_lines(mended)),
    )


def _frame(mended: Mended, sources: Mapping[str, Any], split: str, replaced: set[str]) -> Any:
    import pyarrow.parquet as pq

    written = pq.read_table(mended.stage.files[split])
    frame = _rows(mended, sources, split)
    names = names_of(frame)
    frame = select_columns(frame, [names.index(name) for name in written.schema.names])
    retyped = {one.edit.column for one in mended.done if isinstance(one.edit, ReplaceCells) and one.new_type}
    columns = {}
    for place, name in enumerate(written.schema.names):
        if name in replaced:
            column, cells = column_at(frame, place), written.column(name)
            columns[place] = column_of(cells, column) if name in retyped else _mended(column, cells, split)
    if not columns and not mended.stage.dropped_columns:
        return frame
    return _described(with_columns(frame, columns), {written.schema.names[place] for place in columns})


def _rows(mended: Mended, sources: Mapping[str, Any], split: str) -> Any:
    """Return the rows of a split as they came in; moved ones stand behind those that were there, split by split."""
    import pyarrow.parquet as pq

    origins = pq.read_table(mended.stage.origins[split]).to_pydict()
    whence, rows = np.asarray(origins["split"]), np.asarray(origins["source_row"], dtype=np.int64)
    frame = in_memory(sources[split])
    if np.array_equal(rows, np.arange(len(frame))) and (whence == split).all():
        return frame.copy() if hasattr(frame, "iloc") else frame
    parts = [(in_memory(sources[one]), rows[whence == one]) for one in dict.fromkeys([split, *origins["split"]])]
    return rows_below([take_rows(part, numbers) for part, numbers in parts])


def _mended(column: Any, cells: Any, split: str) -> Any:
    """Return a column with the cells that a mend changed: in its own type where that holds them all."""
    changed = _is_changed(column, cells, split)
    found, lost = replace_cells(column, cells, changed)
    if lost.any():
        return column_of(cells, column)
    if changed.any() and hasattr(found, "cat") and hasattr(found.cat, "remove_categories"):
        gone = set(column.dropna().unique()) - set(found.dropna().unique())
        return found.cat.remove_categories(list(gone))
    return found


def _is_changed(column: Any, cells: Any, split: str) -> NDArray[np.bool_]:
    """Return where cells are not those that the engine was given of a column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    frame = pa.table([column], names=["c"]) if isinstance(column, pa.ChunkedArray) else column.to_frame()
    _, (given,) = frame_columns(frame, split)
    try:
        same = pc.fill_null(pc.equal(pa.chunked_array([given]).cast(cells.type), cells), False)
    except pa.ArrowException:
        return np.ones(len(cells), dtype=bool)
    both_missing = pc.and_(given.is_null(), cells.is_null())
    changed: NDArray[np.bool_] = ~pc.or_(same, both_missing).to_numpy(zero_copy_only=False)
    return changed


def _described(frame: Any, replaced: set[str]) -> Any:
    """Return a table without pandas' notes of columns that are others now, or are gone: it would turn them back."""
    if not is_arrow(frame):
        return frame
    notes = pandas_notes(frame.schema, set(frame.schema.names) - replaced)
    changed = {key.encode(): text.encode() for key, text in notes.items()}
    return frame.replace_schema_metadata({**(frame.schema.metadata or {}), **changed})


def _list(paths: Sequence[Any], names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow.parquet as pq

    tables = [pq.read_table(path).to_pandas() for path in paths]
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(names))
    return whole.sort_values(["split", "row"], kind="stable", ignore_index=True)
