"""Backups: one verified file of what a person would miss, brought back without loss; and the move of a database."""

from indexer.backup.errors import BackupDamaged as BackupDamaged
from indexer.backup.errors import BackupError as BackupError
from indexer.backup.errors import LibraryThere as LibraryThere
from indexer.backup.errors import NewerBackup as NewerBackup
from indexer.backup.manifest import BackupManifest as BackupManifest
from indexer.backup.places import Copy as Copy
from indexer.backup.places import copies_in as copies_in
from indexer.backup.places import folder_of as folder_of
from indexer.backup.reading import BackupFile as BackupFile
from indexer.backup.reading import read_manifest as read_manifest
from indexer.backup.restore import RestoreMode as RestoreMode
from indexer.backup.restore import RestoreResult as RestoreResult
from indexer.backup.restore import restore as restore
from indexer.backup.weekly import is_due as is_due
from indexer.backup.weekly import keep_weekly_copy as keep_weekly_copy
from indexer.backup.weekly import last_copy as last_copy
from indexer.backup.writing import write_backup as write_backup
