"""Mend what the rules found: plan edits, apply them round by round until nothing is left to mend, and list them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """The room and the function `dataaudit.fix` share a name: whichever was imported first can be called."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Call `dataaudit.fix`."""
        from dataaudit.fix.api import fix

        return fix(*given, **named)


sys.modules[__name__].__class__ = _Callable
