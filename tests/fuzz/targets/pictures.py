"""Covers: pictures in tags and beside the music, of which a few bytes may promise gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage

from musicplayer.library.artwork import decoded, found_cover
from tests.fuzz.target import Box, Target
from tests.unit.core.catalogue.tracks import track

_SIZE = 64
_FORMATS = ("PNG", "JPEG", "BMP", "WEBP", "GIF")
_WORDS = (b"IHDR", b"IDAT", b"PLTE", b"acTL", b"iCCP", b"zTXt", b"\xff\xd8", b"\xff\xda", b"RIFF", b"VP8X", b"GIF89a")
_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">'
    b'<image xlink:href="../outside/secret.png" width="64" height="64"/><rect width="9" height="9"/></svg>'
)


def _run(data: bytes, box: Box) -> None:
    image = decoded(data, _SIZE)
    assert image is None or (image.width(), image.height()) == (_SIZE, _SIZE)
    box.file("cover.png", data)
    song = box.file("song.mp3", b"")
    found = found_cover(track(1, path=str(song), album="An album"), _SIZE, box.inside / "cache")
    assert (found is None) == (image is None)


@lru_cache(maxsize=1)
def _pictures() -> tuple[bytes, ...]:
    image = QImage(80, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    made = []
    for name in _FORMATS:
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        if image.save(buffer, name):  # type: ignore[call-overload]
            made.append(bytes(content.data()))
    return tuple(made)


def _seeds(_: Box) -> Sequence[bytes]:
    sizes = ((60_000, 60_000), (2**31 - 1, 2**31 - 1), (1, 2**31 - 1), (0, 0), (12_000, 12_000))
    return [*_pictures(), _SVG, *(png(width, height) for width, height in sizes)]


def png(width: int, height: int, rows: int = 200) -> bytes:
    """A grey picture that says how large it is, with as much of it as makes a small file."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    content = zlib.compress(bytes(min(width + 1, 1_000_000) * min(height, rows)), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


TARGETS = (Target("pictures", _run, _seeds, _WORDS),)
