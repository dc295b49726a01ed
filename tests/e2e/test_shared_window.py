"""A window on a library of another machine, as a program of its own: it opens, follows, and is seen in either theme."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.model import ModelMissing, current_model_folder
from indexer.core.shared.introducing import introduce
from indexer.core.shared.server import library_home, write_server
from tests.conftest import REPOSITORY
from tests.gui.shared.conftest import PASSWORD, Kitchen, kitchen_in
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the screen is that of an X server"),
]
DARKER = 60
"""Of 255, between a page in the light theme and one in the dark."""


@pytest.fixture
def kitchen(database_server: str, tmp_path: Path) -> Iterator[Kitchen]:
    with kitchen_in(tmp_path, database_server) as made:
        yield made


@pytest.fixture
def library(home: Home, kitchen: Kitchen) -> Home:
    """The home of the kitchen's library below that of this machine, which opened it before."""
    made = library_home(home, kitchen.address)
    write_server(made, introduce(kitchen.address, "anna", PASSWORD, "the window"))
    return made


def seen(qapp: QApplication) -> QImage:
    """What is on the screen, whoever shows it."""
    return qapp.primaryScreen().grabWindow(0).toImage()


def brightness(image: QImage) -> float:
    places = [(image.width() * across // 20, image.height() * down // 20) for across in range(1, 8) for down in (8, 9)]
    return sum(image.pixelColor(*place).lightness() for place in places) / len(places)


def model_of(home: Home) -> str:
    try:
        return current_model_folder(home, "sonic").name
    except ModelMissing:
        return ""


def test_it_opens_by_its_address_and_shows_what_the_server_has(
    qapp: QApplication, home: Home, library: Home, kitchen: Kitchen, tmp_path: Path
) -> None:
    if qapp.platformName() != "xcb":
        pytest.skip("there is no screen to look at")
    light, dark = (_look(qapp, home, library, kitchen, theme) for theme in ("light", "dark"))
    light.save(str(tmp_path / "light.png"))
    dark.save(str(tmp_path / "dark.png"))
    assert brightness(light) - brightness(dark) > DARKER
    assert not library.database.exists()
    assert not home.database.exists()


def _look(qapp: QApplication, home: Home, library: Home, kitchen: Kitchen, theme: str) -> QImage:
    """What is seen once the window follows the server."""
    address = kitchen.address.removeprefix("http://")
    options = ["--home", str(home.root), "--library", address, "--theme", theme]
    before = seen(qapp)
    window = subprocess.Popen(
        [sys.executable, "-m", "musicplayer", *options],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        cwd=REPOSITORY,
    )
    try:
        wait_until(lambda: model_of(library) or window.poll() is not None, "the model is copied")
        wait_until(lambda: seen(qapp) != before, "something is seen")
        wait_until(lambda: _is_saved(library, kitchen) or window.poll() is not None, "the list of tracks is kept")
        return seen(qapp)
    finally:
        window.send_signal(signal.SIGTERM)
        window.wait(60)


def _is_saved(library: Home, kitchen: Kitchen) -> bool:
    kept = Catalogue()
    kept.load_snapshot(library.catalogue_snapshot)
    return len(kept) == len(kitchen.tracks)
