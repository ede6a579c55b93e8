"""An output folder that may not be written: for root, too, once the right to write anywhere is given up."""

import subprocess
import sys

import pandas as pd
import pytest

# Root is not bound by permissions while it has CAP_DAC_OVERRIDE (1), which PR_CAPBSET_DROP (24) takes from all that
# this process becomes (Linux, prctl(2)).
PROGRAM = """
import ctypes, os, sys
if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0):
    sys.exit(os.strerror(ctypes.get_errno()))
os.execv(sys.executable, [sys.executable, "-m", "dataaudit", *sys.argv[1:]])
"""


@pytest.mark.parametrize(
    "command", [["rebalance", "--strategy", "random-over"], ["rebalance", "--strategy", "smote"], ["split"], ["fix"]]
)
def test_a_folder_without_permission_is_one_clear_error(tmp_path, command):
    data = tmp_path / "data.csv"
    n = 60
    frame = pd.DataFrame({"x": range(n), "z": [i * i % 17 for i in range(n)], "y": ["a", "b", "a"] * (n // 3)})
    frame.to_csv(data, index=False)
    before = data.read_bytes()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    name, *options = command
    arguments = [name, str(data), "--label", "y", *options, "--output", str(closed / "out")]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert "is not writable" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(closed.iterdir()) == []
    assert data.read_bytes() == before
