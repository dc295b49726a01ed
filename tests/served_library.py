"""A small library for tests of the server: real files, a real database, features and a model of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.profiles import SONIC
from indexer.core.store import Database, FeatureRecord
from indexer.core.taste.folder import save_taste
from indexer.core.taste.model import TasteModel
from indexer.core.tracks import FileRecord, Track, TrackId
from tests.unit.core.taste.made import TERMS, made_model
from tests.unit.discover.small_model import write_small_model

COUNT = 24
SECONDS = 6.0
RATE = 22_050
ARTISTS = ("Ada & The Sines", "Bert Bass", "Cora Chorus", "Die Ärzte für Töne")


def track_of(number: int, folder: Path) -> Track:
    """Four artists, six albums of four tracks; every third track is a FLAC, the others are WAV."""
    suffix = "flac" if number % 3 == 0 else "wav"
    artist, album = ARTISTS[number % 4], f"Album {number // 4}"
    return Track(
        id=TrackId(f"{number + 1:032x}"),
        path=str(folder / f"Album {number // 4}" / f"{number % 4 + 1} Song {number}.{suffix}"),
        root=str(folder),
        title=f"Song {number}",
        artist=artist,
        album=album,
        album_artist="Various Artists" if number < 4 else "",
        track_number=number % 4 + 1,
        year=2000 + number // 4,
        genre=("Rock", "Jazz")[number % 2],
        genres=(("Rock", "Jazz")[number % 2],),
        seconds=SECONDS,
        added_at=1_700_000_000.0 + number,
    )


def make_library(database: Database, home: Home, folder: Path, *, built: bool = True) -> list[Track]:
    """Write the files, tell the database of the tracks and of their features, and build a model of them, if asked."""
    tracks = [track_of(number, folder) for number in range(COUNT)]
    chance = np.random.default_rng(7)
    groups = chance.normal(size=(4, SONIC.dims))
    sounds = groups[np.arange(COUNT) % 4] + chance.normal(0, 0.6, (COUNT, SONIC.dims))
    values = np.repeat(sounds[:, np.newaxis], SONIC.windows, axis=1).astype(np.float32)
    values[:, :, SONIC.columns.index("heard_seconds")] = 10
    for number, track in enumerate(tracks):
        path = Path(track.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        beats = np.sin(2 * np.pi * (220 + 20 * number) * np.arange(int(SECONDS * RATE)) / RATE)
        soundfile.write(path, (0.3 * beats).astype(np.float32), RATE)
    if built:
        sounds_of = {track.id: sound for track, sound in zip(tracks, values, strict=True)}
        write_small_model(home, sounds_of, layout=chance.random((COUNT, 2), np.float32), key=SONIC.key)
    database.folders.add(str(folder))
    database.tracks.upsert(tracks)
    database.files.upsert(_file_of(track) for track in tracks)
    database.features.upsert(
        FeatureRecord(track.id, SONIC.name, SONIC.version, sound) for track, sound in zip(tracks, values, strict=True)
    )
    return tracks


def make_taste(home: Home, tracks: Sequence[Track], seed: int = 0) -> None:
    """Have a model of taste of the library's own tracks in use, of the sound that they have."""
    made = made_model(seed, items=len(tracks))
    manifest = replace(made.manifest, sound=current_model_folder(home, SONIC.name).name)
    ids, terms = np.array([track.id for track in tracks], "S32"), np.array(TERMS, "U8")
    save_taste(home, TasteModel(manifest, ids, made.solve, np.ones(len(tracks), np.float32), terms))


def _file_of(track: Track) -> FileRecord:
    found = Path(track.path).stat()
    return FileRecord(track.path, track.root, track.id, found.st_size, found.st_mtime_ns)
