"""The tour of the real window, as `--tour` takes it: every step happens, with VLC, Spark and the database real."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.taste.weights import DAY
from tests.brokers import Broker, needed
from tests.conftest import REPOSITORY
from tests.plays import play_of
from tests.served_library import make_library, make_taste

pytestmark = [pytest.mark.database, pytest.mark.spark, pytest.mark.vlc]

STEPS = 33
"""Of all but two: plays are made up for the demo library alone, and no broker is set."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@pytest.fixture(scope="module")
def tour(pictures: Path, demo_folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "musicplayer", "--tour", str(pictures), str(demo_folder)]
    environment = {**os.environ, **_told("none")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)


def test_every_step_happens(tour: subprocess.CompletedProcess[str]) -> None:
    assert tour.returncode == 0, tour.stdout + tour.stderr
    happened = [line for line in tour.stdout.splitlines() if re.match(r"ok +[0-9.]+ s +\S", line)]
    assert len(happened) == STEPS, tour.stdout
    assert f"{STEPS} of {STEPS + 2} steps happened, 2 left out" in tour.stdout


def test_pictures_show_the_window_in_both_looks(tour: subprocess.CompletedProcess[str], pictures: Path) -> None:
    taken = {file.stem.partition("-")[2]: QImage(str(file)) for file in pictures.glob("*.png")}
    assert len(taken) > STEPS, tour.stdout
    assert _lightness(taken["light"]) > 200
    assert _lightness(taken["dark"]) < 60


def test_a_play_of_the_tour_is_told_to_a_broker_and_gone_with_it(
    database: Database, home: Home, tmp_path: Path
) -> None:
    needed()
    tracks = make_library(database, home, tmp_path / "music")
    make_taste(home, tracks)
    now = time.time()
    database.plays.add([play_of(tracks[number].id, now - (5 + number) * DAY) for number in range(8)])
    Settings(database_uri=database.uri, watch_folders=False, only_songs=False).save(home)
    broker = Broker(tmp_path / "broker")
    broker.start()
    command = [sys.executable, "-c", _TOLD_TOUR, str(tmp_path / "pictures"), str(home.root)]
    done = subprocess.run(
        command, env={**os.environ, **_told(broker.address)}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"ok .*told by a broker: \d+ ms after a play For you begins with", done.stdout)
    assert broker.topics() == set()
    broker.stop()


def test_without_a_broker_one_step_is_left_out_and_the_tour_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SHORT_TOUR, str(tmp_path / "pictures")]
    done = subprocess.run(
        command, env={**os.environ, **_told("none")}, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"none .*told by a broker: left out: no broker is set", done.stdout)
    assert "1 of 2 steps happened, 1 left out" in done.stdout


def test_a_step_that_does_not_happen_fails_the_tour(tmp_path: Path) -> None:
    empty = tmp_path / "no-music"
    empty.mkdir()
    command = [sys.executable, "-c", _HASTY_TOUR, str(tmp_path / "pictures"), str(empty)]
    environment = {**os.environ, **_told("none")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"FAIL .*add folder: tracks appear in the table: not within", done.stdout)


_HASTY_TOUR = """
import sys
from pathlib import Path
from musicplayer.tour import job, take_tour
job._SCAN_SECONDS = job._INDEX_SECONDS = 4
sys.exit(take_tour(Path(sys.argv[1]), folder=Path(sys.argv[2]), home=None, theme=None))
"""


_SHORT_TOUR = """
import sys
from pathlib import Path
from musicplayer.tour import job, take, told
take.STEPS = (job.empty_window, told.told_by_a_broker)
sys.exit(take.take_tour(Path(sys.argv[1]), folder=None, home=None, theme=None))
"""


_TOLD_TOUR = """
import sys
from pathlib import Path
from musicplayer.tour import take, tastes, told
take.STEPS = (tastes.for_you, told.told_by_a_broker)
sys.exit(take.take_tour(Path(sys.argv[1]), folder=None, home=Path(sys.argv[2]), theme=None))
"""


def _told(address: str) -> dict[str, str]:
    return {"SEGUE_AOUT": "dummy", "PYTHONPATH": str(REPOSITORY), "SEGUE_KAFKA": address}


def _lightness(picture: QImage) -> float:
    """Mean lightness of a grid of points, 0 to 255."""
    points = [picture.pixelColor(x, y).lightness() for x in range(5, picture.width(), 40) for y in range(5, 700, 40)]
    return sum(points) / len(points)
