"""Keeps the words of those songs of a data set that the library has, with its tracks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.core.store import Database
from indexer.core.tracks import TrackId, Words
from indexer.history.formats import source_of
from indexer.history.matching import Matcher
from indexer.history.musixmatch import NAME_FILES, Called, Song, names_in, songs_of
from indexer.history.reading import HistoryUnreadable, Refused, Source, batches


@dataclass(frozen=True, slots=True)
class Step:
    """What some lines held.

    Attributes:
        file: that they are of.
        refused: those that are none.
        songs: the others, where these are words and not names.
        matched: of these, whose track is in the library.
        kept: tracks that had other words, or none.
    """

    file: str
    refused: list[Refused]
    songs: int = 0
    matched: int = 0
    kept: int = 0


class SongWords:
    """Words for the tracks of the library, over all files of one import; of two songs of one track the first counts.

    Memory grows with songs that the library has, and not with lines.
    """

    def __init__(self, database: Database, matcher: Matcher, *, keep: bool) -> None:
        """Nothing is written unless `keep`."""
        self._database = database
        self._matcher = matcher
        self._keep = keep
        self._tracks: dict[str, TrackId] = {}
        self._is_named = False
        self._done: set[TrackId] = set()

    def read(self, source: Source, path: Path) -> Iterator[Step]:
        """Read names, unless they are known, then words, and keep those of the library, some at a time.

        Args:
            source: a file of words.
            path: what is imported, where names are looked for.

        Raises:
            HistoryUnreadable: no file gives names, or there is no list of words.
            OSError: a file cannot be read.
            DatabaseError: the database failed; what was kept until then stays.
        """
        if not self._is_named:
            names = source_of(path, NAME_FILES)
            if names is None:
                raise HistoryUnreadable("history-nameless", file=source.name)
            yield from self._read_names(names)
            self._is_named = True
        for batch in batches(songs_of(source)):
            yield self._kept(source.name, batch)

    def _read_names(self, names: Source) -> Iterator[Step]:
        with names.open() as stream:
            for batch in batches(names_in(stream)):
                for called in batch:
                    if isinstance(called, Called) and (track := self._found(called)) is not None:
                        self._tracks[called.track] = track
                yield Step(names.name, [each for each in batch if isinstance(each, Refused)])

    def _found(self, called: Called) -> TrackId | None:
        found = (self._matcher.find(named).track for named in called.names)
        return next((track for track in found if track is not None), None)

    def _kept(self, file: str, batch: list[Song | Refused]) -> Step:
        refused = [each for each in batch if isinstance(each, Refused)]
        said: dict[TrackId, Words] = {}
        matched = 0
        for song in batch:
            track = self._tracks.get(song.track) if isinstance(song, Song) else None
            if isinstance(song, Song) and track is not None:
                matched += 1
                if track not in self._done:
                    said[track] = song.words()
                    self._done.add(track)
        kept = self._database.words.keep_counted(said) if self._keep else len(said)
        return Step(file, refused, len(batch) - len(refused), matched, kept)
