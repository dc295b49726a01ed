"""Tells of tracks what their features and their sound say in a listener's words, where nobody has told it yet."""

from __future__ import annotations

from indexer.analysis.control import Control
from indexer.core.audio.samples import FloatArray
from indexer.core.model.explain import sound_of
from indexer.core.model.profiles import SONIC
from indexer.core.store import Database
from indexer.core.store.bulk import chunks
from indexer.core.tracks import Tone
from indexer.sound.result import VERSION

_AT_ONCE = 500
"""Tracks under one revision: a second's work."""


def tell_of_tracks(database: Database, control: Control) -> int:
    """Note tempo, key and loudness of tracks that were analysed before these were noted; returns of how many.

    Costs a look at the ids where nothing is missing. Ends early, keeping what was noted, when `control` is cancelled.
    """
    tones = database.tracks.lacking("tempo") & database.features.analysed(SONIC.key)
    levels = database.tracks.lacking("loudness") & database.sounds.measured(VERSION)
    told = 0
    for some in chunks(sorted(tones | levels), _AT_ONCE):
        if control.is_cancelled:
            break
        values = database.features.get(SONIC.key, [track for track in some if track in tones])
        found = database.sounds.loudness([track for track in some if track in levels])
        database.tracks.note_heard(
            {track: tone_of(each) for track, each in values.items()},
            {track: each.loudness for track, each in found.items()},
        )
        told += len(values.keys() | found.keys())
    return told


def tone_of(values: FloatArray) -> Tone:
    """Tempo in beats a minute and key of features of the `sonic` profile, shape (windows, dims); None for none."""
    if values.shape[1] != SONIC.dims:
        return Tone(None, None)
    heard = sound_of(SONIC, values)
    return Tone(heard.tempo, heard.key)
