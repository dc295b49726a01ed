"""Finds the track that stands for one whose file is gone: another copy of the recording, in the place of the first.

A better encoding of a file has another sound and so another id; what a person did with the one before counts for it.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from indexer.core.recordings.same import names_of, of_one_length
from indexer.core.store import Database, Heir
from indexer.core.store.heirs import resolved
from indexer.core.text import clean, identity
from indexer.core.tracks import FileRecord, Track, TrackId, TrackState

PENDING = "heirs-pending"
"""The note in a database that tracks may have left for copies, which nobody has looked for yet."""
SOUND_PENDING = "heirs-by-sound-pending"
"""The note that some of them have no copy in their place; one may sound as they did, which analysis finds out."""

_FROM_ONE_PLACE = 1.0
"""Seconds by which the places of one track in its file may differ, for tracks of a cue sheet."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A track that is there, and the path of one of its files."""

    path: str
    track: Track


def note_pending(database: Database) -> None:
    """Have heirs looked for, by a later scan if this one ends before."""
    database.transfer.note(PENDING, {"since": time.time()})


def pass_on(database: Database) -> list[Heir]:
    """Give every track that left its heir, if there is one and only one; returns those that were found now.

    Every step can be repeated, and a kill between two of them loses nothing: what was found stands as soon as it is
    written, and the note that there is something to look for goes last.

    Raises:
        DatabaseError: the database failed; the next scan looks again.
    """
    if database.transfer.noted(PENDING) is None:
        return []
    known = {heir.track: heir for heir in database.heirs.all()}
    database.heirs.forget(_returned(database, known))
    gone = [track for track in database.tracks.all(states={TrackState.GONE}) if track.id not in known]
    pairs = heirs_of(gone, _copies_beside(database, gone))
    found = adopt(database, pairs)
    if len(pairs) < len(gone):
        database.transfer.note(SOUND_PENDING, {"since": time.time()})
    database.transfer.forget(PENDING)
    return found


def adopt(database: Database, pairs: Mapping[TrackId, TrackId]) -> list[Heir]:
    """Let tracks stand for others that left, and have the dates of these."""
    own = _tracks(database, set(pairs.values()))
    found = [Heir(track, heir, time.time(), own[heir].added_at) for track, heir in pairs.items()]
    database.heirs.put(found)
    _date(database)
    return found


def take_back(database: Database, tracks: Collection[TrackId]) -> None:
    """Leave to these tracks what was theirs: their heirs are as if they had come by themselves."""
    wanted = set(tracks)
    database.heirs.set_undone(wanted, undone=True)
    heirs = database.heirs.all()
    others = {each.heir for each in heirs if not each.undone}  # of copies before, whose date it still has
    dates = {each.heir: each.added_at for each in heirs if each.track in wanted and each.heir not in others}
    database.tracks.set_added_at(dates)


def heirs_of(gone: Sequence[Track], copies: Collection[Copy]) -> dict[TrackId, TrackId]:
    """The heirs of tracks that left, each found by the surest sign that there is; none where two would do.

    Args:
        gone: tracks without a file.
        copies: what lies in the folders of those.
    """
    signs: tuple[Callable[[str, Track], object], ...] = (_file, _stem, _folder)
    rules = (_is_same_file, _is_same_file, _is_same_title)
    found: dict[TrackId, TrackId] = {}
    settled: set[TrackId] = set()
    for sign, fits in zip(signs, rules, strict=True):
        taken, beside = set(found.values()), defaultdict(list)
        for copy in copies:
            if fits is _is_same_file or copy.track.id not in taken:
                beside[sign(copy.path, copy.track)].append(copy.track)
        likely = {
            track.id: {copy.id for copy in beside.get(sign(track.path, track), ()) if fits(track, copy)}
            for track in gone
            if track.id not in settled
        }
        likely = {track: heirs for track, heirs in likely.items() if heirs}
        settled.update(likely)
        found.update(_clear(likely, alone=fits is _is_same_title))
    return found


def _clear(likely: dict[TrackId, set[TrackId]], *, alone: bool) -> Iterator[tuple[TrackId, TrackId]]:
    """Tracks with one heir; and where it has to be told by its name `alone`, one that is nobody else's."""
    wanted: defaultdict[TrackId, int] = defaultdict(int)
    for heirs in likely.values():
        for heir in heirs:
            wanted[heir] += 1
    for track, heirs in likely.items():
        if len(heirs) == 1:
            (heir,) = heirs
            if not alone or wanted[heir] == 1:
                yield track, heir


def _file(path: str, _: Track) -> object:
    return path


def _stem(path: str, _: Track) -> object:
    return os.path.splitext(path)[0]  # noqa: PTH122 - paths may hold any bytes


def _folder(path: str, track: Track) -> object:
    return os.path.dirname(path), identity(track.title)  # noqa: PTH120 - as above


def _is_same_file(track: Track, copy: Track) -> bool:
    """Whether what lies where a track was is a copy of it: by its tags, or by its length if they do not contradict."""
    if abs(track.start - copy.start) > _FROM_ONE_PLACE or track.stretch.is_part is not copy.stretch.is_part:
        return False
    titles = _title(track), _title(copy)
    if all(titles) and titles[0] != titles[1]:
        return False
    if all(titles) and _agree(track.artist, copy.artist):
        return True
    return of_one_length(track.seconds, copy.seconds) and _agree(track.artist, copy.artist)


def _is_same_title(track: Track, copy: Track) -> bool:
    """Whether two files of one folder are of one recording by all of their tags and by their length."""
    numbers = [(each.disc_number or 0, each.track_number) for each in (track, copy)]
    unknown = None in (track.track_number, copy.track_number)
    same_place = bool(names_of(track)) if unknown else numbers[0] == numbers[1]  # "Intro" is no name
    return (
        identity(track.title) == identity(copy.title)
        and identity(track.artist) == identity(copy.artist)
        and _agree(track.album, copy.album)
        and same_place
        and of_one_length(track.seconds, copy.seconds)
    )


def _title(track: Track) -> str:
    """The title as tags have it, folded; empty where it was made of the name of the file."""
    stem = clean(PurePath(track.path).stem)
    return "" if not track.artist and track.title in {stem, "Untitled"} else identity(track.title)


def _agree(name: str, other: str) -> bool:
    return not (name and other) or identity(name) == identity(other)


def _returned(database: Database, heirs: Collection[TrackId]) -> set[TrackId]:
    """Tracks that had an heir and are in the library again."""
    there = (TrackState.PRESENT, TrackState.AWAY)
    return database.tracks.ids(there).intersection(heirs) if heirs else set()


def _copies_beside(database: Database, gone: Sequence[Track]) -> list[Copy]:
    """The tracks that are there, by all of their files in the folders that tracks left."""
    folders = {os.path.dirname(track.path) for track in gone}  # noqa: PTH120 - as above
    if not folders:
        return []
    records: list[FileRecord] = [
        record
        for record in database.files.all()
        if os.path.dirname(record.path) in folders  # noqa: PTH120 - as above
    ]
    tracks = _tracks(database, {track for record in records for track in record.tracks})
    return [
        Copy(record.path, tracks[track])
        for record in records
        for track in record.tracks
        if track in tracks and tracks[track].state is TrackState.PRESENT
    ]


def _tracks(database: Database, ids: Collection[TrackId]) -> dict[TrackId, Track]:
    return {track.id: track for track in database.tracks.each(ids)}


def _date(database: Database) -> None:
    """An heir came into the library when the first of the copies before it did; asked of those nobody knows of yet."""
    heirs = database.heirs.all()
    standing = resolved(heirs)
    recent = {each.track: standing[each.track] for each in heirs if not (each.undone or each.told)}
    tracks = _tracks(database, {*recent, *recent.values()})
    first: dict[TrackId, float] = {}
    for track, heir in recent.items():
        if track in tracks and heir in tracks:
            first[heir] = min(first.get(heir, tracks[heir].added_at), tracks[track].added_at)
    database.tracks.set_added_at({heir: at for heir, at in first.items() if at < tracks[heir].added_at})
