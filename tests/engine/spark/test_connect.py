"""Spark Connect: the command as a client of a server in another process."""

from __future__ import annotations

import json


def test_command_finds_the_same_behind_spark_connect(spark, run_dataaudit, sample_data, tmp_path):
    port = spark.conf.get("spark.connect.grpc.binding.port")
    files = [sample_data / "cars_train.csv", "--test", sample_data / "cars_test.csv", "--label", "make"]
    reports = {}
    for engine in ("duckdb", f"sc://127.0.0.1:{port}"):
        path = tmp_path / f"{engine[:2]}.json"
        done = run_dataaudit("audit", *files, "--engine", engine, "--output", path, "--fail-on", "never")
        assert (done.returncode, done.stderr) == (0, "")
        reports[engine[:2]] = json.loads(path.read_text(encoding="utf-8"))
    assert reports["sc"]["findings"] == reports["du"]["findings"] != []
    assert [check["status"] for check in reports["sc"]["checks"]] == [c["status"] for c in reports["du"]["checks"]]
    assert spark.sql("SHOW VIEWS LIKE 'dataaudit*'").collect() == []
