"""A window on a library of another machine, as a program of its own: it opens, follows, and is seen in either theme."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.model import ModelMissing, current_model_folder
from indexer.core.shared.introducing import introduce
from indexer.core.shared.server import library_home, write_server
from tests.conftest import REPOSITORY
from tests.gui.shared.conftest import PASSWORD, Kitchen, kitchen_in
from tests.screens import has_screen, screen, seen
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not has_screen(), reason="wants Xvfb, for a screen of its own (Debian: apt install xvfb)"),
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


def brightness(image: QImage) -> float:
    places = [(image.width() * across // 20, image.height() * down // 20) for across in range(1, 8) for down in (8, 9)]
    return sum(image.pixelColor(*place).lightness() for place in places) / len(places)


def model_of(home: Home) -> str:
    try:
        return current_model_folder(home, "sonic").name
    except ModelMissing:
        return ""


def test_it_opens_by_its_address_and_shows_what_the_server_has(
    home: Home, library: Home, kitchen: Kitchen, tmp_path: Path
) -> None:
    light, dark = (_look(home, library, kitchen, tmp_path / f"{theme}.png") for theme in ("light", "dark"))
    assert brightness(light) - brightness(dark) > DARKER
    assert not library.database.exists()
    assert not home.database.exists()


def _look(home: Home, library: Home, kitchen: Kitchen, picture: Path) -> QImage:
    """What is seen once the window follows the server, in the theme that the picture is called by."""
    address = kitchen.address.removeprefix("http://")
    options = ["--home", str(home.root), "--library", address, "--theme", picture.stem]
    with screen() as there:
        before = seen(there, picture)
        window = subprocess.Popen(
            [sys.executable, "-m", "musicplayer", *options],
            env={**there, "PYTHONPATH": str(REPOSITORY)},
            cwd=REPOSITORY,
        )
        try:
            wait_until(lambda: model_of(library) or window.poll() is not None, "the model is copied")
            wait_until(lambda: seen(there, picture) != before, "something is seen")
            wait_until(lambda: _is_saved(library, kitchen) or window.poll() is not None, "the list of tracks is kept")
            return _painted(there, picture)
        finally:
            window.send_signal(signal.SIGTERM)
            window.wait(60)


def _painted(there: dict[str, str], picture: Path) -> QImage:
    """What is on a screen once two looks in a row see the same: a window comes before what is in it."""
    looks = [seen(there, picture)]

    def is_same() -> bool:
        looks.append(seen(there, picture))
        return brightness(looks[-1]) == brightness(looks[-2])

    wait_until(is_same, "the window is painted")
    return looks[-1]


def _is_saved(library: Home, kitchen: Kitchen) -> bool:
    kept = Catalogue()
    kept.load_snapshot(library.catalogue_snapshot)
    return len(kept) == len(kitchen.tracks)
