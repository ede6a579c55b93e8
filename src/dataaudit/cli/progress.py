"""What is being done, shown on a terminal when it takes more than a second."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BEFORE_SHOWN = 1.0


@contextmanager
def progress_on_terminal() -> Iterator[Callable[[str], None] | None]:
    """Yield a function that shows what is being done now, or None where nobody watches.

    Nobody watches when stderr is no terminal or the variable CI is set.
    """
    if not sys.stderr.isatty() or os.environ.get("CI"):
        yield None
        return
    from rich.console import Console
    from rich.markup import escape

    status = Console(stderr=True).status("reading")
    timer = threading.Timer(SECONDS_BEFORE_SHOWN, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda message: status.update(escape(message))
    finally:
        timer.cancel()
        timer.join()
        status.stop()
