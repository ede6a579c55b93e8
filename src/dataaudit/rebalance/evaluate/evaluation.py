"""The outcome of an evaluation: scores with intervals, a recommendation, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

EVALUATION_VERSION = 1


@dataclass(frozen=True)
class Line:
    """One score of one model, trained one way.

    Attributes
    ----------
    value : float
        The mean over folds.
    lower, upper : float or None
        Its 95 % interval; None where too few folds tell.
    difference, difference_lower, difference_upper : float or None
        To the same model without resampling, on the same folds; None of that model itself.
    n_folds : int
        That tell something.
    """

    strategy: str
    model: str
    score: str
    value: float
    lower: float | None
    upper: float | None
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    n_folds: int


@dataclass(frozen=True)
class Evaluation:
    """What a cross-validation says of the ways of training on classes that are not equally common.

    Attributes
    ----------
    lines : tuple of Line
    recommended : str
        "none", "threshold", "weights" or a sampler.
    recommended_by_model : mapping of model to strategy
    model : str
        The model that decides.
    deciding : tuple of str
        Scores that decide.
    reasons, notes : tuple of str
    thresholds : mapping of model to float
        The median of the thresholds that were chosen.
    shares : mapping of class to float
        Natural shares.
    shares_after : mapping of strategy to mapping of class to float
        Shares in what a model was trained on.
    failed : mapping of strategy to str
        Why it could not be used.
    """

    lines: tuple[Line, ...]
    strategies: tuple[str, ...]
    models: tuple[str, ...]
    recommended: str
    recommended_by_model: Mapping[str, str]
    model: str
    deciding: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    thresholds: Mapping[str, float]
    shares: Mapping[str, float]
    shares_after: Mapping[str, Mapping[str, float]]
    failed: Mapping[str, str]
    n_rows: int
    n_rows_train: int
    n_folds: int
    n_repeats: int
    folds: str
    precision: float
    seed: int

    def line(self, strategy: str, model: str, score: str) -> Line | None:
        """Return one line; None if there is none."""
        wanted = (strategy, model, score)
        return next((line for line in self.lines if (line.strategy, line.model, line.score) == wanted), None)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {"evaluation_version": EVALUATION_VERSION, **_plain(asdict(self))}

    def to_frame(self) -> pd.DataFrame:
        """Return the lines as a table."""
        import pandas as pd

        return pd.DataFrame([asdict(line) for line in self.lines])

    def __str__(self) -> str:
        from dataaudit.rebalance.evaluate.shown import evaluation_text

        return evaluation_text(self)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
