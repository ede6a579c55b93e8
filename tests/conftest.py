"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dataaudit.cli import cli
from dataaudit.engine.opening import engine_in
from dataaudit.engine.spark.engine import SparkEngine

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).parent.parent
Completed = subprocess.CompletedProcess[str]


@pytest.fixture
def sample_data() -> Path:
    """The folder of the sample data."""
    return ROOT / "sample_data"


@pytest.fixture
def run_dataaudit(tmp_path: Path) -> Callable[..., Completed]:
    """Run the real command in a process of its own, in an empty folder unless `cwd` is given."""

    def run(*arguments: str | Path, cwd: Path = tmp_path) -> Completed:
        command = [sys.executable, "-m", "dataaudit", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def run_command() -> Callable[..., str]:
    """Run a command in this process, expect exit code 0 and return what it printed."""

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """One Spark session on this machine for all tests of a process, which starts Java once."""
    from pyspark.sql import SparkSession

    options = {
        "spark.driver.memory": "1g",
        # The session also answers at a port, for the test of Spark Connect.
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(_free_port()),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        # Thousands of small statements: what a better compiler gains is less than what it takes.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "2",
        # Planned anew and compiled, a statement over a hundred rows takes twice as long.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    session = SparkSession.builder.master("local[2]").appName("tests").config(map=options).getOrCreate()
    yield session
    session.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def spark_engine(spark: SparkSession) -> Iterator[SparkEngine]:
    """An engine of its own in the common session."""
    engine = engine_in(spark)
    yield engine
    engine.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all tests that need Spark run in one process (pytest -n 2 --dist loadgroup)."""
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("spark"))
