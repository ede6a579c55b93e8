"""A frame in, a frame of the same kind out: rows by position, and made-up rows with the frame's own types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.proof.opened import Opened
from dataaudit.rebalance.drawn import drawn_copies, drawn_rows
from dataaudit.rebalance.features import Features, is_between
from dataaudit.rebalance.lists import ORIGINS
from dataaudit.rebalance.matrix import IntArray, Synthetic
from dataaudit.rebalance.newrows import NEW_CELLS, create_new_rows
from dataaudit.rebalance.notes import advice, earlier_weights_note, near_note, weight_note
from dataaudit.rebalance.request import TRAIN, Plan, class_weights
from dataaudit.rebalance.sampled import duckdb_of, provenance_table, rows_after, sampled_notes
from dataaudit.rebalance.sampling import sample_rows
from dataaudit.rebalance.strategies import WEIGHTS
from dataaudit.text import show_count
from dataaudit.write.columns import replace_cells
from dataaudit.write.frames import column_at, in_memory, rows_below, take_cells, take_rows, with_columns

if TYPE_CHECKING:
    import pandas as pd

    from dataaudit.rebalance.evaluate.applying import Beside


@dataclass(frozen=True, repr=False)
class Rebalanced:
    """A training frame, rebalanced: the rows are `frame`, what stands beside them says where each came from.

    Attributes
    ----------
    frame : pandas, polars or pyarrow table
        Of the kind and with the types of the one that came in (a polars LazyFrame collected, an Arrow RecordBatch as a
        table). Kept rows are in their order, repeated and made-up ones spread among them. pandas rows are numbered
        anew. Where the strategy is weights, the very frame that came in.
    provenance : pandas.DataFrame
        Of every row: row, origin (kept, repeated, synthetic), strategy, source_split, source_row, parent_rows.
    dropped : int array
        Positions of rows that are not in `frame`.
    weights : float array or None
        Of every row, in the order of `frame`, where the strategy is weights.
    notes : tuple of str
        What a folder's report says: what could not be done as asked for, what to mind, and how to correct the
        probabilities of a model that is trained on these rows.
    """

    frame: Any
    provenance: pd.DataFrame
    dropped: IntArray
    weights: NDArray[np.float64] | None
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        origins = self.provenance["origin"].value_counts()
        counted = ", ".join(f"{origins[origin]:,} {origin}" for origin in ORIGINS if origin in origins)
        gone = f", {len(self.dropped):,} dropped" if len(self.dropped) else ""
        weighted = "" if self.weights is None else ", with weights"
        return f"<Rebalanced: {show_count(len(self.provenance), 'row')} ({counted}{gone}){weighted}>"


def rebalance_frame(opened: Opened, plan: Plan, frame: Any, beside: Beside | None = None) -> Rebalanced:
    """Return a frame rebalanced, with the notes of the evaluation that led to it, if any."""
    if plan.request.strategy.name == WEIGHTS:
        done, n_after = _weighted(opened, plan, frame), plan.counts
    elif plan.request.strategy.streams:
        done, n_after = _drawn(opened, plan, frame), plan.wanted
    else:
        done, n_after = _sampled(opened, plan, frame)
    last = advice(plan, n_after) if beside is None else beside.notes
    return replace(done, notes=(*done.notes, *earlier_weights_note(opened, plan), *last))


def _weighted(opened: Opened, plan: Plan, frame: Any) -> Rebalanced:
    weights = class_weights(plan)
    codes = opened.engine.arrays(f"SELECT coalesce({plan.train_rows.code}, -1) AS k FROM train ORDER BY row")["k"]
    of_rows = np.array([weights.get(int(code), 1.0) for code in codes])
    rows = np.arange(len(codes))
    provenance = _provenance(rows, np.zeros(len(rows), dtype=bool), WEIGHTS)
    notes: list[str] = [weight_note(plan, "`weights`")]
    asked = plan.request.weight_column
    if asked is not None:
        notes.append(f"No column {asked!r} is added to a frame: the weights stand beside it in `weights`.")
    return Rebalanced(frame, provenance, rows[:0], of_rows, tuple(notes))


def _drawn(opened: Opened, plan: Plan, frame: Any) -> Rebalanced:
    copies, n_near = drawn_copies(opened, plan)
    kept, repeated, places = drawn_rows(opened, plan, copies)
    order = np.argsort(places)
    rows = np.concatenate([kept, repeated])[order]
    provenance = _provenance(rows, order >= len(kept), plan.request.strategy.name)
    gone = np.setdiff1d(np.arange(opened.dataset.sources[TRAIN].n_rows), kept)
    return Rebalanced(numbered_rows(frame, rows), provenance, gone, None, near_note(opened, plan, n_near))


def _sampled(opened: Opened, plan: Plan, frame: Any) -> tuple[Rebalanced, dict[int, int]]:
    """Return what a sampler did, and the rows of every class after it."""
    sampled = sample_rows(opened, plan, lambda _: None)
    frame = in_memory(frame)
    rows, resampled = sampled.features.rows, sampled.resampled
    copied = numbered_rows(frame, np.concatenate([rows[resampled.kept], rows[resampled.repeated]]))
    whole = copied
    if resampled.synthetic.n_rows:
        whole = rows_below([copied, _made_rows(opened, sampled.features, resampled.synthetic, frame)])
    whole = numbered_rows(whole, np.argsort(sampled.places))
    provenance = provenance_table(sampled, plan.request.strategy.name).to_pandas()
    gone = np.setdiff1d(rows, rows[resampled.kept])
    notes = sampled_notes(opened, plan, sampled)
    return Rebalanced(whole, provenance, gone, None, notes), rows_after(sampled)


def _provenance(rows: IntArray, is_repeated: NDArray[np.bool_], strategy: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "row": np.arange(len(rows)),
            "origin": np.where(is_repeated, "repeated", "kept"),
            "strategy": strategy,
            "source_split": TRAIN,
            "source_row": rows,
            "parent_rows": [None] * len(rows),
        }
    )


def numbered_rows(frame: Any, numbers: IntArray) -> Any:
    """Return these rows of a table; those of pandas are numbered anew, for a row may stand several times."""
    taken = take_rows(frame, numbers)
    return taken.reset_index(drop=True) if hasattr(taken, "iloc") else taken


def _made_rows(opened: Opened, features: Features, made: Synthetic, frame: Any) -> Any:
    """Return made-up rows: cells of their parents from the frame itself, and what lies between those in its types."""
    source = opened.dataset.sources[TRAIN]
    create_new_rows(opened.dataset, features, made, np.arange(made.n_rows))
    columns = [(at, opened.dataset.info.column(name)) for at, name in enumerate(source.names)]
    between = {at for at, column in columns if is_between(features, column)}
    listed = [f"TRY_CAST(m{at} AS {source.types[at]}) AS m{at}" for at in between]
    listed += [f"v{at}" for at, column in columns if column.name in features.categories]
    table = duckdb_of(opened).table(f"SELECT {', '.join(['nearer', *listed])} FROM {NEW_CELLS} ORDER BY place")
    nearer = table.column("nearer").to_numpy()
    rows = numbered_rows(frame, nearer)
    replaced = {}
    for at, column in columns:
        if at in between:
            cells = table.column(f"m{at}")
            # What the type cannot hold is the nearer parent's.
            replaced[at], _ = replace_cells(column_at(rows, at), cells, cells.is_valid().to_numpy())
        elif column.name in features.categories:
            replaced[at] = take_cells(frame, at, table.column(f"v{at}").to_numpy())
    return with_columns(rows, replaced)
