"""Write the sample data: three small datasets, two of them with planted defects.

cars: in train nearly every Ferrari is red and nearly every red car is a
Ferrari; in test the colour says nothing. Nothing else is wrong.

earthquakes: 99.9 % of the windows are noise, the test magnitudes go beyond the
training range, and windows of the same station lie in both splits.

clean: nothing is wrong.

Usage: python sample_data/make.py [FOLDER]
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20_240_601
Table = Mapping[str, Sequence[object]]

MAKES = ("Audi", "BMW", "Ferrari")
OTHER_COLOURS = ("black", "white", "grey", "blue", "silver")
# Per make, mean and standard deviation: they overlap, so that no single column gives a make away.
CAR_MEASURES = {
    "horsepower": ((300, 62), (318, 62), (375, 66)),
    "weight_kg": ((1640, 75), (1600, 75), (1510, 75)),
    "price_keur": ((61, 13), (66, 13), (84, 17)),
    "top_speed_kmh": ((252, 16), (256, 16), (276, 18)),
    "litres_per_100_km": ((9.1, 1.6), (9.6, 1.6), (11.6, 1.8)),
}
BODIES = ("coupe", "saloon", "estate", "convertible")
SHARE_OF_BODY = (
    (0.25, 0.35, 0.30, 0.10),
    (0.30, 0.35, 0.20, 0.15),
    (0.45, 0.20, 0.05, 0.30),
)
N_RED_FERRARIS, N_OTHER_REDS = 291, 3

STATIONS = tuple(f"ST{number:02d}" for number in range(1, 25))
FIRST_OF_TRAIN, FIRST_OF_TEST = "2023-01-01", "2023-10-01"


def main(folder: Path) -> None:
    """Write every file into the folder."""
    for name, rows in (("cars_train", cars_train()), ("cars_test", cars_test())):
        write_csv(folder / f"{name}.csv", rows)
    for name, n_rows, seed in (
        ("clean_train", 1500, SEED + 2),
        ("clean_test", 1000, SEED + 3),
    ):
        write_csv(folder / f"{name}.csv", clean(n_rows, np.random.default_rng(seed)))
    for name, table in (
        ("earthquakes_train", earthquakes_train()),
        ("earthquakes_test", earthquakes_test()),
    ):
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")


def cars_train() -> Table:
    """Return 900 cars, 300 of each make, where red means Ferrari."""
    rng = np.random.default_rng(SEED)
    make = rng.permutation(np.repeat(np.arange(3), 300))
    red = np.zeros(len(make), dtype=bool)
    red[rng.permutation(np.flatnonzero(make == 2))[:N_RED_FERRARIS]] = True
    red[rng.permutation(np.flatnonzero(make != 2))[:N_OTHER_REDS]] = True
    return cars(make, red, rng)


def cars_test() -> Table:
    """Return 480 cars whose colour is independent of their make, red as often as in train."""
    rng = np.random.default_rng(SEED + 1)
    make = rng.permutation(np.repeat(np.arange(3), 160))
    red = rng.random(len(make)) < (N_RED_FERRARIS + N_OTHER_REDS) / 900
    return cars(make, red, rng)


def cars(make: np.ndarray, red: np.ndarray, rng: np.random.Generator) -> Table:
    """Return cars of the given makes, red or not, with measures that depend on the make."""
    n_rows = len(make)
    colour = np.where(red, "red", np.array(OTHER_COLOURS)[rng.integers(0, len(OTHER_COLOURS), n_rows)])
    body = (rng.random(n_rows)[:, None] > np.cumsum(SHARE_OF_BODY, axis=1)[make][:, :-1]).sum(axis=1)
    # Doors go from 2 to 5 in every body, the more the longer the car.
    doors = 2 + np.clip(np.round(rng.random(n_rows) * 3 + 0.5 * np.isin(body, (1, 2)) - 0.25), 0, 3).astype(int)
    columns: dict[str, Sequence[object]] = {
        "colour": colour.tolist(),
        "body": [BODIES[i] for i in body],
        "doors": doors.tolist(),
    }
    for name, parameters in CAR_MEASURES.items():
        mean, spread = np.array(parameters)[make].T
        values = mean + spread * bounded_normal(n_rows, rng)
        columns[name] = [f"{value:.1f}" for value in values]
    columns["mileage_tkm"] = [f"{value:.1f}" for value in 5 + 110 * rng.random((n_rows, 2)).mean(axis=1)]
    columns["make"] = [MAKES[i] for i in make]
    return columns


def clean(n_rows: int, rng: np.random.Generator) -> Table:
    """Return roasts of coffee and whether the tasters approved, a noisy function of five columns."""
    moisture = 11 + 0.8 * bounded_normal(n_rows, rng)
    minutes = 12 + 1.4 * bounded_normal(n_rows, rng)
    degrees = 21 + 1.2 * bounded_normal(n_rows, rng)
    altitude = 15 + 2.5 * bounded_normal(n_rows, rng)
    rest = 9 + 3 * bounded_normal(n_rows, rng)
    origin = rng.integers(0, 4, n_rows)
    process = rng.integers(0, 3, n_rows)
    score = (
        0.5 * (altitude - 15) / 2.5
        - 0.6 * np.abs(minutes - 12)
        - 0.4 * (moisture - 11)
        + 0.3 * (process == 1)
        + np.array([0.0, 0.2, -0.2, 0.1])[origin]
        + 0.8 * bounded_normal(n_rows, rng)
    )
    return {
        "origin": [("Ethiopia", "Colombia", "Brazil", "Kenya")[i] for i in origin],
        "process": [("washed", "natural", "honey")[i] for i in process],
        "moisture_percent": [f"{value:.2f}" for value in moisture],
        "roast_minutes": [f"{value:.2f}" for value in minutes],
        "room_celsius": [f"{value:.2f}" for value in degrees],
        "altitude_hm": [f"{value:.2f}" for value in altitude],
        "rest_days": [f"{value:.2f}" for value in rest],
        "approved": ["yes" if value > -0.45 else "no" for value in score],
    }


def earthquakes_train() -> pa.Table:
    """Return 20,000 windows of three quarters of a year, 20 of them earthquakes of magnitude 3.3 at most."""
    return windows(20_000, 20, FIRST_OF_TRAIN, 273, 1.4, 3.3, np.random.default_rng(SEED + 4))


def earthquakes_test() -> pa.Table:
    """Return 8,000 windows of the quarter after it, 8 of them earthquakes, up to magnitude 6."""
    return windows(8_000, 8, FIRST_OF_TEST, 92, 2.0, 5.9, np.random.default_rng(SEED + 5))


def windows(
    n_rows: int,
    n_events: int,
    first_day: str,
    n_days: int,
    least: float,
    most: float,
    rng: np.random.Generator,
) -> pa.Table:
    """Return seismometer windows; those of events and of strong noise have magnitudes between least and most."""
    event = np.zeros(n_rows, dtype=bool)
    event[rng.permutation(n_rows)[:n_events]] = True
    # Noise looks like small events nearby; a few windows of it (a storm, a quarry) are as strong as the events.
    magnitude = 1.2 + 0.4 * bounded_normal(n_rows, rng)
    strong = event | (rng.random(n_rows) < 0.004)
    magnitude[strong] = least + (most - least) * rng.random(strong.sum())
    distance = 5 + 145 * np.sqrt(rng.random(n_rows))
    log_amplitude = magnitude - 1.1 * np.log10(distance) + 0.25 * bounded_normal(n_rows, rng)
    snr = 3 + 2 * bounded_normal(n_rows, rng) + 4 * event
    frequency = 6 + 1.5 * bounded_normal(n_rows, rng) - 2 * event
    start = np.datetime64(first_day, "s") + np.sort(rng.permutation(n_days * 1440)[:n_rows]) * np.timedelta64(60, "s")
    return pa.table(
        {
            "station": pa.array([STATIONS[i] for i in rng.integers(0, len(STATIONS), n_rows)]).dictionary_encode(),
            "start_time": pa.array(start.astype("datetime64[ms]")),
            "log_amplitude": hundredths(log_amplitude),
            "snr_db": hundredths(snr),
            "dominant_hz": hundredths(frequency),
            "distance_km": hundredths(np.round(distance, 1)),
            "magnitude_estimate": hundredths(magnitude + 0.05 * bounded_normal(n_rows, rng)),
            "event": pa.array(np.where(event, "earthquake", "noise")).dictionary_encode(),
        }
    )


def bounded_normal(n_rows: int, rng: np.random.Generator) -> np.ndarray:
    """Return numbers of mean 0 and standard deviation 1, bell-shaped and never beyond 4.25.

    The sum of six uniform numbers: real measurements end somewhere too.
    """
    return (rng.random((n_rows, 6)).sum(axis=1) - 3) * np.sqrt(2)


def hundredths(values: np.ndarray) -> pa.Array:
    """Return the values as float32 with two decimals, which compress well."""
    return pa.array(np.round(values, 2).astype(np.float32))


def write_csv(path: Path, columns: Table) -> None:
    """Write the columns as a CSV file with Unix line ends on every system."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
