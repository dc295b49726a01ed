"""Finds the picture of an album: in the file itself, else beside it; and says how one is drawn where there is none."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.core.catalogue.folders import disc_of
from indexer.core.text import fold
from indexer.core.tracks import Track

_NAMES = ("cover", "folder", "front", "album", "albumart")
_TELLING = frozenset({"cover", "folder", "front", "albumart"})
_OTHER_SIDES = frozenset({"back", "booklet", "cd", "disc", "inlay", "inside", "matrix", "media", "small", "tray"})
"""Words in the name of a picture that shows something else of an album than its front, or shows it too small."""

_ARTIST = "artist"
_LAST = "albumartsmall"
"""What Windows Media Player puts beside each cover, 75 pixels a side."""

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"})
"""How the names of pictures end."""
FRONT_COVER = 3
"""Type of picture in ID3 and FLAC: https://id3.org/id3v2.4.0-frames, section 4.14."""

_WORD = re.compile(r"\w+")

LARGEST_FILE = 30_000_000
"""Bytes; a larger picture is more likely a mistake than a cover."""

FORMATS = ("png", "jpeg", "webp", "gif", "bmp")
"""What covers come in. Pillow and Qt open others, too, SVG among them, which names further files to be read."""

MOST_PIXELS = 50_000_000
"""Of a cover, 200 MB decoded; a few kB can promise a thousand times as many."""


Colour = tuple[int, int, int]
"""Hue in degrees, saturation and lightness from 0 to 255."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A cover for what has none: letters over a gradient, always the same for a name.

    Attributes:
        letters: the first ones of the first two words.
        top: at the upper left corner.
        bottom: where the gradient ends.
        slant: where that is on the lower edge, as a share of it from the left.
    """

    letters: str
    top: Colour
    bottom: Colour
    slant: float


def drawing_of(name: str, colour: Colour | None = None) -> Drawing:
    """How the cover for an album, artist or title of that name is drawn: muted, lest it outshine real covers.

    Args:
        name: what its letters are of.
        colour: of its genre; None where that has none: the cover is nearly grey then.
    """
    own, turn, tone, slant = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=4).digest()
    hue, saturation, lightness = (own * 359 // 255, _PALE, _MIDDLE) if colour is None else colour
    hue = (hue + turn % (2 * _NEAR + 1) - _NEAR) % 360
    muted = min(round(saturation * _MUTED), _MOST)
    light = round(_DARK + (lightness - _MIDDLE) * _LIGHTER) + tone % 12
    return Drawing(initials(name), (hue, muted, light), (hue, muted, light - _FALL), slant / 255)


_NEAR = 6
"""Degrees by which covers of one genre differ from its hue at most."""

_MUTED, _MOST, _PALE = 0.45, 88, 26
"""How much of its saturation a colour keeps, and what is left of it at most; what stands for a colour."""

_DARK, _MIDDLE, _LIGHTER, _FALL = 88, 128, 0.3, 26
"""Lightness of the upper corner, for a colour that is neither light nor dark; how far others differ; the way down."""


def initials(name: str) -> str:
    """Return the first letters of the first two words, a note for a name without any."""
    words = _WORD.findall(name)[:2]
    return "".join(word[0] for word in words).upper() or "♪"


def pictures(
    path: str, names: Sequence[str] = (), *, may_read: Callable[[Path], bool] = lambda _: True
) -> Iterator[bytes]:
    """Give every picture that may be the cover of the file at `path`, likeliest first, undecoded.

    `names` are those of `names_for`; `may_read` is asked about each file beside it.
    """
    yield from embedded(path)
    for image in beside(Path(path), names):
        try:
            if may_read(image) and image.stat().st_size <= LARGEST_FILE:
                yield image.read_bytes()
        except OSError:
            continue


def names_for(track: Track) -> tuple[str, ...]:
    """What a picture in the folder of a track may be called, beside the usual names: its album, then its artist."""
    owner = track.album_artist or track.artist
    with_owner = f"{owner} {track.album}" if owner and track.album else ""
    return (track.album, with_owner, owner, track.artist)


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


def beside(path: Path, names: Sequence[str] = ()) -> list[Path]:
    """Image files for `path` that are named as covers are: best named first, of equal names the larger file.

    Those in its folder; where that is the one of a disc and has none, those in the folder above.
    """
    found: list[Path] = []
    for folder in folders_for(path):
        found += _covers_in(folder, names)
    return found


def folders_for(path: Path) -> list[Path]:
    """Where covers for a file may lie: its folder, and that of the album where its folder is one disc in it: "CD 1"."""
    folder = path.parent
    album, disc = disc_of(str(folder))
    return [folder, folder.parent] if disc and album == str(folder.parent) else [folder]


def _covers_in(folder: Path, names: Sequence[str]) -> list[Path]:
    ranked: list[tuple[int, int, str]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = Path(entry.name)
                if name.suffix.lower() in PICTURES and (rank := _rank(name.stem, names)) is not None:
                    ranked.append((rank, -entry.stat().st_size, entry.name))
    except OSError:
        return []
    return [folder / name for _, _, name in sorted(ranked)]


def _rank(stem: str, names: Sequence[str]) -> int | None:
    """How likely a picture of that name is the cover, 0 for most likely; None for one that is named otherwise."""
    words = _WORD.findall(fold(stem).replace("_", " "))
    plain = "".join(words)
    if plain in _NAMES:
        return _NAMES.index(plain)
    own = [wanted for name in names if (wanted := "".join(_WORD.findall(fold(name).replace("_", " "))))]
    if plain in own:
        return len(_NAMES) + own.index(plain)
    behind = len(_NAMES) + len(names)
    if not _TELLING.isdisjoint(words) and _OTHER_SIDES.isdisjoint(words):
        return behind
    return {_ARTIST: behind + 1, _LAST: behind + 2}.get(plain)


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
