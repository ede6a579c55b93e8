"""How many rows every class is to have: from what was asked for to counts."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dataaudit.errors import ConfigError
from dataaudit.rebalance.strategies import RANDOM_BOTH, WEIGHTS, Strategy
from dataaudit.text import join_words

BALANCED = "balanced"
CAP = "cap"
FORMS = "balanced, a ratio such as 0.5 (smallest to largest), cap=3 (largest to smallest at most), or CLASS=N"
# Regions of a target may hold a row or two; made all alike, those would be repeated thousands of times.
CAP_OF_REGIONS = 10.0
MOST_LISTED = 8


@dataclass(frozen=True)
class Target:
    """What was asked for: the largest class at most `cap` times the smallest, or rows by class.

    >>> Target().cap
    1.0
    """

    cap: float = 1.0
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The target as it can be given again."""
        if self.counts:
            return ",".join(f"{name}={n}" for name, n in self.counts.items())
        return BALANCED if self.cap == 1 else f"{CAP}={self.cap:g}"


def read_target(given: object, classes: Sequence[str]) -> Target:
    """Return the target that a text, a number, a mapping or a list of texts says.

    Parameters
    ----------
    given : "balanced", a ratio in (0, 1], "cap=R", mapping of class to rows, or texts of the form CLASS=N
    classes : sequence of str
        Classes that there are; none in regression.

    Raises
    ------
    ConfigError
        If it cannot be read, or names a class that there is not.

    >>> read_target("0.5", ["a", "b"]).cap, read_target("a=10,b=20", ["a", "b"]).counts
    (2.0, {'a': 10, 'b': 20})
    """
    if isinstance(given, Mapping):
        return Target(counts=_checked({_class_text(name): n for name, n in given.items()}, classes))
    if isinstance(given, int | float) and not isinstance(given, bool):
        return _of_ratio(float(given), given)
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or not texts or not all(isinstance(text, str) for text in texts):
        raise ConfigError(f"--target is {given!r}", f"it takes {FORMS}")
    if len(texts) == 1:
        only = _of_one_word(texts[0].strip(), classes)
        if only is not None:
            return only
    return Target(counts=_checked(_counts([str(text) for text in texts], classes), classes))


def _class_text(name: object) -> str:
    return str(name).lower() if isinstance(name, bool) else str(name)


def _of_one_word(text: str, classes: Sequence[str]) -> Target | None:
    """Read all forms but counts; None if it is none of them."""
    if text == BALANCED:
        return Target()
    try:
        return _of_ratio(float(text), text)
    except ValueError:
        pass
    name, equals, number = text.partition("=")
    if name.strip() != CAP or not equals or CAP in classes:
        return None
    try:
        cap = float(number)
    except ValueError:
        cap = 0.0
    if not (math.isfinite(cap) and cap >= 1):
        raise ConfigError(f"--target is {text!r}", "a cap is a number of at least 1: cap=3")
    return Target(cap=cap)


def _of_ratio(ratio: float, given: object) -> Target:
    if not (math.isfinite(ratio) and 0 < ratio <= 1):
        raise ConfigError(
            f"--target is {given!r}", "a ratio is above 0 and at most 1: rows of the smallest class to the largest"
        )
    return Target(cap=1 / ratio)


def _counts(texts: Sequence[str], classes: Sequence[str]) -> dict[str, object]:
    """Read CLASS=N, separated by commas or given one by one; a class may hold either sign."""
    found: dict[str, object] = {}
    for text in texts:
        whole = text.rpartition("=")[0]
        parts = [text] if whole in classes else text.split(",")
        for part in parts:
            name, equals, number = part.rpartition("=")
            name = name if name in classes else name.strip()
            if not equals or not name:
                raise ConfigError(f"--target is {part!r}", f"it takes {FORMS}")
            if name in found:
                raise ConfigError(f"--target names the class {name!r} twice", "give one number of rows for each class")
            found[name] = number.strip()
    return found


def _checked(counts: Mapping[str, object], classes: Sequence[str]) -> dict[str, int]:
    read: dict[str, int] = {}
    for name, n in counts.items():
        if not classes:
            raise ConfigError("--target names classes, but the label is a number", f"use {BALANCED} or {CAP}=10")
        if name not in classes:
            raise ConfigError(f"there is no class {name!r} (--target)", f"classes are {_listed(name, classes)}")
        try:
            read[name] = int(str(n))
        except ValueError:
            read[name] = -1
        if read[name] < 1 or isinstance(n, bool):
            raise ConfigError(f"--target wants {n!r} rows of {name!r}", "give a whole number of at least 1")
    if not read:
        raise ConfigError("--target names no class", f"it takes {FORMS}")
    return read


def _listed(name: str, classes: Sequence[str]) -> str:
    """Return all classes, or of many the likest to a name and some of the others."""
    if len(classes) <= MOST_LISTED:
        return join_words([repr(one) for one in classes], most=MOST_LISTED)
    near = difflib.get_close_matches(name, classes, n=3)
    return join_words([repr(one) for one in [*near, *(one for one in classes if one not in near)]], most=MOST_LISTED)


def plan_counts(counts: Mapping[str, int], target: Target, strategy: Strategy) -> dict[str, int]:
    """Return how many rows every class is to have.

    What grows meets the largest class, what shrinks the smallest; what does both keeps about as many rows in all as
    there are. Classes that are not named keep their rows.

    Parameters
    ----------
    counts : mapping of class to rows, without classes that have none
    target : Target
    strategy : Strategy

    Raises
    ------
    ConfigError
        If a class is to grow where rows can only be dropped, or to shrink where they can only be added.
    """
    if target.counts:
        return _named_counts(counts, target, strategy)
    largest, smallest = max(counts.values()), min(counts.values())
    if strategy.name == WEIGHTS or (strategy.grows and strategy.shrinks):
        low = _level(list(counts.values()), target.cap)
        return {name: max(1, round(min(max(n, low), low * target.cap))) for name, n in counts.items()}
    if strategy.grows:
        return {name: max(n, math.ceil(largest / target.cap - 1e-9)) for name, n in counts.items()}
    return {name: min(n, math.floor(smallest * target.cap + 1e-9)) for name, n in counts.items()}


def _named_counts(counts: Mapping[str, int], target: Target, strategy: Strategy) -> dict[str, int]:
    for name, wanted in target.counts.items():
        n = counts.get(name, 0)
        if n == 0:
            raise ConfigError(f"the class {name!r} has no training row (--target {name}={wanted})", "leave it out")
        if strategy.name == WEIGHTS:
            continue
        if wanted < n and not strategy.shrinks:
            raise ConfigError(
                f"{strategy.name} adds rows, but {name!r} has {n:,} and --target wants {wanted:,}",
                f"use random-under or {RANDOM_BOTH}, or ask for {n} or more",
            )
        if wanted > n and not strategy.grows:
            raise ConfigError(
                f"{strategy.name} drops rows, but {name!r} has {n:,} and --target wants {wanted:,}",
                f"use random-over or {RANDOM_BOTH}, or ask for {n} or fewer",
            )
    return {name: target.counts.get(name, n) for name, n in counts.items()}


def _level(counts: Sequence[int], cap: float) -> float:
    """Return the count below which no class is to stay, such that capped classes have as many rows as there are."""
    total = sum(counts)
    low, high = 0.0, float(max(counts))
    for _ in range(100):
        middle = (low + high) / 2
        if sum(min(max(n, middle), middle * cap) for n in counts) < total:
            low = middle
        else:
            high = middle
    return high
