"""What a person reads at a shell when something around the indexer is broken: the thing is named, and what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from indexer.core.home import Home
from tests import bad_files
from tests.e2e.shell import run, run_json, start

pytestmark = pytest.mark.database


def test_no_java(home: Home, demo_folder: Path, tmp_path: Path) -> None:
    without = {**os.environ, "PATH": str(_path_without("java", tmp_path)), "SEGUE_HOME": ""}
    without.pop("JAVA_HOME", None)
    process = start(home, "build", demo_folder, "--model", "always", env=without)
    output, errors = process.communicate(timeout=240)
    said = " ".join(errors.split())
    assert process.returncode == 1, output
    assert "Java" in said
    assert "openjdk-17-jre" in said
    assert run_json(home, "status")["analysed"]["sonic"] == 18, "what was analysed before is kept"


def test_no_database_at_the_address(home: Home, demo_folder: Path) -> None:
    nowhere = {**os.environ, "SEGUE_MONGODB_URI": "mongodb://someone:secret-word@127.0.0.1:9/segue"}
    process = start(home, "build", demo_folder, env=nowhere)
    output, errors = process.communicate(timeout=60)
    said = " ".join(errors.split())
    assert process.returncode == 1, output
    assert "127.0.0.1:9 does not answer" in said
    assert "SEGUE_MONGODB_URI" in said
    assert "secret-word" not in output + errors


def test_a_home_that_cannot_be_written(tmp_path: Path, demo_folder: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = run(Home.resolve(blocked / "home"), "build", demo_folder)
    assert done.returncode == 1
    assert str(blocked) in done.stderr


def test_an_empty_folder(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "nothing here"
    folder.mkdir()
    done = run(home, "build", folder)
    assert done.returncode == 0, done.stderr
    assert "0 tracks" in done.stdout
    assert "nothing here" in done.stderr, "the folder is named"


def test_bad_files_are_listed_and_stop_nothing(home: Home, demo_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "music"
    shutil.copytree(demo_folder, folder)
    bad = folder / "bad"
    bad.mkdir()
    refused = [make(bad) for make in (*bad_files.REFUSED_BY_SCAN, *bad_files.REFUSED_BY_ANALYSIS)]
    summary = run_json(home, "build", folder, "--model", "never")
    assert summary["analysed"] == 18
    problems = {problem["path"]: problem for problem in run_json(home, "problems")}
    for path in refused:
        problem = problems[os.fsencode(path).decode("utf-8", "backslashreplace")]
        assert problem["message"]
        assert problem["advice"]


def _path_without(program: str, folder: Path) -> Path:
    """A folder to be the whole PATH: everything that is on it now but one program."""
    links = folder / "bin"
    links.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for file in Path(place).iterdir() if Path(place).is_dir() else ():
            if file.name != program:
                link = links / file.name
                link.unlink(missing_ok=True)
                link.symlink_to(file)
    return links
