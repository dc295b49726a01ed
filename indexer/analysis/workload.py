"""Which tracks are to be analysed: those that lack a profile, but not files known to fail and unchanged since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from indexer.analysis.amiss import analysed_amiss, was_measured_whole
from indexer.analysis.pool import Job
from indexer.core.files import disk
from indexer.core.model.profiles import Profile
from indexer.core.store import Database, TrackFile
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

UNCOMPARABLE = frozenset({ProblemKind.SILENT, ProblemKind.TOO_SHORT})
"""Problems of sound that can be decoded, and has nothing to be compared by."""

_BY_THE_RULE = UNCOMPARABLE | {ProblemKind.CORRUPT}
"""What may come of analysing the wrong part of a file."""


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
    whole = database.choices.whole_files
    places = [place for place in places if not _fails(_job(place, ()), problems)]
    amiss = analysed_amiss(database, [profile.key for profile in profiles], places)
    again = {
        name: {track: all_ for track, all_ in tracks.items() if track not in amiss} for name, tracks in coverage.items()
    }
    jobs = (_job(place, lacking(place, again, whole=whole)) for place in places)
    return _by_path(job for job in jobs if job.profiles)


def sound_jobs(database: Database, version: int, *, full: bool) -> list[Job]:
    """Tracks to measure from end to end, in the order the files lie on disk; with `full`, all that can be measured.

    Those that were measured before lengths were kept with the track get theirs from that, where it can be trusted.
    """
    places = list(database.tracks.places({TrackState.PRESENT}))
    problems = database.problems.by_path()
    lengths = {} if full else database.sounds.lengths(version)
    doubtful = _adopt(database, places, lengths)
    wanted = (place for place in places if place.track not in lengths or place.track in doubtful)
    return _by_path(job for job in (_job(place, ()) for place in wanted) if _can_be_measured(job, problems))


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


def lacking(place: TrackFile, coverage: Mapping[str, Mapping[TrackId, bool]], *, whole: bool) -> tuple[str, ...]:
    """Names of the profiles that a track lacks, or has from parts of a long file where all of it is wanted, or not so.

    Args:
        place: the track.
        coverage: by profile name, the tracks that have features and whether these are of whole files.
        whole: what is wanted of long files. Short ones give the same both ways, and so does one of unknown length:
            it is not worth analysing twice.
    """
    is_long = place.seconds is not None and place.seconds > WHOLE_UP_TO
    return tuple(
        name
        for name, tracks in coverage.items()
        if place.track not in tracks or (is_long and tracks[place.track] is not whole)
    )


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


def _job(place: TrackFile, profiles: tuple[str, ...]) -> Job:
    return Job(place.track, place.path, profiles, start=place.start, end=place.end)


def _fails(job: Job, problems: Mapping[str, Problem]) -> bool:
    return is_hopeless(problems.get(job.path)) or is_hopeless(problems.get(job.problem_key))


def _by_path(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.path, job.start))
