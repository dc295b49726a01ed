"""What the library knows of itself: its folders and files, genres, problems, what was chosen for it, its models."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from indexer.core.store.bulk import IDS, chunks, remove, save
from indexer.core.store.codec import (
    Document,
    file_document,
    file_of,
    folder_of,
    pack_path,
    problem_document,
    problem_of,
)
from indexer.core.store.connection import Connection
from indexer.core.store.records import LibraryFolder
from indexer.core.store.revisions import META
from indexer.core.tracks import HINDRANCES, FileRecord, Genre, Hearing, Problem, TrackId, problem_key

FOLDERS = "folders"
FILES = "files"
GENRES = "genres"
PROBLEMS = "problems"
MODELS = "models"
_CHOICES = "choices"
_READ_BATCH = 10_000


class FolderStore:
    """The folders that make up the library."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, path: str) -> None:
        """Make `path` part of the library; nothing changes when it already is."""
        first = {"added_at": time.time(), "away": False}
        self._update(path, {"$setOnInsert": first}, upsert=True)

    def remove(self, path: str) -> None:
        """Forget the folder; its tracks and files stay until the next scan."""
        with self._connection.errors():
            self._connection.collection(FOLDERS).delete_one({"_id": pack_path(path)})

    def all(self) -> list[LibraryFolder]:
        """Every folder, in the order they were added."""
        found = map(folder_of, self._connection.read(FOLDERS, {}))
        return sorted(found, key=lambda folder: (folder.added_at, folder.path))

    def set_away(self, path: str, away: bool) -> None:
        self._update(path, {"$set": {"away": away}}, upsert=False)

    def set_excluded(self, path: str, excluded: Sequence[str]) -> None:
        """Leave exactly these folders below `path` out of the library, from the next scan on."""
        self._update(path, {"$set": {"excluded": [pack_path(each) for each in excluded]}}, upsert=False)

    def set_unknown(self, path: str, unknown: Sequence[tuple[str, int]]) -> None:
        """Note how many files of which endings are of kinds that are not known."""
        self._update(path, {"$set": {"unknown": [list(each) for each in unknown]}}, upsert=False)

    def set_encoding(self, path: str, encoding: str) -> None:
        """Read tags that do not say their encoding as this one, from the next scan on; empty to find it out."""
        self._update(path, {"$set": {"encoding": encoding}}, upsert=False)

    def _update(self, path: str, change: dict[str, object], *, upsert: bool) -> None:
        collection = self._connection.collection(FOLDERS)
        self._connection.once_more(lambda: collection.update_one({"_id": pack_path(path)}, change, upsert=upsert))


class FileStore:
    """The files as they were when last looked at, one document per path.

    Two paths with the same content name the same track, or the same parts.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, root: str | None = None) -> Iterator[FileRecord]:
        """Every file, or those of one library folder."""
        query = {} if root is None else {"root": pack_path(root)}
        return map(file_of, self._connection.read(FILES, query, batch_size=_READ_BATCH))

    def upsert(self, records: Iterable[FileRecord]) -> None:
        save(self._connection, FILES, map(file_document, records))

    def remove(self, paths: Iterable[str]) -> None:
        remove(self._connection, FILES, "_id", map(pack_path, paths))

    def read_again(self, root: str) -> None:
        """Have the next scan open the files of a library folder, whether they changed or not."""
        collection = self._connection.collection(FILES)
        self._connection.once_more(lambda: collection.update_many({"root": pack_path(root)}, {"$set": {"tags": 0}}))

    def doubled(self) -> dict[TrackId, list[FileRecord]]:
        """The files of each track that has several; of files that are divided alike those of the first in them."""
        several: list[Document] = [
            {"$group": {"_id": "$track", "files": {"$sum": 1}}},
            {"$match": {"files": {"$gt": 1}}},
        ]
        with self._connection.errors():
            found = self._connection.collection(FILES).aggregate(several)
            ids = [TrackId(document["_id"]) for document in found]
        files: dict[TrackId, list[FileRecord]] = {}
        for batch in chunks(ids, IDS):
            for document in self._connection.read(FILES, {"track": {"$in": batch}}, batch_size=_READ_BATCH):
                record = file_of(document)
                files.setdefault(record.tracks[0], []).append(record)
        return {track: records for track, records in files.items() if len(records) > 1}

    def by_track(self, ids: Sequence[TrackId]) -> dict[TrackId, list[FileRecord]]:
        """The files of each track that has any; those that are divided have only their parts."""
        wanted = set(ids)
        found: dict[TrackId, dict[str, FileRecord]] = {}
        for batch in chunks(ids, IDS):
            for field in ("track", "parts"):
                for document in self._connection.read(FILES, {field: {"$in": batch}}, batch_size=_READ_BATCH):
                    record = file_of(document)
                    for track in wanted.intersection(record.tracks):
                        found.setdefault(track, {})[record.path] = record
        return {track: list(records.values()) for track, records in found.items()}

    def sizes(self, ids: Sequence[TrackId] | None = None) -> Iterator[tuple[TrackId, int]]:
        """Tracks and the bytes of their files, of all files or of those of some tracks; of a part of one its share."""
        fields = {"track": 1, "parts": 1, "size": 1}
        queries: list[Document] = [{}]
        if ids is not None:
            queries = [{field: {"$in": batch}} for batch in chunks(ids, IDS) for field in ("track", "parts")]
        for query in queries:
            for found in self._connection.read(FILES, query, projection=fields, batch_size=_READ_BATCH):
                tracks = found.get("parts") or [found["track"]]
                yield from ((TrackId(track), int(found["size"]) // len(tracks)) for track in tracks)


class GenreStore:
    """The tree of genres that the metadata near the music gave."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, genres: Iterable[Genre]) -> None:
        """Keep genres, each in place of the one with its id."""
        documents = ({"_id": genre.id, "title": genre.title, "parent": genre.parent} for genre in genres)
        save(self._connection, GENRES, documents)

    def all(self) -> list[Genre]:
        """Every genre, by id."""
        found = self._connection.read(GENRES, {})
        genres = [Genre(int(item["_id"]), str(item["title"]), int(item["parent"])) for item in found]
        return sorted(genres, key=lambda genre: genre.id)


class ProblemStore:
    """The files that could not be taken in or analysed, and why.

    At most one problem per file, and per track of one that a cue sheet divides: the latest.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, problems: Iterable[Problem]) -> None:
        save(self._connection, PROBLEMS, map(problem_document, problems))

    def clear(self, keys: Iterable[str]) -> None:
        """Forget the problems of these files, or of tracks of them; see `Problem.key`."""
        remove(self._connection, PROBLEMS, "_id", map(pack_path, keys))

    def all(self) -> Iterator[Problem]:
        return map(problem_of, self._connection.read(PROBLEMS, {}))

    def count(self) -> int:
        with self._connection.errors():
            return self._connection.collection(PROBLEMS).count_documents({})

    def of(self, path: str, track: TrackId) -> Problem | None:
        """What keeps a track from being analysed: its own problem, or that of its file."""
        keys = {"$in": [pack_path(problem_key(path, track)), pack_path(path)]}
        found = map(problem_of, self._connection.read(PROBLEMS, {"_id": keys}))
        hindering = [problem for problem in found if problem.kind in HINDRANCES]
        return min(hindering, key=lambda problem: problem.track is None, default=None)

    def hindered(self) -> set[str]:
        """The paths of the files that cannot be analysed."""
        kinds = {"$in": [kind.value for kind in HINDRANCES]}
        return {problem.path for problem in map(problem_of, self._connection.read(PROBLEMS, {"kind": kinds}))}

    def by_path(self) -> dict[str, Problem]:
        """All of them by `Problem.key`, which is the path for all but tracks of divided files."""
        return {problem.key: problem for problem in self.all()}


class ChoiceStore:
    """What was chosen about the analysis, kept with the library so that every program that builds it agrees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def hearing(self) -> Hearing:
        """How much of long tracks is heard; all of them, unless somebody chose otherwise."""
        chosen = self._document().get("hearing")
        return Hearing(chosen) if chosen in set(Hearing) else Hearing.THOROUGH

    def choose_hearing(self, hearing: Hearing) -> None:
        """Choose for this library; what was heard more of than is wanted from now on is kept."""
        self._set({"hearing": hearing.value})

    @property
    def model_is_due(self) -> bool:
        """Whether features changed so that the model no longer fits, though tracks neither came nor went."""
        return bool(self._document().get("model_is_due", False))

    def note_model(self) -> None:
        """A model was built of the features there are."""
        self._set({"model_is_due": False})

    @property
    def old_features(self) -> int | None:
        """The last revision of features that may be from parts of files without sound; 0 for none, None for unknown."""
        return self._document().get("old_features")

    def note_old_features(self, rev: int) -> None:
        """Features up to a revision are to be looked at, 0 once they have been."""
        self._set({"old_features": rev})

    def _document(self) -> Document:
        meta = self._connection.collection(META)
        return self._connection.once_more(lambda: meta.find_one({"_id": _CHOICES})) or {}

    def _set(self, values: Document) -> None:
        meta = self._connection.collection(META)
        self._connection.once_more(lambda: meta.update_one({"_id": _CHOICES}, {"$set": values}, upsert=True))


class ModelStore:
    """The manifests of the similarity models that were built."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, manifest: Mapping[str, Any]) -> None:
        """Keep a manifest under its "id", with the time, so that the newest of its "profile" is the current one."""
        document = {"_id": manifest["id"], "profile": manifest.get("profile"), "saved_at": time.time()}
        self._connection.replace(MODELS, {**document, "manifest": dict(manifest)})

    def current(self, profile: str) -> dict[str, Any] | None:
        """The manifest saved last for a profile."""
        newest = [("saved_at", -1)]
        return next(map(_manifest_of, self._connection.read(MODELS, {"profile": profile}, sort=newest)), None)

    def all(self) -> list[dict[str, Any]]:
        """Every manifest, the newest first."""
        return list(map(_manifest_of, self._connection.read(MODELS, {}, sort=[("saved_at", -1)])))


def _manifest_of(document: Document) -> dict[str, Any]:
    manifest: dict[str, Any] = document["manifest"]
    return manifest
