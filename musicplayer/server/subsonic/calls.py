"""Takes requests of Subsonic apps: finds what answers each, by whatever name and in whatever form it is asked."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from indexer.core.errors import SegueError
from musicplayer.server.subsonic.errors import NotFound, ParameterRefused
from musicplayer.server.subsonic.login import listener_of
from musicplayer.server.subsonic.parameters import MOST_BYTES, Parameters
from musicplayer.server.subsonic.protocol import Payload, Wire, check_version

_log = logging.getLogger(__name__)

_FORM = "application/x-www-form-urlencoded"
_LONGEST_CLIENT = 100
_NEVER_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Call:
    """One request, by one listener.

    Attributes:
        hub: what it is answered from.
        account: who asks.
        parameters: what with.
        client: the name of the app.
        request: as it came, for what is answered with bytes.
    """

    hub: Any
    account: Any
    parameters: Parameters
    client: str
    request: Request


Answer = Payload | Response
"""What goes into the envelope, or bytes that go without one."""

Endpoint = Callable[[Call], Awaitable[Answer]]
Endpoints = Mapping[str, Endpoint]
"""What answers requests, by their names without `.view`."""


class SubsonicApi:
    """Answers whatever stands behind /rest/."""

    def __init__(self, rooms: Iterable[Endpoints], *, public: Iterable[str] = ()) -> None:
        """Answer with what `rooms` hold; who asks for one of `public` need not log in.

        Raises:
            ValueError: two rooms answer the same.
        """
        self._endpoints: dict[str, Endpoint] = {}
        for room in rooms:
            twice = self._endpoints.keys() & room.keys()
            if twice:
                raise ValueError(f"two answers to {', '.join(sorted(twice))}")
            self._endpoints.update(room)
        self._public = frozenset(public)

    @property
    def names(self) -> frozenset[str]:
        """Of what can be asked."""
        return frozenset(self._endpoints)

    async def answer(self, request: Request) -> Response:
        """The answer to a request, GET or POST; every refusal is one in the form that was asked for."""
        wire = Wire()
        try:
            parameters = Parameters.of(request.scope["query_string"], await _form(request))
            wire = _wire(parameters)
            return await self._answered(request, parameters, wire)
        except SegueError as error:
            return _refusal(wire, error)

    async def _answered(self, request: Request, parameters: Parameters, wire: Wire) -> Response:
        wire = Wire.wanted(parameters)
        name = request.path_params["name"].removesuffix(".view")
        endpoint = self._endpoints.get(name)
        if endpoint is None:
            return _refusal(wire, NotFound("subsonic-unknown", name=name[:80]), status=404)
        hub, account = request.app.state.hub, None
        if name not in self._public:
            check_version(parameters)
            parameters.text("c")
            account = listener_of(parameters, hub.accounts, request.client.host if request.client else "")
        client = parameters.text("c", "")[:_LONGEST_CLIENT]
        found = await endpoint(Call(hub, account, parameters, client, request))
        if isinstance(found, Response):
            return found
        return Response(wire.success(found), media_type=wire.media_type, headers=_NEVER_KEPT)


def _wire(parameters: Parameters) -> Wire:
    """The form that is asked for, XML where that is none: a refusal has to have some form."""
    try:
        return Wire.wanted(parameters)
    except ParameterRefused:
        return Wire()


def _refusal(wire: Wire, error: SegueError, status: int = 200) -> Response:
    """An error in its envelope: apps read it with status 200; who is to come later is told so as browsers are, too."""
    headers = dict(_NEVER_KEPT)
    retry_after = getattr(error, "retry_after", None)
    if isinstance(retry_after, float | int):
        status, headers["Retry-After"] = 429, str(max(1, math.ceil(retry_after)))
    _log.info("refused: %s", error.code)
    return Response(wire.failure(error), status, media_type=wire.media_type, headers=headers)


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
