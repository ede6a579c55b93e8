"""A statement in DuckDB's dialect, taken apart into what it does and the query in Spark's SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

from dataaudit.engine.spark.dialect import Translated
from dataaudit.engine.spark.statements import Action, Statement, View


class Written(DuckDB):
    """DuckDB's dialect in which `row` is the name of a column, and `row < 2` no beginning of a type."""

    class Tokenizer(DuckDB.Tokenizer):
        """The words of DuckDB but one."""

        KEYWORDS: ClassVar[dict[str, Any]] = {
            word: token for word, token in DuckDB.Tokenizer.KEYWORDS.items() if word != "ROW"
        }


def translate(statement: str, views: Mapping[str, View]) -> Statement:
    """Return the statement for Spark.

    Parameters
    ----------
    statement : str
        In DuckDB's dialect.
    views : mapping of relation to its view in Spark
    """
    tree = sqlglot.parse_one(statement, read=Written)
    if isinstance(tree, exp.Create):
        action = Action.VIEW if tree.kind == "VIEW" else Action.TABLE
        if isinstance(tree.this, exp.Schema):
            columns = ", ".join(_spark(column) for column in tree.this.expressions)
            return Statement(action, tree.this.this.name, columns=columns)
        return Statement(action, tree.this.name, _query(tree.expression, views))
    if isinstance(tree, exp.Insert):
        return Statement(Action.INSERT, tree.this.name, _query(tree.expression, views))
    if isinstance(tree, exp.Alter):
        return Statement(Action.RENAME, tree.this.name, new_name=_named(tree.find(exp.AlterRename)))
    if isinstance(tree, exp.Drop):
        return Statement(Action.DROP, _named(tree))
    return Statement(Action.QUERY, query=_query(tree, views))


def _named(tree: exp.Expr | None) -> str:
    """Return the name of the only table in a statement."""
    table = None if tree is None else tree.find(exp.Table)
    if table is None:
        raise ValueError("a statement without a table is not translated")
    return str(table.name)


def _query(tree: exp.Expr, views: Mapping[str, View]) -> str:
    read = []
    for table in tree.find_all(exp.Table):
        if table.name in views:
            view = views[table.name]
            read.append(view)
            # What had no other name is still called by its own.
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(view.name))
    for cast in tree.find_all(exp.Cast):
        cast.meta["may_be_double"] = _may_be_double(cast.this, read)
    return _spark(tree)


def _may_be_double(value: exp.Expr, views: list[View]) -> bool:
    """Return whether a value could be a DOUBLE, whose text is long to write; columns of views are known."""
    if not isinstance(value, exp.Column):
        return isinstance(value, exp.Cast | exp.Add | exp.Sub | exp.Mul | exp.Div | exp.AggFunc)
    known = [view for view in views if value.name in view.columns]
    return not known or any(value.name in view.doubles for view in known)


def _spark(tree: exp.Expr) -> str:
    return str(tree.sql(dialect=Translated, unsupported_level=sqlglot.ErrorLevel.RAISE))
