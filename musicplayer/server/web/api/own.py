"""What of the library is this listener's, for players of other machines: plays, opinions, hidden tracks, playlists.

Who was told by the counters of the database that something is new gets it here, whichever program wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync

from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.playlists import edits
from indexer.core.playlists.placeholders import placeless
from indexer.core.plays import LATEST, ListenerId
from indexer.core.shared.wire import LONGEST_LINE, opinion_shape, play_shape, playlist_of_shape, playlist_shape
from indexer.core.tracks import TrackId
from musicplayer.server.errors import NotAllowed, NotThere
from musicplayer.server.library import DatabaseAway
from musicplayer.server.playlists import MOST_LISTS, MOST_TRACKS
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.library import LONG_SECONDS
from musicplayer.server.web.api.parameters import LARGEST, Choice, Flag, Kinds, Many, Objects, Real, Text, Whole, Word
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from indexer.core.store import Database
    from musicplayer.server.listeners import ListenerState

LARGEST_PAGE = 2_000
LONGEST_QUERY = 1_000
"""Characters, as of every search: whoever sees the list has it searched."""

LATEST_VERSION = LATEST - 1e9
"""So that what changes such a list has a time, too."""


async def library_own(asked: Asked) -> Shape:
    """What the listener played, how often and when last, thinks, also what was taken back, and hides, by track."""
    listener = await _listener(asked)
    return {
        "plays": listener.plays,
        "lastPlayed": listener.last_played,
        "opinions": await asked.library.ask(partial(_opinions, who=asked.account.id)),
        "hidden": {seed: sorted(tracks) for seed, tracks in listener.hidden.items() if tracks},
    }


async def library_history(asked: Asked, offset: int, size: int) -> Shape:
    """The listener's plays, the oldest first."""
    known = tuple((await _listener(asked)).history)
    history = await run_sync(partial(sorted, known, key=attrgetter("at")))
    return {"total": len(history), "plays": list(map(play_shape, history[offset : offset + size]))}


async def library_playlists(asked: Asked) -> Shape:
    """The listener's lists as versions, also of those that are deleted, with heirs in place of tracks that left.

    Lines that wait for music do not say where it was looked for.
    """

    def found(database: Database) -> list[Shape]:
        heirs = database.heirs.standing()
        return [playlist_shape(_told(each, heirs)) for each in database.playlists.of(asked.account.id)]

    return {"playlists": await asked.library.ask(found, wait=LONG_SECONDS)}


async def keep_library_playlists(asked: Asked, playlists: tuple[Mapping[str, Any], ...]) -> None:
    """Keep versions of the listener's lists; of two versions the later one holds, whichever is told last."""
    versions = await run_sync(lambda: [playlist_of_shape(shape, asked.account.id) for shape in playlists])
    if not asked.account.may_share_playlists and any(
        version.shared and not version.deleted and not _is_shared(asked, version) for version in versions
    ):
        raise NotAllowed("api-not-allowed")
    await asked.hub.playlists.take(asked.account.id, versions)


async def _listener(asked: Asked) -> ListenerState:
    """The listener, with all that was written until now.

    Raises:
        DatabaseAway: it is not known.
    """
    await asked.library.hear(wait=LONG_SECONDS)
    listener = await asked.listener()
    if not listener.is_read:
        raise DatabaseAway("server-database-away")
    return listener


def _opinions(database: Database, who: ListenerId) -> list[Shape]:
    """Also those that say nothing any more, which are not held in memory."""
    return list(map(opinion_shape, database.opinions.said(who).values()))


def _is_shared(asked: Asked, version: Playlist) -> bool:
    try:
        return asked.hub.playlists.get(asked.account.id, version.id).shared
    except NotThere:
        return False


def _told(playlist: Playlist, heirs: Mapping[TrackId, TrackId]) -> Playlist:
    return replace(playlist, tracks=tuple(map(placeless, edits.with_heirs(playlist.tracks, heirs))))


_PLAYLIST: Kinds = {
    "id": Word(least=1, most=64),
    "name": Text(),
    "kind": Choice(PlaylistKind),
    "tracks": Many(Text(most=LONGEST_LINE), (), most=MOST_TRACKS),
    "query": Text("", most=LONGEST_QUERY),
    "order": Text("", most=64),
    "descending": Flag(False),
    "limit": Whole(0),
    "position": Real(0.0, least=-float(LARGEST)),
    "updated_at": Real(most=LATEST_VERSION),
    "deleted": Flag(False),
    "shared": Flag(False),
    "comment": Text("", most=10_000),
}

ENDPOINTS = (
    Endpoint("GET", "/library/own", library_own),
    Endpoint(
        "GET", "/library/history", library_history, {"offset": Whole(0), "size": Whole(500, least=1, most=LARGEST_PAGE)}
    ),
    Endpoint("GET", "/library/playlists", library_playlists),
    Endpoint(
        "POST", "/library/playlists", keep_library_playlists, body={"playlists": Objects(_PLAYLIST, most=MOST_LISTS)}
    ),
)
