"""Lays out the demo library on disk: which tracks there are, and which of them are still to be made."""

from __future__ import annotations

import json
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.core.files.atomic import write_atomically
from indexer.demo.catalogue import ARTISTS, Artist, Style
from indexer.demo.composers import COMPOSERS
from indexer.demo.covers import cover
from indexer.demo.files import Encoding, write_track
from indexer.demo.mixing import Mix

VERSION = 1  # of the music: raised whenever the same seed would sound different
RATE, OPUS_RATE = 32_000, 24_000  # samples a second; Opus knows only a few rates
# Most albums are in what encodes fast.
ENCODINGS = (Encoding.FLAC, Encoding.VORBIS, Encoding.MP3, Encoding.FLAC, Encoding.VORBIS, Encoding.OPUS)
SHORTEST, LONGEST = 20.0, 30.0  # seconds
MARKER = ".segue-demo.json"


@dataclass(frozen=True)
class DemoTrack:
    """One track to be made. `album` is 0 or 1, `number` counts from 1 within it."""

    artist: Artist
    index: int
    album: int
    number: int

    @property
    def encoding(self) -> Encoding:
        """Albums differ in their encoding, as in a grown collection."""
        place = ARTISTS.index(self.artist)
        return ENCODINGS[(place + place // len(Style) + 3 * self.album) % len(ENCODINGS)]

    @property
    def has_embedded_cover(self) -> bool:
        """An artist's first album has its cover in every file, the second as a picture in the folder."""
        return self.album == 0

    @property
    def tags(self) -> dict[str, str]:
        title, year = self.artist.albums[self.album]
        return {
            "title": self.artist.title(self.index),
            "artist": self.artist.name,
            "albumartist": self.artist.name,
            "album": title,
            "genre": self.artist.style.value,
            "date": str(year),
            "tracknumber": str(self.number),
        }

    @property
    def path(self) -> Path:
        """Relative to the library: artist, album, file, without what some file systems refuse."""
        names = (self.artist.name, self.tags["album"], f"{self.number:02} {self.tags['title']}")
        artist, album, name = (
            "".join(sign for sign in text if sign not in '<>:"/\\|?*').rstrip(". ") for text in names
        )
        return Path(artist, album, name + self.encoding.value)


def make_demo(folder: Path, *, tracks: int = 60, seed: int = 0) -> list[Path]:
    """Synthesise a library of six styles with tags and covers; the same seed gives the same files.

    What is there already from an earlier call with the same seed is left alone, so that a call on a complete
    folder does nothing and one that was interrupted goes on.

    Args:
        folder: made if need be.
        tracks: how many, dealt to the artists in turn; 12 give every artist one.
        seed: chooses the music, not the names.

    Returns:
        The paths of all tracks.

    Raises:
        OSError: the folder cannot be written to.
    """
    wanted = plan(tracks)
    folder.mkdir(parents=True, exist_ok=True)
    marker, music = folder / MARKER, json.dumps({"version": VERSION, "seed": seed}).encode()
    same = marker.is_file() and marker.read_bytes() == music
    if not same:
        write_atomically(marker, music, shared=True)
    todo = [track for track in wanted if not (same and (folder / track.path).is_file())]
    # Threads are enough: nearly all of the time goes by in NumPy and in the encoders, which let others run.
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for _ in pool.map(lambda track: _make(folder, track, seed), todo):
            pass  # the first that fails is raised here, and the rest are not begun
    return [folder / track.path for track in wanted]


def plan(tracks: int) -> list[DemoTrack]:
    """The first `tracks` of the demo: dealt to the artists in turn, and to their two albums in turn."""
    planned = []
    for count in range(tracks):
        index, place = divmod(count, len(ARTISTS))
        planned.append(DemoTrack(ARTISTS[place], index, album=index % 2, number=index // 2 + 1))
    return planned


def compose(track: DemoTrack, *, seed: int, rate: int) -> NDArray[np.float32]:
    """The music of a track: shape (n, 2), 20 to 30 s at `rate` samples a second."""
    chance = np.random.default_rng([seed, VERSION, ARTISTS.index(track.artist), track.index])
    mix = Mix(float(chance.uniform(SHORTEST, LONGEST)), rate, chance)
    COMPOSERS[track.artist.style](mix, track.artist)
    return mix.finish()


def _make(folder: Path, track: DemoTrack, seed: int) -> None:
    rate = OPUS_RATE if track.encoding is Encoding.OPUS else RATE
    path, picture = folder / track.path, _album_cover(track.artist, track.album, seed)
    write_track(
        path,
        track.encoding,
        compose(track, seed=seed, rate=rate),
        rate,
        tags=track.tags,
        picture=picture if track.has_embedded_cover else None,
        serial=zlib.crc32(f"{seed} {track.path.as_posix()}".encode()),
    )
    if not track.has_embedded_cover:
        write_atomically(path.with_name("cover.png"), picture, shared=True)


@lru_cache
def _album_cover(artist: Artist, album: int, seed: int) -> bytes:
    return cover(artist.style, np.random.default_rng([seed, VERSION, ARTISTS.index(artist), album, 1]))
