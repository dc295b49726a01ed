"""What an app asks first: whether the server is there, what it can do, and what this listener may."""

from __future__ import annotations

from musicplayer.server.subsonic.calls import Answer, Call, Endpoints
from musicplayer.server.subsonic.errors import SubsonicError
from musicplayer.server.subsonic.protocol import Payload

EXTENSIONS = (
    "apiKeyAuthentication",
    "formPost",
    "indexBasedQueue",
    "playbackReport",
    "songLyrics",
    "sonicSimilarity",
    "transcodeOffset",
)
"""What is answered beyond the API of Subsonic, each in its first version:
https://opensubsonic.netlify.app/docs/extensions/."""


async def ping(_: Call) -> Answer:
    """Nothing, which says that the server is there and knows who asks."""
    return {}


async def license_of(_: Call) -> Answer:
    """Free software needs none; apps refuse to work without."""
    return {"license": {"valid": True}}


def extensions() -> Payload:
    """What is answered beyond Subsonic."""
    return {"openSubsonicExtensions": [{"name": name, "versions": [1]} for name in EXTENSIONS]}


async def token_info(call: Call) -> Answer:
    """Whose key it is that was shown."""
    return {"tokenInfo": {"username": call.account.name}}


async def scan_status(call: Call) -> Answer:
    """How many tracks there are; they come and go while the indexer works, with no scan that an app could await."""
    return {"scanStatus": {"scanning": False, "count": len(call.hub.library.catalogue)}}


async def start_scan(call: Call) -> Answer:
    """A library is read where it lies, by the indexer, which nobody starts from elsewhere."""
    call.check_admin()
    raise SubsonicError("subsonic-no-scan")


ENDPOINTS: Endpoints = {
    "ping": ping,
    "getLicense": license_of,
    "tokenInfo": token_info,
    "getScanStatus": scan_status,
    "startScan": start_scan,
}

PUBLIC = {"getOpenSubsonicExtensions": extensions}
"""What apps ask before they log in."""
