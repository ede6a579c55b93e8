"""cleanlab's Datalab on train, its printed report saved. Runs in cleanlab's own environment.

Datalab looks at one table and wants numbers. It is given what its
documentation shows: standardized features (the numeric columns, missing
cells filled with the median) and out-of-sample probabilities of a cheap
model (logistic regression, 5 folds). The test split is not looked at.

Usage: python run_cleanlab.py TRAIN TEST LABEL REPORT
"""

import contextlib
import sys
from pathlib import Path

import pandas as pd
from cleanlab import Datalab
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


# Every peer is called with the same four words; this one has no use for all of them.
def main(train_path: str, test_path: str, label: str, report: str) -> None:  # noqa: ARG001
    train = pd.read_parquet(train_path)
    numbers = train.drop(columns=label).select_dtypes("number")
    features = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit_transform(numbers)
    model = LogisticRegression(max_iter=1000)
    probabilities = cross_val_predict(model, features, train[label], cv=5, method="predict_proba")
    with Path(report).open("w") as file, contextlib.redirect_stdout(file):
        lab = Datalab(data=train, label_name=label)
        lab.find_issues(features=features, pred_probs=probabilities)
        lab.report()


if __name__ == "__main__":
    main(*sys.argv[1:])
