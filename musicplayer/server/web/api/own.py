"""What of the library is this listener's, for players of other machines: plays, opinions, hidden tracks, playlists.

It is read from the database, whose counters say when to ask again; what is held in memory may be some seconds behind
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.playlists import edits
from indexer.core.playlists.placeholders import placeless
from indexer.core.plays import LATEST
from indexer.core.shared.wire import LONGEST_LINE, opinion_shape, play_shape, playlist_of_shape, playlist_shape
from indexer.core.tracks import TrackId
from musicplayer.server.errors import NotAllowed, NotThere
from musicplayer.server.playlists import MOST_LISTS, MOST_TRACKS
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.library import LONG_SECONDS
from musicplayer.server.web.api.parameters import LARGEST, Choice, Flag, Kinds, Many, Objects, Real, Text, Whole, Word
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from indexer.core.store import Database

LARGEST_PAGE = 2_000


async def library_own(asked: Asked) -> Shape:
    """What the listener played, how often and when last, thinks, also what was taken back, and hides, by track."""
    who = asked.account.id

    def found(database: Database) -> Shape:
        return {
            "plays": database.plays.counts(who),
            "lastPlayed": database.plays.last_played(who),
            "opinions": list(map(opinion_shape, database.opinions.said(who).values())),
            "hidden": {seed: sorted(tracks) for seed, tracks in database.feedback.hidden(who).items()},
        }

    return await asked.library.ask(found, wait=LONG_SECONDS)


async def library_history(asked: Asked, offset: int, size: int) -> Shape:
    """The listener's plays, the oldest first."""
    who = asked.account.id

    def found(database: Database) -> Shape:
        plays = list(map(play_shape, database.plays.page(who, offset, size)))
        return {"total": database.plays.number(who), "plays": plays}

    return await asked.library.ask(found, wait=LONG_SECONDS)


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
    versions = [playlist_of_shape(shape, asked.account.id) for shape in playlists]
    if not asked.account.may_share_playlists and any(
        version.shared and not version.deleted and not _is_shared(asked, version) for version in versions
    ):
        raise NotAllowed("api-not-allowed")
    await asked.hub.playlists.take(asked.account.id, versions)


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
    "query": Text("", most=10_000),
    "order": Text("", most=64),
    "descending": Flag(False),
    "limit": Whole(0),
    "position": Real(0.0, least=-float(LARGEST)),
    "updated_at": Real(most=LATEST),
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
