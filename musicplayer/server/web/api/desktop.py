"""The remote: what the desktop player plays, and its buttons, for listeners who may use them."""

from __future__ import annotations

from indexer.core.serving import Button, Desktop
from indexer.core.tracks import Seconds, TrackId
from musicplayer.server.errors import NotAllowed
from musicplayer.server.web.api.endpoints import Asked, Endpoint, not_there
from musicplayer.server.web.api.parameters import Choice, Kinds, Real
from musicplayer.server.web.api.shapes import Shape

_LONGEST: Seconds = 7 * 24 * 3_600.0


async def state(asked: Asked) -> Shape:
    """What the desktop player does now; `running` is false where none started this server."""
    _must_be_allowed(asked)
    now = asked.hub.remote.now
    if now is None:
        return {"running": False}
    there = _there(asked, now)
    rows = asked.shapes(await asked.listener()).tracks_of(TrackId(now.tracks[place]) for place in there)
    current = there.index(now.current) if now.current in there else -1
    return {
        "running": True,
        "playing": now.playing,
        "position": round(now.position, 1),
        "seconds": now.seconds,
        "volume": now.volume,
        "rows": rows,
        "current": current,
        "track": rows[current] if current >= 0 else None,
    }


async def press(asked: Asked, command: Button, value: float | None) -> None:
    """Have the desktop player do something: "seek" takes seconds, "volume" 0 to 1, "jump" a place of `rows`."""
    _must_be_allowed(asked)
    now, wanted = asked.hub.remote.now, value or 0.0
    if command is Button.JUMP and now is not None:
        there = _there(asked, now)
        if wanted >= len(there):
            raise not_there()
        wanted = there[int(wanted)]
    asked.hub.remote.ask(command, wanted)


def _there(asked: Asked, now: Desktop) -> list[int]:
    """Places of its queue that hold tracks of the library: a file that was opened by itself is nobody's elsewhere."""
    return [place for place, track in enumerate(now.tracks) if asked.library.row_of(track) is not None]


def _must_be_allowed(asked: Asked) -> None:
    if not asked.account.may_remote:
        raise NotAllowed("api-not-allowed")


_BUTTON: Kinds = {"command": Choice(Button), "value": Real(None, most=_LONGEST)}

ENDPOINTS = (
    Endpoint("GET", "/remote", state),
    Endpoint("POST", "/remote", press, body=_BUTTON),
)
