"""What every mend is: a documented answer to the findings of one or more rules, found by walking the folder."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.fix.edits import AnyEdit

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding

MENDS_PACKAGE = "dataaudit.fix.mends"
DROP, MAJORITY = "drop", "majority"


@dataclass(frozen=True)
class Wishes:
    """What the user says of the mends.

    Attributes
    ----------
    unsafe : bool
        Whether what needs judgement is done, too.
    conflicts : {"drop", "majority"}
        What becomes of rows that are alike and have different labels: all are dropped, or those of the commonest label
        are kept.
    """

    unsafe: bool = False
    conflicts: str = DROP


class Mend:
    """One way to mend the findings of its rules.

    A subclass says in `does` in a few words, and in its docstring in full, what it does. Its edits say themselves
    whether they are safe; `needs_judgement` says that none is, `also_unsafe` what else is
    done where somebody has judged.
    """

    codes: ClassVar[tuple[str, ...]]
    does: ClassVar[str]
    needs_judgement: ClassVar[bool] = False
    also_unsafe: ClassVar[str] = ""

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield what is to be done about the findings of one of its rules."""
        raise NotImplementedError


@functools.cache
def discover() -> Mapping[str, tuple[Mend, ...]]:
    """Return the mends of every rule that has one, by its code."""
    found: dict[str, tuple[Mend, ...]] = {}
    package = importlib.import_module(MENDS_PACKAGE)
    for info in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, type) and issubclass(value, Mend) and value.__module__ == info.name:
                mend = value()
                found |= {code: (*found.get(code, ()), mend) for code in mend.codes}
    return dict(sorted(found.items()))


def mend_lines() -> list[tuple[str, str]]:
    """Return (code, what its mend does) of every rule that has one."""
    return [(code, "; ".join(_does(mend) for mend in mends)) for code, mends in discover().items()]


def _does(mend: Mend) -> str:
    if mend.needs_judgement:
        return f"{mend.does} (unsafe)"
    return mend.does + (f"; with --unsafe also {mend.also_unsafe}" if mend.also_unsafe else "")
