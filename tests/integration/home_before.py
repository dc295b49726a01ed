"""Makes a home as the version before wrote it, byte for byte by its forms: no code of this version writes any of it.

Documents have the fields that they had, files were read at the version of tags that was current (one at an older one),
the saved catalogue has the columns that it had.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pymongo
import soundfile
from bson.binary import Binary
from bson.objectid import ObjectId
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TALB, TIT2, TPE1
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.tracks import TrackId
from tests.conftest import tone
from tests.unit.discover.small_model import write_small_model

Document = dict[str, Any]
ADDED_AT = 1_700_000_000.0
PLAYED_AT = 1_710_000_000.0
PLAYLIST, SMART, TOMBSTONE = "a" * 32, "b" * 32, "c" * 32
_TEXTS = ("album", "album_artist", "artist", "genre", "genres", "licence", "path", "root", "subset", "title")
_NUMBERS: dict[str, type[np.generic]] = {
    **dict.fromkeys(("year", "track_number", "disc_number", "fma_id"), np.int64),
    "seconds": np.float64, "state": np.int8, "added_at": np.float64, "rev": np.int64, "plays": np.int32,
    **dict.fromkeys(("track_gain", "album_gain", "track_peak", "album_peak"), np.float32), "last_played": np.float64,
}  # fmt: skip


@dataclass(frozen=True)
class HomeBefore:
    """What is in it: the folder of the music, and ids by the names of the files."""

    music: Path
    ids: dict[str, TrackId]


def make(home: Home, uri: str, music: Path) -> HomeBefore:
    """Fill `home`, and the database at `uri`, which loses what it held."""
    files = _music(music)
    ids = {path.name: _identity(path) for path in files}
    found = HomeBefore(music, ids)
    tracks = [_track(path, ids[path.name], number) for number, path in enumerate(files)]
    _fill_database(uri, found, tracks, files)
    home.config.mkdir(parents=True)
    home.data.mkdir(parents=True)
    _write_json(home.settings_file, _settings(uri, ids))
    _write_json(home.session_file, _queue(ids))
    _write_json(home.session_file.with_name("position.json"), _position(ids))
    _write_json(home.playlists_file, {"version": 1, "playlists": [_mirrored(each) for each in _playlists(ids)]})
    home.journal_file.write_text("".join(f"\n{json.dumps(note)}\n" for note in _notes(ids)))
    _write_snapshot(home.catalogue_snapshot, tracks)
    points = np.random.default_rng(3).normal(size=(len(files), 3, 4)).astype(np.float32)
    write_small_model(home, dict(zip(ids.values(), points, strict=True)), key="sonic:2")
    return found


def _music(folder: Path) -> list[Path]:
    """Four FLAC and two MP3 files, each of its own sound."""
    folder.mkdir(parents=True)
    paths = [folder / f"{number} song.{'flac' if number < 4 else 'mp3'}" for number in range(6)]
    for number, path in enumerate(paths):
        soundfile.write(path, tone(2.0, 220 + 50 * number), 22_050, format=path.suffix[1:].upper())
        tags = {"title": f"Song {number}", "artist": f"Singer {number // 2}", "album": "Songs"}
        if path.suffix == ".flac":
            media = FLAC(path)
            media.update(tags)
            media.save()
        else:
            head = ID3()
            for frame, name in ((TIT2, "title"), (TPE1, "artist"), (TALB, "album")):
                head.add(frame(encoding=3, text=tags[name]))
            head.save(path)
    return paths


def _identity(path: Path) -> TrackId:
    """The id of a small file: of the sound behind its tags, by size and content."""
    content = path.read_bytes()
    if path.suffix == ".flac":
        at, last = 4, False
        while not last:
            last = bool(content[at] & 0x80)
            at += 4 + int.from_bytes(content[at + 1 : at + 4], "big")
        sound = content[at:]
    else:
        size = int("".join(f"{byte:07b}" for byte in content[6:10]), 2)
        sound = content[10 + size :]
        assert not sound[-128:].startswith(b"TAG")
    return TrackId(hashlib.blake2b(len(sound).to_bytes(8, "little") + sound, digest_size=16).hexdigest())


def _track(path: Path, track: TrackId, number: int) -> Document:
    return {
        "_id": track, "path": str(path), "root": str(path.parent), "genres": ["Folk"], "state": "present",
        "added_at": ADDED_AT + number, "rev": 1, "title": f"Song {number}", "artist": f"Singer {number // 2}",
        "album": "Songs", "album_artist": "", "genre": "Folk", "licence": "", "subset": "", "year": None,
        "track_number": None, "disc_number": None, "seconds": 2.0, "fma_id": None,
    }  # fmt: skip


def _fill_database(uri: str, found: HomeBefore, tracks: Sequence[Document], files: Sequence[Path]) -> None:
    ids = list(found.ids.values())
    with pymongo.MongoClient[Document](uri) as client:
        name = urlsplit(uri).path.strip("/")
        client.drop_database(name)
        database = client[name]
        database["tracks"].create_index("rev")
        database["plays"].create_index([("track", 1), ("at", 1)])
        database["features"].create_index([("key", 1), ("track", 1)], unique=True)
        database["meta"].insert_many(
            [
                {"_id": "schema", "version": 1},
                _revisions("tracks", {"present": len(tracks)}),
                _revisions("features", {"sonic:2": len(ids)}),
            ]
        )
        database["folders"].insert_one(
            {"_id": str(found.music), "added_at": ADDED_AT, "away": False, "excluded": [str(found.music / "no")]}
        )
        database["tracks"].insert_many(tracks)
        database["files"].insert_many([_file(path, found, number) for number, path in enumerate(files)])
        database["plays"].insert_many([_play(ids[number], number) for number in (0, 0, 0, 4)])
        database["playlists"].insert_many(_playlists(found.ids))
        database["feedback"].insert_one({"_id": f"{ids[0]}:{ids[1]}", "seed": ids[0], "track": ids[1], "at": PLAYED_AT})
        database["queue"].insert_one({"_id": "player", "state": _queue(found.ids), "saved_at": PLAYED_AT})
        database["features"].insert_many([_feature(track, number) for number, track in enumerate(ids)])
        database["heard"].insert_one(
            {"_id": "sonic:2:1", "key": "sonic:2", "rev": 1, "whole": "", "parts": "\n".join(ids)}
        )
        database["sounds"].insert_many([_sound(track) for track in ids])


def _revisions(name: str, counts: Mapping[str, int]) -> Document:
    return {"_id": f"revisions:{name}", "last": 1, "settled": 1, "writers": {}, "counts": counts, "counted": True}


def _file(path: Path, found: HomeBefore, number: int) -> Document:
    """The first one was read before tags had versions."""
    info = path.stat()
    read = {} if number == 0 else {"tags": 2}
    stamp = {"size": info.st_size, "mtime_ns": info.st_mtime_ns}
    return {"_id": str(path), "root": str(found.music), "track": found.ids[path.name], **stamp, **read}


def _play(track: TrackId, number: int) -> Document:
    return {"_id": ObjectId(), "track": track, "at": PLAYED_AT + number, "seconds_heard": 2.0, "finished": True}


def _playlists(ids: Mapping[str, TrackId]) -> list[Document]:
    one, two, *_ = ids.values()
    blank: Document = {
        "kind": "list", "tracks": [], "query": "", "order": "", "descending": False, "limit": 0, "deleted": False,
    }  # fmt: skip
    evening = {"name": "Évening", "tracks": [two, one, two, "f" * 32], "position": 1.0, "updated_at": 5.0}
    smart = {"name": "Folk", "kind": "smart", "query": "genre:folk", "limit": 3, "position": 2.0, "updated_at": 6.0}
    gone = {"name": "Gone", "position": 3.0, "updated_at": 7.0, "deleted": True}
    return [{**blank, "_id": key, **said} for key, said in ((PLAYLIST, evening), (SMART, smart), (TOMBSTONE, gone))]


def _mirrored(playlist: Document) -> Document:
    return {"id": playlist["_id"], **{name: value for name, value in playlist.items() if name != "_id"}}


def _queue(ids: Mapping[str, TrackId]) -> Document:
    tracks = list(ids.values())[:3]
    return {
        "version": 1, "tracks": tracks, "sources": [[2, "radio"]], "stop_after": None, "index": 1, "position": 2,
        "repeat": "all", "shuffle": False, "played": [], "upcoming": [],
    }  # fmt: skip


def _position(ids: Mapping[str, TrackId]) -> Document:
    return {"track": list(ids.values())[1], "seconds": 0.75, "duration": 2.0, "running": False}


def _settings(uri: str, ids: Mapping[str, TrackId]) -> Document:
    return {
        "theme": "dark", "volume": 37, "database_uri": uri, "profile": "sonic", "columns": ["title", "artist", "plays"],
        "same_artist": "hide", "watch_folders": False, "index_when": "always", "crossfade_seconds": 3.0,
        "radio": [], "gain": "album", "repeat": "all", "language": "en",
    }  # fmt: skip


def _notes(ids: Mapping[str, TrackId]) -> list[Document]:
    """What the database was not told when the player ended."""
    tracks = list(ids.values())
    play = {"track": tracks[5], "at": PLAYED_AT, "seconds_heard": 2.0, "finished": True}
    return [
        {"id": "1" * 24, "kind": "play", **play},
        {"id": "2" * 24, "kind": "hide", "seeds": [tracks[2]], "tracks": [tracks[3]], "at": PLAYED_AT},
    ]


def _feature(track: TrackId, number: int) -> Document:
    values = np.random.default_rng(number).normal(size=(3, 1_310)).astype("<f4")
    return {
        "_id": f"sonic:2:{track}", "track": track, "profile": "sonic", "version": 2, "key": "sonic:2",
        "shape": [3, 1_310], "values": Binary(values.tobytes()), "rev": 1,
    }  # fmt: skip


def _sound(track: TrackId) -> Document:
    waveform = Binary(bytes(range(200)))
    return {
        "_id": track,
        "version": 1,
        "points": 100,
        "waveform": waveform,
        "loudness": -9.0,
        "peak": 0.5,
        "seconds": 2.0,
    }


def _write_snapshot(path: Path, tracks: Sequence[Document]) -> None:
    """The catalogue at version 1: ids, texts as values and codes, numbers as arrays."""
    arrays: dict[str, NDArray[Any]] = {"version": np.array([1, 1]), "ids": _packed([each["_id"] for each in tracks])}
    for name in _TEXTS:
        texts = ["\x1f".join(each[name]) if name == "genres" else each[name] for each in tracks]
        values = list(dict.fromkeys(texts))
        ranks = np.argsort(np.argsort(values)).astype(np.int32)
        codes = np.array([values.index(text) for text in texts], np.int32)
        arrays |= {f"{name}.values": _packed(values), f"{name}.codes": codes, f"{name}.ranks": ranks}
    for name, kind in _NUMBERS.items():
        blank: float = np.nan if kind is np.float32 else -1 if kind is np.int64 else 0
        column = [blank if each.get(name) is None else each[name] for each in tracks]
        arrays[f"{name}.numbers"] = np.array([0 if name == "state" else value for value in column], kind)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def _packed(texts: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\0".join((str(len(texts)), *texts)).encode(), np.uint8)


def _write_json(path: Path, content: Document) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
