"""What the desktop reads about Segue: the files as they are, and as the script puts them into a home."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from indexer.core.files.kinds import MIME_TYPES
from musicplayer.__main__ import REMOTE
from musicplayer.desktop import DESKTOP_ID
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "resources" / "desktop"
ENTRY = FOLDER / f"{DESKTOP_ID}.desktop"
METAINFO = FOLDER / f"{DESKTOP_ID}.metainfo.xml"

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no desktop files")


def needs(program: str, package: str) -> pytest.MarkDecorator:
    missing = shutil.which(program) is None
    return pytest.mark.skipif(missing, reason=f"{program} is not installed (Debian: {package})")


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def entry(path: Path = ENTRY) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(path, encoding="utf-8")
    return read


@needs("desktop-file-validate", "desktop-file-utils")
def test_desktop_file_is_valid() -> None:
    assert run("desktop-file-validate", ENTRY) == ""


@needs("appstreamcli", "appstream")
def test_metainfo_is_valid() -> None:
    run("appstreamcli", "validate", "--no-net", METAINFO)


def test_the_files_name_each_other_and_the_same_kinds_of_files() -> None:
    component = ET.parse(METAINFO).getroot()
    desktop = entry()["Desktop Entry"]
    assert component.findtext("id") == desktop["Icon"] == DESKTOP_ID
    assert component.findtext("launchable") == ENTRY.name
    assert desktop["MimeType"].strip(";").split(";") == MIME_TYPES
    assert [kind.text for kind in component.findall("provides/mediatype")] == MIME_TYPES


def test_actions_of_the_desktop_file_are_options_of_the_command() -> None:
    read = entry()
    options = {f"segue --{command}" for command in REMOTE}
    actions = read["Desktop Entry"]["Actions"].strip(";").split(";")
    assert len(actions) == 3
    assert {read[f"Desktop Action {name}"]["Exec"] for name in actions} <= options


@linux_only
def test_script_puts_the_files_into_a_home_and_takes_them_away(tmp_path: Path) -> None:
    share, command = tmp_path / "share", tmp_path / 'my "own" 100% $HOME' / "segue"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    script = REPOSITORY / "packaging" / "install-desktop.sh"
    run(script, command, XDG_DATA_HOME=str(share))
    installed = share / "applications" / ENTRY.name
    escaped = str(command).replace('"', r"\\" + '"').replace("$", r"\\$").replace("%", "%%")
    assert entry(installed)["Desktop Entry"]["Exec"] == f'"{escaped}" %F'
    if shutil.which("desktop-file-validate"):
        run("desktop-file-validate", installed)
    assert (share / "icons/hicolor/scalable/apps" / f"{DESKTOP_ID}.svg").is_file()
    run(script, "--remove", XDG_DATA_HOME=str(share))
    assert [path for path in share.rglob(f"{DESKTOP_ID}*") if path.is_file()] == []
