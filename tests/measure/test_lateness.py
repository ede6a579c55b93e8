from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.errors import NotMeasurable

START = pd.Timestamp("2024-01-01 06:00")


def rows(n_rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    at = START + pd.to_timedelta(random.integers(0, 10**6, n_rows), unit="s")
    frame = pd.DataFrame({"at": at, "x": 1.5, "y": random.choice(["p", "q"], n_rows)})
    frame["seen"] = at + pd.to_timedelta(random.integers(-200, 100, n_rows), unit="s")
    frame["day"] = (at + pd.to_timedelta(random.integers(-3, 3, n_rows), unit="D")).floor("D")
    frame["before"] = at - pd.Timedelta(days=2)
    for name in ("at", "seen", "day"):
        frame.loc[random.random(n_rows) < 0.1, name] = pd.NaT
    return frame


@pytest.fixture(params=range(3))
def splits(request):
    return {"train": rows(200, request.param), "test": rows(90, request.param + 5)}


def test_later_rows_against_pandas(measure, splits):
    found = measure(**splits, time="at").lateness
    assert set(found) == {"day", "seen"}
    for split, frame in splits.items():
        lag = (frame["seen"] - frame["at"]).dt.total_seconds()
        seen = found["seen"][split]
        assert (seen.n_rows, seen.n_later, seen.by_day) == (lag.notna().sum(), (lag > 0).sum(), False)
        assert seen.n_later_by_clock == ((lag > 0) & (lag <= 60)).sum()
        assert (seen.seconds_least, seen.seconds_most) == (lag.min(), lag.max())
        assert seen.seconds_median == lag[lag > 0].median()
        assert seen.numbers == tuple(np.flatnonzero(lag > 0)[:21])
        days = (frame["day"] - frame["at"].dt.floor("D")).dt.days
        day = found["day"][split]
        assert (day.n_rows, day.n_later, day.by_day) == (days.notna().sum(), (days > 0).sum(), True)
        assert day.seconds_median == 86_400 * days[days > 0].median()
        assert day.only_quarters


def test_labels_of_the_later_rows_against_pandas(measure, splits):
    found = measure(**splits, time="at").lateness["seen"]["train"]
    frame = splits["train"].dropna(subset="at")
    later = frame["seen"] > frame["at"]
    expected = {name: (int(later[of].sum()), int(of.sum())) for name in ("p", "q") for of in [frame["y"] == name]}
    assert found.n_by_label == expected
    assert found.target_means is None


def test_targets_of_the_later_rows_against_pandas(measure, splits):
    for split, frame in splits.items():
        frame["y"] = np.random.default_rng(len(split)).normal(size=len(frame))
    found = measure(**splits, time="at").lateness["seen"]
    mean = splits["train"]["y"].mean()
    for split, frame in splits.items():
        known = frame.dropna(subset="at")
        later = known["seen"] > known["at"]
        expected = known["y"][later].mean() - mean, known["y"][~later].mean() - mean
        assert found[split].target_means == pytest.approx(expected)


def test_whole_quarters_of_an_hour_are_told(measure):
    frame = rows(100, 0)
    for minutes, only in [(120, True), (105, True), (100, False)]:
        frame["seen"] = frame["at"] + pd.Timedelta(minutes=minutes)
        assert measure(frame, time="at").lateness["seen"]["train"].only_quarters is only


def test_columns_that_are_never_later_are_left_out(measure):
    frame = rows(100, 0)[["at", "before", "x", "y"]]
    assert measure(frame, time="at").lateness == {}
    assert measure(frame[["at", "x", "y"]], time="at").lateness == {}


def test_a_split_without_the_column_or_the_time_is_left_out(measure, splits):
    train, test = splits.values()
    found = measure(train, test=test.drop(columns="seen"), time="at").lateness
    assert (set(found["seen"]), set(found["day"])) == ({"train"}, {"train", "test"})
    found = measure(train, test=test.drop(columns="at"), time="at").lateness
    assert set(found["seen"]) == {"train"}


def test_a_time_that_is_a_number_cannot_be_compared_with_dates(measure):
    facts = measure(rows(50, 0).assign(at=range(50)), time="at")
    with pytest.raises(NotMeasurable, match="only dates are compared"):
        _ = facts.lateness
