"""What can be wrong with a backup, as sentences."""

from __future__ import annotations

from pathlib import Path

from indexer.core.errors import SegueError
from indexer.core.text import shown_path


class BackupError(SegueError):
    """A backup cannot be made or used."""


class BackupDamaged(BackupError):
    """The file is not what was written, or no backup at all; nothing of it is used."""


class NewerBackup(BackupError):
    """The backup was made by a Segue that knows more than this one."""


class LibraryThere(BackupError):
    """There is a library already, and nobody said what is to become of it."""


def damaged(path: Path, what: str) -> BackupDamaged:
    """The sentence for a part of the file that is not as it was written."""
    return BackupDamaged("backup-damaged", name=shown_path(path), what=what)


def not_a_backup(path: Path) -> BackupDamaged:
    return BackupDamaged("backup-not", name=shown_path(path))
