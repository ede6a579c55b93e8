"""The declared shares of classes are matched to the classes of the label, or refused with a reason."""

from __future__ import annotations

import pandas as pd
import pytest

from dataaudit.auditing import audit
from dataaudit.errors import InputError
from dataaudit.model import Status


def frame(label):
    return pd.DataFrame({"x": range(60), "y": label * (60 // len(label))})


def audited(label, prior, **options):
    return audit(frame(label), label="y", prior=prior, select=["SPLIT009"], **options)


@pytest.mark.parametrize(
    ("label", "prior"),
    [
        (["no", "yes"], {"yes": 0.5}),
        ([0, 1], {1: 0.5}),
        ([0, 1], {"0": 0.5, "1": 0.5}),
        ([0, 1], {"1.0": 0.5}),
        ([True, False], {True: 0.5}),
        ([True, False], {"True": 0.5}),
        (["a=b", "c"], {"a=b": 0.5}),
        (["a", "b", "c"], {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        (["a", "b", "c"], {"a": 0.3333333, "b": 0.3333333, "c": 0.3333333}),
    ],
)
def test_classes_are_found_by_their_text_or_number(label, prior):
    result = audited(label, prior, task="binary" if len(label) == 2 else "multiclass")
    assert [(check.status, check.reason) for check in result.checks] == [(Status.PASSED, None)]


@pytest.mark.parametrize(
    ("label", "prior", "message", "hint"),
    [
        (
            ["no", "yes"],
            {"yess": 0.5},
            "prior names the class 'yess', which the label does not have",
            "did you mean 'yes'?",
        ),
        ([0, 1], {"2": 0.5}, "prior names the class '2'", "it has '0' and '1'"),
        (["no", "yes"], {"yes": 0.5, "no": 0.4}, "adds up to 0.9, not to 1", "leave one class out"),
        ([0, 1], {"1": 0.2, "1.0": 0.3}, "names the class '1' twice", "one probability"),
    ],
)
def test_what_cannot_be_meant_is_refused(label, prior, message, hint):
    with pytest.raises(InputError) as caught:
        audited(label, prior)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_numeric_target_has_no_classes():
    with pytest.raises(InputError, match="'x' is a numeric target and has no classes"):
        audit(frame(["no", "yes"]), label="x", task="regression", prior={"1": 0.5})
