"""A folder of many small audio files in FMA's layout, each with tags and sound of its own, to scan."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import mutagen.flac
import mutagen.id3
import numpy as np
import soundfile

_RATE = 22_050
_FLAC_EVERY = 10
"""One file in ten is FLAC; FMA's own are all mp3."""
_PER_ALBUM = 12
_TITLE, _ARTIST, _ALBUM = "Piece 000000", "Artist 00000", "Album 000000"
"""Texts of a fixed length, so that those of each file are put in by replacing bytes."""


@dataclass(frozen=True)
class Template:
    """A whole file with texts to be replaced; its last eight bytes, which no header counts, make its sound its own."""

    suffix: str
    data: bytes

    def filled(self, number: int, payload: int) -> bytes:
        """The file of a number, with `payload` as the end of its sound."""
        texts = {
            _TITLE: f"Piece {number:06d}",
            _ARTIST: f"Artist {number // (4 * _PER_ALBUM):05d}",
            _ALBUM: f"Album {number // _PER_ALBUM:06d}",
        }
        data = self.data
        for blank, text in texts.items():
            data = data.replace(blank.encode(), text.encode(), 1)
        return data[:-8] + payload.to_bytes(8, "little")


def make_tree(root: Path, files: int) -> list[Path]:
    """Write `files` files below `root`, about 8 KB each: 000/000002.mp3 and so on."""
    mp3, flac = _mp3(), _flac()
    paths = []
    for number in range(2, files + 2):
        template = flac if number % _FLAC_EVERY == 0 else mp3
        path = root / f"{number // 1000:03d}" / f"{number:06d}{template.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(template.filled(number, number))
        paths.append(path)
    return paths


def retag(paths: list[Path], every: int) -> int:
    """Give every so-manieth file another title; returns how many."""
    count = 0
    for path in islice(paths, 0, None, every):
        data = path.read_bytes()
        path.write_bytes(data.replace(b"Piece ", b"PIECE ", 1))
        count += 1
    return count


def evict(paths: list[Path]) -> bool:
    """Put the files' contents out of the system's cache, as far as it lets itself be told; False where it does not."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fdatasync(handle)  # pages that are not on the disk yet cannot be put out
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)
    return True


def _mp3() -> Template:
    """One second of mp3 behind an ID3 tag."""
    tags = mutagen.id3.ID3()
    for frame, text in _frames():
        tags.add(getattr(mutagen.id3, frame)(encoding=3, text=text))
    buffer = io.BytesIO(_encoded("MP3", seconds=1.0))
    tags.save(buffer)
    return Template(".mp3", buffer.getvalue())


def _flac() -> Template:
    """A third of a second of FLAC with comments."""
    with tempfile.NamedTemporaryFile(suffix=".flac") as file:
        file.write(_encoded("FLAC", seconds=0.3))
        file.flush()
        media = mutagen.flac.FLAC(file.name)
        media.update({"title": _TITLE, "artist": _ARTIST, "album": _ALBUM, "genre": "Electronic", "date": "2011"})
        media.save(padding=lambda _: 64)
        return Template(".flac", Path(file.name).read_bytes())


def _frames() -> Iterator[tuple[str, str]]:
    yield from (("TIT2", _TITLE), ("TPE1", _ARTIST), ("TALB", _ALBUM), ("TCON", "Electronic"), ("TDRC", "2011"))
    yield "TRCK", "3/12"


def _encoded(container: str, *, seconds: float) -> bytes:
    time = np.arange(int(seconds * _RATE)) / _RATE
    sound = 0.3 * np.sin(2 * np.pi * 220 * time) + 0.2 * np.sin(2 * np.pi * 331 * time)
    buffer = io.BytesIO()
    soundfile.write(buffer, sound.astype(np.float32), _RATE, format=container)
    return buffer.getvalue()
