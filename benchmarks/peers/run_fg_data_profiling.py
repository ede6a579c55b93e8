"""The minimal profile of train as HTML, by fg-data-profiling (once ydata-profiling). Runs in its own environment.

It describes one table: neither test nor the label is looked at.

Usage: python run_fg_data_profiling.py TRAIN TEST LABEL REPORT
"""

import sys

import pandas as pd
from data_profiling import ProfileReport


# Every peer is called with the same four words; this one has no use for all of them.
def main(train_path: str, test_path: str, label: str, report: str) -> None:  # noqa: ARG001
    ProfileReport(pd.read_parquet(train_path), minimal=True, progress_bar=False).to_file(report)


if __name__ == "__main__":
    main(*sys.argv[1:])
