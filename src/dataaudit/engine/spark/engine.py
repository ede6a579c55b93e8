"""Spark as an engine: runs the statements of DuckDB's dialect, translated.

Rows stay with Spark. The driver sees aggregates and bounded samples only.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
import uuid
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from dataaudit.engine.base import Row
from dataaudit.engine.spark.errors import told_apart
from dataaudit.engine.spark.results import arrays_of, rows_of
from dataaudit.engine.spark.session import OpenSession
from dataaudit.engine.spark.statements import Action, Statement, View

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

FEW_ROWS = 50_000
# Tables made of tables made of tables: from here on Spark is told to forget how.
MOST_GENERATIONS = 2


class SparkEngine:
    """The relations of one audit in a Spark session.

    Parameters
    ----------
    opened : OpenSession
        Closed together with the engine: its settings are given back, and a
        session that was started for the audit is stopped.

    Notes
    -----
    A relation is a temporary view with a prefix of its own, so nothing of the
    session's can be hidden or dropped. What DuckDB keeps as a table is
    persisted, so that it is computed once.
    """

    def __init__(self, opened: OpenSession) -> None:
        self.folder = tempfile.mkdtemp(prefix="dataaudit-")
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._opened = opened
        self._prefix = f"dataaudit_{uuid.uuid4().hex[:12]}_"
        self._views: dict[str, View] = {}
        self._owned: dict[str, list[str]] = {}
        self._generations: dict[str, int] = {}
        self._numbers = itertools.count()

    @property
    def session(self) -> SparkSession:
        """The session that holds the relations."""
        return self._opened.session

    def expect(self, n_rows: int) -> None:
        """Prepare for statements over this many rows."""
        if n_rows <= FEW_ROWS:
            self._opened.expect_few_rows()

    def run(self, statement: str) -> None:
        """Run a statement that returns nothing."""
        with told_apart():
            self._do(self._translated(statement))

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query whose result is small."""
        return rows_of(self._fetch(query))

    def arrays(self, query: str) -> dict[str, NDArray[Any]]:
        """Return a query's columns as numpy arrays, masked where missing."""
        return arrays_of(self._fetch(query))

    def frame(self, query: str) -> DataFrame:
        """Return a query as a frame of the session."""
        with told_apart():
            return self.session.sql(self._translated(query).query)

    @contextmanager
    def planning_for(self, n_columns: int) -> Iterator[None]:
        """Plan as ever: Spark's planning does not depend so much on the width of a table."""
        yield

    def count_each(self, relation: str, n_rows: int, keys: Sequence[str], label: str) -> str:
        """Return one grouping of all keys: Spark would scan the relation anew for each of several."""
        names = [f"k{i}" for i in range(len(keys))]
        listed = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=True))
        return (
            "SELECT CAST(substr(name, 2) AS INTEGER) AS col, key, y, count(*) AS n, sum(t) AS s, sum(t * t) AS q "
            f"FROM (SELECT {label}, {listed} FROM {relation}) "
            f"UNPIVOT INCLUDE NULLS (key FOR name IN ({', '.join(names)})) GROUP BY name, key, y"
        )

    def keep(self, name: str, frame: DataFrame, *, persisted: bool) -> DataFrame:
        """Let statements read a frame by this name; a persisted one is computed once and read from then on."""
        # A name of its own each time: Spark forgets what is kept of a view when the view is replaced.
        view = f"{self._prefix}{name}_{next(self._numbers)}"
        frame.createOrReplaceTempView(view)
        if persisted:
            self.session.catalog.cacheTable(view)
        self._owned.setdefault(name, []).append(view)
        kept = self.session.table(view)
        types = dict(kept.dtypes)
        doubles = frozenset(column for column, kind in types.items() if kind == "double")
        self._views[name] = View(view, frozenset(types), doubles)
        return kept

    def kept(self, name: str) -> DataFrame:
        """Return the frame that is kept by this name."""
        return self.session.table(self._views[name].name)

    def drop(self, name: str) -> None:
        """Forget a relation and free its memory."""
        self._views.pop(name, None)
        for view in self._owned.pop(name, []):
            # Dropping a view also lets go of what is kept of it.
            self.session.catalog.dropTempView(view)

    def close(self) -> None:
        """Forget every relation and give the session back as it was."""
        try:
            for name in list(self._owned):
                self.drop(name)
        finally:
            self._opened.close()
            self._remove_folder()

    def _fetch(self, query: str) -> pa.Table:
        with told_apart():
            table: pa.Table = self.session.sql(self._translated(query).query).toArrow()
            return table

    def _translated(self, statement: str) -> Statement:
        # Only here, for without the extra `spark` there is no sqlglot.
        from dataaudit.engine.spark.translation import translate

        return translate(statement, self._views)

    def _do(self, statement: Statement) -> None:
        name = statement.name
        if statement.action is Action.DROP:
            self.drop(name)
        elif statement.action is Action.RENAME:
            self._views[statement.new_name] = self._views.pop(name)
            self._owned[statement.new_name] = self._owned.pop(name)
        elif statement.action is Action.INSERT:
            before = self.kept(name)
            more = self.keep(name, self.session.sql(statement.query), persisted=True)
            self.keep(name, before.unionAll(more), persisted=False)
        elif statement.columns:
            self.keep(name, self.session.createDataFrame([], statement.columns), persisted=False)
        else:
            self._make(name, statement)

    def _make(self, name: str, statement: Statement) -> None:
        """Keep what a statement selects; of a table whose lineage grows long only the rows.

        Spark takes apart anew all statements behind a view in every one that
        reads it: sixth in line, a join of 50,000 rows took 40 seconds.
        """
        read = [n for view, n in self._generations.items() if view in statement.query]
        generation = 1 + max(read, default=0)
        frame = self.session.sql(statement.query)
        is_table = statement.action is Action.TABLE
        if is_table and generation > MOST_GENERATIONS:
            # Named anew: Spark takes the columns of the rows for those they were selected from.
            frame = frame.localCheckpoint(eager=True).toDF(*frame.columns)
            generation, is_table = 0, False
        self.keep(name, frame, persisted=is_table)
        self._generations[self._views[name].name] = generation
