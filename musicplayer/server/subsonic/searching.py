"""Searching, also for nothing in particular: apps copy a library by asking for all of it, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from indexer.core.catalogue.albums import AlbumOrder
from indexer.core.catalogue.catalogue import Rows
from indexer.core.catalogue.grouping import Ints
from indexer.core.catalogue.search import match, ordered, read
from indexer.core.text import fold
from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.shapes import Shape, Shapes

LONGEST = 5_000
"""Of each kind in one answer: an app that copies a library asks for hundreds or thousands at once."""

_ALL = ("", '""', "*")
"""What apps search for that want everything."""


async def search_3(call: Call) -> Answer:
    shapes = await call.shapes()
    return {"searchResult3": await _found(call, shapes, by_folder=False)}


async def search_2(call: Call) -> Answer:
    shapes = await call.shapes()
    return {"searchResult2": await _found(call, shapes, by_folder=True)}


async def search(call: Call) -> Answer:
    """The search of old apps, for songs by a word anywhere or in one place."""
    parameters, shapes = call.parameters, await call.shapes()
    words = parameters.text("any", "")
    for field in ("artist", "album", "title"):
        if field in parameters:
            words += f' {field}:"{_plain(parameters.text(field))}"'
    rows = call.within(_songs(call, words.strip()))
    since = parameters.whole("newerThan", 0) / 1_000
    rows = rows[call.view.catalogue.numbers("added_at").array[rows] > since] if since else rows
    count, offset = parameters.size("count", 20, LONGEST), parameters.whole("offset", 0)
    found = await call.made(shapes.song, rows[offset : offset + count].tolist())
    return {"searchResult": {"offset": offset, "totalHits": len(rows), "match": found}}


async def _found(call: Call, shapes: Shapes, *, by_folder: bool) -> dict[str, list[Shape]]:
    query = call.parameters.text("query", "").strip()
    artist, album = (shapes.artist_folder, shapes.album_folder) if by_folder else (shapes.artist, shapes.album)
    return {
        "artist": await call.made(artist, _page(call, "artist", lambda: _artists(call, query))),
        "album": await call.made(album, _page(call, "album", lambda: _albums(call, query))),
        "song": await call.made(shapes.song, _page(call, "song", lambda: call.within(_songs(call, query)))),
    }


def _page(call: Call, kind: str, find: Callable[[], Ints]) -> list[int]:
    """One page of what is found; nothing is looked for where nothing is wanted."""
    count = call.parameters.size(f"{kind}Count", 20, LONGEST)
    offset = call.parameters.whole(f"{kind}Offset", 0)
    found: Ints = find() if count else np.empty(0, np.intp)
    return list(map(int, found[offset : offset + count]))


def _artists(call: Call, query: str) -> Ints:
    """Artists whose names hold every word, in the order of the alphabet."""
    view = call.view
    counts = view.artists.counts(call.within(view.catalogue.rows())) if "musicFolderId" in call.parameters else None
    present = view.artist_counts if counts is None else counts
    return np.flatnonzero(view.artists.folded.holding_all(_words(query)) & (present > 0))


def _albums(call: Call, query: str) -> Ints:
    """Albums whose titles and artists hold every word, as they stand on the shelf."""
    view = call.view
    numbers = np.flatnonzero(view.folded_albums.holding_all(_words(query)))
    if "musicFolderId" in call.parameters:
        numbers = np.intersect1d(numbers, view.albums.among(call.within(view.catalogue.rows())))
    return view.albums.sorted(numbers, AlbumOrder.ARTIST)


def _songs(call: Call, query: str) -> Rows:
    """What the search language finds, in the order it asks for, else of albums; what it refuses is taken as words."""
    view = call.view
    if query in _ALL:
        return view.shelf
    asked = read(" ".join(word.rstrip("*") for word in query.split()))
    if asked.refused is not None:
        asked = read(f'"{_plain(query)}"')
    matched = match(view.catalogue, asked)
    if asked.sorting:
        return ordered(view.catalogue, matched, asked)
    found = np.zeros(view.catalogue.row_count, np.bool_)
    found[matched] = True
    rows: Rows = view.shelf[found[view.shelf]]
    return rows


def _words(query: str) -> list[str]:
    """What names have to hold, folded; nothing where nothing in particular is wanted."""
    if query in _ALL:
        return []
    return fold(_plain(query)).replace("*", " ").split()


def _plain(text: str) -> str:
    return text.replace('"', " ").strip()


ENDPOINTS: Endpoints = {"search": search, "search2": search_2, "search3": search_3}
