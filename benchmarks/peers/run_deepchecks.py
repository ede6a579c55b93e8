"""Both of deepchecks' suites that need no model, saved as HTML. Runs in deepchecks' own environment.

data_integrity sees train; train_test_validation sees both splits. Settings
are the defaults; which columns are categorical is inferred on train.

Usage: python run_deepchecks.py TRAIN TEST LABEL REPORT
"""

import sys
from pathlib import Path

import pandas as pd
from deepchecks.tabular import Dataset
from deepchecks.tabular.suites import data_integrity, train_test_validation


def main(train_path: str, test_path: str, label: str, report: str) -> None:
    train = Dataset(pd.read_parquet(train_path), label=label)
    test = Dataset(pd.read_parquet(test_path), label=label, cat_features=train.cat_features)
    integrity = data_integrity().run(train)
    validation = train_test_validation().run(train, test)
    path = Path(report)
    integrity.save_as_html(str(path.with_stem("data_integrity")))
    validation.save_as_html(str(path.with_stem("train_test_validation")))


if __name__ == "__main__":
    main(*sys.argv[1:])
