"""What is known of one track beyond its names: lyrics, the waveform that a seek bar draws, how loud it is."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

import numpy as np

from indexer.core.tracks import NO_WORDS, TrackId, Words
from musicplayer.server.web.api.endpoints import Asked, Endpoint
from musicplayer.server.web.api.shapes import Shape

if TYPE_CHECKING:
    from indexer.core.store import Database
    from indexer.core.store.records import SoundRecord


async def lyrics(asked: Asked, track: str) -> Shape:
    """What is sung, a line a line; empty where the file says nothing."""
    asked.row(track)  # also while the database knows others, words are those of the library's tracks alone

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


def _bytes(sound: SoundRecord, which: int) -> str:
    return base64.b64encode(np.ascontiguousarray(sound.waveform[:, which]).tobytes()).decode("ascii")


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), 4)


ENDPOINTS = (
    Endpoint("GET", "/lyrics/{track}", lyrics),
    Endpoint("GET", "/waveform/{track}", waveform),
)
