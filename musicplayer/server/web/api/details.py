"""What is known of one track beyond its names: lyrics, the waveform that a seek bar draws, how loud it is."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

import numpy as np

from indexer.core.tracks import NO_WORDS, Seconds, TrackId, Words
from musicplayer.server.streams.timed import timed_beside
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from indexer.core.store import Database
    from indexer.core.store.records import SoundRecord


async def lyrics(asked: Asked, track: str) -> Shape:
    """What is sung, a line a line; empty where nothing says it.

    Where a text beside the music has times, lines begin with them as LRC has them.
    """
    row = asked.row(track)  # also while the database knows others, words are those of the library's tracks alone
    timed = await timed_beside(asked.hub.streams, asked.view.catalogue.track(row))
    if timed.lines:
        return {"track": track, "lines": [_timed(start - timed.offset / 1000, line) for start, line in timed.lines]}

    def words(database: Database) -> Words:
        return database.words.get([TrackId(track)]).get(TrackId(track), NO_WORDS)

    return {"track": track, "lines": (await asked.library.ask(words)).lyrics.splitlines()}


async def waveform(asked: Asked, track: str) -> Shape:
    """The shape of a track, measured from one end to the other; none where that was not done yet.

    `peaks` and `means` are the base64 of a byte for each part: an amplitude is (value / 255) ** 2, greatest and root
    mean square. `loudness` is in LUFS.
    """
    asked.row(track)  # as above

    def sound(database: Database) -> SoundRecord | None:
        return database.sounds.get([TrackId(track)]).get(TrackId(track))

    found = await asked.library.ask(sound)
    if found is None:
        return {"track": track, "peaks": "", "means": "", "loudness": None, "peak": None, "seconds": None}
    return {
        "track": track,
        "peaks": _bytes(found, 0),
        "means": _bytes(found, 1),
        "loudness": _number(found.loudness),
        "peak": _number(found.peak),
        "seconds": _number(found.seconds),
    }


def _timed(start: Seconds, line: str) -> str:
    minutes, seconds = divmod(max(start, 0.0), 60)
    return f"[{int(minutes):02}:{seconds:06.3f}]{line}"


def _bytes(sound: SoundRecord, which: int) -> str:
    return base64.b64encode(np.ascontiguousarray(sound.waveform[:, which]).tobytes()).decode("ascii")


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 4)


ENDPOINTS = (
    Endpoint("GET", "/lyrics/{track}", lyrics),
    Endpoint("GET", "/waveform/{track}", waveform),
)
