"""Every construct that the statements use means the same on both engines."""

from __future__ import annotations

import datetime as dt

import pytest

COLUMNS = {
    "row": [0, 1, 2, 3, 4, 5, 6, 7],
    "a": ["x", "y", None, "x", "Ü b", "x", None, "y"],
    "b": ["x", None, None, "y", "z", "x", "it's", "a\\b"],
    "n": [3, 1, None, 3, -2, 7, 7, 0],
    "v": [0.5, -1.5, None, 2.0, 2.0, 1e20, -0.25, 0.0],
    "f": [True, False, None, True, True, False, False, None],
    # Without a zone, as a TIMESTAMP is.
    "w": [
        dt.datetime(2024, 2, 29, 13, 5, 7, 250000),  # noqa: DTZ001
        dt.datetime(1969, 12, 31, 23, 59, 59),  # noqa: DTZ001
        None,
        *(dt.datetime(2024, 1, day) for day in range(1, 6)),  # noqa: DTZ001
    ],
}

OF_ROWS = [
    *("contains(a, 'x')", "starts_with(a, 'x')", "strlen(a)", "length(a)", "left(a, 2)", "right(a, 2)", "lower(a)"),
    *("strip_accents(a)", "strip_accents('Köln À ко\u0438\u0306 й Άθ u\u0308')", "translate(lower(a), 'xü ', 'y')"),
    *("regexp_matches(a, '[xy]')", "regexp_matches(a, '^\\s*x')", "regexp_full_match(a, 'x|y')"),
    *(
        "regexp_full_match(b, 'it')",
        "b = 'it''s'",
        "b = 'a\\b'",
        "contains(b, '\\')",
        "'${b}'",
        "list_extract([5, 6], row)",
    ),
    *("isfinite(v)", "isinf(v * 1e300 * 1e300)", "trunc(v)", "v = trunc(v)", "abs(v)", "pow(v, 2)", "greatest(0, v)"),
    *("n // 2", "n / 2", "n % 2", "row % 3 * 48271", "n = 3", "n <> 3", "v <= 2e0", "v - (0.5)", "5 / 8"),
    *("epoch(w)", "hour(w)", "isodow(w)", "month(w)", "a IS DISTINCT FROM b", "(a IS NULL) <> (b IS NULL)"),
    *("CASE WHEN f THEN 1 ELSE 0 END", "CASE WHEN v > 0 THEN v END", "coalesce(n, -1)", "CAST(f AS TINYINT)"),
    *("CAST(CAST(f AS TINYINT) AS DOUBLE)", "CAST(n AS VARCHAR)", "CAST(w AS VARCHAR)", "CAST(f AS VARCHAR)"),
    *("a IN ('x', 'y')", "f AND n > 1", "NOT f", "n IS NOT NULL", "CAST('-1e3' AS DOUBLE)", "CAST(NULL AS VARCHAR)"),
]


def test_expressions_of_one_row(ask_both):
    duckdb, spark = ask_both(f"SELECT {', '.join(OF_ROWS)} FROM t ORDER BY row", **COLUMNS)
    by_expression = zip(OF_ROWS, zip(*duckdb, strict=True), zip(*spark, strict=True), strict=True)
    assert [(sql, there) for sql, here, there in by_expression if here != there] == []


QUERIES = {
    "aggregates": "SELECT count(*), count(a), count(DISTINCT a), min(v), max(v), avg(n), sum(n), bool_and(v "
    "< 1e30) FROM t",
    "spread": "SELECT round(stddev_samp(n), 9), round(regr_slope(v, n), 3), round(regr_intercept(n, n), 9) FROM t",
    "filters": "SELECT count(*) FILTER (WHERE n > 1), sum(n) FILTER (f), min(n) FILTER (n > 1), max(v) "
    "FILTER (v < 2) FROM t",
    "conditions counted": "SELECT count_if(a IS NULL), count_if(n > 100), count_if(f) FROM t",
    "nothing to count": "SELECT count(*), sum(n), min(n) FROM t WHERE n > 100",
    "different values": "SELECT list_unique(list(a)) FROM t",
    "order puts NULL last": "SELECT a, n FROM t ORDER BY a, n DESC, row",
    "descending": "SELECT n, row FROM t ORDER BY n DESC, row",
    "group by place": "SELECT a, count(*) FROM t GROUP BY 1 ORDER BY 1",
    "group by all": "SELECT a, n, count(*) AS k FROM t GROUP BY ALL ORDER BY a, n",
    "having": "SELECT a, count(*) AS k, min(row) AS first FROM t GROUP BY a HAVING count(*) > 1 "
    "ORDER BY k DESC, first LIMIT 2",
    "first rows of groups": "SELECT numbers FROM (SELECT min(row, 2) AS numbers, min(row) AS first FROM t GROUP BY a) "
    "ORDER BY first",
    "value of the least": "SELECT arg_min(row, (a IS NULL, n IS NULL, n, row)) FROM t",
    "values of the most": "SELECT arg_max(row, (n, row), 3) FILTER (n IS NOT NULL) FROM t",
    "ordered list": "SELECT list(row ORDER BY turn, row)[:3] FROM (SELECT row, n % 2 AS turn FROM t WHERE n "
    "IS NOT NULL)",
    "words": "SELECT word, count(*) AS k FROM (SELECT unnest(words) AS word FROM (SELECT "
    "list_distinct(string_split_regex(lower(b), '\\W+')) AS words FROM t)) WHERE length(word) >= 1 GROUP BY word "
    "ORDER BY k DESC, word",
    "qualify": "SELECT a, row, row_number() OVER (PARTITION BY a ORDER BY row) AS turn FROM t QUALIFY turn "
    "<= 2 ORDER BY row",
    "lag": "SELECT bool_and(rises) FROM (SELECT row >= lag(row) OVER (ORDER BY row) AS rises FROM t)",
    "share of all": "SELECT a, sum(n) / sum(sum(n)) OVER () AS share FROM t WHERE a IS NOT NULL GROUP BY a ORDER BY a",
    "unpivot": "SELECT name, count(*), count(cell) FROM (UNPIVOT (SELECT a, b FROM t AS raw) ON a, b INTO NAME name "
    "VALUE cell) GROUP BY name ORDER BY name",
    "semi join": "SELECT row FROM t SEMI JOIN (SELECT b AS a FROM t) USING (a) ORDER BY row",
    "anti join": "SELECT row FROM t ANTI JOIN (SELECT b AS a FROM t) USING (a) ORDER BY row",
    "left join": "SELECT o.row, k.row FROM t AS o LEFT JOIN t AS k ON o.a = k.b AND o.row = k.row ORDER BY o.row",
    "in a subquery": "SELECT row FROM t WHERE a IN (SELECT b FROM t WHERE b IS NOT NULL) ORDER BY row",
    "subquery as value": "SELECT row FROM t WHERE n <= (SELECT max(n) FROM t WHERE n < 7) ORDER BY row",
    "cross join": "SELECT row + p FROM (SELECT row FROM t WHERE row < 2), (SELECT (SELECT sum(n) FROM t) AS "
    "p) ORDER BY 1",
    "union": "SELECT DISTINCT y FROM (SELECT a AS y FROM t UNION SELECT b AS y FROM t) WHERE y IS NOT NULL ORDER BY y",
    "replaced column": "SELECT row, v FROM (SELECT * REPLACE (CASE WHEN isfinite(v) THEN v END AS v) FROM "
    "t) ORDER BY row",
    "star": "SELECT * FROM (SELECT row, a FROM t) WHERE row < 2 ORDER BY row",
    "double of a sum": "SELECT sum(n)::DOUBLE, sum(n::DOUBLE * n) FROM t",
    "words that are names": "SELECT first, name, block FROM (SELECT row AS first, a AS name, n AS block "
    "FROM t) ORDER BY first",
    "draw": "SELECT row, (((row % 2147483647 * 48271 + row // 2147483647 * 69621 + 3) % 2147483647) "
    "* (row + 1)) % 2147483647 AS draw FROM t ORDER BY row",
}


@pytest.mark.parametrize("name", QUERIES)
def test_queries(ask_both, name):
    duckdb, spark = ask_both(QUERIES[name], **COLUMNS)
    assert spark == duckdb
    assert spark


def test_hashes_tell_apart_where_a_cell_is_missing(ask_both):
    """DuckDB's numbers are others; what counts is which rows share one."""
    query = "SELECT hash(a, b, 0) FROM t ORDER BY row"
    cells = {"row": list(range(6)), "a": ["p", None, "p", None, None, None], "b": [None, "p", "p", None, None, "p"]}
    duckdb, spark = ask_both(query, **cells)
    assert [spark.index(found) for found in spark] == [duckdb.index(found) for found in duckdb] == [0, 1, 2, 3, 3, 1]


def test_hash_is_a_number_without_a_sign(ask_both):
    _, spark = ask_both("SELECT CAST(hash(row, a) AS HUGEINT) FROM t", **COLUMNS)
    assert all(0 <= number < 2**64 for (number,) in spark)
    assert len({number for (number,) in spark}) == len(spark)


def test_what_is_not_translated_is_told(spark_engine):
    for query in (
        "SELECT list(a ORDER BY a DESC) FROM t",
        "SELECT list(a)[2:3] FROM t",
        "SELECT try_strptime(a, '%U')",
    ):
        with pytest.raises(ValueError, match="is not translated"):
            spark_engine.rows(query)


@pytest.mark.parametrize("regression", [False, True])
def test_count_each_counts_all_keys_at_once(ask_both, spark_engine, regression):
    from dataaudit.engine.duckdb import DuckDBEngine

    label = "n AS y, v AS t" if regression else "a AS y, 0.0 AS t"
    keys = ["CASE WHEN v <= 1e0 THEN 1 ELSE 0 END", "CASE WHEN n IS NULL THEN 9 ELSE 2 END"]
    engine = DuckDBEngine()
    columns = "SELECT col, key, y, n, round(s, 6), round(q, 6)"
    order = "ORDER BY col, key, y"
    duckdb, _ = ask_both(f"{columns} FROM ({engine.count_each('t', 100_000, keys, label)}) {order}", **COLUMNS)
    spark = spark_engine.rows(f"{columns} FROM ({spark_engine.count_each('t', 100_000, keys, label)}) {order}")
    engine.close()
    assert spark == duckdb
