"""Backups: one verified file of what a person would miss, brought back without loss; and the move of a database."""

from indexer.core.backup.errors import BackupDamaged as BackupDamaged
from indexer.core.backup.errors import BackupError as BackupError
from indexer.core.backup.errors import LibraryThere as LibraryThere
from indexer.core.backup.errors import NewerBackup as NewerBackup
from indexer.core.backup.manifest import BackupManifest as BackupManifest
from indexer.core.backup.places import Copy as Copy
from indexer.core.backup.places import copies_in as copies_in
from indexer.core.backup.places import folder_of as folder_of
from indexer.core.backup.reading import BackupFile as BackupFile
from indexer.core.backup.reading import read_manifest as read_manifest
from indexer.core.backup.restore import RestoreMode as RestoreMode
from indexer.core.backup.restore import RestoreResult as RestoreResult
from indexer.core.backup.restore import restore as restore
from indexer.core.backup.weekly import is_due as is_due
from indexer.core.backup.weekly import keep_weekly_copy as keep_weekly_copy
from indexer.core.backup.weekly import last_copy as last_copy
from indexer.core.backup.writing import write_backup as write_backup
