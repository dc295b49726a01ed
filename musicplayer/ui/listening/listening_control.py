"""Joins the page Listening to the database: what was played is read and added up away from the window."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, QTimer
from PySide6.QtWidgets import QFileDialog

from indexer.core.language import tr, trn
from indexer.core.plays import OWNER
from indexer.core.taste.diary import Diary, Listened, Span, diary_of, listened_of
from indexer.core.taste.folder import TasteUnwritable, forget_taste
from indexer.core.tracks import TrackId
from musicplayer.desktop.reveal import reveal
from musicplayer.threads import Tasks
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.listening.listening_page import ListeningPage
from musicplayer.ui.look.dialogs import ConfirmDialog

if TYPE_CHECKING:
    from indexer.core.store import Database

PLACE = "listening"
_SOON_MS = 400
"""Plays and opinions come in groups; they are read once for each."""

Read = tuple[list[Listened], dict[str, Any]]


class ListeningControl(QObject):
    """Keeps the page true while somebody looks at it; exports and erases what it is made of."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._client = services.library.client
        self._tasks = Tasks(workers=1, parent=self)
        self._read: Read = ([], {})
        self.page = ListeningPage(services.look, shared=services.shared is not None)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._ask)
        shell.places.add(Place(PLACE, tr("Listening"), "chart-bar", Section.DISCOVER, self.page))
        self._connect()

    def refresh_later(self) -> None:
        """Something was played or said."""
        if self.page.isVisible() and not self._soon.isActive():
            self._soon.start()

    def export(self, path: str) -> None:
        """Write all that is kept about the listener to a file, as `indexer history export` does."""
        self._client.ask(lambda database: _export(database, Path(path)), lambda told: self._on_exported(path, told))

    def erase(self) -> None:
        """Forget all that was played and said, as `indexer history erase` does."""
        self._client.ask(_erase, self._on_erased, must_succeed=True)

    def choose_file(self) -> None:
        """Let a file be chosen to export to."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._shell.window, tr("Export what is kept about you"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Listening history (*.jsonl)"))
        dialog.setDefaultSuffix("jsonl")
        dialog.selectFile(f"segue-listening-{date.today():%Y-%m-%d}.jsonl")  # noqa: DTZ011 - for a reader here
        dialog.fileSelected.connect(self.export)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_erase(self) -> ConfirmDialog:
        """Ask before everything is forgotten."""
        dialog = ConfirmDialog(
            tr("Erase what is kept about you"),
            tr("Erase everything that you played and said, for ever?"),
            tr(
                "All plays, imported play counts, thumbs, stars, favourites, lists that you were shown and "
                "hidden tracks are forgotten, and so is what was learnt from them. Music, playlists and the index "
                "stay. This cannot be undone; Export… keeps a copy."
            ),
            tr("Erase"),
            self._shell.window,
        )
        dialog.ask(lambda _: self.erase())
        dialog.no.setFocus()
        return dialog

    def _connect(self) -> None:
        page = self.page
        page.shown.connect(self._ask)
        page.span_chosen.connect(lambda _: self._add_up())
        page.export_requested.connect(self.choose_file)
        page.erase_requested.connect(self.ask_erase)
        self._services.opinions.changed.connect(lambda _: self.refresh_later())
        self._shell.closing.then(self._tasks.shutdown)

    def _ask(self) -> None:
        if self.page.isVisible():
            self._client.ask(_read if self._services.shared is None else _read_plays, self._on_read)

    def _on_read(self, read: Read) -> None:
        self._read = read
        self._add_up()

    def _add_up(self) -> None:
        listened, kept = self._read
        names, span = self._names(listened), Span(self.page.spans.currentData())
        self._tasks.run(
            lambda: diary_of(listened, names, time.time(), span), lambda diary: self._show(diary, kept), _raise
        )

    def _show(self, diary: Diary, kept: Mapping[str, Any]) -> None:
        if any(kept.get(kind) for kind in ("plays", "tallies", "opinions", "lists_shown", "hidden")):
            self.page.show_diary(diary, kept)
        else:
            self.page.say_empty()

    def _names(self, listened: Sequence[Listened]) -> dict[TrackId, tuple[str, str]]:
        """Artist and genre of what was played, as the library knows it."""
        catalogue = self._services.library.catalogue
        names: dict[TrackId, tuple[str, str]] = {}
        genres = catalogue.texts("genre")
        for track in {each.track for each in listened if each.track is not None}:
            row = catalogue.row_of(track)
            if row is not None:
                names[track] = catalogue.artist(row), genres[row]
        return names

    def _on_exported(self, path: str, told: int | str) -> None:
        if isinstance(told, str):
            self._shell.messages.warn(
                tr("What is kept about you could not be written to {file}: {error}.", file=path, error=told),
                tr("Choose another folder, or free some space there."),
            )
            return
        self._shell.messages.tell(
            trn("{number} record was written to {file}.", "{number} records were written to {file}.", told, file=path),
            tr("It can be read with any program: a line of JSON for each play and each opinion."),
            tr("Show in file manager"),
            lambda: reveal(path, lambda: None),
        )

    def _on_erased(self, erased: Mapping[str, int]) -> None:
        self._client.recount_plays()
        try:
            forget_taste(self._services.preferences.home)
        except TasteUnwritable as error:
            self._shell.messages.warn(error.message, error.advice)
        self._services.recommended.reload()
        self._services.sharing.forget()
        self._client.forget_told()
        for part in (self._services.opinions, self._services.dislikes):
            part.forget()
            part.load()
        self._ask()
        plays = erased.get("plays", 0)
        self._shell.messages.tell(
            trn("{number} play and all else is erased.", "{number} plays and all else are erased.", plays)
        )


def _read(database: Database) -> Read:
    """In the thread of the database."""
    from indexer.core.store.kept import kept_of  # noqa: PLC0415 - the driver is loaded by now, in this thread

    plays = list(database.plays.of(OWNER))
    return listened_of(plays), kept_of(database, OWNER, plays)


def _read_plays(database: Database) -> Read:
    """The same where another machine has the library, and keeps all else."""
    plays = list(database.plays.of(OWNER))
    return listened_of(plays), {"plays": len(plays)}


def _export(database: Database, file: Path) -> int | str:
    """How many records were written, or why they could not be."""
    from indexer.core.store.kept import export_kept  # noqa: PLC0415 - as above

    try:
        return export_kept(database, OWNER, file)
    except OSError as error:
        return error.strerror or str(error)


def _erase(database: Database) -> dict[str, int]:
    from indexer.core.store.kept import erase_kept  # noqa: PLC0415 - as above

    return erase_kept(database, OWNER)


def _raise(error: Exception) -> None:
    raise error
