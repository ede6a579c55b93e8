"""The strategies by name: what each may do to a class, and what it asks of the machine."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from dataaudit.errors import ConfigError


@dataclass(frozen=True)
class Strategy:
    """One way of rebalancing.

    Attributes
    ----------
    what : str
        What it does, in a few words.
    grows, shrinks : bool
        Whether rows are added to classes, and taken away from them.
    makes_rows : bool
        Whether rows are added that did not come in.
    streams : bool
        Whether no more than a few rows are in memory at a time.
    takes_target : bool
        Whether counts can be asked for; a cleaning takes away what it finds.
    for_regression : bool
        Whether it can be used on regions of a numeric target.
    """

    name: str
    what: str
    grows: bool = False
    shrinks: bool = False
    makes_rows: bool = False
    streams: bool = False
    takes_target: bool = True
    for_regression: bool = False


WEIGHTS = "weights"
RANDOM_OVER, RANDOM_UNDER, RANDOM_BOTH = "random-over", "random-under", "random-both"

_ALL = (
    Strategy(RANDOM_OVER, "repeats rows of rare classes", grows=True, streams=True, for_regression=True),
    Strategy(RANDOM_UNDER, "drops rows of common classes", shrinks=True, streams=True, for_regression=True),
    Strategy(
        RANDOM_BOTH,
        "repeats rows of rare classes and drops rows of common ones",
        grows=True,
        shrinks=True,
        streams=True,
        for_regression=True,
    ),
    Strategy(WEIGHTS, "adds a column of weights", grows=True, shrinks=True, streams=True, for_regression=True),
    Strategy("smote", "makes rows between neighbours of a rare class", grows=True, makes_rows=True),
    Strategy("borderline-smote", "makes rows where classes meet", grows=True, makes_rows=True),
    Strategy("adasyn", "makes more rows where other classes are near", grows=True, makes_rows=True),
    Strategy("svm-smote", "makes rows along the border of a support vector machine", grows=True, makes_rows=True),
    Strategy("kmeans-smote", "makes rows within clusters", grows=True, makes_rows=True),
    Strategy("near-miss", "keeps the common rows around rare ones", shrinks=True),
    Strategy(
        "tomek", "drops common rows that are nearest to a rare row and it to them", shrinks=True, takes_target=False
    ),
    Strategy("enn", "drops common rows whose neighbours are of another class", shrinks=True, takes_target=False),
    Strategy("cluster-centroids", "keeps the rows nearest to the centres of clusters", shrinks=True),
    Strategy("instance-hardness", "keeps the common rows that a model finds easy", shrinks=True),
    Strategy("smote-enn", "SMOTE, then drops rows whose neighbours are of another class", grows=True, makes_rows=True),
    Strategy("smote-tomek", "SMOTE, then drops rows that form Tomek links", grows=True, makes_rows=True),
)
STRATEGIES = {strategy.name: strategy for strategy in _ALL}


def strategy_named(name: str) -> Strategy:
    """Return the strategy of that name.

    Raises
    ------
    ConfigError
        If there is none; the hint names the nearest, or all.

    >>> strategy_named("smote").makes_rows
    True
    """
    if name not in STRATEGIES:
        near = difflib.get_close_matches(name, STRATEGIES, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ConfigError(f"there is no strategy {name!r}", f"{hint}known are {', '.join(STRATEGIES)}")
    return STRATEGIES[name]
