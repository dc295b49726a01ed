"""Fixtures that every kind of test shares: an isolated home, a real database, real music where it is present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.home import Home

REPOSITORY = Path(__file__).resolve().parent.parent
os.environ.setdefault("SEGUE_AOUT", "dummy")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own for one test."""
    return Home.resolve(tmp_path / "home")


@pytest.fixture(scope="session")
def music_folder() -> Path:
    """The sample clips, in FMA's layout with metadata beside them; skips where they are absent."""
    folder = Path(os.environ.get("SEGUE_TEST_MUSIC", REPOSITORY.parent / "shared" / "music"))
    if not (folder / "clips").is_dir():
        pytest.skip(f"sample music not found at {folder} (set SEGUE_TEST_MUSIC)")
    return folder
