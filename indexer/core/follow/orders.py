"""What the player has done in the database, as functions of a connection; they run in its thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.plays import OWNER, Impression, ListenerId, Opinion, Play
from indexer.core.tracks import FileRecord, Track, TrackId, TrackState

if TYPE_CHECKING:
    from indexer.core.store import Database, FeatureRecord


def carry_out(database: Database, note: Note) -> None:
    """Tell the database what a note says; doing it twice does no harm."""
    said = note.content
    match note.kind:
        case NoteKind.PLAY:
            database.plays.add([Play.of_record(note.id, said)])
        case NoteKind.HIDE:
            for seed in said["seeds"]:
                database.feedback.hide(seed, said["tracks"], said["at"], note.listener)
        case NoteKind.RESTORE:
            for seed in said["seeds"]:
                database.feedback.restore(seed, said["tracks"], note.listener)
        case NoteKind.OPINION:
            database.opinions.save([Opinion.of_record(said)])
        case NoteKind.IMPRESSION:
            database.impressions.add([Impression.of_record(note.id, said)])


def tracks_in(note: Note) -> set[TrackId]:
    """The tracks that a note is about."""
    said = note.content
    return {TrackId(track) for track in (*said.get("seeds", ()), *said.get("tracks", ()), said.get("track")) if track}


def replaced_by(note: Note, before: Iterable[Note]) -> list[Note]:
    """Those of the notes from before that must not be told after a note any more: it says what holds since."""
    match note.kind:
        case NoteKind.OPINION:
            return [
                each for each in before if each.kind is note.kind and each.content["track"] == note.content["track"]
            ]
        case NoteKind.HIDE | NoteKind.RESTORE:
            pairs = _pairs(note)
            return [each for each in before if each.kind in _HIDING and _pairs(each) <= pairs]
        case _:
            return []


def hidden_with(
    hidden: Mapping[TrackId, frozenset[TrackId]], notes: Iterable[Note], listener: ListenerId = OWNER
) -> dict[TrackId, frozenset[TrackId]]:
    """What a listener has hidden, by seed, once the database, which has `hidden`, is told these notes, too."""
    found = {seed: set(tracks) for seed, tracks in hidden.items()}
    for note in notes:
        if note.kind in {NoteKind.HIDE, NoteKind.RESTORE} and note.listener == listener:
            for seed in note.content["seeds"]:
                tracks = found.setdefault(seed, set())
                (tracks.update if note.kind is NoteKind.HIDE else tracks.difference_update)(note.content["tracks"])
    return {seed: frozenset(tracks - {seed}) for seed, tracks in found.items() if tracks - {seed}}


_HIDING = frozenset({NoteKind.HIDE, NoteKind.RESTORE})


def _pairs(note: Note) -> set[tuple[TrackId, TrackId]]:
    return {(seed, track) for seed in note.content["seeds"] for track in note.content["tracks"]}


def save_queue(database: Database, name: str, state: dict[str, Any]) -> None:
    database.queues.save(name, state)


def load_queue(database: Database, name: str) -> dict[str, Any] | None:
    return database.queues.load(name)


def missing_features(
    database: Database, key: str, known: Collection[TrackId], since: int
) -> tuple[frozenset[TrackId], int, list[TrackId]]:
    """Which of the `known` tracks count no more, the revision of features, and those that count and are not known.

    Args:
        database: is asked.
        key: profile and version.
        known: tracks whose features up to the revision `since` are known.
        since: a revision; known tracks that were analysed again after it are not known. 0 where they are all the same.
    """
    rev = database.features.rev()
    analysed = database.analysed(key)
    again = database.features.changed_ids(key, since) if since else set()
    return frozenset(known) - analysed, rev, sorted(analysed.difference(known) | (analysed & again))


def features_of(database: Database, key: str, tracks: Sequence[TrackId]) -> list[FeatureRecord]:
    """The features of those `tracks` that were analysed."""
    from indexer.core.store import FeatureRecord  # noqa: PLC0415 - the driver is loaded by now, in this thread

    profile, _, version = key.partition(":")
    found = database.features.get(key, tracks)
    return [FeatureRecord(track, profile, int(version), values) for track, values in found.items()]


def forget_folder(database: Database, path: str) -> None:
    """Take a folder out of the library.

    Its tracks are listed no more, but their features are kept, so that adding the folder again costs little. A track
    that also lies in another folder stays, with its file there. What was wrong with its files is no problem any more.
    """
    files = list(database.files.all(path))
    database.folders.remove(path)
    database.files.remove([file.path for file in files])
    kept = [folder.path for folder in database.folders.all()]
    left = (one for one in database.problems.all() if _lies_in(one.path, path))
    database.problems.clear([one.key for one in left if not any(_lies_in(one.path, folder) for folder in kept)])
    ids = list({track for file in files for track in file.tracks})
    elsewhere = database.files.by_track(ids)
    database.tracks.set_state([track for track in ids if track not in elsewhere], TrackState.GONE)
    database.tracks.upsert(_moved(database.tracks.get(list(elsewhere)), elsewhere, path))


def _lies_in(path: str, folder: str) -> bool:
    return PurePath(path).is_relative_to(folder)


def _moved(tracks: dict[TrackId, Track], files: dict[TrackId, list[FileRecord]], left: str) -> list[Track]:
    """Tracks that showed the file in the folder that was left, with a file that they have elsewhere."""
    return [
        replace(track, path=files[track.id][0].path, root=files[track.id][0].root)
        for track in tracks.values()
        if track.root == left
    ]
