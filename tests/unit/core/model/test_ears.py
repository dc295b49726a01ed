"""What is known of ears without making one, and taking one away."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.model.embedding.ears import EARS, MUSICNN, added, ear_file, ear_named, remove_ear
from indexer.core.model.embedding.errors import EarError
from indexer.core.model.embedding.registry import Registration, file_sha256, register, registered


@pytest.fixture(autouse=True)
def _own_profiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.core.model.profiles.ADDED", {})


@pytest.fixture
def ear(home: Home) -> Path:
    """The file of an ear that was added, beside a network of the user's own."""
    path = ear_file(home, MUSICNN)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    register(home, Registration("own", "/own.onnx", "0" * 64, "{}", 3))
    register(home, Registration(MUSICNN.name, str(path), file_sha256(path), "{}", 3))
    return path


def test_each_is_found_by_its_name() -> None:
    assert {ear_named(name).profile for name in EARS} == {f"sonic+{name}" for name in EARS}
    with pytest.raises(EarError, match=r"no ear called bat\. Choose one of musicnn"):
        ear_named("bat")


def test_one_that_is_taken_away_is_gone_and_no_other(home: Home, ear: Path) -> None:
    assert added(home, MUSICNN) is not None
    remove_ear(home, MUSICNN)
    assert added(home, MUSICNN) is None
    assert not ear.exists()
    assert list(registered(home)) == ["own"]
    with pytest.raises(EarError, match="is not added"):
        remove_ear(home, MUSICNN)


def test_one_whose_file_is_lost_can_be_taken_away(home: Home, ear: Path) -> None:
    ear.unlink()
    remove_ear(home, MUSICNN)
    assert added(home, MUSICNN) is None


def test_a_network_of_the_users_own_by_that_name_is_left_alone(home: Home) -> None:
    own = Registration(MUSICNN.name, "/own.onnx", "0" * 64, "{}", 3)
    register(home, own)
    with pytest.raises(EarError, match=r"of your own is registered as musicnn: /own\.onnx"):
        remove_ear(home, MUSICNN)
    assert registered(home) == {MUSICNN.name: own}
