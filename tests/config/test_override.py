"""Options win over the configuration, and only those that were given."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataaudit.config import Settings, override
from dataaudit.errors import ConfigError

CONFIGURED = Settings(label="y", group=("user",), seed=3, fail_on="warning", select=("LEAK",))


def test_nothing_given_changes_nothing():
    assert override(CONFIGURED) == CONFIGURED
    assert override(CONFIGURED, label=None, group=(), select=[], thresholds={}) == CONFIGURED


def test_given_options_win():
    settings = override(CONFIGURED, label="z", group=["station", "station"], fail_on="never", select="SPUR")
    assert (settings.label, settings.group, settings.fail_on) == ("z", ("station",), "never")
    assert settings.select == ("SPUR",)


def test_zero_is_given():
    assert override(CONFIGURED, seed=0).seed == 0


def test_a_path_object_is_a_path():
    assert override(Settings(), baseline=Path("base.json")).baseline == "base.json"


def test_thresholds_are_merged_by_field():
    configured = Settings(thresholds={"a": {"x": 1, "y": 2}, "b": {"z": 3}})
    merged = override(configured, thresholds={"a": {"y": 5}, "c": {"w": 6}}).thresholds
    assert merged == {"a": {"x": 1, "y": 5}, "b": {"z": 3}, "c": {"w": 6}}


def test_an_empty_text_is_not_taken_for_nothing():
    with pytest.raises(ConfigError, match="the option 'label' is ''"):
        override(CONFIGURED, label="")


def test_an_unknown_option():
    with pytest.raises(ConfigError) as caught:
        override(Settings(), lable="y")
    assert caught.value.message == "the option 'lable' is unknown"
    assert "did you mean 'label'?" in caught.value.hint


def test_a_wrong_value():
    with pytest.raises(ConfigError) as caught:
        override(Settings(), memory_limit="lots")
    assert caught.value.message == "the option 'memory_limit' is 'lots'"
    assert caught.value.hint == 'it must be a size such as "1GB"'


def test_a_typed_option_is_named_as_it_is_typed():
    with pytest.raises(ConfigError) as caught:
        override(Settings(), typed=True, memory_limit="lots")
    assert caught.value.message == "the option --memory-limit is 'lots'"
