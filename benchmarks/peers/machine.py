"""Describe the machine without naming it."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Return cores, memory in 10^9 bytes, processor and system; no host name, no path."""
    return {
        "cores": os.cpu_count(),
        "memory_gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "processor": processor(),
        "system": f"{system()}, {platform.machine()}",
    }


def processor() -> str:
    """Return the processor's model, where the system tells."""
    known = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", known.read_text()) if known.exists() else None
    return found[1].strip() if found else platform.processor() or "unknown"


def system() -> str:
    """Return the name of the distribution, or of the operating system."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
