"""Takes requests of Subsonic apps: finds what answers each, by whatever name and in whatever form it is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from indexer.core.errors import SegueError
from musicplayer.server.errors import headers_of, status_of
from musicplayer.server.subsonic import (
    absent,
    browsing,
    directories,
    listening,
    lists,
    media,
    playlists,
    queues,
    searching,
    similar,
    system,
    users,
)
from musicplayer.server.subsonic.calls import Call, Desk, Endpoint, Endpoints
from musicplayer.server.subsonic.errors import NotFound, ParameterRefused
from musicplayer.server.subsonic.login import listener_of
from musicplayer.server.subsonic.parameters import MOST_BYTES, Parameters
from musicplayer.server.subsonic.protocol import Payload, Wire, check_version

_log = logging.getLogger(__name__)

ROOMS: tuple[Endpoints, ...] = tuple(
    room.ENDPOINTS
    for room in (
        absent,
        browsing,
        directories,
        listening,
        lists,
        media,
        playlists,
        queues,
        searching,
        similar,
        system,
        users,
    )
)
"""All that is answered to who has logged in."""

_FORM = "application/x-www-form-urlencoded"
_LONGEST_CLIENT = 100
_NEVER_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def routes() -> list[Route]:
    """What an application answers Subsonic apps with, from the hub in its state."""
    api = SubsonicApi(ROOMS, system.PUBLIC)
    return [Route("/rest/{name}", api.answer, methods=["GET", "POST"])]


class SubsonicApi:
    """Answers whatever stands behind /rest/, from the hub of the application that it is a route of."""

    def __init__(self, rooms: Iterable[Endpoints], public: Mapping[str, Callable[[], Payload]]) -> None:
        """Answer with what `rooms` hold, and what is `public` to whoever asks.

        Raises:
            ValueError: two rooms answer the same.
        """
        self._public = dict(public)
        self._endpoints: dict[str, Endpoint] = {}
        for room in rooms:
            twice = (self._endpoints.keys() | self._public.keys()) & room.keys()
            if twice:
                raise ValueError(f"two answers to {', '.join(sorted(twice))}")
            self._endpoints.update(room)
        self._desk: Desk | None = None

    @property
    def names(self) -> frozenset[str]:
        """Of what can be asked."""
        return frozenset(self._endpoints) | frozenset(self._public)

    async def answer(self, request: Request) -> Response:
        """The answer to a request, GET or POST; every refusal is one in the form that was asked for."""
        wire = Wire()
        try:
            parameters = Parameters.of(request.scope["query_string"], await _form(request))
            wire = _likely_wire(parameters)
            return await self._answered(request, parameters, Wire.wanted(parameters))
        except SegueError as error:
            return _refusal(wire, error)

    async def _answered(self, request: Request, parameters: Parameters, wire: Wire) -> Response:
        name = request.path_params["name"].removesuffix(".view")
        if name in self._public:
            return _success(wire, self._public[name]())
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            return _refusal(wire, NotFound("subsonic-unknown", name=name[:80]), status=404)
        check_version(parameters)
        client = parameters.text("c")[:_LONGEST_CLIENT]
        desk = self._desk_of(request)
        account = listener_of(parameters, desk.hub.accounts, request.client.host if request.client else "")
        await desk.hub.library.renew()
        found = await endpoint(Call(desk, account, parameters, client, request))
        return found if isinstance(found, Response) else _success(wire, found)

    def _desk_of(self, request: Request) -> Desk:
        hub = request.app.state.hub
        if self._desk is None or self._desk.hub is not hub:
            self._desk = Desk(hub)
        return self._desk


def _likely_wire(parameters: Parameters) -> Wire:
    """The form that is asked for, XML where that is none: a refusal has to have some form."""
    try:
        return Wire.wanted(parameters)
    except ParameterRefused:
        return Wire()


def _success(wire: Wire, payload: Payload) -> Response:
    return Response(wire.success(payload), media_type=wire.media_type, headers=_NEVER_KEPT)


def _refusal(wire: Wire, error: SegueError, status: int = 200) -> Response:
    """An error in its envelope: apps read it with status 200; who is to come later is told so as browsers are, too."""
    later = headers_of(error)
    _log.info("refused: %s", error.code)
    return Response(
        wire.failure(error),
        status_of(error) if later else status,
        media_type=wire.media_type,
        headers={**_NEVER_KEPT, **later},
    )


async def _form(request: Request) -> bytes:
    """What a form holds; nothing else is looked at.

    Raises:
        ParameterRefused: it is too long; the rest is not read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or kind != _FORM:
        return b""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise ParameterRefused("subsonic-too-large", number=MOST_BYTES)
        parts.append(part)
    return b"".join(parts)
