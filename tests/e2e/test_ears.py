"""Ears from a shell: shown, added after a question, heard with, taken away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.core.home import Home
from indexer.core.model.embedding.ears import MUSICNN, ear_file
from indexer.core.model.embedding.registry import Registration, file_sha256, register
from indexer.core.settings import Settings
from tests.e2e.shell import run, run_json

PACKAGE = "SEGUE_TEST_MUSICNN"


def test_they_are_shown_with_what_they_cost(home: Home) -> None:
    shown = run(home, "ears", "list")
    assert shown.returncode == 0
    for part in ("MusiCNN", "licence ISC", "29 MB", "not added; indexer ears add musicnn"):
        assert part in shown.stdout
    (ear,) = run_json(home, "ears", "list")
    assert (ear["name"], ear["profile"], ear["added"]) == ("musicnn", "sonic+musicnn", None)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "bat"), "There is no ear called bat. Choose one of musicnn."),
        (("remove", "musicnn"), "The ear musicnn is not added."),
        (("add", "musicnn", "--from", __file__, "--yes"), "test_ears.py is not the file that Segue knows as musicnn-0"),
        (("add", "musicnn", "--from", "nowhere.whl", "--yes"), "nowhere.whl cannot be read: No such file"),
        (("add", "musicnn"), ""),  # nobody answers the question
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(home: Home, arguments: tuple[str, ...], sentence: str) -> None:
    pytest.importorskip("onnxruntime", reason='not installed: pip install "segue-player[embedding]"')
    refused = run(home, "ears", *arguments)
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert run_json(home, "ears", "list")[0]["added"] is None
    assert not home.ears.exists() or list(home.ears.iterdir()) == []


def test_the_one_that_the_player_goes_by_stays(home: Home) -> None:
    path = ear_file(home, MUSICNN)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    register(home, Registration(MUSICNN.name, str(path), file_sha256(path), "{}", 3))
    Settings(profile=MUSICNN.profile).save(home)
    refused = run(home, "ears", "remove", "musicnn")
    assert refused.returncode == 1
    assert "The player goes by sonic+musicnn" in refused.stderr
    assert path.exists()
    Settings().save(home)
    assert "go on by the profile sonic" in run(home, "ears", "remove", "musicnn").stdout
    assert not path.exists()


@pytest.mark.skipif(PACKAGE not in os.environ, reason=f"{PACKAGE} does not name musicnn-0.1.0-py3-none-any.whl")
def test_the_real_one(home: Home) -> None:
    package = Path(os.environ[PACKAGE])
    done = run(home, "ears", "add", "musicnn", "--from", package, "--yes")
    assert done.returncode == 0, done.stderr
    assert "indexer build --profile sonic+musicnn" in done.stdout
    (ear,) = run_json(home, "ears", "list")
    assert Path(ear["added"]).is_file()
    assert "is added already" in run(home, "ears", "add", "musicnn").stdout
    Path(ear["added"]).write_bytes(b"lost")
    assert run(home, "ears", "add", "musicnn", "--from", package, "--yes").returncode == 0
    assert "go on by the profile sonic" in run(home, "ears", "remove", "musicnn").stdout
    assert not Path(ear["added"]).exists()
