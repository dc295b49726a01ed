"""Keeps playlists: in a file, at once, and in the database; each gets every change even if the other is away.

A change that the database refuses, or that is lost with it, is found by comparing when it is connected again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from indexer.core.language import tr
from indexer.core.playlist import Playlist
from indexer.core.playlists.mirror import read_heirs, read_mirror, write_mirror
from indexer.core.plays import OWNER
from indexer.core.store.records import Matter
from indexer.core.tracks import TrackId
from musicplayer.library.database_client import DatabaseClient
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.store import Database


class PlaylistKeeper(QObject):
    """Changes during a write of the file are gathered into the next one.

    Signals:
        arrived: list of Playlist, what the database has of the owner; each time that it is connected, a
            backup was restored, or another program wrote some.
        failed: message and advice.
    """

    arrived = Signal(object)
    failed = Signal(str, str)

    def __init__(self, path: Path, client: DatabaseClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._client = client
        self._files = Tasks(workers=1, parent=self)
        self._all: tuple[Playlist, ...] = ()
        self.heirs: Mapping[TrackId, TrackId] = {}
        self._file_stale = False
        self._file_busy = False
        self._complained = False
        client.connected.connect(self._on_connected)
        client.restored.connect(self._on_connected)
        client.news.connect(self._on_news)

    def start(self) -> list[Playlist]:
        """What the file has, tombstones too. A damaged one is put aside for a person to look at."""
        found, damaged = read_mirror(self._path)
        self.heirs = read_heirs(self._path)
        if damaged:
            self._put_aside()
        self._all = tuple(found)
        return found

    def keep(self, everything: Iterable[Playlist], changed: Iterable[Playlist]) -> None:
        """Write `everything` to the file, and what `changed` to the database."""
        self._all = tuple(everything)
        self._file_stale = True
        self._write_file()
        versions = list(changed)
        if versions:
            self._client.ask(lambda database: database.playlists.save(versions), must_succeed=True)

    def keep_heirs(self, heirs: Mapping[TrackId, TrackId]) -> None:
        """Write which tracks stand for others to the file, for the next start; the database has it anyway."""
        if heirs != self.heirs:
            self.heirs = dict(heirs)
            self._file_stale = True
            self._write_file()

    def shutdown(self) -> None:
        """Write what is not in the file yet. The database thread carries out what was ordered."""
        self._files.shutdown()
        if self._file_stale or self._file_busy:
            try:
                write_mirror(self._path, self._all, self.heirs)
            except OSError as error:
                self._on_file_failed(error)

    def _write_file(self) -> None:
        if self._file_busy or not self._file_stale:
            return
        self._file_busy, self._file_stale = True, False
        path, everything, heirs = self._path, self._all, self.heirs
        self._files.run(lambda: write_mirror(path, everything, heirs), self._on_written, self._on_file_failed)

    def _on_written(self, _: None) -> None:
        self._file_busy = self._complained = False
        self._write_file()

    def _on_file_failed(self, error: Exception) -> None:
        self._file_busy, self._file_stale = False, True
        if not self._complained:
            self._complained = True
            self.failed.emit(
                tr("The playlists could not be saved to {file}: {error}.", file=self._path, error=error),
                tr("Free some space there; the database has them, and they are written again with the next change."),
            )

    def _on_connected(self) -> None:
        self._client.ask(_of_the_owner, self.arrived.emit)

    def _on_news(self, matters: frozenset[Matter]) -> None:
        if Matter.PLAYLISTS in matters:
            self._on_connected()

    def _put_aside(self) -> None:
        aside = self._path.with_suffix(".damaged.json")
        try:
            self._path.replace(aside)
        except OSError:
            aside = self._path
        self.failed.emit(
            tr("The file of the playlists was damaged and is kept as {file}.", file=aside),
            tr("They are read from the database when it answers."),
        )


def _of_the_owner(database: Database) -> list[Playlist]:
    """Those of other listeners are theirs: the window neither shows nor keeps them."""
    return database.playlists.of(OWNER)
