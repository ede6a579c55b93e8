"""Rows of data frames, taken in the frame's own library, so that its types stay what they were."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def take_rows(frame: Any, numbers: NDArray[np.int64]) -> Any:
    """Return these rows of a pandas, polars or pyarrow table; a pandas index goes with them."""
    if hasattr(frame, "iloc"):
        return frame.iloc[numbers]
    if hasattr(frame, "collect"):
        frame = frame.collect()
    return frame.take(numbers) if hasattr(frame, "take") else frame[numbers]
