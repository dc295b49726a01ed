"""The player finds the profile of a registered embedding network by its name."""

from __future__ import annotations

import pytest

from indexer.core.home import Home
from indexer.core.model.embedding.registry import Registration, profile_key, register
from indexer.core.model.profiles import SONIC, UnknownProfile


def test_with_and_without_a_network(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})
    profile = register(home, Registration("net", str(home.data / "gone.onnx"), "0" * 64, "{}", 3))
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})
    assert profile_key(home, "sonic") == SONIC.key
    assert profile_key(home, "sonic+net") == profile.key
    with pytest.raises(UnknownProfile, match=r"sonic\+other.*sonic\+net"):
        profile_key(home, "sonic+other")
