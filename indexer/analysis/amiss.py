"""Finds what an older rule of analysing got wrong, by cheap marks: few files are opened and none is decoded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.core.audio.decoders import Cut, length_by_packets
from indexer.core.audio.outline import LONG_SILENCE, is_hush, runs
from indexer.core.audio.truncation import counts_its_frames
from indexer.core.store import Database, SoundRecord, TrackFile
from indexer.core.tracks import WHOLE_UP_TO, Seconds, TrackId
from indexer.sound.result import VERSION

_OLD_CUT = Cut(WHOLE_UP_TO, segments=2, segment_seconds=30.0)
"""What the rule before analysed, by the length in the header."""

_OTHER_LENGTH = 0.2
"""A header that is off by such a part of the length spread the windows over another track than there is."""

_SAME_LENGTH: Seconds = 0.1
_OGG_HEADER = 27
_OGG_TAIL = 1 << 16


def analysed_amiss(database: Database, keys: Sequence[str], places: Sequence[TrackFile]) -> set[TrackId]:
    """Tracks whose features were made of what the rule before chose, where there was no sound or no track.

    The waveforms tell, once for a library: when all tracks with features have one and none is found, that is noted
    and nothing is looked at again.

    Args:
        database: has features, waveforms and the note.
        keys: of the profiles that are wanted.
        places: tracks that can be analysed.
    """
    since = database.choices.old_features
    if since is None:
        since = database.features.newest_rev()
        database.choices.note_old_features(since)
    if not since:
        return set()
    coverages = [database.features.coverage(key) for key in keys]
    by_track = {place.track: place for place in places if any(place.track in tracks for tracks in coverages)}
    whole = {track for tracks in coverages for track, all_ in tracks.items() if all_}
    found, seen = set[TrackId](), set[TrackId]()
    for record in database.sounds.all(VERSION):
        seen.add(record.track)
        place = by_track.get(record.track)
        if place is not None and (
            is_amiss(record, place.seconds, whole=record.track in whole)
            or not (place.is_measured or was_measured_whole(place, record.seconds))
        ):
            found.add(record.track)
    found = _not_renewed(database, keys, found, since)
    if not found and not _not_renewed(database, keys, by_track.keys() - seen, since):
        database.choices.note_old_features(0)
    return found


def is_amiss(sound: SoundRecord, header: Seconds | None, *, whole: bool) -> bool:
    """Whether the rule before analysed silence, what is beyond the end, or another part than is right.

    Args:
        sound: the track's waveform and true length.
        header: its length as the rule before knew it.
        whole: it was analysed from end to end.
    """
    if sound.seconds <= 0 or sound.loudness is None:
        return False
    silences = _silences(sound)
    if whole or max(sound.seconds, header or 0.0) <= WHOLE_UP_TO:
        return bool(silences)
    if header is not None and abs(header - sound.seconds) > _OTHER_LENGTH * sound.seconds:
        return True
    spans = [(start, start + length) for start, length in _OLD_CUT.spans(sound.seconds)]
    shared = (min(end, right) - max(start, left) for start, end in spans for left, right in silences)
    return any(seconds >= LONG_SILENCE for seconds in shared)


def was_measured_whole(place: TrackFile, seconds: Seconds) -> bool:
    """Whether a file is as long as was measured, with libsndfile alone, before lengths were kept with the tracks.

    It stops after the first link of a chained Ogg file, and in an MPEG file without a count of its frames where it
    guesses the end to be. What cannot be read now is left as it is.
    """
    path = Path(place.path)
    if place.end is not None:
        return True
    try:
        if path.suffix.casefold() == ".mp3":
            return counts_its_frames(path) or abs((length_by_packets(path) or seconds) - seconds) <= _SAME_LENGTH
        return not _may_be_chained(path)
    except OSError:
        return True


def _not_renewed(database: Database, keys: Iterable[str], tracks: Collection[TrackId], since: int) -> set[TrackId]:
    """Those of the tracks whose features were all written up to a revision."""
    left = set(tracks)
    for key in keys:
        left -= database.features.written_since(key, sorted(left), since)
    return left


def _silences(sound: SoundRecord) -> list[tuple[Seconds, Seconds]]:
    """Start and end of the long silences of a waveform."""
    peaks: NDArray[np.float32] = np.square(sound.waveform[:, 0].astype(np.float32) / np.float32(255))
    point = sound.seconds / len(peaks)
    spans = ((start * point, end * point) for start, end in runs(is_hush(peaks)))
    return [(start, end) for start, end in spans if end - start >= LONG_SILENCE]


def _may_be_chained(path: Path) -> bool:
    """Whether the first and the last page of an Ogg file are of different streams."""
    with path.open("rb") as file:
        first = file.read(_OGG_HEADER)
        if not first.startswith(b"OggS"):
            return False
        file.seek(max(0, path.stat().st_size - _OGG_TAIL))
        tail = file.read(_OGG_TAIL)
    last = tail.rfind(b"OggS")
    return last >= 0 and tail[last + 14 : last + 18] != first[14:18]
