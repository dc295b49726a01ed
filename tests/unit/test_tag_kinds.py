from __future__ import annotations

import io
from pathlib import Path

import mutagen
import pytest
import soundfile

from indexer.tag_kinds import kinds_of
from tests import bad_files


def encoded(container: str) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, bad_files.music(0.3), bad_files.RATE, format=container)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["song.mp3", "SONG.MP3", "song.flac", "song.ogg", "song.wav", "song.aiff"])
@pytest.mark.parametrize("container", ["MP3", "FLAC", "OGG", "WAV", "AIFF"])
@pytest.mark.parametrize("front", [b"", b"ID3\x04\x00\x00\x00\x00\x00\x12TIT2\x00\x00\x00\x08\x00\x00\x03ftypmp4"])
def test_it_is_the_kind_that_is_chosen_among_all(tmp_path: Path, name: str, container: str, front: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(front + encoded(container))
    kinds = kinds_of(path, path.read_bytes()[:16])
    if kinds is not None:
        try:
            chosen = mutagen.File(path)
        except mutagen.MutagenError as error:
            with pytest.raises(type(error)):
                mutagen.File(path, options=kinds)
        else:
            assert [type(chosen)] == kinds


@pytest.mark.parametrize(("name", "container"), [("a.mp3", "MP3"), ("a.Mp3", "MP3"), ("a.flac", "FLAC")])
def test_the_usual_files_are_known_by_their_beginning(name: str, container: str) -> None:
    assert kinds_of(Path(name), encoded(container)[:16]) is not None


def test_a_name_that_does_not_fit_is_left_to_comparison() -> None:
    assert kinds_of(Path("a.mp3"), encoded("FLAC")[:16]) is None
    assert kinds_of(Path("a.flac"), encoded("MP3")[:16]) is None
    assert kinds_of(Path("a.ogg"), b"ID3\x04" + bytes(12)) is None
