"""Ctrl+C in the middle of an audit leaves neither a temporary folder nor a report."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

N_ROWS = 300_000
# A test run in the background of a shell inherits that Ctrl+C is ignored.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from dataaudit.cli import main
main()
"""


def test_ctrl_c_leaves_nothing_behind(tmp_path):
    temporary, work = tmp_path / "temporary", tmp_path / "work"
    temporary.mkdir()
    work.mkdir()
    random = np.random.default_rng(0)
    table = {f"x{i}": random.normal(size=N_ROWS) for i in range(20)} | {"y": random.integers(0, 2, N_ROWS)}
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        "audit",
        str(tmp_path / "t.parquet"),
        "--label",
        "y",
        "--output",
        "r.html",
    ]
    environment = os.environ | {"TMPDIR": str(temporary)}
    with subprocess.Popen(command, cwd=work, env=environment, stderr=subprocess.PIPE, text=True) as audit:
        while not list(temporary.iterdir()):
            assert audit.poll() is None
            time.sleep(0.01)
        audit.send_signal(signal.SIGINT)
        _, errors = audit.communicate()
    assert audit.returncode == 128 + signal.SIGINT
    assert "Traceback" not in errors
    assert list(temporary.iterdir()) == []
    assert list(work.iterdir()) == []
