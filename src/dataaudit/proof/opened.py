"""A dataset that is open for rewriting: loaded once, its cells kept, and audited as it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dataaudit.auditing import Progress, engine_for, facts_of, judge_facts, load_dataset
from dataaudit.config import Settings
from dataaudit.engine.dataset import Dataset
from dataaudit.engine.opening import AnyEngine
from dataaudit.measure.facts import Facts
from dataaudit.model import AuditResult
from dataaudit.rules._discover import build_rules

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Opened:
    """What a command that writes works on.

    Attributes
    ----------
    sources : mapping of split name to path, glob, list of paths, or frame
        What the user named.
    dataset : Dataset
        With `dataset.sources`: every split as its file holds it.
    facts : Facts
        The only ones of this dataset.
    before : AuditResult or None
        The audit of what came in; None where none was wanted.
    redacted : bool
        Whether the report may show no value of the data.
    """

    sources: Mapping[str, object]
    engine: AnyEngine
    dataset: Dataset
    facts: Facts
    settings: Settings
    before: AuditResult | None
    redacted: bool = False


@contextmanager
def opened(
    sources: Mapping[str, object],
    settings: Settings,
    *,
    audit: bool = True,
    only_label: bool = False,
    progress: Progress | None = None,
    words: str | None = None,
    session: SparkSession | None = None,
    redacted: bool = False,
) -> Iterator[Opened]:
    """Load a dataset so that its rows can be written out again, and audit it.

    Parameters
    ----------
    sources : mapping of split name to path, glob, list of paths, or frame
    settings : Settings
    audit : bool
        Whether to judge it; without, only its columns, types and label are looked at.
    only_label : bool
        Without an audit: whether no column but a named label is looked at.
    progress : callable, optional
        Called with a few words before every step.
    words : str, optional
        The command line, for the report.
    session : SparkSession, optional
        The session to count in, instead of the engine that the settings name.
    redacted : bool
        Whether the report of what is written may show no value of the data.
    """
    # Before the long work, so that a wrong code is told at once.
    build_rules(settings.select, settings.ignore, settings.thresholds)
    with engine_for(settings, progress, session) as engine:
        if progress is not None:
            progress("reading the data")
        dataset = load_dataset(engine, sources, settings, keep_cells=True, only_label=only_label and not audit)
        facts = facts_of(dataset, settings)
        before = judge_facts(facts, settings, progress, words) if audit else None
        yield Opened(sources, engine, dataset, facts, settings, before, redacted)
