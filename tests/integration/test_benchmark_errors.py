"""A benchmark that cannot be run says why in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from indexer.core.store import Database
from tests.benchmarks.__main__ import app

pytestmark = pytest.mark.database


@pytest.mark.parametrize("command", ["library", "build", "query"])
def test_a_home_without_analysed_tracks_is_named_for_what_it_lacks(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("SEGUE_MONGODB_URI", database.uri)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # which every benchmark sets, to be put back
    out = ["--out", str(tmp_path / "out")] if command == "library" else []
    done = CliRunner().invoke(app, [command, "--features", str(tmp_path / "empty"), "--tracks", "1000", *out])
    assert done.exit_code == 1
    assert "holds no features of the profile sonic" in done.output
    assert "indexer --home DIR build FOLDER" in done.output
    assert not isinstance(done.exception, ValueError)
