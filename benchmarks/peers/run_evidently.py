"""Evidently's data summary and data drift presets, saved as HTML. Runs in evidently's own environment.

Train is the reference, test the current data. Settings are the defaults; the
kinds of the columns are inferred. Evidently has no use for the label here.

Usage: python run_evidently.py TRAIN TEST LABEL REPORT
"""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset, DataSummaryPreset


# Every peer is called with the same four words; this one has no use for all of them.
def main(train_path: str, test_path: str, label: str, report: str) -> None:  # noqa: ARG001
    train, test = pd.read_parquet(train_path), pd.read_parquet(test_path)
    snapshot = Report([DataSummaryPreset(), DataDriftPreset()]).run(current_data=test, reference_data=train)
    snapshot.save_html(report)


if __name__ == "__main__":
    main(*sys.argv[1:])
