"""What the rules on groups and times find: entities torn, series dealt at random, dates from after the fact.

Here the defect lies in how the rows are split, or in a column that is put beside them.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from benchmarks.plants._scene import SHARE_TEST, Scene, Splits, dealt
from scipy.signal import lfilter

from dataaudit.model import Severity

START = pd.Timestamp("2023-01-01 00:07")


def cut(frame: pd.DataFrame) -> Splits:
    """Cut the table in two, the first rows to train."""
    n_train = len(frame) - round(SHARE_TEST * len(frame))
    return frame.iloc[:n_train], frame.iloc[n_train:]


def with_entity(
    frame: pd.DataFrame, seed: int, name: str, n_rows: int, n_constant: int = 0, *, sorted_by_it: bool = False
) -> pd.DataFrame:
    """Return the table with an entity of so many rows on average, and columns that are constant within it."""
    random = np.random.default_rng(seed)
    n_entities = len(frame) // n_rows
    entity = random.integers(0, n_entities, len(frame))
    entity = np.sort(entity) if sorted_by_it else entity
    made = {
        "sex": random.choice(["f", "m"], n_entities),
        "born": random.integers(1940, 2000, n_entities),
        "town": random.choice(list("ABCDE"), n_entities),
    }
    constant = {column: made[column][entity] for column in list(made)[:n_constant]}
    return frame.assign(**{name: entity + 4000}, **constant)


def by_entity(frame: pd.DataFrame, name: str, n_torn: int = 0) -> Splits:
    """Split by an entity, and move the first row of so many test entities to train."""
    names = np.sort(frame[name].unique())
    is_test = frame[name].isin(names[: round(SHARE_TEST * len(names))])
    several = frame[is_test & frame.duplicated(name, keep=False)]
    is_test = is_test & ~frame.index.isin(several.drop_duplicates(name).index[:n_torn])
    return frame[~is_test], frame[is_test]


def in_time(frame: pd.DataFrame, seed: int, memory: float, wave: float = 0.0) -> pd.DataFrame:
    """Return the rows an hour apart in an order in which the target follows an autoregressive series.

    It is added to a wave of so many times its size, which takes a third of all rows.
    """
    random = np.random.default_rng(seed)
    shocks = random.normal(size=len(frame)) * np.sqrt(1 - memory**2)
    value = lfilter([1.0], [1.0, -memory], np.concatenate([random.normal(size=1), shocks]))[1:]
    value = value + wave * np.sin(6 * np.pi * (np.arange(len(frame)) / len(frame) + random.random()))
    shuffled = frame.iloc[np.random.default_rng(seed).permutation(len(frame))]
    ordered = shuffled.iloc[np.argsort(shuffled["target"].to_numpy(), kind="stable")]
    placed = ordered.iloc[value.argsort().argsort()].reset_index(drop=True)
    return placed.assign(at=START + pd.to_timedelta(np.arange(len(frame)), unit="h"))


def with_date(frame: pd.DataFrame, seed: int, share: float, name: str = "closed_at") -> pd.DataFrame:
    """Return the rows in time with a date that is later in a share of them, by hours to days, else earlier."""
    frame, random = in_time(frame, seed, 0.0), np.random.default_rng(seed)
    hours = random.exponential(60, len(frame)) + 0.5
    later = np.zeros(len(frame), dtype=np.bool_)
    later[random.permutation(len(frame))[: round(share * len(frame))]] = True
    return frame.assign(**{name: frame["at"] + pd.to_timedelta(np.where(later, hours, -hours), unit="h")})


def entity_dealt(
    frame: pd.DataFrame,
    seed: int,
    *,
    name: str = "patient_id",
    n_rows: int = 8,
    n_constant: int = 0,
    sorted_by_it: bool = False,
) -> Splits:
    """Deal the rows of an entity at random."""
    return dealt(with_entity(frame, seed, name, n_rows, n_constant, sorted_by_it=sorted_by_it), seed)


def entity_torn(frame: pd.DataFrame, seed: int, *, n_torn: int) -> Splits:
    """Split by an entity, but for so many of them."""
    return by_entity(with_entity(frame, seed, "patient", 8), "patient", n_torn)


def entity_over_cut(frame: pd.DataFrame, seed: int) -> Splits:
    """Cut in time a table whose entities come and go."""
    return cut(with_entity(in_time(frame, seed, 0.0), seed, "patient", 8))


def series_dealt(frame: pd.DataFrame, seed: int, *, memory: float, wave: float = 0.0) -> Splits:
    """Deal a series at random."""
    return dealt(in_time(frame, seed, memory, wave), seed)


def series_cut(frame: pd.DataFrame, seed: int, *, n_overlapping: int = 0) -> Splits:
    """Cut a series in time, and move so many of the last rows of train to test."""
    train, test = cut(in_time(frame, seed, 0.98))
    if not n_overlapping:
        return train, test
    early = train.index[-1 - n_overlapping : -1]
    return train.drop(index=early), pd.concat([test, train.loc[early]])


def permuted(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal a series whose labels were permuted, its days rounded in every second run."""
    frame = in_time(frame, seed, 0.98)
    frame["target"] = np.random.default_rng(seed).permutation(frame["target"])
    return dealt(frame.assign(at=frame["at"].dt.floor("D")) if seed % 2 else frame, seed)


def date_dealt(frame: pd.DataFrame, seed: int, *, share: float) -> Splits:
    """Cut in time a table with a date that is later in a share of the rows."""
    return cut(with_date(frame, seed, share))


def clocks(frame: pd.DataFrame, seed: int) -> Splits:
    """Cut in time a table with what is no look-ahead: clocks, days beside moments, another zone, a date that is due."""
    frame, random = with_date(frame, seed, 0.0), np.random.default_rng(seed)
    return cut(
        frame.assign(
            logged=frame["at"] + pd.to_timedelta(random.uniform(-30, 50, len(frame)), unit="s"),
            local=frame["at"] + pd.Timedelta(hours=int(random.integers(1, 13))),
            day=frame["at"].dt.floor("D"),
            due_date=frame["at"] + pd.Timedelta(days=30),
        )
    )


def plain(frame: pd.DataFrame, seed: int) -> Splits:
    """Deal a table with plain categories, counts and flags beside it."""
    random, n_rows = np.random.default_rng(seed), len(frame)
    return dealt(
        frame.assign(
            occupation=random.choice([f"job {i}" for i in range(14)], n_rows),
            region=(part := random.integers(0, 30, n_rows)) // 4,
            district=[f"d{i}" for i in part],
            age=random.integers(18, 90, n_rows),
            month=random.integers(1, 13, n_rows),
            n_users=random.poisson(30, n_rows),
            is_hot=random.integers(0, 2, n_rows),
        ),
        seed,
    )


GROUP, TIME = {"group": "patient"}, {"time": "at"}
SCENES = (
    Scene("LEAK003", "every entity dealt", "easy", partial(entity_dealt, name="patient"), GROUP, Severity.ERROR),
    Scene("LEAK003", "entities over a cut in time", "easy", entity_over_cut, {**GROUP, **TIME}, Severity.ERROR),
    Scene("LEAK003", "one entity torn", "hard", partial(entity_torn, n_torn=1), GROUP, Severity.ERROR),
    Scene("LEAK004", "dealt at random", "easy", partial(series_dealt, memory=0.98), TIME, Severity.ERROR),
    Scene("LEAK004", "one row too early", "hard", partial(series_cut, n_overlapping=1), TIME, Severity.ERROR),
    Scene("LEAK010", "named, 8 rows each", "easy", entity_dealt, least=Severity.INFO),
    Scene("LEAK010", "named, 2 rows each", "hard", partial(entity_dealt, n_rows=2), least=Severity.INFO),
    Scene(
        "LEAK010",
        "nameless, 3 constant columns",
        "hard",
        partial(entity_dealt, name="x_nr1", n_constant=3),
        least=Severity.INFO,
    ),
    Scene(
        "LEAK010",
        "nameless, in runs, 2 constant",
        "hard",
        partial(entity_dealt, name="x_nr1", n_constant=2, sorted_by_it=True),
        least=Severity.INFO,
    ),
    Scene("LEAK011", "a wave, and memory .99", "easy", partial(series_dealt, memory=0.99, wave=5.0)),
    Scene("LEAK011", "memory .99", "hard", partial(series_dealt, memory=0.99)),
    Scene(
        "LEAK011", "declared, random meant", "hard", partial(series_dealt, memory=0.99), {**TIME, "time_mode": "random"}
    ),
    Scene("LEAK012", "60 % of rows later", "easy", partial(date_dealt, share=0.6), TIME, Severity.ERROR),
    Scene("LEAK012", "3 % of rows later", "hard", partial(date_dealt, share=0.03), TIME),
    Scene(None, "plain categories and counts", "control", plain),
    Scene(None, "split by entity, declared", "control", partial(entity_torn, n_torn=0), GROUP),
    Scene(None, "split by entity, not declared", "control", partial(entity_torn, n_torn=0)),
    Scene(None, "labels permuted in time", "control", permuted),
    Scene(None, "little memory (.4)", "control", partial(series_dealt, memory=0.4)),
    Scene(None, "cut in time, declared", "control", series_cut, TIME),
    # Here the date tells the target by construction, in train, and nothing of it later.
    Scene(None, "cut in time, not declared", "control", series_cut, not_asked=("LEAK005", "SPUR002")),
    Scene(None, "clocks, days, zones, due dates", "control", clocks, TIME),
)
