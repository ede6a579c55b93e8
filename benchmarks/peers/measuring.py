"""Run a tool as a process of its own: wall time, peak memory, size of what it wrote, or how it failed."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.tools import ROOT, Tool

# Nothing is sent anywhere, and nobody waits for an answer from the network.
OFFLINE = {
    "DISABLE_DEEPCHECKS_ANONYMOUS_TELEMETRY": "1",
    "DISABLE_LATEST_VERSION_CHECK": "1",
    "DO_NOT_TRACK": "1",
    "EVIDENTLY_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "YDATA_PROFILING_NO_ANALYTICS": "1",
}
LONGEST_ERROR = 300


@dataclass(frozen=True)
class Run:
    """What one process took; with an `error`, until it failed.

    Attributes
    ----------
    seconds
        Wall time from start to end, loading included.
    megabytes
        Peak resident memory of the largest process, in 10^6 bytes.
    report_kilobytes
        Size of all files written, in 10^3 bytes.
    error
        The last line of the error, or None where all went well.
    """

    seconds: float
    megabytes: float
    report_kilobytes: float
    error: str | None = None


def run(tool: Tool, train: Path, test: Path, limit_seconds: float) -> Run:
    """Run a tool once, with a fresh folder for its report."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as errors:
        command = tool.command(train, test, Path(folder) / "report.html")
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=folder,
            env={**os.environ, **OFFLINE},
            start_new_session=True,
        )
        status, usage, over_time = wait(process, limit_seconds)
        seconds = time.perf_counter() - started
        code = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        message = last_line(errors.read().decode(errors="replace"), folder)
        n_bytes = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    error = failure(code, message, over_time, limit_seconds, n_bytes)
    return Run(round(seconds, 3), round(usage.ru_maxrss * 1.024e-3, 1), round(n_bytes / 1000, 1), error)


def wait(process: subprocess.Popen[bytes], limit_seconds: float) -> tuple[int, os.struct_rusage, bool]:
    """Wait for a process, end it and its children at the limit or when we are interrupted."""
    over_time = threading.Event()

    def stop() -> None:
        over_time.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit_seconds, stop)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:  # an interruption of whatever kind leaves nothing running
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return status, usage, over_time.is_set()


def failure(code: int, message: str, over_time: bool, limit_seconds: float, n_bytes: int) -> str | None:
    """Say in one line how a process failed, or None where it did not."""
    if over_time:
        return f"stopped after {limit_seconds / 60:g} minutes"
    if code < 0:
        return f"ended by {signal.Signals(-code).name}" + (": out of memory?" if -code == signal.SIGKILL else "")
    if code > 0:
        return message or f"ended with exit code {code}"
    return None if n_bytes else "wrote no report"


def last_line(text: str, folder: str) -> str:
    """Return the last line of an error without the folders of this machine."""
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    # The longest first: one may be the beginning of another.
    for place in sorted((folder, str(ROOT), str(Path.home())), key=len, reverse=True):
        last = last.replace(place, "…")
    return last[:LONGEST_ERROR]
