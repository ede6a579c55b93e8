"""The JSON report: valid against the published schema, plain values, stable."""

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from tests.report.examples import accepted_result, clean_result, rich_result, shared_rows
from tests.report.extremes import empty_result, hostile_result, huge_result

from dataaudit.model import redact
from dataaudit.report.json import render_json
from dataaudit.report.schema import json_schema
from dataaudit.text import FromData

RESULTS = {
    "rich": rich_result,
    "accepted": accepted_result,
    "clean": clean_result,
    "empty": empty_result,
    "hostile": hostile_result,
    "redacted": lambda: redact(rich_result()),
    "huge": lambda: huge_result(60, 200),
}


def read(result):
    return json.loads(render_json(result), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def with_evidence(evidence):
    return replace(rich_result(), findings=(replace(shared_rows(), evidence=evidence),))


@pytest.mark.parametrize("name", RESULTS)
def test_obeys_the_published_schema(name):
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(read(RESULTS[name]()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.update(schema_version=2),
        lambda report: report.update(more=1),
        lambda report: report["findings"][0].update(severity="fatal"),
        lambda report: report["findings"][0].update(more=1),
        lambda report: report["findings"][0].pop("fingerprint"),
        lambda report: report["findings"][0]["rows"].update(test=[-1]),
        lambda report: report["checks"][0].update(status="ok"),
        lambda report: report["dataset"]["columns"][0].update(kind="number"),
        lambda report: report["summary"].pop("info"),
    ],
)
def test_schema_refuses_what_is_no_report(spoil):
    report = read(rich_result())
    spoil(report)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json_schema()).validate(report)


def test_holds_what_the_design_lists():
    report = read(rich_result())
    assert report["tool"] == {"name": "dataaudit", "version": "0.1.0"}
    assert report["summary"] == {"error": 2, "warning": 8, "info": 1}
    assert [finding["code"] for finding in report["findings"][:3]] == ["LEAK001", "SPUR001", "IMB002"]
    leak = report["findings"][0]
    assert leak["rows"] == {"test": [17, 42, 88, 91, 130, 131, 207, 256, 311, 312, 400, 415], "truncated": True}
    assert leak["fingerprint"] == shared_rows().fingerprint
    assert leak["message"].startswith("217 test rows (7 %) also stand in train")
    assert "figure" not in leak


def test_values_of_the_data_are_plain():
    report = read(
        with_evidence({"value": FromData("red"), "edges": [FromData(1.5), None], "by": {"a": FromData(True)}})
    )
    assert report["findings"][0]["evidence"] == {"value": "red", "edges": [1.5, None], "by": {"a": True}}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), FromData(float("-inf")), np.float64("nan")])
def test_numbers_that_json_does_not_know_are_null(value):
    report = read(with_evidence({"a": value, "b": [value], "c": {"d": value}}))
    assert report["findings"][0]["evidence"] == {"a": None, "b": [None], "c": {"d": None}}


def test_numbers_of_numpy_stay_numbers():
    report = read(with_evidence({"n_rows": np.int64(3), "share": np.float32(0.5)}))
    assert report["findings"][0]["evidence"] == {"n_rows": 3, "share": 0.5}


def test_accepted_findings_are_listed_but_not_counted():
    report = read(accepted_result())
    assert report["summary"] == {"error": 1, "warning": 8, "info": 0}
    assert len(report["findings"]) == 11
    assert [f["code"] for f in report["findings"] if f["accepted"]] == ["LEAK001", "DATA002"]


def test_is_the_same_every_time_and_encodable():
    assert render_json(hostile_result()) == render_json(hostile_result())
    render_json(hostile_result()).encode("utf-8")
