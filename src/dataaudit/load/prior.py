"""The shares of classes that the user declared for the world, matched to the classes of the label."""

from __future__ import annotations

import dataclasses
import difflib
import math
from collections.abc import Mapping, Sequence

from dataaudit.config import LEEWAY_OF_PRIOR
from dataaudit.engine.dataset import Dataset
from dataaudit.errors import InputError
from dataaudit.model import Task
from dataaudit.text import join_words

MOST_LISTED = 10


def with_prior(dataset: Dataset, prior: Mapping[str, float]) -> Dataset:
    """Return the dataset with the declared shares under the names of its classes.

    Raises
    ------
    InputError
        If there is no label with classes, a class is unknown or named twice,
        or the shares of all classes do not add up to 1.
    """
    if not prior:
        return dataset
    if dataset.info.label is None:
        raise InputError("prior is declared, but there is no label", hint="name the label: --label COLUMN")
    if dataset.info.task is Task.REGRESSION:
        raise InputError(
            f"prior is declared, but {dataset.info.label!r} is a numeric target and has no classes",
            hint="declare --task multiclass if its numbers are names of classes, or give a sample with --reference",
        )
    named = [(_class_named(name, dataset.classes), share) for name, share in prior.items()]
    found = dict(named)
    if len(found) < len(named):
        twice = next(name for name in found if sum(other == name for other, _ in named) > 1)
        raise InputError(f"prior names the class {twice!r} twice", hint="give one probability for each class")
    total = math.fsum(found.values())
    if set(found) == set(dataset.classes) and abs(total - 1) > LEEWAY_OF_PRIOR:
        raise InputError(
            f"the prior of all {len(found)} classes adds up to {total:g}, not to 1",
            hint="leave one class out: it gets the rest",
        )
    return dataclasses.replace(dataset, prior=found)


def _class_named(name: str, classes: Sequence[str]) -> str:
    """Return the class of that name, however a number or a truth value is spelt."""
    if name in classes:
        return name
    alike = [known for known in classes if known.casefold() == name.casefold() or _is_same_number(known, name)]
    if len(alike) == 1:
        return alike[0]
    near = difflib.get_close_matches(name, classes, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    known = join_words([repr(known) for known in classes], MOST_LISTED)
    raise InputError(f"prior names the class {name!r}, which the label does not have", hint=f"{guess}it has {known}")


def _is_same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False
