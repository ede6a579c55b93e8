"""Round after round, until nothing is left to mend: each reads what the one before has written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dataaudit.auditing import Progress
from dataaudit.engine.dataset import Dataset
from dataaudit.fix.mend import Wishes
from dataaudit.fix.noting import Done, Stage
from dataaudit.fix.planning import HeldBack, Round, plan_round
from dataaudit.fix.staging import write_round
from dataaudit.measure.facts import Facts
from dataaudit.proof.finishing import settings_after
from dataaudit.proof.opened import Opened, opened
from dataaudit.write.folder import written_to

# Mends that undo one another would go on for ever.
MOST_ROUNDS = 20


@dataclass
class Mended:
    """What all rounds did.

    Attributes
    ----------
    done : list of Done
        In the order in which it was done.
    held_back : list of HeldBack
        What was not done in the last round, and why.
    stage : Stage
        The splits as the last round wrote them.
    came_in : Dataset
    n_rounds : int
        Rounds in which something was done.
    is_fixed : bool
        Whether a last round found nothing more to do.
    """

    came_in: Dataset
    done: list[Done] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)
    stage: Stage = field(default_factory=Stage)
    n_rounds: int = 0
    is_fixed: bool = False


def mend_all(
    start: Opened,
    folder: Path,
    codes: Sequence[str],
    wishes: Wishes,
    progress: Progress | None = None,
) -> Mended:
    """Mend until nothing is left to mend, and leave the files of the last round in a folder.

    The engine of `start` is closed after its round, so that two do not share the memory.
    """
    mended = Mended(start.dataset)
    found = _round(start.facts, start, folder, codes, wishes, mended, progress)
    start.engine.close()
    while found.edits and mended.n_rounds < MOST_ROUNDS:
        info = start.dataset.info
        settings = settings_after(
            start.settings, info.label, start.settings.task, dropped_columns=mended.stage.dropped_columns
        )
        sources = {split: str(path) for split, path in mended.stage.files.items()}
        with opened(sources, settings, audit=False, progress=progress) as again:
            found = _round(again.facts, again, folder, codes, wishes, mended, progress)
    mended.held_back = found.held_back
    mended.is_fixed = not found.edits
    return mended


def _round(
    facts: Facts,
    now: Opened,
    folder: Path,
    codes: Sequence[str],
    wishes: Wishes,
    mended: Mended,
    progress: Progress | None,
) -> Round:
    """Plan a round and write what comes of it; the first is written even where nothing is to be done."""
    if progress is not None:
        progress("looking for what can be mended")
    found = plan_round(facts, now.settings, codes, wishes)
    if found.edits or not mended.stage.files:
        before = mended.stage
        with written_to(folder):
            mended.stage, done = write_round(
                facts, found.edits, folder / f"round_{mended.n_rounds}", before, now.settings.split_column
            )
            for path in (*before.files.values(), *before.origins.values()):
                path.unlink()
        mended.done += done
        mended.n_rounds += bool(found.edits)
    return found
