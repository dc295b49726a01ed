"""Every track of the library in memory, as columns: found by id, painted, sorted and updated at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue import snapshot
from indexer.core.catalogue.columns import Names, NumberColumn, TextColumn
from indexer.core.catalogue.fields import BETWEEN, FIELDS, STATES, TEXT_FIELDS, names_in, new_columns
from indexer.core.catalogue.folders import FolderColumn
from indexer.core.catalogue.formats import FormatColumn
from indexer.core.catalogue.shown import SHOWN, Column, written
from indexer.core.plays import Opinion
from indexer.core.recordings.artists import credits_of
from indexer.core.recordings.same import Song
from indexer.core.text import fold
from indexer.core.tracks import Seconds, Stretch, Track, TrackId, TrackState

Rows = NDArray[np.intp]
_GONE = STATES.index(TrackState.GONE)
_FORMAT = "format"
_AWAY = STATES.index(TrackState.AWAY)


@dataclass(frozen=True, eq=False)
class CatalogueChange:
    """Rows that an update touched, each an ascending array: newly listed, listed before and after, listed no more."""

    added: Rows
    changed: Rows
    removed: Rows

    def __bool__(self) -> bool:
        return bool(len(self.added) or len(self.changed) or len(self.removed))


class Catalogue:
    """The tracks of a library.

    A row is a track's place for as long as the catalogue lives, whatever is sorted or hidden. Tracks that are
    gone keep theirs, but are not listed.

    Attributes:
        rev: every change of the database up to this revision is in.
        changes: grows with every change of tracks here; for those who keep what they worked out from them.
        album_titles: numbers the names of albums.
        artist_names: numbers the artists of albums, and of each track the one who is named first, without guests.
    """

    def __init__(self) -> None:
        self._plays: dict[TrackId, int] = {}
        self._last_played: dict[TrackId, float] = {}
        self._opinions: dict[TrackId, Opinion] = {}
        self._heard: dict[str, Collection[TrackId]] = {}
        self._heard_rows: dict[str, tuple[int, NDArray[np.bool_]]] = {}
        self.changes = 0
        self._listed: Rows | None = None
        self._tie_ranks: dict[bool, NDArray[np.intp]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget everything, as if the library had never been read."""
        self.rev = 0
        self._ids: list[TrackId] = []
        self._row_of: dict[TrackId, int] = {}
        self._take(*new_columns())

    def __len__(self) -> int:
        """How many tracks are listed."""
        return len(self.rows())

    @property
    def row_count(self) -> int:
        """How many rows there are, listed or not."""
        return len(self._ids)

    def rows(self) -> Rows:
        """The listed rows, ascending: tracks that are present or away."""
        if self._listed is None:
            self._listed = np.flatnonzero(self._numbers["state"].array != _GONE)
        return self._listed

    def row_of(self, track: TrackId) -> int | None:
        """Row of a track, also of one that is gone; None for one never heard of."""
        return self._row_of.get(track)

    def id_at(self, row: int) -> TrackId:
        return self._ids[row]

    def ids(self, rows: Iterable[int]) -> list[TrackId]:
        return [self._ids[row] for row in rows]

    def ids_by_row(self) -> tuple[list[TrackId], NDArray[np.bool_]]:
        """Ids of all rows, and which of them are listed, shape (rows,): copies, to be read in another thread."""
        return list(self._ids), self._numbers["state"].array != _GONE

    def is_listed(self, row: int) -> bool:
        return self._numbers["state"][row] != _GONE

    def is_away(self, row: int) -> bool:
        """Whether the track's folder is not there now, a drive that is not mounted for one."""
        return self._numbers["state"][row] == _AWAY

    def away(self) -> NDArray[np.bool_]:
        """The same of all rows, shape (rows,): a copy."""
        found: NDArray[np.bool_] = self._numbers["state"].array == _AWAY
        return found

    def track(self, row: int) -> Track:
        """The track as the database gave it."""
        values = {field.name: field.read(self._column(field.name)[row]) for field in FIELDS}
        return Track(id=self._ids[row], **values)

    def path(self, row: int) -> str:
        return self._texts["path"][row]

    def stretch(self, row: int) -> Stretch:
        """Where the sound of the track lies."""
        return self.track(row).stretch

    def title(self, row: int) -> str:
        return self._texts["title"][row]

    def artist(self, row: int) -> str:
        return self._texts["artist"][row]

    def artists(self, row: int) -> tuple[str, ...]:
        """The single artists of a track where its file tells them apart."""
        return names_in(self._texts["artists"][row])

    def album(self, row: int) -> str:
        return self._texts["album"][row]

    def song(self, row: int) -> Song:
        """The track with the names that tell recordings apart."""
        names = self.artist(row), self.title(row), self.album(row)
        return Song(self._ids[row], *names, self.seconds(row), self.artists(row))

    def seconds(self, row: int) -> Seconds | None:
        value = self._numbers["seconds"][row]
        return None if math.isnan(value) else value

    def plays_of(self, row: int) -> int:
        return int(self._numbers["plays"][row])

    def text(self, row: int, column: Column) -> str:
        """What a cell of the table shows."""
        shown = SHOWN[column]
        values = self._formats if shown.field == _FORMAT else self._column(shown.field)
        return written(values[row], shown.kind)

    def starting(self, column: Column, typed: str) -> NDArray[np.bool_]:
        """Return shape (rows,): where a cell of the table starts with what was typed, case and accents aside."""
        shown = SHOWN[column]
        if shown.kind.is_text:
            texts = self._formats if shown.field == _FORMAT else self._texts[shown.field]
            return texts.starting(fold(typed))
        values, first, place = np.unique(self._numbers[shown.field].array, return_index=True, return_inverse=True)
        starts = np.array([self.text(int(row), column).startswith(typed) for row in first], np.bool_)
        found: NDArray[np.bool_] = starts[place]
        return found if len(values) else np.empty(0, np.bool_)

    def texts(self, name: str) -> TextColumn:
        """The texts of a field of `Track`, for searching."""
        return self._texts[name]

    def folders(self) -> FolderColumn:
        """The folder of each row."""
        return self._folders

    def searched(self, name: str) -> TextColumn | FolderColumn | FormatColumn:
        """The texts of a field of `Track`, of the "folder" or of the "format"."""
        if name == "folder":
            return self._folders
        return self._formats if name == _FORMAT else self._texts[name]

    def numbers(self, name: str) -> NumberColumn:
        """The numbers of a field of `Track`, or one of `DERIVED`, for searching.

        What is missing is -1 or NaN; a track that was never played was so last at 0.
        """
        return self._numbers[name]

    def upsert(self, tracks: Sequence[Track]) -> CatalogueChange:
        """Take in tracks that are new or have changed.

        Args:
            tracks: in any order; of two with one id the later counts.
        """
        latest = {track.id: track for track in tracks}
        old = [track for track in latest.values() if track.id in self._row_of]
        new = [track for track in latest.values() if track.id not in self._row_of]
        old_rows = np.array([self._row_of[track.id] for track in old], np.intp)
        listed_before = self._numbers["state"].array[old_rows] != _GONE
        self._overwrite(old)
        new_rows = self._append(new)
        self._touch()
        listed = self._numbers["state"].array != _GONE
        listed_now = listed[old_rows]
        return CatalogueChange(
            added=np.sort(np.concatenate((old_rows[~listed_before & listed_now], new_rows[listed[new_rows]]))),
            changed=np.sort(old_rows[listed_before & listed_now]),
            removed=np.sort(old_rows[listed_before & ~listed_now]),
        )

    def set_plays(self, plays: Mapping[TrackId, int]) -> bool:
        """Set how often tracks were played; tracks not named were never played. Holds for tracks to come, too.

        Returns whether that is another number for any track.
        """
        self._plays = dict(plays)
        column = self._numbers["plays"]
        before = column.array.copy()
        column.array[:] = 0
        for track, count in plays.items():
            row = self._row_of.get(track)
            if row is not None:
                column[row] = count
        return not np.array_equal(before, column.array)

    def set_last_played(self, times: Mapping[TrackId, float]) -> bool:
        """Set when tracks were last played, seconds since 1970; tracks not named never were. As `set_plays` does."""
        self._last_played = {}
        column = self._numbers["last_played"]
        before = column.array.copy()
        column.array[:] = 0
        self.note_last_played(times)
        return not np.array_equal(before, column.array)

    def note_last_played(self, times: Mapping[TrackId, float]) -> None:
        """The same of these tracks alone; others keep what they have."""
        self._last_played.update(times)
        column = self._numbers["last_played"]
        for track, at in times.items():
            row = self._row_of.get(track)
            if row is not None:
                column[row] = at

    def set_opinions(self, opinions: Mapping[TrackId, Opinion]) -> None:
        """Set what the listener said; tracks without stars of theirs have those of their files. As `set_plays` does."""
        self._opinions = dict(opinions)
        self._numbers["stars"].array[:] = self._numbers["rating"].array
        for name in ("favourite", "thumb"):
            self._numbers[name].array[:] = 0
        for track in opinions:
            row = self._row_of.get(track)
            if row is not None:
                self._write_opinion(row)

    def set_heard(self, heard: Mapping[str, Collection[TrackId]]) -> None:
        """Set which tracks each other listener played, by folded name; holds for tracks to come, too."""
        self._heard = dict(heard)
        self._heard_rows = {}

    @property
    def listeners(self) -> list[str]:
        """The folded names of those of whom it is known what they played."""
        return list(self._heard)

    def heard_by(self, name: str) -> NDArray[np.bool_]:
        """Return shape (rows,): what a listener of that folded name played; worked out once until something changes."""
        kept = self._heard_rows.get(name)
        if kept is None or kept[0] != self.changes:
            found = np.zeros(self.row_count, np.bool_)
            rows = (self._row_of.get(track) for track in self._heard.get(name, ()))
            found[[row for row in rows if row is not None]] = True
            kept = self.changes, found
            if name in self._heard:
                self._heard_rows[name] = kept
        return kept[1]

    def sample(self, size: int) -> dict[TrackId, int]:
        """Some tracks from all over it, at least `size` where there are as many, with their revisions.

        One that changed last is among them: it tells a database that was set back and went on from there.
        """
        revs, step = self._numbers["rev"].array[: self.row_count], max(1, self.row_count // size)
        rows = {*range(0, self.row_count, step), *([int(np.argmax(revs))] if self.row_count else [])}
        return {self._ids[row]: int(revs[row]) for row in sorted(rows)}

    def sort_order(self, rows: Rows, column: Column, descending: bool = False, own: NDArray[Any] | None = None) -> Rows:
        """Return `rows` sorted by `column`; what is missing comes last, ties keep the order of albums.

        Args:
            rows: shape (n,), any rows.
            column: what to sort by.
            descending: from the end of the alphabet, the newest, the longest.
            own: shape (all rows,), numbers that hold in place of the column's: those of another listener.

        Returns:
            Shape (n,), the same rows.
        """
        numbers = {} if own is None else {SHOWN[column].field: own}
        return self.sorted_by(rows, [(column, descending)], numbers)

    def sorted_by(
        self, rows: Rows, sorting: Sequence[tuple[Column, bool]], own: Mapping[str, NDArray[Any]] | None = None
    ) -> Rows:
        """The same by several columns, each with whether descending, the weightiest first; `own` by field."""
        keys: list[NDArray[Any]] = [self._ties(by_album=sorting[0][0] is Column.ALBUM)[rows]]
        for column, descending in reversed(sorting):
            key = self._sort_keys(column, (own or {}).get(SHOWN[column].field))[rows]
            keys.append(-key if descending else key)
        return rows[np.lexsort(keys)]

    def sort_keys(self, column: Column) -> NDArray[np.float64]:
        """Return shape (all rows,): numbers that sort as a column does, NaN for what is not known."""
        return self._sort_keys(column, None)

    def save_snapshot(self, path: Path) -> None:
        """Write everything to `path`, for the next start.

        Raises:
            OSError: it cannot be written; what was there stays.
        """
        snapshot.write(path, self.freeze())

    def load_snapshot(self, path: Path) -> str:
        """Take what was saved instead of what is here; return a sentence if it was damaged, else an empty text."""
        self.clear()
        try:
            frozen = snapshot.read(path)
        except FileNotFoundError:
            return ""
        except snapshot.SnapshotDamaged as damage:
            return damage.sentences
        self._thaw(frozen)
        return ""

    @classmethod
    def thawed(cls, frozen: snapshot.Frozen) -> Self:
        """A catalogue of its own that holds what another one did when `frozen` was made of it."""
        catalogue = cls()
        catalogue._thaw(frozen)
        return catalogue

    def freeze(self) -> snapshot.Frozen:
        """A copy that another thread can write while this one goes on changing."""
        return snapshot.Frozen.of(self.rev, self._ids, self._texts, self._numbers)

    def _thaw(self, frozen: snapshot.Frozen) -> None:
        self.rev, self._ids = frozen.rev, list(map(TrackId, frozen.ids))
        self._row_of = {track: row for row, track in enumerate(self._ids)}
        self._take(*frozen.columns())

    def _take(self, texts: dict[str, TextColumn], numbers: dict[str, NumberColumn]) -> None:
        self._texts, self._numbers = texts, numbers
        self._folders = FolderColumn(texts["path"])
        self._formats = FormatColumn(texts["path"])
        self.album_titles = Names(texts, {"album": str})
        self.artist_names = Names(texts, {"album_artist": str, "artist": _first_artist, "artists": _first_artist})
        self.set_opinions(self._opinions)
        self._touch()

    def _column(self, name: str) -> TextColumn | NumberColumn:
        return self._texts[name] if name in TEXT_FIELDS else self._numbers[name]

    def _overwrite(self, tracks: Sequence[Track]) -> None:
        for track in tracks:
            row = self._row_of[track.id]
            for field in FIELDS:
                self._column(field.name)[row] = field.write(getattr(track, field.name))
            self._write_opinion(row)

    def _append(self, tracks: Sequence[Track]) -> Rows:
        first = len(self._ids)
        self._ids += [track.id for track in tracks]
        self._row_of.update((track.id, row) for row, track in enumerate(tracks, first))
        for field in FIELDS:
            self._column(field.name).extend([field.write(getattr(track, field.name)) for track in tracks])
        self._numbers["plays"].extend([self._plays.get(track.id, 0) for track in tracks])
        self._numbers["last_played"].extend([self._last_played.get(track.id, 0.0) for track in tracks])
        rows = np.arange(first, len(self._ids))
        self._numbers["stars"].extend(self._numbers["rating"].array[first:].tolist())
        for name in ("favourite", "thumb"):
            self._numbers[name].extend([0] * len(tracks))
        for row in rows.tolist() if self._opinions else ():
            self._write_opinion(row)
        return rows

    def _write_opinion(self, row: int) -> None:
        said = self._opinions.get(self._ids[row])
        rating = None if said is None else said.rating
        self._numbers["stars"][row] = self._numbers["rating"][row] if rating is None else rating
        self._numbers["favourite"][row] = int(said is not None and said.favourite)
        self._numbers["thumb"][row] = 0 if said is None else int(said.thumb)

    def _touch(self) -> None:
        self.changes += 1
        self._listed = None
        self._tie_ranks = {}

    def _sort_keys(self, column: Column, own: NDArray[Any] | None) -> NDArray[np.float64]:
        shown = SHOWN[column]
        if shown.kind.is_text:
            texts = self._formats if shown.field == _FORMAT else self._texts[shown.field]
            return texts.sort_keys()
        numbers = self._numbers[shown.field].array if own is None else own
        keys = numbers.astype(np.float64)
        if shown.kind.known_from_zero:
            keys[numbers < 0] = np.nan
        if column is Column.NUMBER:
            keys += 10_000 * np.maximum(self._numbers["disc_number"].array, 0)
        if shown.kind.known_from_one:
            keys[numbers < 1] = np.nan
        return keys

    def _ties(self, *, by_album: bool) -> NDArray[np.intp]:
        """Place of each row in the order of a shelf: artist, album, disc, track, name; or from the album on."""
        if by_album not in self._tie_ranks:
            artist = self._texts["album_artist" if by_album else "artist"].row_ranks()
            album = self._texts["album"].row_ranks()
            outer, inner = (album, artist) if by_album else (artist, album)
            shelf = outer << 32 | inner
            side = self._numbers["disc_number"].array * 10_000 + self._numbers["track_number"].array
            order = np.lexsort((self.names_on_shelf(), side, shelf))
            places = np.empty(len(order), np.intp)
            places[order] = np.arange(len(order))
            self._tie_ranks[by_album] = places
        return self._tie_ranks[by_album]

    def names_on_shelf(self) -> NDArray[np.int64]:
        """Rank of each row where no number tells: by title, on an album by the file, which is named in its order."""
        titles = self._texts["title"].row_ranks()
        albums = self._texts["album"]
        on_album = np.fromiter(map(bool, albums.values), np.bool_, len(albums.values))[albums.codes]
        untold = (self._numbers["track_number"].array <= 0) & on_album
        files = TextColumn()  # of these rows alone: to rank all paths of a large library takes a second
        files.extend([self._texts["path"][row] for row in np.flatnonzero(untold).tolist()])
        titles[untold] = files.row_ranks()
        return titles


def _first_artist(names: str) -> str:
    return next(iter(credits_of(names.partition(BETWEEN)[0]).main), "")
