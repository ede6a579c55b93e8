"""Which rules are mended: what was selected, as far as there is a mend for it."""

from __future__ import annotations

from collections.abc import Sequence

from dataaudit.errors import ConfigError
from dataaudit.fix.mend import discover
from dataaudit.fix.without import needed_for
from dataaudit.rules._discover import build_rules


def chosen_codes(select: Sequence[str], audited: Sequence[str], ignore: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of the rules to be mended.

    Parameters
    ----------
    select : sequence of str
        Codes, beginnings of codes or names; none for all that have a mend.
    audited, ignore : sequence of str
        What the configuration selects and ignores.

    Raises
    ------
    ConfigError
        If a word fits no rule, or only rules without a mend.
    """
    mended = discover()
    for word in select:
        found = [rule.code for rule in build_rules([word])]
        if not set(found) & set(mended):
            who = f"{word} has" if len(found) > 1 or word.upper() == found[0] else f"{word} ({found[0]}) has"
            raise ConfigError(
                f"--select: {who} no mend",
                f"{_needed(found)}there are mends for {', '.join(mended)}: `dataaudit fix --help` says which",
            )
    wanted = {rule.code for rule in build_rules(select or audited, ignore)}
    codes = tuple(code for code in mended if code in wanted)
    if not codes:
        raise ConfigError("no mend is left to be done", "what --select chooses, --ignore takes away")
    return codes


def _needed(codes: Sequence[str]) -> str:
    """Return what the findings of a single rule need, as the beginning of a hint."""
    needed = needed_for(codes[0]) if len(codes) == 1 else None
    return "" if needed is None else f"what it needs is {needed}; "
