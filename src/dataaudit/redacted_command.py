"""The command line as a redacted report may show it."""

from __future__ import annotations

import shlex

from dataaudit.text import REDACTED


def redact_command(command: str) -> str:
    """Return a command line without the classes that `--prior` and `--target` name, however these are cut short.

    >>> redact_command("dataaudit audit a.csv --prior 'very rare=0.06' --prior=b=0.1 --redact")
    'dataaudit audit a.csv --prior ▮▮▮ --prior=▮▮▮ --redact'
    >>> redact_command("dataaudit rebalance a.csv --target=yes=9 --redact")
    'dataaudit rebalance a.csv --target=▮▮▮ --redact'
    """
    words = shlex.split(command)
    for place, word in enumerate(words):
        option, equals, _ = word.partition("=")
        if not _names_classes(option):
            continue
        if equals:
            words[place] = f"{option}={REDACTED}"
        elif place + 1 < len(words):
            words[place + 1] = REDACTED
    return " ".join(word if REDACTED in word else shlex.quote(word) for word in words)


def _names_classes(option: str) -> bool:
    # click takes any beginning of an option that no other has: the shortest are --pr and --tar.
    is_prior = len(option) > len("--p") and "--prior".startswith(option)
    return is_prior or (len(option) > len("--ta") and "--target".startswith(option))
