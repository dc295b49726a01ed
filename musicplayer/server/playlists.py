"""The playlists of listeners: each one's own, and those that others share; what is changed reaches the database.

Until it has, it is in a private file of the home, and the next start tells it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import to_thread

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.smart import SmartRule, find_or_nothing
from indexer.core.errors import SegueError
from indexer.core.follow.database_thread import Order
from indexer.core.language import tr
from indexer.core.playlist import Playlist
from indexer.core.playlists import edits
from indexer.core.playlists.mirror import read_mirror, write_mirror
from indexer.core.playlists.placeholders import placeless
from indexer.core.plays import ListenerId
from indexer.core.store.records import Matter, News
from indexer.core.tracks import Seconds, TrackId, is_awaited
from musicplayer.server.errors import NotAllowed, NotThere, RequestError

if TYPE_CHECKING:
    from indexer.core.store import Database

_log = logging.getLogger(__name__)
T = TypeVar("T")

MOST_TRACKS = 100_000
"""Of one list: 4 MB of the 16 that the database takes in one piece."""
MOST_LISTS = 5_000
"""Of one listener."""
MOST_VERSIONS = 4 * MOST_LISTS
"""The same with those that are deleted, of which something stays for good."""
LONGEST_COMMENT = 2_000

SMART_SECONDS: Seconds = 5.0
"""That what a smart list found stands for: apps ask for all lists at once, and a search takes up to 23 ms at 106,574
tracks."""

_Found = tuple[list[Playlist], Mapping[TrackId, TrackId]]


class ServerPlaylists:
    """For the thread of the event loop. An id that nobody has and one that others keep to themselves are alike.

    Attributes:
        on_change: is told who sees other lists than before; None for everybody.
    """

    def __init__(self, file: Path, catalogue: Catalogue, put: Callable[[Order], None]) -> None:
        """Read from `file` what the database was not told; `put` has orders carried out that must succeed."""
        self.on_change: Callable[[ListenerId | None], None] = lambda _: None
        self._file = file
        self._catalogue = catalogue
        self._put = put
        self._known: dict[str, Playlist] | None = None
        self._heirs: Mapping[TrackId, TrackId] = {}
        self._smart: dict[str, tuple[Playlist, Seconds, list[TrackId]]] = {}
        self._editing = asyncio.Lock()
        self._at_work: set[asyncio.Task[Any]] = set()
        found, damaged = read_mirror(file)
        self._untold = {playlist.id: playlist for playlist in found}
        if damaged:
            self._put_aside()

    def follow(self) -> None:
        """Read everything: the database answers, for the first time or again, or other tracks stand for some."""
        self._put(Order(lambda database: (database.playlists.all(), database.heirs.standing()), self._on_all))

    def on_news(self, news: Iterable[News]) -> None:
        """Read what other programs wrote."""
        listeners = {listener for listener, matter in news if matter is Matter.PLAYLISTS}
        if listeners:
            self._put(Order(lambda database: _of_listeners(database, listeners), self._on_some))

    # To look at. Until the database has answered once, everything raises SegueError.

    def all(self, listener: ListenerId) -> list[Playlist]:
        """A listener's own in order, then those that others share."""
        lists = edits.in_order(self._lists().values())
        own = [playlist for playlist in lists if playlist.owner == listener]
        return own + [playlist for playlist in lists if playlist.owner != listener and playlist.shared]

    def get(self, listener: ListenerId, playlist: str) -> Playlist:
        """The playlist of an id, a listener's own or a shared one; raises NotThere for every other one."""
        found = self._lists().get(playlist)
        if found is None or found.deleted or not (found.owner == listener or found.shared):
            raise NotThere("playlist-not-there")
        return found

    def tracks(self, listener: ListenerId, playlist: str) -> list[TrackId]:
        """What of a playlist is in the library, in order, heirs in place of tracks that left; not to be changed."""
        found = self.get(listener, playlist)
        return self._found(found) if found.is_smart else [track for _, track in self._shown(found.tracks)]

    # To change. What cannot be written down raises SegueError, and nothing is changed.

    async def create(
        self,
        listener: ListenerId,
        name: str,
        tracks: Sequence[TrackId] = (),
        *,
        shared: bool = False,
        comment: str = "",
    ) -> Playlist:
        """A new list at the end, under this name or one with a number.

        Raises:
            RequestError: it would be too long, or one too many.
            NotThere: a track is not in the library.
        """

        def made() -> Playlist:
            own = [each for each in self.all(listener) if each.owner == listener]
            if len(own) >= MOST_LISTS:
                raise RequestError("playlists-too-many", number=MOST_LISTS)
            self._check(tracks)
            blank = Playlist(uuid.uuid4().hex, name, tracks=tuple(tracks), owner=listener, shared=shared)
            return edits.appended(replace(blank, comment=_clean(comment)), own, tr("Playlist"))

        return await self._keep(made)

    async def update(
        self,
        listener: ListenerId,
        playlist: str,
        *,
        name: str | None = None,
        comment: str | None = None,
        shared: bool | None = None,
        tracks: Sequence[TrackId] | None = None,
        remove: Collection[int] = (),
        add: Sequence[TrackId] = (),
    ) -> Playlist:
        """Change what is given, as one version. Lines that `tracks` does not show stay where they are.

        Args:
            listener: whose it is.
            playlist: its id.
            name: one that is taken gets a number.
            comment: instead of the one before.
            shared: whether others see it.
            tracks: instead of those that are shown.
            remove: places among those that are shown then; numbers that fit none are ignored.
            add: put at the end then.

        Raises:
            NotThere: no list of the listener has the id, or a track is not in the library.
            NotAllowed: it is another listener's.
            RequestError: it finds its tracks by itself, or would be too long.
        """

        def made() -> Playlist:
            found = self._own(listener, playlist)
            changed = found
            if tracks is not None or remove or add:
                changed = replace(changed, tracks=self._edited(found, tracks, remove, add))
            if name is not None:
                changed = edits.named(changed, name, self.all(listener), found.name)
            if comment is not None:
                changed = replace(changed, comment=_clean(comment))
            return changed if shared is None else replace(changed, shared=shared)

        return await self._keep(made)

    async def delete(self, listener: ListenerId, playlist: str) -> None:
        """Take a list away; raises NotThere and NotAllowed as `update` does."""
        await self._keep(lambda: edits.tombstone(self._own(listener, playlist)))

    async def take(self, listener: ListenerId, versions: Iterable[Playlist]) -> None:
        """Keep versions of the listener's lists that another program made; of two versions the later one holds.

        Lines are those of the lists before where they come as they are told: without places, with heirs.

        Raises:
            NotThere: one is a list of another listener's; nothing is kept then.
            RequestError: one would be too long, or they would be too many; likewise.
        """

        async def kept() -> None:
            async with self._editing:
                newer = self._newer(listener, versions)
                if newer:
                    await self._write_down(newer)

        await self._to_the_end(kept())

    # Helpers

    def _lists(self) -> dict[str, Playlist]:
        if self._known is None:
            raise SegueError("playlists-not-read")
        return self._known

    def _found(self, smart: Playlist) -> list[TrackId]:
        """What it found a moment ago, or finds now."""
        of, until, tracks = self._smart.get(smart.id, (None, 0.0, []))
        if of != smart or time.monotonic() >= until:
            tracks = self._catalogue.ids(find_or_nothing(self._catalogue, SmartRule.of(smart), smart.id).tolist())
            self._smart[smart.id] = smart, time.monotonic() + SMART_SECONDS, tracks
        return tracks

    def _own(self, listener: ListenerId, playlist: str) -> Playlist:
        found = self.get(listener, playlist)
        if found.owner != listener:
            raise NotAllowed("playlist-of-another", name=found.name)
        return found

    def _edited(
        self,
        found: Playlist,
        tracks: Sequence[TrackId] | None,
        remove: Collection[int],
        add: Sequence[TrackId],
    ) -> tuple[TrackId, ...]:
        if found.is_smart:
            raise RequestError("playlist-smart", name=found.name)
        self._check([*(tracks or ()), *add])
        lines = found.tracks
        if tracks is not None:
            # Who shows an heir sends it back; the list keeps the track that left, so that it can be taken back.
            seen = [place for place, _ in self._shown(lines)]
            lines = edits.unseen_kept(lines, seen, self._with_left(lines, tracks))
        shown = self._shown(lines)
        gone = {shown[index][0] for index in remove if 0 <= index < len(shown)}
        edited = (*edits.removed(lines, gone), *add)
        if len(edited) > MOST_TRACKS:
            raise RequestError("playlist-too-long", number=MOST_TRACKS)
        return edited

    def _with_left(self, before: Iterable[TrackId], tracks: Iterable[TrackId]) -> list[TrackId]:
        """`tracks`, those that left in place of heirs that stood for them in the list before."""
        left = {self._heirs[line]: line for line in before if line in self._heirs}
        return [left.get(track, track) for track in tracks]

    def _shown(self, lines: Iterable[TrackId]) -> list[tuple[int, TrackId]]:
        """Places and tracks of those lines that are in the library."""
        return [(place, track) for place, track in enumerate(edits.with_heirs(lines, self._heirs)) if self._has(track)]

    def _has(self, track: TrackId) -> bool:
        row = self._catalogue.row_of(track)
        return row is not None and self._catalogue.is_listed(row)

    def _check(self, tracks: Sequence[TrackId]) -> None:
        if len(tracks) > MOST_TRACKS:
            raise RequestError("playlist-too-long", number=MOST_TRACKS)
        if not all(map(self._has, tracks)):
            raise NotThere("playlist-track-not-there")

    async def _keep(self, make: Callable[[], Playlist]) -> Playlist:
        """Keep what `make` makes of what is there, to the end, even where whoever asked for it hangs up meanwhile."""

        async def kept() -> Playlist:
            async with self._editing:  # one after the other: each is made of what the one before left
                known, made = self._lists(), make()
                before = known.get(made.id)
                if made == before:
                    return made
                version = edits.dated(made, before, time.time())
                await self._write_down({made.id: version})
                return version

        return await self._to_the_end(kept())

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        return await asyncio.shield(task)

    async def _write_down(self, versions: Mapping[str, Playlist]) -> None:
        """Make these the versions that hold, once they are in the file, and have the database told."""
        untold = {key: self._untold.get(key) for key in versions}
        self._untold |= versions
        try:
            await to_thread.run_sync(write_mirror, self._file, tuple(self._untold.values()))
        except OSError as error:
            for key, before in untold.items():
                self._untold.pop(key, None)
                if before is not None:
                    self._untold[key] = before
            _log.warning("playlists cannot be written to %s: %s", self._file, error)
            raise SegueError("playlist-not-written", reason=error.strerror or type(error).__name__) from error
        self._take(versions)
        self._tell()

    def _newer(self, listener: ListenerId, versions: Iterable[Playlist]) -> dict[str, Playlist]:
        """Those versions that hold from now on."""
        known = self._lists()
        own = [each for each in known.values() if each.owner == listener]
        places = {placeless(line): line for each in own for line in each.tracks if is_awaited(line)}
        newer: dict[str, Playlist] = {}
        for version in versions:
            before = newer.get(version.id, known.get(version.id))
            if version.owner != listener or (before is not None and before.owner != listener):
                raise NotThere("playlist-not-there")
            if len(version.tracks) > MOST_TRACKS:
                raise RequestError("playlist-too-long", number=MOST_TRACKS)
            if before is None or edits.later_of(before, version) != before:
                lines = [places.get(line, line) for line in version.tracks]
                tracks = tuple(lines if before is None else self._with_left(before.tracks, lines))
                name = edits.clean_name(version.name, tr("Playlist"))
                newer[version.id] = replace(version, tracks=tracks, name=name, comment=_clean(version.comment))
        after = ({each.id: each for each in own} | newer).values()
        if sum(not each.deleted for each in after) > MOST_LISTS or (newer and len(after) > MOST_VERSIONS):
            raise RequestError("playlists-too-many", number=MOST_LISTS)
        return newer

    def _tell(self) -> None:
        """Have the database told all that it was not, also what it refused before."""
        versions = tuple(self._untold.values())

        def save(database: Database) -> None:
            database.playlists.save(versions)

        if versions:
            self._put(Order(save, lambda _: self._on_told(versions), must_succeed=True))

    def _on_told(self, versions: Iterable[Playlist]) -> None:
        for version in versions:
            if self._untold.get(version.id) == version:
                del self._untold[version.id]
        if not self._untold:  # else the file holds too much, which does no harm
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _on_all(self, found: _Found) -> None:
        lists, self._heirs = found
        everything = {playlist.id: playlist for playlist in lists}
        self._known = self._known or {}
        gone = {key: edits.tombstone(each) for key, each in self._known.items() if key not in everything}
        self._take({**gone, **self._with_untold(everything)})
        self._tell()

    def _on_some(self, found: list[Playlist]) -> None:
        if self._known is not None:
            self._take(self._with_untold({playlist.id: playlist for playlist in found}))

    def _with_untold(self, theirs: dict[str, Playlist]) -> dict[str, Playlist]:
        """What the database has, and in its place what it is yet to be told where that is later."""
        _, ahead = edits.compared(self._untold, theirs.values())
        self._untold = {playlist.id: playlist for playlist in ahead}
        return theirs | self._untold

    def _take(self, versions: Mapping[str, Playlist]) -> None:
        """Make these the versions that hold, and tell whose lists that changes."""
        known = self._lists()
        pairs = [(known.get(key), version) for key, version in versions.items() if known.get(key) != version]
        known.update(versions)
        touched = [each for pair in pairs for each in pair if each is not None]
        owners = {each.owner for each in touched}
        whose: Iterable[ListenerId | None] = [None] if any(each.shared for each in touched) else owners
        for listener in whose:
            self.on_change(listener)

    def _put_aside(self) -> None:
        aside = self._file.with_suffix(".damaged.json")
        _log.warning("the file of playlists that the database was not told is damaged, and is kept as %s", aside)
        with contextlib.suppress(OSError):
            self._file.replace(aside)


def _of_listeners(database: Database, listeners: Iterable[ListenerId]) -> list[Playlist]:
    return [playlist for listener in listeners for playlist in database.playlists.of(listener)]


def _clean(comment: str) -> str:
    """A comment without control characters but line ends, and not too long."""
    return "".join(letter for letter in comment if letter.isprintable() or letter == "\n")[:LONGEST_COMMENT].strip()
