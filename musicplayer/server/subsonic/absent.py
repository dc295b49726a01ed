"""What other servers have and Segue has not: apps ask for it all the same, and are to go on when there is none."""

from __future__ import annotations

from musicplayer.server.subsonic.calls import Answer, Call, Endpoint, Endpoints
from musicplayer.server.subsonic.errors import NotAllowed, NotFound, SubsonicError
from musicplayer.server.subsonic.protocol import Payload

_EMPTY: dict[str, Payload] = {
    "getInternetRadioStations": {"internetRadioStations": {"internetRadioStation": []}},
    "getPodcasts": {"podcasts": {"channel": []}},
    "getNewestPodcasts": {"newestPodcasts": {"episode": []}},
    "getShares": {"shares": {"share": []}},
    "getChatMessages": {"chatMessages": {"chatMessage": []}},
    "getVideos": {"videos": {"video": []}},
}
"""Lists that hold nothing: an app then shows nothing of the kind, where an error would have it complain."""

_NOT_THERE = ("getPodcastEpisode", "getVideoInfo", "getCaptions", "getAvatar", "deleteShare", "updateShare")
"""What asks for one of these."""

_NOT_DONE = (
    *("createInternetRadioStation", "updateInternetRadioStation", "deleteInternetRadioStation"),
    *("createPodcastChannel", "deletePodcastChannel", "deletePodcastEpisode", "downloadPodcastEpisode"),
    *("refreshPodcasts", "addChatMessage", "hls.m3u8", "hls"),
)
"""What makes, changes or plays one of these."""

_FORBIDDEN = ("createShare", "jukeboxControl")
"""What apps look for the right to, and leave alone where there is none."""


def _empty(payload: Payload) -> Endpoint:
    async def answer(_: Call) -> Answer:
        return payload

    return answer


async def _not_there(_: Call) -> Answer:
    raise NotFound("subsonic-not-found")


async def _forbidden(call: Call) -> Answer:
    raise NotAllowed("subsonic-not-allowed", name=call.account.name)


def _not_done(name: str) -> Endpoint:
    async def answer(_: Call) -> Answer:
        raise SubsonicError("subsonic-not-done", name=name)

    return answer


ENDPOINTS: Endpoints = {
    **{name: _empty(payload) for name, payload in _EMPTY.items()},
    **dict.fromkeys(_NOT_THERE, _not_there),
    **dict.fromkeys(_FORBIDDEN, _forbidden),
    **{name: _not_done(name) for name in _NOT_DONE},
}
