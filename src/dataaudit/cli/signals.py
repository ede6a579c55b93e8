"""Being told to end: SIGTERM and SIGHUP leave no temporary files behind."""

from __future__ import annotations

import signal
import threading
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_received: list[int] = []


def end_in_order() -> None:
    """Let SIGTERM and SIGHUP unwind the stack, so that temporary folders are removed.

    What is ignored stays ignored (nohup); only the main thread may set handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in ENDING:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _unwind)


def code_of_signal() -> int | None:
    """Return the exit code of the signal that has ended the work, or None."""
    # The engine turns what is raised in the middle of a query into an interruption of its own.
    return 128 + _received[0] if _received else None


def _unwind(number: int, _frame: FrameType | None) -> None:
    for other in ENDING:
        # A second signal must not break off the removal.
        signal.signal(other, signal.SIG_IGN)
    _received.append(number)
    raise SystemExit(128 + number)
