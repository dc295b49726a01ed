"""What the player has done in the database, as functions of a connection; they run in the link's thread."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from indexer.library import FileRecord, Track, TrackId, TrackState
from musicplayer.library.journal import Note, NoteKind

if TYPE_CHECKING:
    from indexer.store import Database, FeatureRecord

_FEATURES_AT_A_TIME = 200


def carry_out(database: Database, note: Note) -> None:
    """Tell the database what a note says; doing it twice does no harm."""
    said = note.content
    match note.kind:
        case NoteKind.PLAY:
            database.plays.add(said["track"], said["at"], said["seconds_heard"], said["finished"], play=note.id)
        case NoteKind.HIDE:
            for seed in said["seeds"]:
                database.feedback.hide(seed, said["tracks"], said["at"])
        case NoteKind.RESTORE:
            for seed in said["seeds"]:
                database.feedback.restore(seed, said["tracks"])


def save_queue(database: Database, name: str, state: dict[str, Any]) -> None:
    database.queues.save(name, state)


def load_queue(database: Database, name: str) -> dict[str, Any] | None:
    return database.queues.load(name)


def missing_features(
    database: Database,
    key: str,
    known: Collection[TrackId],
    send: Callable[[list[FeatureRecord]], None],
    tell_left: Callable[[frozenset[TrackId]], None],
) -> None:
    """Tell which of the `known` tracks count no more, and send the features of those that count and are not known."""
    analysed = database.analysed(key)
    tell_left(frozenset(known) - analysed)
    send_features(database, key, analysed.difference(known), send)


def send_features(
    database: Database, key: str, tracks: Collection[TrackId], send: Callable[[list[FeatureRecord]], None]
) -> None:
    """Send the features of those `tracks` that were analysed, some hundreds at a time."""
    from indexer.store import FeatureRecord  # noqa: PLC0415 - the driver is loaded by now, in this thread

    profile, _, version = key.partition(":")
    wanted = iter(tracks)
    while ids := list(islice(wanted, _FEATURES_AT_A_TIME)):
        found = database.features.get(key, ids)
        send([FeatureRecord(track, profile, int(version), values) for track, values in found.items()])


def forget_folder(database: Database, path: str) -> None:
    """Take a folder out of the library.

    Its tracks are listed no more, but what was heard in them is kept, so that adding the folder again costs
    little. A track that also lies in another folder stays, with its file there.
    """
    files = list(database.files.all(path))
    database.folders.remove(path)
    database.files.remove([file.path for file in files])
    ids = list({track for file in files for track in file.tracks})
    elsewhere = database.files.by_track(ids)
    database.tracks.set_state([track for track in ids if track not in elsewhere], TrackState.GONE)
    database.tracks.upsert(_moved(database.tracks.get(list(elsewhere)), elsewhere, path))


def _moved(tracks: dict[TrackId, Track], files: dict[TrackId, list[FileRecord]], left: str) -> list[Track]:
    """Tracks that showed the file in the folder that was left, with a file that they have elsewhere."""
    return [
        replace(track, path=files[track.id][0].path, root=files[track.id][0].root)
        for track in tracks.values()
        if track.root == left
    ]
