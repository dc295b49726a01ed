"""Which tracks are to be analysed: those that lack a profile, but not files known to fail and unchanged since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from indexer.features.profiles import Profile
from indexer.library import Problem, ProblemKind, TrackId, TrackState
from indexer.pool import Job
from indexer.store import Database

HINDRANCES = frozenset(ProblemKind) - {ProblemKind.TRUNCATED, ProblemKind.METADATA}
"""Problems that stop an analysis; a file that merely ends early, or whose tags are poor, can still be heard."""


def jobs_for(
    database: Database, profiles: Sequence[Profile], *, full: bool, folders: Collection[str] = ()
) -> list[Job]:
    """What is left to do, in the order the files lie on disk.

    With `full`, everything is to be done, failed files included; where `folders` are named, everything below those.
    """
    tracks = list(database.tracks.all(states={TrackState.PRESENT}))
    if full:
        names = tuple(profile.name for profile in profiles)
        chosen = [track for track in tracks if not folders or track.root in folders]
        return _by_path(Job(track.id, track.path, names) for track in chosen)
    analysed = {profile.name: database.features.analysed(profile.key) for profile in profiles}
    problems = database.problems.by_path()
    jobs = [Job(track.id, track.path, lacking(track.id, analysed)) for track in tracks]
    return _by_path(job for job in jobs if job.profiles and not is_hopeless(problems.get(job.path)))


def sound_jobs(database: Database, version: int, *, full: bool) -> list[Job]:
    """Tracks to measure from end to end, in the order the files lie on disk; with `full`, all that can be heard."""
    tracks = list(database.tracks.all(states={TrackState.PRESENT}))
    measured = set() if full else database.sounds.measured(version)
    problems = database.problems.by_path()
    wanted = [track for track in tracks if track.id not in measured and not is_hopeless(problems.get(track.path))]
    return _by_path(Job(track.id, track.path, ()) for track in wanted)


def lacking(track: TrackId, analysed: dict[str, set[TrackId]]) -> tuple[str, ...]:
    """Names of the profiles under which `track` is not among the analysed."""
    return tuple(name for name, tracks in analysed.items() if track not in tracks)


def is_hopeless(problem: Problem | None) -> bool:
    """Whether the file failed before and has not changed since."""
    if problem is None or problem.kind not in HINDRANCES:
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
        status = Path(path).stat()
    except (OSError, ValueError):
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _by_path(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: job.path)
