"""What is in the library: tracks by search and order, albums, artists, genres; a page of each at a time."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.albums import AlbumOrder, Albums
from indexer.core.catalogue.grouping import NO_PARENT, Grouping, Ints
from indexer.core.catalogue.search import Query, QueryError, parse
from indexer.core.catalogue.shown import Column
from indexer.core.plays import OWNER
from indexer.core.text import fold
from musicplayer.server.web.api.endpoints import Asked, Endpoint, not_there
from musicplayer.server.web.api.orders import Numbers, Wanted, own_numbers
from musicplayer.server.web.api.parameters import Choice, Flag, Kinds, ParameterRefused, Text, Whole
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from musicplayer.server.listeners import ListenerState
    from musicplayer.server.view import LibraryView

LARGEST_PAGE = 500
LONGEST_SEARCH = 500
MOST_TERMS = 20
"""Words of one search; each looks through the whole library."""

MOST_ALIKE = 12
"""Artists or albums that are named as sounding like one."""

TOP = 10
"""Tracks of an artist that a listener played most."""


class TrackOrder(StrEnum):
    """What tracks can be sorted by; the folders they lie in are nobody's business."""

    ARTIST = Column.ARTIST.value
    TITLE = Column.TITLE.value
    ALBUM = Column.ALBUM.value
    GENRE = Column.GENRE.value
    YEAR = Column.YEAR.value
    LENGTH = Column.LENGTH.value
    PLAYS = Column.PLAYS.value
    ADDED = Column.ADDED.value
    LAST_PLAYED = Column.LAST_PLAYED.value
    RATING = Column.RATING.value


async def tracks(asked: Asked, q: str, order: TrackOrder, descending: bool, offset: int, size: int) -> Shape:
    """Tracks that a search finds, in an order."""
    listener = await asked.listener()
    wanted = Wanted(_searched(q), Column(order.value), descending)
    rows = asked.kept.orders.rows(wanted, partial(_own_numbers, asked, listener))
    page = rows[offset : offset + size].tolist()
    return {"total": len(rows), "offset": offset, "tracks": asked.shapes(listener).tracks(page)}


async def track(asked: Asked, id: str) -> Shape:  # noqa: A002 - as the address has it
    """A track."""
    shapes = asked.shapes(await asked.listener())
    return shapes.track(asked.row(id))


async def albums(asked: Asked, q: str, order: AlbumOrder, descending: bool, offset: int, size: int) -> Shape:
    """Albums that hold a track that a search finds, in an order."""
    listener, view = await asked.listener(), asked.view
    query, own = _searched(q), partial(_own_numbers, asked, listener)
    found: Ints = np.arange(len(view.albums))
    if query.narrows:
        found = view.albums.among(asked.kept.orders.rows(Wanted(query, Column.ARTIST, False), own))
    if order is AlbumOrder.PLAYS:
        shelf = view.albums.sorted(found, AlbumOrder.ARTIST)
        ordered = _by_plays(view.albums, shelf, own()["plays"], descending=descending)
    else:
        ordered = view.albums.sorted(found, order, descending=descending)
    shapes = asked.shapes(listener)
    page = [shapes.album(album) for album in ordered[offset : offset + size].tolist()]
    return {"total": len(ordered), "offset": offset, "albums": page}


async def album(asked: Asked, id: str) -> Shape:  # noqa: A002
    """An album with its tracks, as they are on the disc."""
    number = asked.view.album_number(id)
    if number is None:
        raise not_there()
    shapes = asked.shapes(await asked.listener())
    rows = asked.view.albums.rows_of(number)
    return {**shapes.album(number), "rows": shapes.tracks(rows.tolist())}


async def artists(asked: Asked, q: str, offset: int, size: int) -> Shape:
    """Artists whose names hold every word, in the order of the alphabet."""
    view = asked.view
    groups = view.artists
    found = np.flatnonzero(groups.folded.holding_all(fold(q).split())).tolist()
    counts = groups.counts(view.catalogue.rows())
    shapes = asked.shapes(await asked.listener())
    page = [shapes.artist(number, int(counts[number])) for number in found[offset : offset + size]]
    return {"total": len(found), "offset": offset, "artists": page}


async def artist(asked: Asked, id: str) -> Shape:  # noqa: A002
    """An artist with albums, and the tracks that the listener played most."""
    view = asked.view
    number = view.artist_number(id)
    if number is None:
        raise not_there()
    listener = await asked.listener()
    rows = view.artists.rows_of([number], view.catalogue.rows())
    shapes = asked.shapes(listener)
    own = view.albums.sorted(view.albums.among(rows), AlbumOrder.YEAR)
    return {
        **shapes.artist(number, len(rows)),
        "albums": [shapes.album(each) for each in own.tolist()],
        "top": shapes.tracks(listener.most_played_first(rows.tolist())[:TOP]),
    }


async def albums_alike(asked: Asked, id: str) -> Shape:  # noqa: A002
    """Albums that sound most like one, the nearest first; none while nothing is known of its sound."""
    number = asked.view.album_number(id)
    if number is None:
        raise not_there()
    model = asked.hub.model.more_like.model
    shapes = asked.shapes(await asked.listener())
    found = await asked.kept.alike_albums.like(asked.view, model, number, MOST_ALIKE)
    return {"albums": [shapes.album(each) for each in found]}


async def artists_alike(asked: Asked, id: str) -> Shape:  # noqa: A002
    """Artists who sound most like one, the nearest first; none while nothing is known of their sound."""
    view = asked.view
    number = view.artist_number(id)
    if number is None:
        raise not_there()
    model = asked.hub.model.more_like.model
    shapes, counts = asked.shapes(await asked.listener()), view.artists.counts(view.catalogue.rows())
    found = await asked.kept.alike_artists.like(view, model, number, MOST_ALIKE)
    return {"artists": [shapes.artist(each, int(counts[each])) for each in found]}


async def genres(asked: Asked) -> Shape:
    """All genres; `parent` is the id of the one that each lies below."""
    view = asked.view
    groups, counts = view.genres, view.genres.counts(view.catalogue.rows())
    return {"genres": [_genre(view, groups, number, int(counts[number])) for number in range(len(groups))]}


async def genre(asked: Asked, id: str, order: TrackOrder, descending: bool, offset: int, size: int) -> Shape:  # noqa: A002
    """A genre with its tracks, and those of the genres below it, in an order."""
    view = asked.view
    number = view.genre_number(id)
    if number is None:
        raise not_there()
    listener = await asked.listener()
    wanted = Wanted(Query(), Column(order.value), descending)
    rows = view.genres.rows_of([number], asked.kept.orders.rows(wanted, partial(_own_numbers, asked, listener)))
    page = asked.shapes(listener).tracks(rows[offset : offset + size].tolist())
    return {**_genre(view, view.genres, number, len(rows)), "offset": offset, "rows": page}


def _searched(text: str) -> Query:
    """Read a search.

    Raises:
        ParameterRefused: it is none, with what is wrong with it.
    """
    try:
        query = parse(text)
    except QueryError as error:
        raise ParameterRefused.again(error.code, dict(error.values)) from error
    if len(query.leaves) > MOST_TERMS:
        raise ParameterRefused("api-search-long", most=str(MOST_TERMS))
    return query


def _own_numbers(asked: Asked, listener: ListenerState) -> Numbers:
    catalogue, is_owner = asked.library.catalogue, asked.account.id == OWNER
    return own_numbers(catalogue, listener.plays, listener.last_played, listener.opinions, takes_files_stars=is_owner)


def _by_plays(albums: Albums, shelf: Ints, plays: NDArray[Any], *, descending: bool) -> Ints:
    """Albums of a shelf by how often the listener played their tracks, equals as on the shelf."""
    of_row = albums.album_of_row
    counted = np.bincount(of_row[of_row >= 0], plays[: len(of_row)][of_row >= 0], len(albums))
    keys = counted[shelf]
    return shelf[np.argsort(-keys if descending else keys, kind="stable")]


def _genre(view: LibraryView, groups: Grouping, number: int, tracks: int) -> Shape:
    parent = int(groups.parents[number])
    return {
        "id": view.genre_ids[number],
        "name": groups.labels[number],
        "parent": None if parent == NO_PARENT else view.genre_ids[parent],
        "tracks": tracks,
    }


_SEARCH = Text("", most=LONGEST_SEARCH)
_DESCENDING = Flag(False)
_PAGE: Kinds = {"offset": Whole(0), "size": Whole(100, least=1, most=LARGEST_PAGE)}
_TRACK_ORDER: Kinds = {"order": Choice(TrackOrder, TrackOrder.ARTIST), "descending": _DESCENDING}
_ALBUM_ORDER: Kinds = {"order": Choice(AlbumOrder, AlbumOrder.ARTIST), "descending": _DESCENDING}

ENDPOINTS = (
    Endpoint("GET", "/tracks", tracks, {"q": _SEARCH, **_TRACK_ORDER, **_PAGE}),
    Endpoint("GET", "/tracks/{id}", track),
    Endpoint("GET", "/albums", albums, {"q": _SEARCH, **_ALBUM_ORDER, **_PAGE}),
    Endpoint("GET", "/albums/{id}", album),
    Endpoint("GET", "/albums/{id}/alike", albums_alike),
    Endpoint("GET", "/artists", artists, {"q": _SEARCH, **_PAGE}),
    Endpoint("GET", "/artists/{id}", artist),
    Endpoint("GET", "/artists/{id}/alike", artists_alike),
    Endpoint("GET", "/genres", genres),
    Endpoint("GET", "/genres/{id}", genre, {**_TRACK_ORDER, **_PAGE}),
)
