"""Rows by the label scores of cleanlab's Datalab, with extremely randomised trees. Runs in cleanlab's environment.

Reads FOLDER/rows.npz (features, label), writes FOLDER/ranked.npz: the places of the rows, the lowest score first, and
the seconds that Datalab took once the model's probabilities were there.

Usage: python rank_with_datalab.py FOLDER N_TREES ROWS_PER_LEAF SHARE_OF_FEATURES N_FOLDS
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from cleanlab import Datalab
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict


def main(folder: str, n_trees: str, rows_per_leaf: str, share_of_features: str, n_folds: str) -> None:
    rows = np.load(Path(folder) / "rows.npz")
    forest = ExtraTreesClassifier(
        int(n_trees), min_samples_leaf=int(rows_per_leaf), max_features=float(share_of_features), random_state=0
    )
    folds = StratifiedKFold(int(n_folds), shuffle=True, random_state=0)
    probabilities = cross_val_predict(forest, rows["features"], rows["label"], cv=folds, method="predict_proba")
    started = time.perf_counter()
    lab = Datalab(data=pd.DataFrame({"label": rows["label"]}), label_name="label")
    lab.find_issues(pred_probs=probabilities)
    ranked = np.argsort(lab.get_issues("label")["label_score"].to_numpy(), kind="stable")
    np.savez(Path(folder) / "ranked.npz", ranked=ranked, seconds=time.perf_counter() - started)


if __name__ == "__main__":
    main(*sys.argv[1:])
