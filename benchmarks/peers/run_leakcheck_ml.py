"""The whole train/test check of leakcheck-ml, its printed report saved. Runs in leakcheck-ml's own environment.

Usage: python run_leakcheck_ml.py TRAIN TEST LABEL REPORT
"""

import contextlib
import sys
from pathlib import Path

from leakcheck.cli import main as leakcheck


def main(train_path: str, test_path: str, label: str, report: str) -> None:
    with Path(report).open("w") as file, contextlib.redirect_stdout(file):
        leakcheck([train_path, test_path, "--target", label])


if __name__ == "__main__":
    main(*sys.argv[1:])
