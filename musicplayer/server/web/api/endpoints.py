"""How a request becomes an answer in JSON: who asks, with what, and what is said where that cannot be."""

from __future__ import annotations

import json
import keyword
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from musicplayer.server.errors import NotAllowed, NotLoggedIn, NotThere
from musicplayer.server.web.api.alike import Alike, alike_albums, alike_artists
from musicplayer.server.web.api.drawn import DrawnMap
from musicplayer.server.web.api.orders import Orders
from musicplayer.server.web.api.parameters import IDENTITY, Kind, ParameterRefused, from_body, from_query
from musicplayer.server.web.api.shapes import Shapes
from musicplayer.server.web.api.standing import Standing

if TYPE_CHECKING:
    from musicplayer.server.accounts.records import Account
    from musicplayer.server.hub import Hub
    from musicplayer.server.library import SharedLibrary
    from musicplayer.server.listeners import ListenerState
    from musicplayer.server.view import LibraryView


_MUCH = 100_000
"""Bytes that take milliseconds to read."""


@dataclass(frozen=True)
class Kept:
    """What these endpoints work out of the library once for all who ask."""

    orders: Orders
    drawn: DrawnMap
    standing: Standing
    alike_artists: Alike = field(default_factory=alike_artists)
    alike_albums: Alike = field(default_factory=alike_albums)


@dataclass(frozen=True)
class Asked:
    """A request of a listener.

    Attributes:
        hub: what it is answered from.
        account: who asks; nobody else's things are in the answer.
        request: as it came.
        kept: what was worked out for whoever asked before.
        view: the library as it was when the request began to be answered: numbers of albums and artists are of it.
    """

    hub: Hub
    account: Account
    request: Request
    kept: Kept
    view: LibraryView

    @property
    def library(self) -> SharedLibrary:
        return self.hub.library

    def row(self, track: str) -> int:
        """The row of a track of the library; raises NotThere for every other one."""
        row = self.library.row_of(track)
        if row is None:
            raise not_there()
        return row

    def shapes(self, listener: ListenerState) -> Shapes:
        """What makes JSON of the library, for who asks."""
        return Shapes(self.view, listener, self.account.id)

    async def listener(self) -> ListenerState:
        """What is known of who asks."""
        return await self.hub.listeners.of(self.account.id)


Answer = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Endpoint:
    """One thing that can be asked for.

    Attributes:
        method: of HTTP.
        path: below /api; `{names}` in it are ids, and given to `answer`.
        answer: gives what becomes JSON, None for nothing to say; called with who asks and every parameter by name, with
            "_" behind those that are words of Python.
        query: parameters of the address.
        body: fields of the JSON object that is sent; None where nothing is.
        for_admins: others are refused.
    """

    method: str
    path: str
    answer: Answer
    query: Mapping[str, Kind] = field(default_factory=dict)
    body: Mapping[str, Kind] | None = None
    for_admins: bool = False

    @property
    def says(self) -> str:
        """What it is for."""
        return (self.answer.__doc__ or "").strip().partition("\n")[0]

    async def answered(self, request: Request) -> Any:
        """What is asked for; raises SegueError, which the application says."""
        account = getattr(request.state, "account", None)
        if account is None:
            raise NotLoggedIn("server-log-in")
        if self.for_admins and not account.admin:
            raise NotAllowed("api-not-allowed")
        values = {name: IDENTITY.from_text(name, text) for name, text in request.path_params.items()}
        values |= from_query(self.query, request.query_params.multi_items())
        if self.body is not None:
            values |= await self._sent(await request.body())
        named = {f"{name}_" if keyword.iskeyword(name) else name: value for name, value in values.items()}
        hub: Hub = request.app.state.hub
        await hub.library.renew()
        asked = Asked(hub, account, request, _kept(request.app.state), hub.library.view)
        return await self.answer(asked, **named)

    async def _sent(self, text: bytes) -> dict[str, Any]:
        """The fields of what was sent; much of it is read beside the answers to others."""
        kinds = self.body or {}

        def read() -> dict[str, Any]:
            return from_body(kinds, read_json(text))

        return read() if len(text) < _MUCH else await run_sync(read)


def routes_of(endpoints: Iterable[Endpoint]) -> list[Route]:
    """The same for Starlette: one route for each path, which knows all that can be done there."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return [Route(path, _one_of(methods), methods=list(methods)) for path, methods in by_path.items()]


def _one_of(methods: Mapping[str, Endpoint]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        endpoint = methods["GET" if request.method == "HEAD" else request.method]
        return json_response(await endpoint.answered(request))

    return answer


def read_json(text: bytes) -> object:
    """What was sent.

    Raises:
        ParameterRefused: it is no JSON, or nothing that anybody would send.
    """
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ParameterRefused("api-no-object") from error


def json_response(content: Any, status: int = HTTPStatus.OK) -> Response:
    """What is said, in JSON; nothing to say is a status alone."""
    if content is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return Response(written(content), status, {"Cache-Control": "private, no-store"}, "application/json")


def written(content: Any) -> bytes:
    """JSON in UTF-8; names of files may hold what is no character, which nobody could read."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _kept(state: State) -> Kept:
    found: Kept | None = getattr(state, "kept_by_api", None)
    if found is None:
        found = state.kept_by_api = Kept(Orders(state.hub.library.catalogue), DrawnMap(), Standing(state.hub))
    return found


def not_there() -> NotThere:
    """What is said of an id that names nothing, or nothing of this listener's."""
    return NotThere("api-not-there")


def _no_number(_: str) -> float:
    raise ValueError("no number of JSON")
