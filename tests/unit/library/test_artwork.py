"""Covers: from the file, from its folder, drawn, and kept."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3
from mutagen.oggvorbis import OggVorbis
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.covers import embedded, initials, pictures
from indexer.core.tracks import Track
from musicplayer.library.artwork import Artwork, decoded, drawn_cover, found_cover, generated_cover
from tests.conftest import tone
from tests.unit.core.catalogue.tracks import track

RED, BLUE = QColor("#ff0000"), QColor("#0000ff")


def picture(colour: QColor, width: int = 40, height: int = 40) -> bytes:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(colour)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(content.data())


def flac_picture(data: bytes, kind: int = 3) -> Picture:
    made = Picture()
    made.data, made.type, made.mime = data, kind, "image/png"
    return made


def audio(folder: Path, name: str) -> Path:
    path = folder / name
    soundfile.write(path, tone(0.2), 22_050)
    return path


def middle(image: QImage | None) -> QColor:
    assert image is not None
    return image.pixelColor(image.width() // 2, image.height() // 2)


@pytest.fixture
def artwork(tmp_path: Path, qapp: object) -> Iterator[Artwork]:
    made = Artwork(tmp_path / "cache")
    yield made
    made.shutdown()


def in_flac(path: Path) -> None:
    file = FLAC(path)
    file.add_picture(flac_picture(picture(BLUE), kind=4))
    file.add_picture(flac_picture(picture(RED)))
    file.save()


def in_ogg(path: Path) -> None:
    file = OggVorbis(path)
    file["metadata_block_picture"] = [base64.b64encode(flac_picture(picture(RED)).write()).decode()]
    file.save()


def in_mp3(path: Path) -> None:
    tags = ID3()
    tags.add(APIC(mime="image/png", type=3, data=picture(RED)))
    tags.save(path)


@pytest.mark.parametrize(("name", "embed"), [("a.flac", in_flac), ("a.ogg", in_ogg), ("a.mp3", in_mp3)])
def test_the_embedded_front_cover_comes_first(
    tmp_path: Path, qapp: object, name: str, embed: Callable[[Path], None]
) -> None:
    path = audio(tmp_path, name)
    embed(path)
    (tmp_path / "cover.png").write_bytes(picture(BLUE))
    image = found_cover(track(1, path=str(path)), 64, tmp_path / "cache")
    assert image is not None
    assert (image.width(), image.height(), middle(image)) == (64, 64, RED)


def test_a_picture_beside_the_file_is_next_best(tmp_path: Path, qapp: object) -> None:
    path = audio(tmp_path, "a.wav")
    (tmp_path / "back.png").write_bytes(picture(BLUE))
    (tmp_path / "Folder.PNG").write_bytes(picture(RED))
    assert middle(found_cover(track(1, path=str(path)), 32, tmp_path / "cache")) == RED


def test_a_broken_picture_is_passed_over(tmp_path: Path, qapp: object) -> None:
    path = audio(tmp_path, "a.wav")
    (tmp_path / "cover.jpg").write_bytes(b"not a picture")
    (tmp_path / "front.png").write_bytes(picture(RED))
    assert middle(found_cover(track(1, path=str(path)), 32, tmp_path / "cache")) == RED


@pytest.mark.parametrize("content", [b"", b"text" * 100])
def test_files_that_cannot_be_read_have_no_pictures(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(content)
    assert embedded(str(path)) == []
    assert list(pictures(str(tmp_path / "missing" / "a.mp3"))) == []


def test_a_wide_picture_is_cut_not_squeezed(qapp: object) -> None:
    image = decoded(picture(RED, 300, 50), 32)
    assert image is not None
    assert (image.width(), image.height()) == (32, 32)


def test_behind_a_transparent_picture_is_white_the_first_time_and_once_kept(tmp_path: Path, qapp: object) -> None:
    path = audio(tmp_path, "a.flac")
    (tmp_path / "cover.png").write_bytes(picture(QColor(0, 0, 0, 0)))
    for _ in range(2):
        assert middle(found_cover(track(1, path=str(path)), 16, tmp_path / "cache")) == QColor("#ffffff")


def test_without_a_picture_one_is_drawn_and_always_the_same(tmp_path: Path, qapp: object) -> None:
    lost = track(1, path=str(tmp_path / "missing.mp3"), album="Geogaddi")
    assert found_cover(lost, 48, tmp_path / "cache") is None
    drawn = drawn_cover(lost, 48)
    assert drawn == generated_cover("Geogaddi", 48)
    assert drawn != generated_cover("Twoism", 48)


@pytest.mark.parametrize(
    ("name", "letters"), [("boards of canada", "BO"), ("Ænima", "Æ"), ("", "♪"), ("???", "♪"), ("東京", "東")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_that_there_is_no_cover_is_kept_until_one_comes(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "music").mkdir()
    one = track(1, path=str(audio(tmp_path / "music", "a.flac")))
    assert found_cover(one, 64, tmp_path / "cache") is None
    (kept,) = (tmp_path / "cache").rglob("*.jpg")
    assert kept.read_bytes() == b""
    assert found_cover(one, 64, tmp_path / "cache") is None
    (tmp_path / "music" / "cover.png").write_bytes(picture(RED))
    assert middle(found_cover(one, 64, tmp_path / "cache")) == RED


def test_of_what_cannot_be_read_now_nothing_is_kept(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "music" / "a folder.flac").mkdir(parents=True)
    odd = track(1, path=str(tmp_path / "music" / "a folder.flac"))
    assert found_cover(odd, 64, tmp_path / "cache") is None
    assert list((tmp_path / "cache").rglob("*.jpg")) == []


def test_decoded_covers_are_kept_on_disk_until_the_file_changes(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "music").mkdir()
    path = audio(tmp_path / "music", "a.flac")
    in_flac(path)
    one = track(1, path=str(path))
    found_cover(one, 64, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").rglob("*.jpg")
    content = QImage(64, 64, QImage.Format.Format_RGB32)
    content.fill(BLUE)
    content.save(str(kept))
    assert middle(found_cover(one, 64, tmp_path / "cache")).blue() > 250, "from the cache"
    os.utime(path, ns=(1, 1))
    assert middle(found_cover(one, 64, tmp_path / "cache")).red() > 250, "from the file again"


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    path = audio(tmp_path, "a.flac")
    in_flac(path)
    assert middle(found_cover(track(1, path=str(path)), 64, tmp_path / "cache")).red() > 250


def test_a_request_is_answered_and_kept_in_memory(artwork: Artwork, qtbot: QtBot, tmp_path: Path) -> None:
    wanted = track(1, path=str(tmp_path / "missing.mp3"), album="Album")
    assert artwork.image(wanted.id, 40) is None
    with qtbot.waitSignal(artwork.ready, timeout=5_000) as ready:
        artwork.request(wanted, 40)
        artwork.request(wanted, 40)
    assert (ready.args or [])[:2] == [wanted.id, 40]
    assert artwork.image(wanted.id, 40) == (ready.args or [])[2]
    assert artwork.image(wanted.id, 41) is None


def test_a_cover_that_came_since_it_was_drawn_is_shown_and_stays_while_the_file_is_away(
    artwork: Artwork, qtbot: QtBot, tmp_path: Path
) -> None:
    wanted = track(1, path=str(audio(tmp_path, "a.flac")), album="Album")
    with qtbot.waitSignal(artwork.ready, timeout=5_000):
        artwork.request(wanted, 40)
    (tmp_path / "Front.PNG").write_bytes(picture(RED))
    with qtbot.waitSignal(artwork.renewed, timeout=5_000):
        artwork.look_again(lambda _: wanted)
    assert middle(artwork.image(wanted.id, 40)).red() > 250
    (tmp_path / "Front.PNG").unlink()
    with qtbot.assertNotEmitted(artwork.renewed, wait=200):  # as long as looking for it may take
        artwork.look_again(lambda _: wanted)
    assert middle(artwork.image(wanted.id, 40)).red() > 250


def test_names_with_invalid_bytes_have_covers_too(artwork: Artwork, qtbot: QtBot, tmp_path: Path) -> None:
    odd: Track = track(1, path=str(tmp_path / "bad\udcff.mp3"), album="")
    with qtbot.waitSignal(artwork.ready, timeout=5_000):
        artwork.request(odd, 40)


def test_text_is_only_drawn_in_the_main_thread(
    artwork: Artwork, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing: list[threading.Thread] = []

    def watched(name: str, size: int, genre: str) -> QImage:
        drawing.append(threading.current_thread())
        return generated_cover(name, size, genre)

    monkeypatch.setattr("musicplayer.library.artwork.generated_cover", watched)
    with qtbot.waitSignal(artwork.ready, timeout=5_000):
        artwork.request(track(1, path=str(tmp_path / "missing.mp3")), 40)
    assert drawing == [threading.main_thread()]
