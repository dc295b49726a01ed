"""What is no JSON: the file of a track as it is or converted, covers, and the files of the model."""

from __future__ import annotations

import os
from functools import partial

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from indexer.core.plays import ListenerId
from indexer.core.settings import Gain
from indexer.core.tracks import Seconds, Track, TrackId
from musicplayer.server.accounts.records import Account
from musicplayer.server.errors import NotAllowed, NotLoggedIn, NotThere
from musicplayer.server.hub import Hub
from musicplayer.server.model_files import ModelFiles
from musicplayer.server.streams.profiles import PROFILES, RAW, Profile, chosen
from musicplayer.server.streams.ranges import file_answer
from musicplayer.server.streams.transcode import Amplified

LENT: Seconds = 6 * 3_600.0
"""So long an address that was signed for a track can be streamed from: a loudspeaker has no session."""

_LARGEST = 1_200
_PLAIN = 300
_STREAM = "stream:"


def signed_stream(hub: Hub, listener: ListenerId, track: TrackId) -> str:
    """A path that lets who has it stream one track for some hours, as this listener."""
    return f"/stream/{track}?signed={hub.accounts.sign(listener, f'{_STREAM}{track}', LENT)}"


async def stream(request: Request) -> Response:
    """The sound of a track, with ranges: as it is, or as one of few profiles, as loud as others where that is asked."""
    hub: Hub = request.app.state.hub
    track = _track_of(request)
    account = _listener(request, track.id)
    if account is None:
        raise NotLoggedIn("server-log-in")
    profile = await _within(account.highest_bit_rate, hub, track, PROFILES.get(_profile(request)))
    mode = request.query_params.get("gain", Gain.OFF)
    amplified = Amplified.by_tags(track, Gain(mode) if mode in set(Gain) else Gain.OFF)
    return await hub.streams.answer(request, track, profile, amplified=amplified)


async def download(request: Request) -> Response:
    """The file of a track, to be saved under its name."""
    account: Account | None = request.state.account
    if account is None:
        raise NotLoggedIn("server-log-in")
    if not account.may_download:
        raise NotAllowed("server-no-downloads")
    hub: Hub = request.app.state.hub
    return await hub.streams.answer(request, _track_of(request), PROFILES.get(_profile(request)), download=True)


async def cover(request: Request) -> Response:
    """The cover of a track or of an album, at a size of pixels."""
    if request.state.account is None:
        raise NotLoggedIn("server-log-in")
    hub: Hub = request.app.state.hub
    given = request.query_params.get("size", "")
    size = (
        min(int(given), _LARGEST)
        if given.isascii() and given.isdigit() and len(given) <= len(str(_LARGEST))
        else _PLAIN
    )
    await hub.library.renew()
    return await hub.covers.answer(request, _pictured(hub, request.path_params["id"]), size)


async def model(request: Request) -> Response:
    """A file of the model in use, with ranges; players of other machines answer from a copy of it."""
    if request.state.account is None:
        raise NotLoggedIn("server-log-in")
    hub: Hub = request.app.state.hub
    files, readers = ModelFiles(hub.home, hub.settings.profile), hub.streams.readers
    wanted = partial(files.open, request.path_params["folder"], request.path_params["file"])
    return file_answer(request, await run_sync(wanted, limiter=readers), "application/octet-stream", readers)


def _pictured(hub: Hub, identity: str) -> Track:
    """The track whose file has the cover of a track or an album."""
    view = hub.library.view
    album = view.album_number(identity)
    row = hub.library.row_of(identity) if album is None else int(view.albums.rows_of(album)[0])
    if row is None:
        raise NotThere("api-not-there")
    return hub.library.catalogue.track(row)


def _track_of(request: Request) -> Track:
    track = request.app.state.hub.library.track(TrackId(request.path_params["track"]))
    if track is None:
        raise NotThere("api-not-there")
    return track  # type: ignore[no-any-return]


def _listener(request: Request, track: TrackId) -> Account | None:
    """Who hears it: by session or key, or by an address that was signed for this track."""
    account: Account | None = request.state.account
    if account is not None:
        return account
    accounts = request.app.state.hub.accounts
    signed = accounts.signed(request.query_params.get("signed", ""))
    return accounts.get(signed[0]) if signed is not None and signed[1] == f"{_STREAM}{track}" else None


async def _within(most_kbps: int, hub: Hub, track: Track, profile: Profile | None) -> Profile | None:
    """The profile that was asked for, or the nearest that takes no more than this listener may have; 0 is no bound."""
    if not most_kbps:
        return profile
    suffix = os.path.splitext(track.path)[1]  # noqa: PTH122 - of a name that may be no text
    form = "" if profile is None else profile.name
    return chosen(form, most_kbps, suffix, await hub.streams.kbps(track))


def _profile(request: Request) -> str:
    name = request.query_params.get("profile", RAW[0])
    if name not in PROFILES and name not in RAW:
        raise NotThere("server-no-profile", name=name)
    return name


ROUTES = [
    Route("/stream/{track}", stream),
    Route("/download/{track}", download),
    Route("/cover/{id}", cover),
    Route("/model/{folder}/{file}", model),
]
