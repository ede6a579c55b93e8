"""Write the golden files and the example reports again, after a change that was meant.

Usage, in the root of the project: python -m tests.golden.rewrite
Look at `git diff tests/golden` before committing them.
"""

from __future__ import annotations

import json
import os

from tests.golden.samples import GOLDEN, REPORTS, ROOT, demo_commands, masked, write_reports


def main() -> None:
    """Write reports/ as `make demo` does, and tests/golden/ from them."""
    os.chdir(ROOT)
    write_reports(ROOT)
    for sample in demo_commands():
        report = masked((REPORTS / f"{sample}.json").read_text(encoding="utf-8"))
        text = json.dumps(report, indent=2, ensure_ascii=False, sort_keys=True)
        (GOLDEN / f"{sample}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
