"""Spark's SQL from a parsed statement of DuckDB's dialect: what sqlglot does not know of it.

A template is Spark's SQL with the places {0}, {1}, ... of the arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from dataaudit.engine.spark.casts import as_text, try_bigint, try_double, try_timestamp
from dataaudit.engine.spark.dates import try_strptime
from dataaudit.engine.spark.letters import without_accents

# From here on every DOUBLE is a whole number.
FIRST_WITHOUT_FRACTION = "4503599627370496D"
TYPES = {
    exp.DataType.Type.VARCHAR: "STRING",
    exp.DataType.Type.TEXT: "STRING",
    exp.DataType.Type.TIMESTAMP: "TIMESTAMP",
    exp.DataType.Type.TIMESTAMPTZ: "TIMESTAMP",
    exp.DataType.Type.INT128: "DECIMAL(38, 0)",
    exp.DataType.Type.UINT128: "DECIMAL(38, 0)",
    exp.DataType.Type.UBIGINT: "DECIMAL(20, 0)",
    exp.DataType.Type.UINT: "BIGINT",
    exp.DataType.Type.USMALLINT: "INT",
    exp.DataType.Type.UTINYINT: "SMALLINT",
}
# Functions that sqlglot leaves as they are, by their names in DuckDB.
NAMED = {
    "strlen": "octet_length({0})",
    "isfinite": "({0} > CAST('-Infinity' AS DOUBLE) AND {0} < CAST('Infinity' AS DOUBLE))",
    "list_extract": "get({0}, CAST({1} AS INT) - 1)",
    "regexp_full_match": "{0} RLIKE concat('\\\\A(?:', {1}, ')\\\\z')",
}
TEMPLATES = {
    exp.TimeToUnix: "(unix_micros(CAST({0} AS TIMESTAMP)) / 1e6)",
    exp.DayOfWeekIso: "(weekday({0}) + 1)",
    exp.IsInf: "(abs({0}) = CAST('Infinity' AS DOUBLE))",
    exp.IsNan: "isnan({0})",
    exp.RegexpFullMatch: NAMED["regexp_full_match"],
    exp.RegexpSplit: "split({0}, {1})",
    exp.Trunc: (
        f"(CASE WHEN abs({{0}}) >= {FIRST_WITHOUT_FRACTION} THEN {{0}} "
        "WHEN {0} < 0 THEN CAST(ceil({0}) AS DOUBLE) ELSE CAST(floor({0}) AS DOUBLE) END)"
    ),
    exp.BitwiseRightShift: "shiftrightunsigned({0}, {1})",
}
TRY_CASTS: dict[str, Callable[[str], str]] = {
    "DOUBLE": try_double,
    "BIGINT": try_bigint,
    "TIMESTAMP": try_timestamp,
}


class Generator(SparkGenerator):
    """Writes a statement for Spark."""

    TYPE_MAPPING: ClassVar[dict[Any, str]] = {**SparkGenerator.TYPE_MAPPING, **TYPES}

    TRANSFORMS: ClassVar[dict[Any, Callable[..., str]]] = {
        **SparkGenerator.TRANSFORMS,
        **{kind: lambda self, e, sql=sql: self.fill(sql, e) for kind, sql in TEMPLATES.items()},
        exp.Cast: lambda self, e: self.cast_of(e),
        exp.TryCast: lambda self, e: self.try_cast_of(e),
        exp.ArrayAgg: lambda self, e: self.list_of(e),
        exp.Bracket: lambda self, e: self.item_or_slice(e),
        exp.Min: lambda self, e: self.least_or_most(e),
        exp.Max: lambda self, e: self.least_or_most(e),
        exp.ArgMin: lambda self, e: self.first_by(e),
        exp.ArgMax: lambda self, e: self.first_by(e),
        exp.Tuple: lambda self, e: self.func("struct", *e.expressions) if _is_value(e) else self.tuple_sql(e),
        exp.Join: lambda self, e: self.half_join(e),
        exp.Star: lambda self, e: self.star(e),
    }

    def fill(self, template: str, node: exp.Expression) -> str:
        """Return the template with the node's arguments in their places."""
        return template.format(*(self.sql(argument) for argument in _arguments(node)))

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        """Write a function that sqlglot does not know."""
        name = str(expression.this).lower()
        if name in NAMED:
            return self.fill(NAMED[name], expression)
        if name == "hash":
            return self.hash_of(expression)
        if name == "strip_accents":
            return without_accents(self.sql(expression.expressions[0]))
        if name == "try_strptime":
            cell, time_format = expression.expressions
            return try_strptime(self.sql(cell), str(time_format.this))
        if name == "list_unique" and isinstance(expression.expressions[0], exp.ArrayAgg):
            return f"count(DISTINCT {self.sql(expression.expressions[0].this)})"
        return super().anonymous_sql(expression)

    def hash_of(self, node: exp.Anonymous) -> str:
        """Spark's hash leaves NULL out, so that (NULL, 1) and (1, NULL) would be alike."""
        cells = [self.sql(argument) for argument in node.expressions]
        marked = [part for cell in cells for part in (cell, f"isnull({cell})")]
        return f"xxhash64({', '.join(marked)})"

    def cast_of(self, node: exp.Cast) -> str:
        """Texts are written as DuckDB writes them."""
        if node.to.is_type(exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT):
            value = self.sql(node.this)
            return as_text(value) if node.meta.get("may_be_double", True) else f"CAST({value} AS STRING)"
        if node.to.is_type(exp.DataType.Type.INT128) and node.this.name.lower() == "hash":
            # As a number without a sign, which DuckDB's hash is.
            return f"pmod(CAST({self.sql(node.this)} AS DECIMAL(21, 0)), {2**64})"
        return f"CAST({self.sql(node.this)} AS {self.sql(node.to)})"

    def try_cast_of(self, node: exp.TryCast) -> str:
        """Texts are read as DuckDB reads them."""
        wanted = self.sql(node.to)
        if wanted in TRY_CASTS:
            return TRY_CASTS[wanted](self.sql(node.this))
        return f"TRY_CAST({self.sql(node.this)} AS {wanted})"

    def list_of(self, node: exp.ArrayAgg) -> str:
        """Spark's lists come in no order, so what they are to be ordered by is put before every item."""
        ordered = node.this if isinstance(node.this, exp.Order) else None
        if ordered is None:
            return self.collected(node, self.sql(node.this))
        if any(key.args.get("desc") for key in ordered.expressions):
            raise ValueError("a list in descending order is not translated")
        keys = ", ".join(f"{self.sql(key.this)} AS k{i}" for i, key in enumerate(ordered.expressions))
        items = self.collected(node, f"struct({keys}, {self.sql(ordered.this)} AS item)")
        return f"transform(array_sort({items}), x -> x.item)"

    def item_or_slice(self, node: exp.Bracket) -> str:
        """Write `list[:n]`; single items are sqlglot's to write."""
        place = node.expressions[0]
        if not isinstance(place, exp.Slice):
            return self.bracket_sql(node)
        if place.this:
            raise ValueError("a slice that does not begin at the first item is not translated")
        return f"slice({self.sql(node.this)}, 1, {self.sql(place, 'expression')})"

    def least_or_most(self, node: exp.Min | exp.Max) -> str:
        """Write min and max, with `n` the list of the first n."""
        name = "min" if isinstance(node, exp.Min) else "max"
        count = node.args.get("count")
        if count is None:
            return f"{name}({self.sql(node.this)}){_filter(node)}"
        return f"slice({_sorted(self.collected(node, self.sql(node.this)), name)}, 1, {self.sql(count)})"

    def first_by(self, node: exp.ArgMin | exp.ArgMax) -> str:
        """Write arg_min and arg_max, with `n` the list of the first n."""
        name = "min" if isinstance(node, exp.ArgMin) else "max"
        value, key, count = self.sql(node.this), self.sql(node.expression), node.args.get("count")
        if count is None:
            return f"{name}_by({value}, {key}){_filter(node)}"
        items = self.collected(node, f"struct({key} AS k, {value} AS item)")
        return f"transform(slice({_sorted(items, name)}, 1, {self.sql(count)}), x -> x.item)"

    def collected(self, node: exp.Expression, item: str) -> str:
        """Write the list of an item in every row that the node's FILTER lets through."""
        return f"collect_list({item}){_filter(node)}"

    def filter_sql(self, expression: exp.Filter) -> str:
        """Hand the condition to the aggregates that are more than one function in Spark."""
        if isinstance(expression.this, exp.ArgMin | exp.ArgMax | exp.ArrayAgg | exp.Min | exp.Max):
            expression.this.meta["filter"] = self.sql(expression.expression, "this")
            return self.sql(expression.this)
        return super().filter_sql(expression)

    def star(self, node: exp.Star) -> str:
        """Write `* REPLACE (x AS a)`; the replaced columns stand last in Spark."""
        replaced = node.args.get("replace")
        if not replaced:
            return self.star_sql(node)
        names = ", ".join(self.sql(column, "alias") for column in replaced)
        return f"* EXCEPT ({names}), {', '.join(self.sql(column) for column in replaced)}"

    def half_join(self, node: exp.Join) -> str:
        """Spark calls them LEFT SEMI and LEFT ANTI."""
        if node.kind in ("SEMI", "ANTI"):
            node.set("side", "LEFT")
        return self.join_sql(node)

    def pivot_sql(self, expression: exp.Pivot) -> str:
        """Write UNPIVOT ... ON ... INTO NAME ... VALUE ..., which leaves missing cells out in both."""
        into = expression.args.get("into")
        if not expression.unpivot or into is None:
            return super().pivot_sql(expression)
        columns = ", ".join(self.sql(column) for column in expression.expressions)
        name, value = self.sql(into.this), self.sql(into.expressions[0])
        return f"SELECT * FROM {self.sql(expression.this)} UNPIVOT ({value} FOR {name} IN ({columns}))"


class Translated(Spark):
    """Spark's dialect with the generator above."""

    Generator = Generator


def _filter(node: exp.Expression) -> str:
    condition = node.meta.get("filter")
    return "" if condition is None else f" FILTER (WHERE {condition})"


def _sorted(items: str, name: str) -> str:
    return f"array_sort({items})" if name == "min" else f"reverse(array_sort({items}))"


def _arguments(node: exp.Expression) -> list[Any]:
    if isinstance(node, exp.Anonymous):
        return list(node.expressions)
    return [node.args[name] for name in ("this", "expression") if node.args.get(name) is not None]


def _is_value(node: exp.Tuple) -> bool:
    """Tell (a, b) as one value from the list of IN (a, b)."""
    return not isinstance(node.parent, exp.In | exp.Values)
