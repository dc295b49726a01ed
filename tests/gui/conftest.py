"""The real widgets on a real catalogue of made-up tracks; only the sound is left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import Stretch, Track, TrackId, TrackState
from musicplayer.app import Application, compose
from musicplayer.library.artwork import Artwork
from musicplayer.playback.backend import AudioBackend, PlaybackState
from musicplayer.playback.player import Player
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.window.main_window import MainWindow


class Silence(AudioBackend):
    """Plays anything without a sound; its clock stands where it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded = ""
        self.at = 0.0

    def load(self, stretch: Stretch, start: float = 0.0) -> None:
        self.loaded, self.at = stretch.path, start
        self.duration_changed.emit(200.0)

    def play(self) -> None:
        self.state_changed.emit(PlaybackState.PLAYING)

    def pause(self) -> None:
        self.state_changed.emit(PlaybackState.PAUSED)

    def stop(self) -> None:
        self.loaded = ""

    def seek(self, position: float) -> None:
        self.at = position

    def set_volume(self, volume: int) -> None:
        self.volume = volume

    def position(self) -> float:
        return self.at

    def duration(self) -> float | None:
        return 200.0

    def close(self) -> None:
        self.loaded = ""


def track(number: int, **changes: object) -> Track:
    """Track `number` of a small library: three artists, titles that count upwards, one drive away."""
    values: dict[str, object] = {
        "id": TrackId(f"{number:032x}"),
        "path": f"/music/{number:03}.flac",
        "root": "/music",
        "title": f"Title {number:03}",
        "artist": ("Äther", "Boards", "Cave")[number % 3],
        "album": f"Album {number // 10}",
        "year": 1990 + number,
        "seconds": 100.0 + number,
        "state": TrackState.AWAY if number == 7 else TrackState.PRESENT,
    }
    return Track(**{**values, **changes})  # type: ignore[arg-type]


def run_out(owner: QObject) -> None:
    """Let the time be up that a part waits for by its one timer."""
    [timer] = owner.findChildren(QTimer, options=Qt.FindChildOption.FindDirectChildrenOnly)
    timer.timeout.emit()


@pytest.fixture
def tracks() -> list[Track]:
    return [track(number) for number in range(30)]


@pytest.fixture
def catalogue(tracks: list[Track]) -> Catalogue:
    made = Catalogue()
    made.upsert(tracks)
    return made


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def icons(theme: Theme) -> Icons:
    return Icons(theme)


@pytest.fixture
def player(catalogue: Catalogue) -> Iterator[Player]:
    def locate(wanted: TrackId) -> Stretch | None:
        row = catalogue.row_of(wanted)
        return None if row is None else catalogue.stretch(row)

    made = Player(Silence(), PlayQueue(), locate)
    yield made
    made.close()


@pytest.fixture
def artwork(home: Home, qapp: QApplication) -> Iterator[Artwork]:
    made = Artwork(home.thumbnails)
    yield made
    made.shutdown()


@pytest.fixture
def look(theme: Theme, icons: Icons, artwork: Artwork) -> Look:
    return Look(theme, icons, artwork)


@pytest.fixture
def commands(player: Player, icons: Icons) -> TrackCommands:
    return TrackCommands(player, lambda track: f"/music/{track}", icons)


@pytest.fixture
def backend(qapp: QApplication) -> AudioBackend | None:
    """What makes the sound of the whole application, its own choice for None."""
    return Silence()


@pytest.fixture
def segue(qapp: QApplication, home: Home, qtbot: QtBot, backend: AudioBackend | None) -> Iterator[Application]:
    """The whole application as it is composed, before it connects to a database."""
    made = compose(qapp, home, theme="light", backend=backend)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.close()
    made.shutdown()
    made.window.deleteLater()  # else every later change of the theme dresses this window too
    QCoreApplication.sendPostedEvents(made.window, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(segue: Application) -> MainWindow:
    return segue.window


def give_keyboard(widget: QWidget, qtbot: QtBot) -> None:
    """Wait until a widget has the keyboard, which the windows of other tests on the same display take as well."""

    def has_it() -> bool:
        widget.activateWindow()
        widget.setFocus()
        return widget.hasFocus()

    qtbot.waitUntil(has_it)
