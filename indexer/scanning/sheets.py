"""Opens those cue sheets alone that matter to a scan: new and changed ones, and those about files that changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from indexer.core.audio.walk import Listing
from indexer.core.tags.cue.finding import SheetReader, Sheets
from indexer.core.tracks import FileRecord, Problem, Stamp
from indexer.scanning.plan import Plan


def find_sheets(
    listings: Sequence[Listing], records: Mapping[str, FileRecord], known: Mapping[str, Problem], plan: Plan
) -> Sheets:
    """Open the sheets that are new or changed, or about a file that is; files that they are about join those to read.

    A sheet that did not change is known by the files that were read with it, or by the problem that it has, and is
    not opened. Its problem is looked into again when a file near it came, went or changed.

    Args:
        listings: what the folders hold.
        records: the known files by path.
        known: the known problems by key.
        plan: what is to be done about each file; gets more to read.
    """
    finder = _Finder(listings, records, known, plan)
    finder.run()
    return finder.reader.found


class _Finder:
    """One search on its way; `run` tells the story."""

    def __init__(
        self, listings: Sequence[Listing], records: Mapping[str, FileRecord], known: Mapping[str, Problem], plan: Plan
    ) -> None:
        self.reader = SheetReader(listings)
        self._listings = listings
        self._records = records
        self._known = known
        self._plan = plan
        self._listed = self.reader.stamps
        self._to_read = {file.path for file in plan.to_read}
        self._more: set[str] = set()
        self._opened: set[str] = set()

    def run(self) -> None:
        users = [record for record in self._records.values() if record.sheets]
        if not self._listed and not users:
            return
        here = {record.path for record in self._plan.unchanged}
        self._more = {
            record.path
            for record in users
            if record.path in here and any(self._listed.get(stamp.path) != stamp for stamp in record.sheets)
        }
        waiting = self._first(users)
        while waiting:
            for path in sorted(waiting):
                self._open(self._listed[path], here)
            waiting = self._of_files(self._to_read | self._more) - self._opened
        self._keep_standing()
        self._move()

    def _first(self, users: Sequence[FileRecord]) -> set[str]:
        """The sheets that are new or changed, and those of files and near files that came, went or changed."""
        known = {stamp for record in users for stamp in record.sheets}
        fresh = {path for path, stamp in self._listed.items() if stamp not in known and not self._stands(stamp)}
        lost = self._of_files(record.path for record in self._plan.lost)
        stirred = {os.path.dirname(path) for path in self._to_read | {each.path for each in self._plan.lost}}  # noqa: PTH120
        near = stirred | {os.path.dirname(folder) for folder in stirred}  # noqa: PTH120 - a sheet may name what lies below
        stirred_up = {path for path in self._listed if os.path.dirname(path) in near}  # noqa: PTH120
        return fresh | lost | stirred_up | self._of_files(self._to_read | self._more)

    def _of_files(self, paths: Iterable[str]) -> set[str]:
        """The listed sheets that these files were read with."""
        records = (self._records[path] for path in paths if path in self._records)
        return {stamp.path for record in records for stamp in record.sheets if stamp.path in self._listed}

    def _stands(self, stamp: Stamp) -> bool:
        problem = self._known.get(stamp.path)
        return problem is not None and (problem.size, problem.mtime_ns) == (stamp.size, stamp.mtime_ns)

    def _open(self, stamp: Stamp, here: set[str]) -> None:
        self._opened.add(stamp.path)
        for path in self.reader.open(stamp.path):
            record = self._records.get(path)
            is_told = record is not None and stamp in record.sheets and stamp.path not in self._known
            if path in here and not is_told:
                self._more.add(path)

    def _keep_standing(self) -> None:
        """Sheets that were not opened and have a problem still have it."""
        for path in self._listed.keys() - self._opened:
            if path in self._known:
                self._plan.known_bad.append(self._known[path])

    def _move(self) -> None:
        """Let files be read that did not change themselves."""
        if not self._more:
            return
        self._plan.unchanged[:] = [record for record in self._plan.unchanged if record.path not in self._more]
        self._plan.to_read += (
            found for listing in self._listings for path, found in listing.files.items() if path in self._more
        )
