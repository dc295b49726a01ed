"""Has backups made and restored, and the library moved, by the indexer; beside the jobs that index."""

from __future__ import annotations

from pathlib import Path

from musicplayer.jobs.errands import Errands, named

BACKUP, WEEKLY, RESTORE, MOVE = "backup", "weekly", "restore", "move"
TARGET_VARIABLE = "SEGUE_MONGODB_NEW_URI"


class Backups(Errands):
    """Of the kinds "backup", "weekly", "restore" and "move"; a half-written backup leaves nothing."""

    @property
    def is_weekly_due(self) -> bool:
        from indexer.core.backup import is_due  # noqa: PLC0415 - of no use to the start

        return is_due(self._home)

    def back_up(self, file: str | Path, *, features: bool = False) -> None:
        """Write a backup, with what was heard if `features`."""
        self._jobs.run(BACKUP, "backup", *(("--features",) if features else ()), named(file))

    def make_weekly_copy(self) -> None:
        """Make the copy of this week if it is due."""
        self._jobs.run(WEEKLY, "backup", "--automatic")

    def restore(self, file: str | Path, *, replace: bool) -> None:
        """Bring a backup back: in place of the library, or to what it lacks."""
        self._jobs.run(RESTORE, "restore", named(file), "--replace" if replace else "--merge")

    def move(self, uri: str | None) -> None:
        """Move the library to the database at an address, or to the managed one."""
        if uri is None:
            self._jobs.run(MOVE, "database", "move", "--managed")
        else:
            self._jobs.run(MOVE, "database", "move", secrets={TARGET_VARIABLE: uri})
