"""The sound of a song, as it is or converted, its cover, and what is sung."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from indexer.core.text import fold
from indexer.core.tracks import NO_WORDS, Track, TrackId, Words
from musicplayer.server.accounts.records import HIGHEST_BIT_RATE
from musicplayer.server.streams.profiles import RAW, chosen
from musicplayer.server.streams.timed import timed_beside
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import NotAllowed, ParameterRefused
from musicplayer.server.subsonic.shapes import Shape

_LARGEST_COVER = 10_000
_UNDETERMINED = "und"
"""The language of what does not say it, by ISO 639."""


async def stream(call: Call) -> Answer:
    """A song: the file itself, unless the app wants another form or less than it takes, or may not have more."""
    parameters, track = call.parameters, _track(call)
    form, most = parameters.text("format", ""), parameters.whole("maxBitRate", 0, most=HIGHEST_BIT_RATE)
    allowed = call.account.highest_bit_rate
    if allowed:
        most = min(most, allowed) if most else allowed
        form = "" if form.lower() in RAW else form
    offset = parameters.whole("timeOffset", 0)
    if offset and track.seconds is not None and offset >= track.seconds:
        most_offset = str(max(0, int(track.seconds) - 1))
        raise ParameterRefused(
            "subsonic-out-of-range", parameter="timeOffset", value=str(offset), least="0", most=most_offset
        )
    suffix = os.path.splitext(track.path)[1]  # noqa: PTH122 - of a name that may be no text
    profile = chosen(form, most, suffix, await call.hub.streams.kbps(track) if most else None)
    return await call.hub.streams.answer(call.request, track, profile, offset=offset)


async def download(call: Call) -> Answer:
    """The file itself, for who may have it; of a part of a file, that part."""
    if not call.account.may_download:
        raise NotAllowed("subsonic-not-allowed", name=call.account.name)
    return await call.hub.streams.answer(call.request, _track(call), download=True)


async def cover(call: Call) -> Answer:
    """The picture of a song, an album, an artist or a playlist; drawn where there is none."""
    identity, size = call.parameters.text("id"), call.parameters.whole("size", 0, most=_LARGEST_COVER)
    row = _row_with_cover(call, identity)
    track = None if row is None else call.view.catalogue.track(row)
    return await call.hub.covers.answer(call.request, track, size or None, name="" if track else "♪")


async def lyrics(call: Call) -> Answer:
    """What is sung in the song of an artist and a title; an empty text where there is none."""
    title, artist = fold(call.parameters.text("title", "")), fold(call.parameters.text("artist", ""))
    catalogue = call.view.catalogue
    by_title = catalogue.texts("title").starting(title) if title else None
    rows = [
        row
        for row in ([] if by_title is None else by_title.nonzero()[0].tolist())
        if fold(catalogue.title(row)) == title and artist in fold(catalogue.artist(row)) and catalogue.is_listed(row)
    ]
    sung = await _sung(call, catalogue.ids(rows)) if rows else {}
    for row in rows:
        if text := sung.get(catalogue.id_at(row), NO_WORDS).lyrics:
            return {"lyrics": {"artist": catalogue.artist(row), "title": catalogue.title(row), "value": text}}
    return {"lyrics": {"value": ""}}


async def lyrics_by_song(call: Call) -> Answer:
    """What is sung in a song, with times where a file beside it has them; a list with nothing where there is none."""
    track = _track(call)
    timed = await timed_beside(call.hub.streams, track)
    about = {"displayArtist": track.artist, "displayTitle": track.title, "lang": _UNDETERMINED}
    if timed.lines:
        lines = [{"start": round(start * 1_000), "value": text} for start, text in timed.lines]
        shape: Shape = {**about, "offset": timed.offset, "synced": True, "line": lines}
        return {"lyricsList": {"structuredLyrics": [shape]}}
    sung = (await _sung(call, [track.id])).get(track.id, NO_WORDS)
    plain = [{"value": line} for line in sung.lyrics.splitlines()]
    return {"lyricsList": {"structuredLyrics": [{**about, "synced": False, "line": plain}] if plain else []}}


def _track(call: Call) -> Track:
    return call.view.catalogue.track(call.row(call.parameters.text("id")))


def _row_with_cover(call: Call, identity: str) -> int | None:
    """The row of the song whose file has the picture; None for a playlist without songs.

    Raises:
        NotFound, NotThere: nothing of that id is there, or is this listener's.
    """
    library, view = call.hub.library, call.view
    row = library.row_of(TrackId(identity))
    if row is not None:
        return row
    album, artist = call.view.album_number(identity), call.view.artist_number(identity)
    if album is not None:
        return int(view.albums.rows_of(album)[0])
    if artist is not None:
        return next(iter(view.rows_by(artist).tolist()), None)
    return next(iter(call.rows(list(call.hub.playlists.tracks(call.account.id, identity)))), None)


async def _sung(call: Call, tracks: Sequence[TrackId]) -> Mapping[TrackId, Words]:
    """What is known to be sung in each, asked for once: a title such as Intro is that of hundreds."""
    return await call.hub.library.ask(lambda database: database.words.get(tracks))


ENDPOINTS: Endpoints = {
    "stream": stream,
    "download": download,
    "getCoverArt": cover,
    "getLyrics": lyrics,
    "getLyricsBySongId": lyrics_by_song,
}
