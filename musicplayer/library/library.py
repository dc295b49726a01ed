"""Keeps the catalogue true: opens it from the last snapshot, follows the database, saves it again."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.catalogue import snapshot
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.follow.changes import SAMPLE_SIZE, Known
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.model.embedding.registry import profile_key
from indexer.core.settings import Settings
from indexer.core.tracks import Stretch, Track, TrackId
from musicplayer.library.copies import Copies
from musicplayer.library.database_client import DatabaseClient
from musicplayer.library.heard import Heard
from musicplayer.library.loose import LooseTracks
from musicplayer.threads import Tasks

SAVE_AFTER_MS = 15_000
"""From the first change on. A scan changes something all the time, and each save writes up to 20 MB."""


class Library(QObject):
    """The catalogue and its way to the database, joined.

    Signals:
        changed: a CatalogueChange.
        reset: the catalogue is another one; forget all rows.
        plays_changed: numbers or times of plays are others.
        message: message and advice about something that could not be saved or read.
    """

    changed = Signal(object)
    reset = Signal()
    plays_changed = Signal()
    message = Signal(str, str)

    def __init__(self, home: Home, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalogue = Catalogue()
        key, uri = profile_key(home, settings.profile), settings.database_uri
        self.client = DatabaseClient(home, key, uri=uri, kafka=settings.kafka, parent=self)
        self.loose = LooseTracks(home.loose_file, self)
        self.loose.failed.connect(self.message)
        self.copies = Copies(self.client.ask, self)
        self.client.connected.connect(self.copies.refresh)
        self.heard = Heard(home, self.catalogue, self.client, self)
        self.heard.changed.connect(self.plays_changed)
        self._home = home
        self._saves = Tasks(workers=1, parent=self)
        self._dirty = False
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._save_timer.timeout.connect(self._on_save)
        self.client.tracks_changed.connect(self._on_tracks)
        self.client.caught_up.connect(self._on_caught_up)
        self.client.plays_changed.connect(self._on_plays)
        self.client.last_played_loaded.connect(self._on_last_played)
        self.client.last_played_changed.connect(self._on_played)
        self.client.reset.connect(self._on_reset)
        self.client.refused.connect(self.message)

    def start(self) -> None:
        """Read the snapshot, at once, then connect to the database, in the background."""
        damage = self.catalogue.load_snapshot(self._home.catalogue_snapshot)
        self.loose.load()
        self.reset.emit()
        if damage:
            self.message.emit(damage, "")
        self.client.start(Known(self.catalogue.rev, self.catalogue.sample(SAMPLE_SIZE)))

    def move_to(self, uri: str | None) -> None:
        """Follow another database from now on: the one at an address, or the managed one."""
        self.client.move_to(uri, Known(self.catalogue.rev, self.catalogue.sample(SAMPLE_SIZE)))

    def hold(self) -> None:
        """Leave the database until `move_to`; plays are noted down, and playlists kept in their file, meanwhile."""
        self.client.shutdown()

    def shutdown(self) -> None:
        """End the database thread and save what was not saved yet.

        Raises:
            OSError: the snapshot cannot be written; the next start reads from the database what is missing.
        """
        self.client.shutdown()
        self._save_timer.stop()
        self._saves.shutdown()
        if self._dirty:
            self.catalogue.save_snapshot(self._home.catalogue_snapshot)
            self._dirty = False

    def path_of(self, track: TrackId) -> str | None:
        """Where the file of a track is; None for a track that is gone or unknown."""
        found = self.stretch_of(track)
        return None if found is None else found.path

    def stretch_of(self, track: TrackId) -> Stretch | None:
        """Where the sound of a track lies; None for a track that is gone or unknown.

        A loose file stands in for one of the library that is away.
        """
        row, loose = self._listed_row(track), self.loose.get(track)
        if loose is not None and (row is None or self.catalogue.is_away(row)):
            return loose.stretch
        return None if row is None else self.catalogue.stretch(row)

    def track(self, track: TrackId) -> Track | None:
        """What is known of a track, of a loose one too."""
        loose = self.loose_track(track)
        if loose is not None:
            return loose
        row = self.catalogue.row_of(track)
        return None if row is None else self.catalogue.track(row)

    def loose_track(self, track: TrackId) -> Track | None:
        """A track that is not in the library, as its file described it."""
        return None if self._listed_row(track) is not None else self.loose.get(track)

    def knows(self, track: TrackId) -> bool:
        """Whether a track is or once was in the library, so that what is heard of it is kept."""
        return self.catalogue.row_of(track) is not None

    def _listed_row(self, track: TrackId) -> int | None:
        row = self.catalogue.row_of(track)
        return row if row is not None and self.catalogue.is_listed(row) else None

    def _on_tracks(self, tracks: list[Track]) -> None:
        change = self.catalogue.upsert(tracks)
        if change:
            self.changed.emit(change)
            self._save_later()

    def _on_caught_up(self, rev: int) -> None:
        self.catalogue.rev = rev
        self._save_later()

    def _on_plays(self, plays: dict[TrackId, int]) -> None:
        changed = self.catalogue.set_plays(plays)
        self.plays_changed.emit()
        if changed:  # they are told anew at every start
            self._save_later()

    def _on_last_played(self, times: dict[TrackId, float]) -> None:
        changed = self.catalogue.set_last_played(times)
        self.plays_changed.emit()
        if changed:
            self._save_later()

    def _on_played(self, times: dict[TrackId, float]) -> None:
        self.catalogue.note_last_played(times)
        self.plays_changed.emit()
        self._save_later()

    def _on_reset(self) -> None:
        self.catalogue.clear()
        self.copies.forget()
        self.reset.emit()

    def _save_later(self) -> None:
        self._dirty = True
        if not self._save_timer.isActive():
            self._save_timer.start()

    def _on_save(self) -> None:
        self._dirty = False
        frozen, path = self.catalogue.freeze(), self._home.catalogue_snapshot
        self._saves.run(lambda: snapshot.write(path, frozen), lambda _: None, self._on_save_failed)

    def _on_save_failed(self, error: Exception) -> None:
        self._dirty = True
        self.message.emit(
            tr(
                "The list of tracks could not be saved to {file}: {error}.",
                file=self._home.catalogue_snapshot,
                error=error,
            ),
            tr("Free some space there; the next start is slower until then, nothing is lost."),
        )
