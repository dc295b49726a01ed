"""The playlists: one place to ask for them and to change them; every change is kept at once and can be undone."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.smart import SmartRule, find_or_nothing
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.playlists import edits
from indexer.core.tracks import TrackId, is_awaited
from musicplayer.library.database_client import DatabaseClient
from musicplayer.library.playlist_keeper import PlaylistKeeper

UNDO_LEVELS = 50


@dataclass(frozen=True)
class Edit:
    """A change that can be taken back.

    Attributes:
        before: what the playlists it touched were, None for one that it made.
    """

    before: Mapping[str, Playlist | None]


class Playlists(QObject):
    """Lists of tracks by name. Ids are for life, names are unique but for case and accents.

    Signals:
        changed: the id of a playlist whose name or content is another.
        added: the id of one that is there now, also brought back by an undo.
        removed: the id of one that is there no more.
        reordered: they come in another order.
        failed: message and advice; something could not be kept.
    """

    changed = Signal(str)
    added = Signal(str)
    removed = Signal(str)
    reordered = Signal()
    failed = Signal(str, str)

    def __init__(self, home: Home, catalogue: Catalogue, client: DatabaseClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._known: dict[str, Playlist] = {}  # tombstones too
        self._undo: list[Edit] = []
        self._heirs: Mapping[TrackId, TrackId] = {}
        self._keeper = PlaylistKeeper(home.playlists_file, client, self)
        self._keeper.arrived.connect(self._on_arrived)
        self._keeper.failed.connect(self.failed)

    def start(self) -> None:
        """Read the file, at once; what the database knows better follows when it answers."""
        found = self._keeper.start()
        self._heirs = self._keeper.heirs
        self._take(found)

    def shutdown(self) -> None:
        """Write what is not written yet."""
        self._keeper.shutdown()

    # To look at

    def all(self) -> list[Playlist]:
        """Every playlist, in order."""
        return edits.in_order(self._known.values())

    def get(self, playlist: str) -> Playlist | None:
        """The playlist of an id, None for one that is not there."""
        found = self._known.get(playlist)
        return None if found is None or found.deleted else found

    def tracks(self, playlist: str) -> list[TrackId]:
        """What is in a playlist, heirs in place of tracks that left; a smart one is looked up in the catalogue."""
        found = self.get(playlist)
        if found is None:
            return []
        if not found.is_smart:
            return edits.with_heirs(found.tracks, self._heirs)
        return self._catalogue.ids(find_or_nothing(self._catalogue, SmartRule.of(found), found.id).tolist())

    def already_in(self, playlist: str, tracks: Iterable[TrackId]) -> list[TrackId]:
        """Those of `tracks` that would be in the list a second time."""
        self._list(playlist)
        return edits.already_there(self.tracks(playlist), tracks)

    def set_heirs(self, heirs: Mapping[TrackId, TrackId]) -> None:
        """Have tracks stand for others that left; the lists keep the ids of these, so that it can be taken back."""
        moved = {track for track in {*heirs, *self._heirs} if heirs.get(track) != self._heirs.get(track)}
        self._heirs = dict(heirs)
        self._keeper.keep_heirs(self._heirs)
        for playlist in self.all():
            if not moved.isdisjoint(playlist.tracks):
                self.changed.emit(playlist.id)

    def awaited(self) -> set[TrackId]:
        """The lines of all lists that wait for their music, as ids."""
        return {track for playlist in self.all() for track in playlist.tracks if is_awaited(track)}

    def put_in_place(self, found: Mapping[TrackId, Sequence[TrackId]]) -> int:
        """Put what lines waited for in their places, in what can be undone too; no edit, and how many lines it was."""
        number = sum(track in found for playlist in self.all() for track in playlist.tracks)

        def filled(playlist: Playlist) -> Playlist:
            tracks = (each for track in playlist.tracks for each in found.get(track, (track,)))
            return replace(playlist, tracks=tuple(tracks))

        self._undo = [
            Edit({key: before and filled(before) for key, before in edit.before.items()}) for edit in self._undo
        ]
        self._write([filled(each) for each in self.all() if not found.keys().isdisjoint(each.tracks)])
        return number

    def lines_of(self, tracks: Collection[TrackId]) -> int:
        """How many lines of lists are of these tracks themselves, whoever stands for them."""
        wanted = set(tracks)
        return sum(track in wanted for playlist in self.all() for track in playlist.tracks)

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    # Edits, each of which can be undone. They raise KeyError for an id that is not there.

    def create(self, name: str, tracks: Iterable[TrackId] = ()) -> Playlist:
        """A new list at the end, under this name or one with a number."""
        return self._create(Playlist(uuid.uuid4().hex, name, tracks=tuple(tracks)))

    def create_smart(self, name: str, rule: SmartRule) -> Playlist:
        """A new smart playlist at the end; a search that is none finds nothing."""
        return self._create(edits.ruled(Playlist(uuid.uuid4().hex, name, PlaylistKind.SMART), rule))

    def rename(self, playlist: str, name: str) -> str:
        """Give it another name, and return the one that it has: with a number where the name was taken."""
        found = self._there(playlist)
        chosen = edits.named(found, name, self.all(), found.name)
        if chosen != found:
            self._apply([chosen])
        return chosen.name

    def delete(self, playlist: str) -> None:
        self._apply([edits.tombstone(self._there(playlist))])

    def place(self, playlist: str, index: int) -> None:
        """Make it the one at `index` of the others."""
        found = self._there(playlist)
        others = [each for each in self.all() if each.id != playlist]
        self._apply(edits.placed(found, index, others))

    def set_rule(self, playlist: str, rule: SmartRule) -> None:
        """Let a smart playlist find something else."""
        found = self._there(playlist)
        if found.is_smart and SmartRule.of(found) != rule:
            self._apply([edits.ruled(found, rule)])

    def add(self, playlist: str, tracks: Sequence[TrackId], *, skip_doubles: bool = False) -> int:
        """Put `tracks` at the end, optionally without those that are there; return how many were."""
        found = self._list(playlist)
        wanted = edits.without_doubles(self.tracks(playlist), tracks) if skip_doubles else list(tracks)
        self.insert(playlist, len(found.tracks), wanted)
        return len(wanted)

    def insert(self, playlist: str, at: int, tracks: Sequence[TrackId]) -> None:
        """Put `tracks` before the one at `at`."""
        self._set(playlist, edits.inserted(self._list(playlist).tracks, at, tracks))

    def remove(self, playlist: str, indexes: Collection[int]) -> None:
        self._set(playlist, edits.removed(self._list(playlist).tracks, indexes))

    def move(self, playlist: str, indexes: Collection[int], to: int) -> None:
        """Put the tracks at `indexes`, in their order, before the one that is at `to`."""
        self._set(playlist, edits.moved(self._list(playlist).tracks, indexes, to))

    def set_tracks(self, playlist: str, tracks: Iterable[TrackId]) -> None:
        """Let the list be these."""
        self._set(playlist, tuple(tracks))

    def last_edit(self) -> Edit | None:
        """What `undo` would take back."""
        return self._undo[-1] if self._undo else None

    def can_take_back(self, edit: Edit) -> bool:
        """Whether this edit was not taken back yet, nor forgotten."""
        return edit in self._undo

    def undo(self, edit: Edit | None = None) -> bool:
        """Take the last edit back, or `edit` with all that was done to the same playlists since; whether it did."""
        chosen = edit or self.last_edit()
        if chosen is None or chosen not in self._undo:
            return False
        since = self._undo.index(chosen)
        self._undo = [
            each for number, each in enumerate(self._undo) if number < since or not (each.before.keys() & chosen.before)
        ]
        self._write([self._as_before(key, before) for key, before in chosen.before.items()])
        return True

    def forget_edits(self) -> None:
        """What was done until now is not to be taken back any more."""
        self._undo.clear()

    # Helpers

    def _as_before(self, key: str, before: Playlist | None) -> Playlist:
        if before is None:
            return edits.tombstone(self._known[key])
        if before.deleted:
            return before
        return edits.named(before, before.name, self.all(), before.name)

    def _there(self, playlist: str) -> Playlist:
        found = self.get(playlist)
        if found is None:
            raise KeyError(playlist)
        return found

    def _list(self, playlist: str) -> Playlist:
        found = self._there(playlist)
        if found.is_smart:
            raise KeyError(playlist)
        return found

    def _create(self, made: Playlist) -> Playlist:
        self._apply([edits.appended(made, self.all(), tr("Playlist"))])
        return self._known[made.id]

    def _set(self, playlist: str, tracks: tuple[TrackId, ...]) -> None:
        found = self._list(playlist)
        if tracks != found.tracks:
            self._apply([replace(found, tracks=tracks)])

    def _apply(self, versions: Sequence[Playlist]) -> None:
        self._undo.append(Edit({each.id: self._known.get(each.id) for each in versions}))
        del self._undo[:-UNDO_LEVELS]
        self._write(versions)

    def _write(self, versions: Sequence[Playlist]) -> None:
        now = time.time()
        dated = [edits.dated(each, self._known.get(each.id), now) for each in versions]
        self._take(dated)
        self._keeper.keep(self._known.values(), dated)

    def _on_arrived(self, found: list[Playlist]) -> None:
        """Put what the database has beside what is here; the later version of each holds, in both places."""
        newer, ours = edits.compared(self._known, found)
        self._take(newer)
        if newer or ours:
            self._keeper.keep(self._known.values(), ours)

    def _take(self, versions: Iterable[Playlist]) -> None:
        """Make these the versions that hold, and tell what that changes."""
        order = [each.id for each in self.all()]
        for playlist in versions:
            before = self.get(playlist.id)
            self._known[playlist.id] = playlist
            if playlist.deleted:
                if before is not None:
                    self.removed.emit(playlist.id)
            elif before is None:
                self.added.emit(playlist.id)
            elif replace(before, position=0.0, updated_at=0.0) != replace(playlist, position=0.0, updated_at=0.0):
                self.changed.emit(playlist.id)
        there = [each.id for each in self.all()]
        if [key for key in order if key in set(there)] != [key for key in there if key in set(order)]:
            self.reordered.emit()
