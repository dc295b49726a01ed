"""What is said of each track in words, one document per track, for those who learn from words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.core.store.bulk import IDS, chunks, save
from indexer.core.store.codec import Document, clean_text
from indexer.core.store.connection import Connection
from indexer.core.store.records import WordsRecord
from indexer.core.store.revisions import Revisions
from indexer.core.tracks import NO_WORDS, TrackId, Words

COLLECTION = "words"
SAYS = "says"
"""The field that tells tracks that say something from those that did once."""
_SOMETHING, _NOTHING = "something", "nothing"
_READ_BATCH = 1_000
"""Records a reply: mostly 2 MB, and 18 MB at the most."""
_OF_FILES, _COUNTED = ("lyrics", "comments", "tags"), ("counted",)
"""Fields by who writes them; the others of a record stay as they are."""
_REVISIONS = 10
"""Revisions asked for at once; a scan writes the words of 200 files at most under one."""


class WordStore:
    """At most one record per track; one that said something before has an empty one, so that readers hear of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revisions = Revisions(connection, COLLECTION, counted_by=SAYS)

    def keep(self, found: Mapping[TrackId, Words]) -> int:
        """Write what files say and differs from what is known, under one new revision; how many that were.

        What a data set counted stays, whatever `found` has there.
        """
        return self._keep(found, lambda words, known: replace(words, counted=known.counted), others=_COUNTED)

    def keep_counted(self, found: Mapping[TrackId, Words]) -> int:
        """As `keep`, of what a data set counted; what files say stays."""
        return self._keep(found, lambda words, known: replace(known, counted=words.counted), others=_OF_FILES)

    def _keep(
        self, found: Mapping[TrackId, Words], joined: Callable[[Words, Words], Words], others: Sequence[str]
    ) -> int:
        known = self.get(list(found))
        whole = {track: joined(words, known.get(track, NO_WORDS)) for track, words in found.items()}
        changed = {track: words for track, words in whole.items() if words != known.get(track, NO_WORDS)}
        if changed:
            with self._revisions.next() as batch:
                records = (WordsRecord(track, words, batch.rev) for track, words in changed.items())
                save(self._connection, COLLECTION, map(words_document, records), keep=others, tally=batch.tally)
        return len(changed)

    def get(self, ids: Sequence[TrackId]) -> dict[TrackId, Words]:
        """What is known of those of the tracks that ever said something."""
        queries = ({"_id": {"$in": some}} for some in chunks(ids, IDS))
        found = (record for query in queries for record in self._read(query))
        return {record.track: record.words for record in found}

    def rev(self) -> int:
        """The newest revision that is wholly written."""
        return self._revisions.settled()

    def changed_since(self, rev: int) -> Iterator[WordsRecord]:
        """Records with a greater revision than `rev`, in the order of their revisions; only whole batches.

        Nothing is sorted by the server: revisions are asked for some at a time.
        """
        settled = self.rev()
        for low in range(rev, settled, _REVISIONS):
            some = {"rev": {"$gt": low, "$lte": min(low + _REVISIONS, settled)}}
            yield from sorted(self._read(some), key=lambda record: record.rev)

    def all(self) -> Iterator[WordsRecord]:
        """The records of all tracks that say something, in no particular order, fetched as they are consumed."""
        return (record for record in self._read({}) if record.words)

    def count(self) -> int:
        """How many tracks say something; kept up to date, so that asking costs little."""
        return self._revisions.counts().get(_SOMETHING, 0)

    def _read(self, query: Mapping[str, object]) -> Iterator[WordsRecord]:
        return map(words_of, self._connection.read(COLLECTION, dict(query), batch_size=_READ_BATCH))


def words_document(record: WordsRecord) -> Document:
    """At most 18 KiB, as words are bounded where they are read."""
    words = record.words
    said: Document = {"lyrics": clean_text(words.lyrics)} if words.lyrics else {}
    said |= {"comments": [clean_text(text) for text in words.comments]} if words.comments else {}
    said |= {"tags": [clean_text(text) for text in words.tags]} if words.tags else {}
    counted = " ".join(f"{stem} {count}" for stem, count in words.counted)
    said |= {"counted": clean_text(counted)} if counted else {}
    return {"_id": record.track, SAYS: _SOMETHING if said else _NOTHING, **said, "rev": record.rev}


def words_of(document: Document) -> WordsRecord:
    counted = str(document.get("counted", "")).split()
    words = Words(
        lyrics=str(document.get("lyrics", "")),
        comments=tuple(map(str, document.get("comments", ()))),
        tags=tuple(map(str, document.get("tags", ()))),
        counted=tuple(zip(counted[::2], map(int, counted[1::2]), strict=True)),
    )
    return WordsRecord(TrackId(document["_id"]), words, int(document.get("rev", 0)))
