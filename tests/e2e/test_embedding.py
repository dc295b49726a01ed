"""A network of one's own from a shell: register, analyse, build with Spark, ask by the profile's name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.model import current_model_folder, read_manifest
from indexer.core.model.embedding.registry import profile_of, registered
from indexer.core.model.profiles import SONIC
from indexer.core.store import open_database
from tests.e2e.shell import run, run_json
from tests.unit.features.embedding import tiny

pytestmark = [pytest.mark.database, pytest.mark.spark]

TRACKS = 18
NAME = "sonic+tiny"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, demo_folder: Path, model: Path
) -> Iterator[tuple[Home, dict[str, Any]]]:
    """A home, and what its first build said; its library is open, as in a player, so no command starts a server."""
    home = Home.resolve(tmp_path_factory.mktemp("home"))
    summary = run_json(home, "build", demo_folder, "--embedding", model)
    with open_database(home):
        yield home, summary


def test_a_build_hears_with_the_network_and_makes_a_model_of_its_own(built: tuple[Home, dict[str, Any]]) -> None:
    home, summary = built
    assert summary["analysed"] == summary["model_tracks"] == TRACKS
    profile = profile_of(registered(home)["tiny"])
    assert read_manifest(current_model_folder(home, NAME)).profile_key == profile.key
    with open_database(home) as database:
        records = list(database.features.iterate(profile.key))
    assert len(records) == TRACKS
    blocks = np.stack([record.values[:, SONIC.dims :] for record in records])
    assert blocks.shape == (TRACKS, SONIC.windows, tiny.DIMS)
    assert np.isfinite(blocks).all()
    assert (blocks.std(axis=(0, 1)) > 0).all()


def test_later_commands_find_the_profile_by_its_name(
    built: tuple[Home, dict[str, Any]], demo_folder: Path, tmp_path: Path
) -> None:
    home, _ = built
    assert run_json(home, "build", "--profile", NAME)["analysed"] == 0
    query, other, *_ = music(demo_folder)
    answer = run_json(home, "similar", query, "--profile", NAME, "--k", "5")
    assert len(answer["neighbours"]) == 5
    outside = tmp_path / f"outside{other.suffix}"
    shutil.copy(other, outside)
    assert len(run_json(home, "similar", outside, "--profile", NAME)["neighbours"]) > 0
    status = run_json(home, "status")
    assert status["analysed"][NAME] == status["models"][NAME]["tracks"] == TRACKS


def test_a_known_track_is_answered_without_the_network_but_nothing_new_is_heard(
    built: tuple[Home, dict[str, Any]], demo_folder: Path, model: Path, tmp_path: Path
) -> None:
    home, _ = built
    aside = model.rename(tmp_path / "aside.onnx")
    try:
        known = music(demo_folder)[0]
        assert run_json(home, "similar", known, "--profile", NAME)["neighbours"]
        outside = tmp_path / f"outside{known.suffix}"
        shutil.copy(known, outside)
        for arguments in (("similar", outside, "--profile", NAME), ("build", "--profile", NAME, "--full")):
            refused = run(home, *arguments)
            assert refused.returncode == 1
            assert "tiny.onnx" in refused.stderr
            assert "Traceback" not in refused.stderr
    finally:
        aside.rename(model)


def test_it_joins_no_other_profile(built: tuple[Home, dict[str, Any]], model: Path) -> None:
    home, _ = built
    refused = run(home, "build", "--embedding", model, "--profile", "classic")
    assert refused.returncode == 1
    assert "not to classic" in refused.stderr


def music(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.*") if path.suffix in {".flac", ".mp3", ".ogg", ".wav"})
