"""What a process beside the player is told of the broker."""

from __future__ import annotations

import pytest

from indexer.core.kafka.address import ADDRESS_VARIABLE, NONE
from musicplayer.jobs.job_process import environment

ADDRESS = "kafka://me:secret@host:9092"


def test_the_broker_of_the_settings_travels_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    assert environment(None, ADDRESS).value(ADDRESS_VARIABLE) == ADDRESS
    assert environment(None, "").value(ADDRESS_VARIABLE) == NONE
    assert not environment(None).contains(ADDRESS_VARIABLE)


def test_the_environment_of_the_player_comes_before_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, NONE)
    assert environment(None, ADDRESS).value(ADDRESS_VARIABLE) == NONE
