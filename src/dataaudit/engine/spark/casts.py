"""Casts of DuckDB written for Spark, where Spark reads or writes the same value otherwise.

Spark takes `1d` for a number and `2024` for a time, and writes 1e20 as 1.0E20.
`typeof` is a constant when Spark has looked at a statement, so asking for the
type costs nothing per row.
"""

from __future__ import annotations

BLANKS = r"[ \t\n\x0B\f\r]*"
NUMBER = rf"\A{BLANKS}[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?{BLANKS}\z"
PLAIN_INTEGER = r"\A[-+]?[0-9]{1,18}\z"
NO_FINITE_NUMBER = rf"(?i)\A{BLANKS}[-+]?(inf|infinity|nan){BLANKS}\z"

_CLOCK = r"(?:([01]?[0-9]|2[0-4]):([0-5]?[0-9])(?::([0-5]?[0-9])?(?:\.([0-9]*))?)?)"
_OFFSET = r"(Z|[-+][0-9]{2}(?:[0-9]{2}|:[0-9]{2}(?::[0-9]{2})?)?| [A-Za-z][A-Za-z0-9_/+-]{2,})"
TIME = rf"\A{BLANKS}([0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}})(?:(?:T *| +){_CLOCK}{_OFFSET}?{BLANKS})?\z"
MIXED_SEPARATORS = r"\A[^-/]*(-[^-/]*/|/[^-/]*-)"
AFTER_MIDNIGHT_24 = r"24:(0?[1-9]|[1-5][0-9]|00?:(0?[1-9]|[1-5][0-9]))"
PLAIN_TIME = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})?\z"


def quote(text: str) -> str:
    r"""Return text as a literal of Spark's SQL.

    >>> quote(r"it's \d")
    "'it\\'s \\\\d'"
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def try_double(cell: str) -> str:
    """Return SQL of a cell as DOUBLE, NULL where a text is no number; digits in groups (1_000) are none here."""
    return (
        f"(CASE WHEN typeof({cell}) <> 'string' THEN CAST({cell} AS DOUBLE) "
        f"WHEN CAST({cell} AS STRING) RLIKE {quote(NUMBER)} THEN CAST({cell} AS DOUBLE) "
        f"WHEN CAST({cell} AS STRING) RLIKE {quote(NO_FINITE_NUMBER)} THEN "
        f"(CASE WHEN lower(CAST({cell} AS STRING)) LIKE '%nan%' THEN CAST('NaN' AS DOUBLE) "
        f"ELSE CAST({cell} AS DOUBLE) END) END)"
    )


def try_bigint(cell: str) -> str:
    """Return SQL of a cell as BIGINT, rounded half away from zero; NULL where a text is no number in its range."""
    exact = f"round(CAST({cell} AS DECIMAL(38, 18)), 0)"
    return (
        f"(CASE WHEN typeof({cell}) <> 'string' THEN CAST({cell} AS BIGINT) "
        f"WHEN CAST({cell} AS STRING) RLIKE {quote(PLAIN_INTEGER)} THEN CAST({cell} AS BIGINT) "
        f"WHEN CAST({cell} AS STRING) RLIKE {quote(NUMBER)} "
        f"AND {exact} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST({exact} AS BIGINT) END)"
    )


def try_timestamp(cell: str) -> str:
    """Return SQL of a cell as TIMESTAMP in UTC; NULL where a text is no ISO 8601 time as DuckDB reads one."""
    text = f"CAST({cell} AS STRING)"

    def part(group: int) -> str:
        return f"regexp_extract({text}, {quote(TIME)}, {group})"

    day = f"CAST(CAST(replace({part(1)}, '/', '-') AS DATE) AS TIMESTAMP)"
    clock = ", ".join(f"coalesce(CAST(nullif({part(group)}, '') AS INT), 0)" for group in (2, 3))
    seconds = f"CAST(concat('0', {part(4)}, '.', left({part(5)}, 6), '0') AS DECIMAL(18, 6))"
    local = f"({day} + make_dt_interval(0, {clock}, {seconds}))"
    return (
        f"(CASE WHEN typeof({cell}) <> 'string' THEN CAST({cell} AS TIMESTAMP) "
        f"WHEN {text} RLIKE {quote(PLAIN_TIME)} THEN CAST({cell} AS TIMESTAMP) "
        f"WHEN NOT {text} RLIKE {quote(TIME)} OR {text} RLIKE {quote(MIXED_SEPARATORS)} "
        f"OR {text} RLIKE {quote(AFTER_MIDNIGHT_24)} THEN NULL "
        f"WHEN {part(6)} LIKE ' %' THEN CAST(concat(CAST({local} AS STRING), {part(6)}) AS TIMESTAMP) "
        f"ELSE {local} - {_offset(part(6))} END)"
    )


def _offset(text: str) -> str:
    """Return SQL of the interval that an offset such as +02:00 names, none for Z and no text."""
    digits = f"rpad(regexp_replace({text}, '[^0-9]', ''), 6, '0')"
    parts = ", ".join(f"CAST(substr({digits}, {at}, 2) AS INT)" for at in (1, 3, 5))
    return f"make_dt_interval(0, {parts}) * (CASE WHEN {text} LIKE '-%' THEN -1 ELSE 1 END)"


def as_text(value: str) -> str:
    """Return SQL of a value's text; Spark's own but for DOUBLE."""
    # By way of its text, because Spark looks at both branches, and a time is no number in any way.
    number = f"CAST(CAST({value} AS STRING) AS DOUBLE)"
    return f"(CASE WHEN typeof({value}) = 'double' THEN {_double_text(number)} ELSE CAST({value} AS STRING) END)"


def _double_text(value: str) -> str:
    """Return SQL of a number's text as Python and DuckDB write it: 1e-05, 100.0, 1e+20."""
    # Before Java 19, Double.toString wrote more digits than are needed to tell a number from the next.
    java = f"(CASE WHEN {_scientific(value, 15)} = {value} THEN format_string('%.15e', {value}) "
    java = f"{java}ELSE format_string('%.16e', {value}) END)"
    exponent = f"CAST(substring_index({java}, 'e', -1) AS INT)"
    digits = f"regexp_replace(regexp_replace(substring_index({java}, 'e', 1), '[-.]', ''), '0+$', '')"
    sign = f"IF({value} < 0, '-', '')"
    point = f"IF(length({digits}) > 1, '.', '')"
    short = f"concat({sign}, left({digits}, 1), {point}, substr({digits}, 2), 'e', {_exponent(exponent)})"
    # 1.2345e7 is 12345000.0, and 1.23456789e5 is 123456.789
    plain = (
        f"(CASE WHEN {exponent} < 0 THEN concat({sign}, '0.', repeat('0', -{exponent} - 1), {digits}) "
        f"WHEN length({digits}) <= {exponent} + 1 THEN concat({sign}, rpad({digits}, {exponent} + 1, '0'), '.0') "
        f"ELSE concat({sign}, left({digits}, {exponent} + 1), '.', substr({digits}, {exponent} + 2)) END)"
    )
    # format_string writes a missing number as `null`.
    return (
        f"(CASE WHEN {value} IS NULL THEN NULL WHEN CAST({value} AS STRING) IN ('NaN', 'Infinity', '-Infinity') "
        f"THEN replace(lower(CAST({value} AS STRING)), 'infinity', 'inf') WHEN {value} = 0 THEN '0.0' "
        f"WHEN {exponent} BETWEEN -4 AND 15 THEN {plain} ELSE {short} END)"
    )


def _scientific(value: str, places: int) -> str:
    return f"CAST(format_string('%.{places}e', {value}) AS DOUBLE)"


def _exponent(exponent: str) -> str:
    return f"format_string('%s%02d', IF({exponent} < 0, '-', '+'), abs({exponent}))"
