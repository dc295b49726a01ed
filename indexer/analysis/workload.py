"""Which tracks are to be analysed: those that lack a profile, or whose features an older rule of analysing got wrong.

Files known to fail and unchanged since are left out. What the older rule got wrong is told by cheap marks: few files
are opened for it, and none is decoded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.pool import Job
from indexer.core.audio.decoders import Cut, length_by_packets
from indexer.core.audio.outline import LONG_SILENCE, is_hush, runs
from indexer.core.audio.truncation import counts_its_frames
from indexer.core.files import disk
from indexer.core.model.profiles import Profile
from indexer.core.store import Database, SoundRecord, TrackFile
from indexer.core.tracks import (
    ANALYSIS_RULE,
    HINDRANCES,
    WHOLE_UP_TO,
    Measurement,
    Problem,
    ProblemKind,
    Seconds,
    TrackId,
    TrackState,
)
from indexer.sound.result import VERSION

UNCOMPARABLE = frozenset({ProblemKind.SILENT, ProblemKind.TOO_SHORT})
"""Problems of sound that can be decoded, and has nothing to be compared by."""

_BY_THE_RULE = UNCOMPARABLE | {ProblemKind.CORRUPT}
"""What may come of analysing the wrong part of a file."""

_OLD_CUT = Cut(WHOLE_UP_TO, segments=2, segment_seconds=30.0, margin=1.0)
"""What the rule before analysed, by the length in the header."""

_OTHER_LENGTH = 0.2
"""A header that is off by such a part of the length spread the windows over another track than there is."""

_SAME_LENGTH: Seconds = 0.1
_OGG_HEADER = 27
_OGG_TAIL = 1 << 16


def jobs_for(
    database: Database, profiles: Sequence[Profile], *, full: bool, folders: Collection[str] = ()
) -> list[Job]:
    """What is left to do, in the order the files lie on disk.

    With `full`, everything is to be done, failed files included; where `folders` are named, everything below those.
    """
    places = list(database.tracks.places({TrackState.PRESENT}))
    if full:
        names = tuple(profile.name for profile in profiles)
        return _by_path(_job(place, names) for place in places if not folders or place.root in folders)
    coverage = {profile.name: database.features.coverage(profile.key) for profile in profiles}
    problems = database.problems.by_path()
    places = [place for place in places if not _fails(_job(place, ()), problems)]
    amiss = analysed_amiss(database, [profile.key for profile in profiles], places)
    again = {
        name: {track: all_ for track, all_ in tracks.items() if track not in amiss} for name, tracks in coverage.items()
    }
    jobs = (_job(place, lacking(place, again)) for place in places)
    return _by_path(job for job in jobs if job.profiles)


def hearing_jobs(database: Database, profiles: Sequence[Profile], version: int, *, full: bool) -> list[Job]:
    """Tracks to hear from end to end, in the order the files lie on disk, each with the profiles that it is heard for.

    Those are the tracks that were not measured by this version, or all with `full`, and those whose features for one of
    the profiles are of parts only. Tracks that were measured before lengths were kept with the track get theirs from
    that, where it can be trusted.
    """
    places = list(database.tracks.places({TrackState.PRESENT}))
    problems = database.problems.by_path()
    lengths = {} if full else database.sounds.lengths(version)
    doubtful = _adopt(database, places, lengths)
    coverage = {profile.name: database.features.coverage(profile.key) for profile in profiles}
    jobs = (
        _job(place, profiles_of)
        for place in places
        if (profiles_of := partly_heard(place, coverage)) or place.track not in lengths or place.track in doubtful
    )
    return _by_path(job for job in jobs if _can_be_measured(job, problems))


def _adopt(database: Database, places: Iterable[TrackFile], lengths: Mapping[TrackId, Seconds]) -> set[TrackId]:
    """Keep lengths with the tracks that lack them; returns the tracks whose length has to be measured again."""
    bare = [place for place in places if place.track in lengths and not place.is_measured]
    doubtful = {place.track for place in bare if not was_measured_whole(place, lengths[place.track])}
    sure = (place.track for place in bare if place.track not in doubtful)
    database.tracks.measure({track: Measurement(lengths[track]) for track in sure})
    return doubtful


def _can_be_measured(job: Job, problems: Mapping[str, Problem]) -> bool:
    """Whether a file can be decoded, be it silent or too short to be compared."""
    found = filter(None, (problems.get(job.path), problems.get(job.problem_key)))
    return not any(is_hopeless(problem) and problem.kind not in UNCOMPARABLE for problem in found)


def lacking(place: TrackFile, coverage: Mapping[str, Mapping[TrackId, bool]]) -> tuple[str, ...]:
    """Names of the profiles that a track has no features of.

    Args:
        place: the track.
        coverage: by profile name, the tracks that have features and whether these are of all of the track.
    """
    return tuple(name for name, tracks in coverage.items() if place.track not in tracks)


def partly_heard(place: TrackFile, coverage: Mapping[str, Mapping[TrackId, bool]]) -> tuple[str, ...]:
    """Names of the profiles whose features tell of parts of a long track only; arguments as `lacking`.

    A short track is heard from end to end at once, and one of unknown length is not worth hearing twice.
    """
    if place.seconds is None or place.seconds <= WHOLE_UP_TO:
        return ()
    return tuple(name for name, tracks in coverage.items() if tracks.get(place.track) is False)


def is_hopeless(problem: Problem | None) -> bool:
    """Whether the file failed before and neither it nor the rule of analysing has changed since."""
    if problem is None or problem.kind not in HINDRANCES:
        return False
    if problem.rule < ANALYSIS_RULE and problem.kind in _BY_THE_RULE:
        return False
    return file_stamp(problem.path) == (problem.size, problem.mtime_ns)


def other_paths(database: Database, job: Job) -> list[str]:
    """Other files of the same recording that have not been tried."""
    tried = {job.path, *job.tried}
    files = database.files.by_track([job.track]).get(job.track, [])
    return [file.path for file in files if file.path not in tried]


def file_stamp(path: str) -> tuple[int, int]:
    """Size and modification time in nanoseconds, (0, 0) where the file cannot be seen."""
    try:
        status = disk.look(path)
    except (OSError, ValueError):
        return 0, 0
    return status.st_size, status.st_mtime_ns


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


def _job(place: TrackFile, profiles: tuple[str, ...]) -> Job:
    return Job(place.track, place.path, profiles, start=place.start, end=place.end)


def _fails(job: Job, problems: Mapping[str, Problem]) -> bool:
    return is_hopeless(problems.get(job.path)) or is_hopeless(problems.get(job.problem_key))


def _by_path(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.path, job.start))


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
