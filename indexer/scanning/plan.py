"""Sorts what the folders hold now against what the library knows: a pure comparison, nothing is opened."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from indexer.core.audio.walk import FoundFile, Listing
from indexer.core.tracks import TAGS_VERSION, FileRecord, Problem, ProblemKind

_LASTING_KINDS = frozenset({ProblemKind.EMPTY, ProblemKind.NOT_AUDIO, ProblemKind.CORRUPT})
"""Problems that stay as long as the bytes do; a file that could not be opened may open now, unchanged."""


@dataclass(slots=True)
class Plan:
    """What is to be done about each file.

    Attributes:
        unchanged: known files of the same size and time, whose tags are understood; they are not opened.
        to_read: new and changed files, and those that were read before more was known about tags.
        known_bad: files that failed before and have not changed since; they are not opened.
        lost: records of files whose folder is there and that are not.
        away: records of files that cannot be seen now: their folder is not there or closed.
        settled: keys of problems that went away with their files.
    """

    unchanged: list[FileRecord] = field(default_factory=list)
    to_read: list[FoundFile] = field(default_factory=list)
    known_bad: list[Problem] = field(default_factory=list)
    lost: list[FileRecord] = field(default_factory=list)
    away: list[FileRecord] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)


def make_plan(
    listings: Iterable[Listing],
    records: Mapping[str, FileRecord],
    problems: Mapping[str, Problem],
    *,
    folders: Collection[str],
) -> Plan:
    """Compare `listings` with the `records` of the library by path and its `problems` by key.

    Files that lie in none of the library's `folders` are lost: a person took their folder out of it.
    """
    plan = Plan()
    plan.lost += [record for record in records.values() if not _belongs(record.path, folders)]
    lost = {record.path for record in plan.lost}
    plan.settled += [key for key, problem in problems.items() if problem.path in lost]
    for listing in listings:
        known = [record for record in records.values() if is_below(record.path, listing.root)]
        seen = is_seen(listing, anything_known=bool(known))
        for found in listing.files.values():
            _sort_found(plan, found, records.get(found.path), problems.get(found.path))
        for record in known:
            if record.path not in listing.files:
                hidden = not seen or _is_hidden(listing, record.path)
                (plan.away if hidden else plan.lost).append(record)
        if seen:
            plan.settled += [key for key, problem in problems.items() if _is_settled(listing, problem.path)]
    return plan


def is_seen(listing: Listing, *, anything_known: bool) -> bool:
    """Whether the absence of a file from `listing` means that it is gone.

    It does not where the folder is missing, nor where it is bare and once was not: a drive that is not mounted
    leaves an empty folder behind.
    """
    return listing.is_there and not (listing.is_bare and anything_known)


def is_below(path: str, folder: str) -> bool:
    """Whether `path` lies in `folder`, at any depth."""
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def _belongs(path: str, folders: Collection[str]) -> bool:
    return any(is_below(path, folder) for folder in folders)


def _sort_found(plan: Plan, found: FoundFile, record: FileRecord | None, problem: Problem | None) -> None:
    if record is not None and _still_holds(record, found):
        plan.unchanged.append(record)
    elif record is None and problem is not None and _still_stands(problem, found):
        plan.known_bad.append(problem)
    else:
        plan.to_read.append(found)


def _still_holds(record: FileRecord, found: FoundFile) -> bool:
    is_same = (record.size, record.mtime_ns) == (found.size, found.mtime_ns)
    return is_same and record.words == found.words and record.tags_version >= TAGS_VERSION


def _still_stands(problem: Problem, found: FoundFile) -> bool:
    return problem.kind in _LASTING_KINDS and (problem.size, problem.mtime_ns) == (found.size, found.mtime_ns)


def _is_hidden(listing: Listing, path: str) -> bool:
    return path in listing.errors or any(is_below(path, folder) for folder in listing.closed)


def _is_settled(listing: Listing, path: str) -> bool:
    if path != listing.root and not is_below(path, listing.root):
        return False
    return path not in listing.files and path not in listing.sheets and not _is_hidden(listing, path)
