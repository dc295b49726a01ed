"""Finds the picture of an album: in the file itself, else beside it; and says how one is drawn where there is none."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NAMES = ("cover", "folder", "front", "album", "albumart")
_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"})
FRONT_COVER = 3
"""Type of picture in ID3 and FLAC: https://id3.org/id3v2.4.0-frames, section 4.14."""

_WORD = re.compile(r"\w+")

LARGEST_FILE = 30_000_000
"""Bytes; a larger picture is more likely a mistake than a cover."""

FORMATS = ("png", "jpeg", "webp", "gif", "bmp")
"""What covers come in. Pillow and Qt open others, too, SVG among them, which names further files to be read."""

MOST_PIXELS = 50_000_000
"""Of a cover, 200 MB decoded; a few kB can promise a thousand times as many."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A cover for what has none: letters over a gradient, always the same for a name.

    Attributes:
        letters: the first ones of the first two words.
        top: hue in degrees, saturation and lightness from 0 to 255, at the upper left corner.
        bottom: the same where the gradient ends.
        slant: where that is on the lower edge, as a share of it from the left.
    """

    letters: str
    top: tuple[int, int, int]
    bottom: tuple[int, int, int]
    slant: float


def drawing_of(name: str) -> Drawing:
    """How the cover for an album, artist or title of that name is drawn."""
    hue, turn, tone, slant = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=4).digest()
    degrees = hue * 359 // 255
    return Drawing(
        initials(name), (degrees, 90, 105 + tone % 30), ((degrees + 20 + turn % 50) % 360, 80, 60), slant / 255
    )


def initials(name: str) -> str:
    """Return the first letters of the first two words, a note for a name without any."""
    words = _WORD.findall(name)[:2]
    return "".join(word[0] for word in words).upper() or "♪"


def pictures(path: str, *, may_read: Callable[[Path], bool] = lambda _: True) -> Iterator[bytes]:
    """Give every picture that may be the cover of the file at `path`, likeliest first, undecoded.

    `may_read` is asked about each file beside it.
    """
    yield from embedded(path)
    for image in beside(Path(path)):
        try:
            if may_read(image) and image.stat().st_size <= LARGEST_FILE:
                yield image.read_bytes()
        except OSError:
            continue


def embedded(path: str) -> list[bytes]:
    """The pictures in a file's tags, front covers first; none for a file that cannot be read."""
    from indexer.core.tags.limits import LimitedFile, open_media  # noqa: PLC0415 - only in the background

    try:
        with LimitedFile(Path(path)) as file:
            media = open_media(file)
    except Exception:  # noqa: BLE001 - damaged tags raise anything in parsers; a cover is drawn instead
        return []
    found = list(_pictures_of(media)) if media is not None else []
    return [data for _, data in sorted(found, key=lambda picture: picture[0] != FRONT_COVER)]


def beside(path: Path) -> list[Path]:
    """Image files in the folder of `path` that are named as covers are, likeliest first."""
    try:
        names = [entry.name for entry in os.scandir(path.parent) if Path(entry.name).suffix.lower() in _SUFFIXES]
    except OSError:
        return []
    ranked = sorted((_rank(name), name) for name in names)
    return [path.parent / name for rank, name in ranked if rank < len(_NAMES)]


def _rank(name: str) -> int:
    stem = Path(name).stem.lower()
    return _NAMES.index(stem) if stem in _NAMES else len(_NAMES)


def _pictures_of(file: Any) -> Iterator[tuple[int, bytes]]:
    """Type and content of every picture, from the tags of any format."""
    for picture in getattr(file, "pictures", ()):  # FLAC
        yield picture.type, picture.data
    tags = file.tags
    if tags is None:
        return
    if hasattr(tags, "getall"):  # ID3: mp3, wav, aiff
        yield from ((frame.type, frame.data) for frame in tags.getall("APIC"))
        return
    for cover in _values(tags, "covr"):  # MP4
        yield FRONT_COVER, bytes(cover)
    for encoded in _values(tags, "metadata_block_picture"):  # Ogg
        yield from _flac_block(encoded)


def _values(tags: Any, key: str) -> list[Any]:
    try:
        return list(tags.get(key) or ())
    except (KeyError, ValueError):
        return []


def _flac_block(encoded: Any) -> Iterator[tuple[int, bytes]]:
    from mutagen.flac import Picture, error  # noqa: PLC0415 - only in the background

    try:
        picture = Picture(base64.b64decode(encoded))
    except (error, binascii.Error, TypeError, ValueError):
        return
    yield picture.type, picture.data
