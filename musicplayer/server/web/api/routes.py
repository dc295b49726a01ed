"""Everything that can be asked for below /api, and its description for programs that read OpenAPI."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from musicplayer.server.web.api import (
    account,
    browsing,
    desktop,
    details,
    discovering,
    library,
    listening,
    own,
    playlists,
)
from musicplayer.server.web.api.endpoints import Endpoint, json_response, routes_of
from musicplayer.server.web.api.parameters import IDENTITY, REQUIRED, Kinds, Many, object_schema
from musicplayer.server.web.asker import SESSION

ENDPOINTS: tuple[Endpoint, ...] = (
    *account.ENDPOINTS,
    *browsing.ENDPOINTS,
    *desktop.ENDPOINTS,
    *details.ENDPOINTS,
    *discovering.ENDPOINTS,
    *library.ENDPOINTS,
    *listening.ENDPOINTS,
    *own.ENDPOINTS,
    *playlists.ENDPOINTS,
)

_IN_PATH = re.compile(r"\{(\w+)\}")
_FAULTS = {
    "400": "A parameter is missing, unknown or out of bounds.",
    "401": "Nobody is logged in.",
    "403": "This listener may not.",
    "404": "There is nothing of that id for this listener.",
    "405": "That is not done here.",
    "413": "More was sent than is taken.",
    "429": "Too much at once.",
    "503": "The database does not answer.",
}


def description() -> dict[str, Any]:
    """What can be asked for, as OpenAPI 3.1 has it."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Segue", "version": "1", "description": "Each answer is for the listener who asks."},
        "servers": [{"url": "/api"}],
        "security": [{"session": []}, {"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION},
                "key": {"type": "http", "scheme": "bearer"},
            },
            "schemas": {"Error": _FAULT},
        },
    }


async def _describe(_: Request) -> Response:
    return json_response(description())


ROUTES: list[Route] = [*routes_of(ENDPOINTS), Route("/openapi.json", _describe)]
"""To be mounted below /api."""

_FAULT = {
    "type": "object",
    "required": ["code", "message", "advice"],
    "properties": {name: {"type": "string"} for name in ("code", "message", "advice")},
}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": IDENTITY.schema()}
        for name in _IN_PATH.findall(endpoint.path)
    ]
    fault = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}-{endpoint.answer.__name__}",
        "summary": endpoint.says,
        "parameters": [*in_path, *_in_query(endpoint.query)],
        "responses": {
            "200": {"description": "The answer.", "content": {"application/json": {"schema": {"type": "object"}}}},
            "204": {"description": "Done; there is nothing to say."},
            **{status: {"description": what, "content": fault} for status, what in _FAULTS.items()},
        },
    }
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": object_schema(endpoint.body)}},
        }
    return operation


def _in_query(kinds: Kinds) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": kind.default is REQUIRED, "schema": kind.schema()}
        | ({"style": "form", "explode": True} if isinstance(kind, Many) else {})
        for name, kind in kinds.items()
    ]
