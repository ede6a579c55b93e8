"""Being told to end leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

PATIENCE = 60.0


@pytest.fixture(scope="module")
def large_table(tmp_path_factory):
    """A table that takes seconds to audit."""
    random = np.random.default_rng(0)
    columns = {f"x{number}": random.normal(size=300_000) for number in range(20)}
    path = tmp_path_factory.mktemp("large") / "train.parquet"
    parquet.write_table(pa.table({**columns, "y": random.integers(0, 2, 300_000)}), path)
    return path


# Whoever runs the tests may ignore these signals (nohup does), and a child inherits that.
AS_FROM_A_TERMINAL = """
import signal
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
from dataaudit.cli import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_a_signal_to_end_leaves_no_temporary_folder(large_table, tmp_path, number, seconds):
    command = [sys.executable, "-c", AS_FROM_A_TERMINAL, "audit", str(large_table), "--label", "y", "--threads", "1"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/") as audit:
        deadline = time.monotonic() + PATIENCE
        while not list(tmp_path.glob("dataaudit-*")):
            assert audit.poll() is None, audit.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(seconds)
        audit.send_signal(number)
        stdout, stderr = audit.communicate(timeout=PATIENCE)
    assert (audit.returncode, stdout, stderr.strip()) == (128 + number, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_signal_that_is_ignored_stays_ignored():
    program = "import signal; from dataaudit.cli.signals import end_in_order; end_in_order()"
    asked = "print(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN)"
    command = ["sh", "-c", 'trap "" HUP; exec "$0" -c "$1"', sys.executable, f"{program}; {asked}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True\n"


TOLD_IN_A_LIBRARY = """
import os, signal, sys
from dataaudit.cli.failures import report_failure
from dataaudit.cli.signals import end_in_order
end_in_order()
try:
    os.kill(os.getpid(), signal.SIGTERM)
except SystemExit:
    sys.exit(report_failure(KeyError("p")))
"""


def test_what_a_library_says_of_being_ended_is_no_defect():
    done = subprocess.run([sys.executable, "-c", TOLD_IN_A_LIBRARY], capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGTERM
    assert done.stderr == ""
