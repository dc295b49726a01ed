"""A small server that answers for one track, and a client that asks it as a browser does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from indexer.core.tracks import Track
from musicplayer.server.errors import RequestError, status_of
from musicplayer.server.streams.profiles import PROFILES
from musicplayer.server.streams.sending import Streams
from musicplayer.server.streams.transcode import Amplified
from tests.unit.core.catalogue.tracks import track as catalogue_track


def track_of(path: Path, **fields: Any) -> Track:
    """A track of the library whose only folder is the one of the file."""
    return catalogue_track(1, **({"path": str(path), "root": str(path.parent)} | fields))


@contextmanager
def asked_about(track: Track, cache: Path, folders: list[str] | None = None, **limits: int) -> Iterator[TestClient]:
    """A client for `/` with the parameters `profile`, `offset`, `gain`, `peak` and `download`."""
    streams = Streams(cache, lambda: [track.root] if folders is None else folders, **limits)

    async def answer(request: Request) -> Response:
        asked = request.query_params
        peak = asked.get("peak")
        try:
            return await streams.answer(
                request,
                track,
                PROFILES[asked["profile"]] if "profile" in asked else None,
                offset=float(asked.get("offset", 0)),
                amplified=Amplified(float(asked.get("gain", 0)), float(peak) if peak else None),
                download="download" in asked,
            )
        except RequestError as error:
            return JSONResponse({"code": error.code, "message": error.message}, status_of(error))

    try:
        with TestClient(Starlette(routes=[Route("/", answer, methods=["GET"])])) as client:
            yield client
    finally:
        streams.close()
