"""From an evaluation to what is written: which strategy, and what stands of it in the folder and the report."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataaudit.rebalance.evaluate.evaluation import Evaluation
from dataaudit.rebalance.evaluate.shown import evaluation_tables
from dataaudit.rebalance.evaluate.ways import AUTO, NONE, UNCHANGED
from dataaudit.rebalance.strategies import WEIGHTS, Strategy, strategy_named
from dataaudit.write.folder import written_to
from dataaudit.write.manifest import WrittenFile

if TYPE_CHECKING:
    from dataaudit.rebalance.request import Request
    from dataaudit.report.before_after import PageTable

FILE = "evaluation.json"
# Writes every row once, as it came.
UNTOUCHED = Strategy(NONE, "leaves the rows as they are", streams=True, takes_target=False)


@dataclass(frozen=True)
class Beside:
    """What stands beside the rows: in the manifest, its notes, and the report.

    Attributes
    ----------
    applied : str
        The strategy that is written, whatever is recommended.
    """

    evaluation: Evaluation
    applied: str

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the report and the manifest."""
        return (*applied_note(self.applied), *self.evaluation.reasons, *self.evaluation.notes)

    @property
    def tables(self) -> list[PageTable]:
        """Scores for the report."""
        return evaluation_tables(self.evaluation)

    @property
    def options(self) -> dict[str, Any]:
        """What the rows depend on."""
        return {
            "evaluated": list(self.evaluation.strategies),
            "score": list(self.evaluation.deciding),
            "precision": self.evaluation.precision,
            "recommended": self.evaluation.recommended,
        }

    def write(self, folder: Path) -> WrittenFile:
        """Write `evaluation.json` into a folder that is being made."""
        text = json.dumps(self.evaluation.as_json(), indent=2, ensure_ascii=False, allow_nan=False)
        with written_to(folder):
            (folder / FILE).write_text(text + "\n", encoding="utf-8")
        return WrittenFile(FILE, "scores of every way of training, with intervals, and the recommendation")


def applied_note(applied: str) -> tuple[str, ...]:
    """Say that nothing was done, where that is so."""
    return ("Train is written row by row as it came: no resampling is applied.",) if applied == NONE else ()


def request_of(evaluation: Evaluation, strategies: tuple[str, ...], asked: Request) -> Request:
    """Return what is to be written: the one strategy that was named, else what is recommended.

    Where no resampling, or a moved threshold, is recommended, that is every row as it came.
    """
    from dataaudit.rebalance.request import Request

    named = strategies[0] if len(strategies) == 1 and strategies[0] != AUTO else evaluation.recommended
    if named in UNCHANGED:
        return Request(UNTOUCHED)
    strategy = strategy_named(named)
    target = asked.target if strategy.takes_target else None
    return Request(strategy, target, asked.weight_column if named == WEIGHTS else None)
