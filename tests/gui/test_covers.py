"""Covers in the real window: dropped on the album page and in the view of what plays, taken back, shown everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.ui.look.covers import CoverLabel, paint_cover, round_corners
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.picture_drops import has_picture
from musicplayer.ui.look.theme import DARK_MODE, LIGHT_MODE
from musicplayer.ui.window.main_window import MainWindow

RED = QColor("#ff0000")


@pytest.fixture
def filled(segue: Application, tracks: list[Track]) -> MainWindow:
    library = segue.services.library
    library.changed.emit(library.catalogue.upsert(tracks))
    return segue.window


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a picture.png"
    path.write_bytes(png())
    return path


def png() -> bytes:
    image = QImage(80, 80, QImage.Format.Format_RGB32)
    image.fill(RED)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def dragged(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(on: QWidget, *paths: Path) -> None:
    """Drag files over a part of the window, and let them go."""
    data, spot = dragged(*paths), on.rect().center()
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(on, QDragEnterEvent(spot, *how))
    QApplication.sendEvent(on, QDropEvent(QPointF(spot), *how))


def is_red(cover: CoverLabel) -> bool:
    image = cover.image
    return image is not None and image.pixelColor(image.width() // 2, image.height() // 2).red() > 240


def test_a_picture_dropped_on_an_album_is_its_cover_until_that_is_undone(
    filled: MainWindow, picture: Path, qtbot: QtBot
) -> None:
    views, messages = filled.extras.views, filled.shell.messages
    views.go_to_album(filled.library.model.track_at(0))
    album = views.albums.album
    qtbot.waitUntil(lambda: album.header.cover.image is not None)
    assert not is_red(album.header.cover)
    drop(album, picture)
    qtbot.waitUntil(lambda: is_red(album.header.cover))
    qtbot.waitUntil(messages.isVisible)
    qtbot.mouseClick(messages.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not is_red(album.header.cover))


def test_a_picture_dropped_on_the_bar_is_the_cover_of_what_plays(
    filled: MainWindow, segue: Application, picture: Path, qtbot: QtBot
) -> None:
    cover = filled.transport.cover
    segue.services.player.play_tracks(filled.library.model.shown_tracks()[:1])
    qtbot.waitUntil(lambda: cover.image is not None)
    drop(cover, picture)
    qtbot.waitUntil(lambda: is_red(cover))
    segue.services.player.stop()


def test_a_picture_from_a_browser_is_one_too_and_other_files_are_left_to_the_window(tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    assert has_picture(dragged(tmp_path / "cover.JPG"))
    assert not has_picture(dragged(song))
    assert not has_picture(dragged(tmp_path / "cover.jpg", song))
    shown = QMimeData()
    shown.setImageData(QImage.fromData(png()))
    assert has_picture(shown)


@pytest.mark.parametrize(("mode", "colour"), [(LIGHT_MODE, "#ffffff"), (DARK_MODE, "#000000")])
def test_a_cover_as_light_or_dark_as_the_page_has_an_edge(look: Look, mode: str, colour: str) -> None:
    look.theme.set_mode(mode)
    cover, page = QImage(40, 40, QImage.Format.Format_RGB32), QImage(40, 40, QImage.Format.Format_RGB32)
    for image in (cover, page):
        image.fill(QColor(colour))
    painter = QPainter(page)
    with round_corners(painter, page.rect(), 5):
        paint_cover(painter, page.rect(), cover, look, 5)
    painter.end()
    assert page.pixelColor(20, 0) != QColor(colour)
    assert page.pixelColor(20, 20) == page.pixelColor(20, 1) == QColor(colour)


def test_what_plays_takes_one_too_and_no_picture_is_none(
    segue: Application, filled: MainWindow, tracks: list[Track], picture: Path, qtbot: QtBot
) -> None:
    segue.services.player.play_tracks([tracks[0].id])
    filled.extras.playing.open()
    page = filled.extras.playing.page
    qtbot.waitUntil(lambda: page.cover.image is not None)
    picture.write_bytes(b"text")
    drop(page, picture)
    qtbot.waitUntil(filled.shell.messages.isVisible)
    assert picture.name in filled.shell.messages.text
    picture.write_bytes(png())
    drop(page, picture)
    qtbot.waitUntil(lambda: is_red(page.cover) and is_red(filled.transport.cover))
    segue.services.player.stop()


def entries(menu: QMenu) -> list[str]:
    below = next(action.menu() for action in menu.actions() if action.menu() is not None and action.text() == "Cover")
    assert isinstance(below, QMenu)
    return [action.text() for action in below.actions()]


def test_the_menu_leads_there_and_back(
    segue: Application, filled: MainWindow, tracks: list[Track], picture: Path, qtbot: QtBot
) -> None:
    covers, chosen = filled.extras.covers, segue.services.chosen_covers
    one = [tracks[0].id]
    assert len(entries(filled.shell.commands.menu(one, filled))) == 1
    covers.choose(one, str(picture))
    qtbot.waitUntil(lambda: chosen.picture_of(tracks[0].id) is not None)
    assert len(entries(filled.shell.commands.menu(one, filled))) == 2
    covers.forget(one)
    qtbot.waitUntil(lambda: chosen.picture_of(tracks[0].id) is None)
    several = filled.shell.commands.menu([tracks[0].id, tracks[29].id], filled)
    assert "Cover" not in [action.text() for action in several.actions()]
