"""Frames in, frames of the same kinds out: rows by position, columns with their types, new cells where mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dataaudit.fix.diff import diff_lines
from dataaudit.fix.edits import ReplaceCells
from dataaudit.load.frames import library_of

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
        Of the kinds that came in. pandas rows keep their index, moved ones stand behind the others.
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
    library = library_of(sources[split])
    if library == "pandas":
        return _pandas(mended, sources, split, written, replaced)
    if library == "polars":
        import polars as pl

        return pl.from_arrow(written)
    return written


def _pandas(mended: Mended, sources: Mapping[str, Any], split: str, written: Any, replaced: set[str]) -> Any:
    import pandas as pd
    import pyarrow.parquet as pq

    origins = pq.read_table(mended.stage.origins[split]).to_pydict()
    whence, rows = np.asarray(origins["split"]), np.asarray(origins["source_row"], dtype=np.int64)
    # Moved rows stand behind those that were there, split by split.
    parts = [sources[one].iloc[rows[whence == one]] for one in dict.fromkeys(origins["split"])]
    frame = parts[0] if len(parts) == 1 else pd.concat([part[list(sources[split].columns)] for part in parts])
    names = {str(name): name for name in frame.columns}
    kept = [names[name] for name in written.schema.names]
    frame = frame[kept].copy()
    retyped = {one.edit.column for one in mended.done if isinstance(one.edit, ReplaceCells) and one.new_type}
    for name in replaced & set(written.schema.names):
        cells = written.column(name).to_pandas().set_axis(frame.index)
        frame[names[name]] = cells if name in retyped else _typed(cells, sources[split][names[name]])
    return frame


def _typed(cells: pd.Series, came_in: pd.Series) -> pd.Series:
    """Return new cells in the type of the column that came in, where they fit it."""
    import pandas as pd

    if isinstance(came_in.dtype, pd.CategoricalDtype):
        gone = set(came_in.dropna().unique()) - set(cells.dropna().unique())
        return cells.astype(came_in.dtype).cat.remove_categories(list(gone))
    try:
        as_it_was = cells.astype(came_in.dtype)
    except (TypeError, ValueError):
        return cells
    return as_it_was if as_it_was.isna().equals(cells.isna()) else cells


def _list(paths: Sequence[Any], names: Sequence[str]) -> pd.DataFrame:
    import pandas as pd
    import pyarrow.parquet as pq

    tables = [pq.read_table(path).to_pandas() for path in paths]
    whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(names))
    return whole.sort_values(["split", "row"], kind="stable", ignore_index=True)
