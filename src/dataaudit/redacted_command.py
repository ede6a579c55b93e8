"""The command line as a redacted report may show it."""

from __future__ import annotations

import shlex

from dataaudit.text import REDACTED


def redact_command(command: str) -> str:
    """Return a command line without the classes that `--prior` names; `--pr` is click's word for it, too.

    >>> redact_command("dataaudit audit a.csv --prior 'very rare=0.06' --prior=b=0.1 --redact")
    'dataaudit audit a.csv --prior ▮▮▮ --prior=▮▮▮ --redact'
    """
    words = shlex.split(command)
    for place, word in enumerate(words):
        option, equals, _ = word.partition("=")
        if not _is_prior(option):
            continue
        if equals:
            words[place] = f"{option}={REDACTED}"
        elif place + 1 < len(words):
            words[place + 1] = REDACTED
    return " ".join(word if REDACTED in word else shlex.quote(word) for word in words)


def _is_prior(option: str) -> bool:
    # click takes any beginning of an option that no other has: the shortest is --pr.
    return len(option) > len("--p") and "--prior".startswith(option)
