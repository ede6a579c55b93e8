"""The commands that only print."""

from __future__ import annotations

import json

import jsonschema
import pytest

from dataaudit.rules import discover


def test_rules_lists_every_rule_once(invoke):
    lines = invoke("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(discover())


def test_rules_as_markdown_is_one_table(invoke):
    lines = invoke("rules", "--format", "markdown").stdout.splitlines()
    assert lines[1] == "| --- | --- | --- |"
    assert len(lines) == len(discover()) + 2
    assert all(line.replace("\\|", "").count("|") == 4 for line in lines)


def test_rules_as_json(invoke):
    records = json.loads(invoke("rules", "--format", "json").stdout)
    assert [record["code"] for record in records] == list(discover())
    assert all(record["summary"] for record in records)


@pytest.mark.parametrize("word", ["NOPE001", "SPUR", ""])
def test_explain_of_no_rule(invoke, word):
    result = invoke("explain", word)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: there is no rule '{word}'\nhint: ")


def test_schema_is_a_valid_schema(invoke):
    schema = json.loads(invoke("schema").stdout)
    jsonschema.validators.validator_for(schema).check_schema(schema)
