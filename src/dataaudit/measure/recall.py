"""Facts are measured when first read, once, by whichever thread asks first; what a rule read is noted."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

Value = TypeVar("Value")


class Remembers(Protocol):
    """Whatever holds facts: `Recall` itself, or a part that hands on to it."""

    def recall(self, name: str, sampled: bool, measure: Callable[[], Value]) -> Value:
        """Return a value by name, measuring it the first time."""
        ...


Owner = TypeVar("Owner", bound=Remembers)


class fact(Generic[Owner, Value]):  # noqa: N801 - reads as a decorator, like property
    """An attribute computed at most once, timed, and noted in `Recall.seen` when read."""

    sampled = False

    def __init__(self, measure: Callable[[Owner], Value]) -> None:
        self.measure = measure
        self.name = measure.__name__
        self.__doc__ = measure.__doc__

    @overload
    def __get__(self, facts: None, owner: type[Owner]) -> Self: ...
    @overload
    def __get__(self, facts: Owner, owner: type[Owner]) -> Value: ...
    def __get__(self, facts: Owner | None, owner: type[Owner]) -> Self | Value:
        """Return the value, measuring it first if nobody has."""
        if facts is None:
            return self
        return facts.recall(self.name, self.sampled, lambda: self.measure(facts))


class sampled_fact(fact[Owner, Value]):  # noqa: N801 - as fact
    """A fact from the bounded sample."""

    sampled = True


class Recall:
    """Values by name, each measured once.

    Two threads may read at the same time: one that counts and one that trains
    models. What one is measuring the other waits for. A value reads only
    values that do not read it, so neither can wait for the other for ever.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._here = _ThisThread()
        self._values: dict[str, Any] = {}
        self._sampled: dict[str, bool] = {}
        self._failures: dict[str, Exception] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._lock = threading.Lock()
        self._n_measuring = 0
        self._started = 0.0

    @property
    def seen(self) -> dict[str, bool]:
        """Name -> whether rows were left out, of the values read in this thread since it was last cleared."""
        return self._here.seen

    def recall(self, name: str, sampled: bool, measure: Callable[[], Value]) -> Value:
        """Return a value by name, measuring it the first time, and note that it was read.

        What a fact reads while it is measured is its own affair: a fact is exact if it says so, though it may have
        cut its bins, or guessed what to count, on a sample.
        """
        by_rule = self._here.n_measuring == 0
        if by_rule:
            self.seen[name] = False
        with self._lock_of(name):
            if name in self._failures:
                raise self._failures[name]
            if name not in self._values:
                try:
                    with self._timed():
                        self._values[name] = measure()
                    self._sampled[name] = sampled and _left_rows_out(self._values[name])
                except Exception as error:
                    # Tried again, it would fail on what the first try left behind and hide the cause.
                    self._failures[name] = error
                    raise
        value: Value = self._values[name]
        if by_rule:
            self.seen[name] = self._sampled[name]
        return value

    def has(self, name: str) -> bool:
        """Return whether the value of that name was measured already."""
        return name in self._values

    def _lock_of(self, name: str) -> threading.RLock:
        with self._lock:
            return self._locks[name]

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Add the time in which any thread measures to `seconds`."""
        self._here.n_measuring += 1
        with self._lock:
            self._n_measuring += 1
            if self._n_measuring == 1:
                self._started = time.perf_counter()
        try:
            yield
        finally:
            self._here.n_measuring -= 1
            with self._lock:
                self._n_measuring -= 1
                if self._n_measuring == 0:
                    self.seconds += time.perf_counter() - self._started


class Part:
    """Facts of one kind, kept and noted where the others are.

    Parameters
    ----------
    facts : Facts
        What the part belongs to, and measures from.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def recall(self, name: str, sampled: bool, measure: Callable[[], Value]) -> Value:
        """Return a value by name, measuring it the first time."""
        return self.facts.recall(name, sampled, measure)


class _ThisThread(threading.local):
    """What the thread has read, and how many measurements it is in."""

    def __init__(self) -> None:
        self.seen: dict[str, bool] = {}
        self.n_measuring = 0


def _left_rows_out(value: object) -> bool:
    """Return whether a fact that may come from a sample did: where all rows fit, it did not."""
    if isinstance(value, Mapping):
        return any(_left_rows_out(part) for part in value.values())
    return value is not None and bool(getattr(value, "sampled", True))
