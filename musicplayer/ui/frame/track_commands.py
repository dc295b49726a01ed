"""What can be done with chosen tracks, wherever they were chosen: the one place behind menus and buttons."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from indexer.core.language import tr
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.settings import PlayOn
from indexer.core.text import shown_text
from indexer.core.tracks import TrackId
from musicplayer.desktop.reveal import reveal
from musicplayer.playback.player import Player
from musicplayer.ui.look.icons import Icons

_log = logging.getLogger("player")

_SOURCES = {
    "albums": PlaySource.ALBUM,
    "playlist": PlaySource.PLAYLIST,
    "similar": PlaySource.MORE_LIKE,
    "journey": PlaySource.JOURNEY,
    "map": PlaySource.MAP,
    "for-you": PlaySource.FOR_YOU,
}
"""What plays chosen in a place come from, by its word; all other places are parts of the library."""

Locate = Callable[[TrackId], str | None]
More = Callable[[QMenu, Sequence[TrackId]], None]
Shown = Callable[[], Sequence[TrackId]]


class TrackCommands(QObject):
    """Plays, queues, locates.

    Signals:
        more_like_requested: the TrackId to find similar tracks of.
        more_like_these_requested: a list of several, to find what they agree about.
        radio_requested: a list of TrackId to begin the radio from.
        told: a sentence about what was done.
        stars_chosen: list of TrackId, and stars that were clicked beside them, 0 to take them away.
        heart_clicked: list of TrackId, whose heart was clicked.
    """

    more_like_requested = Signal(object)
    more_like_these_requested = Signal(object)
    radio_requested = Signal(object)
    told = Signal(str)
    stars_chosen = Signal(object, float)
    heart_clicked = Signal(object)

    def __init__(self, player: Player, locate: Locate | None, icons: Icons, parent: QObject | None = None) -> None:
        """`locate` tells where the file of a track is; None where the files are on another machine."""
        super().__init__(parent)
        self._player = player
        self._locate = locate
        self._icons = icons
        self._more: list[More] = []
        self.place: Callable[[], str] = lambda: "no place"
        """Tells which kind of place is shown, for the log."""

        self.origins: dict[str, Callable[[], PlayContext]] = {}
        """By the word for a place, how what is chosen there comes to be played, where more is known than the place."""

        self.play_on = PlayOn.LIST
        """What plays after a track that was chosen in a list."""

    def extend(self, more: More) -> None:
        """Let `more` add entries to every context menu of tracks, before the file's own."""
        self._more.append(more)

    def play(self, tracks: Sequence[TrackId], start: int = 0, *, of: str = "") -> None:
        """Play these instead of the queue, which can be brought back, from the one at `start` on.

        `of` says for the log where they were chosen, if not at the place that is shown.
        """
        self._note("to play", tracks, of)
        self._player.play_tracks(list(tracks), start, self._origin(of))

    def play_in_list(self, tracks: Sequence[TrackId], row: int, *, of: str = "") -> None:
        """Play the track in a row of a list, and after it what the person wants to come then."""
        if self.play_on is PlayOn.ONE:
            self.play([tracks[row]], of=of)
        else:
            self.play(tracks, row, of=of)

    def play_now(self, tracks: Sequence[TrackId]) -> None:
        """Play these now; what is in the queue stays and comes after them."""
        self._note("to play now", tracks)
        self._player.play_now(list(tracks), self._origin())

    def play_next(self, tracks: Sequence[TrackId], *, of: str = "") -> None:
        """Play these after the current track, and then what is in the queue."""
        self._note("to play next", tracks, of)
        self._player.play_next(list(tracks), self._origin(of))

    def enqueue(self, tracks: Sequence[TrackId], *, of: str = "") -> None:
        """Play these after all that is in the queue."""
        self._note("for the queue", tracks, of)
        self._player.enqueue(list(tracks), self._origin(of))

    def _note(self, what_for: str, tracks: Sequence[TrackId], of: str = "") -> None:
        _log.info("%d tracks %s, chosen in %s", len(tracks), what_for, of or self.place())

    def _origin(self, of: str = "") -> PlayContext:
        place = of or self.place()
        return self.origins.get(place, lambda: PlayContext(_SOURCES.get(place, PlaySource.LIBRARY)))()

    def more_like(self, track: TrackId) -> None:
        self.more_like_requested.emit(track)

    def more_like_these(self, tracks: Sequence[TrackId]) -> None:
        self.more_like_these_requested.emit(list(tracks))

    def reveal(self, track: TrackId) -> None:
        """Show the file of a track in the file manager, or at least its folder."""
        path = None if self._locate is None else self._locate(track)
        if path is None:
            self.told.emit(tr("This track has no file any more."))
        else:
            reveal(path, lambda: self._open_folder(path))

    def _open_folder(self, path: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent))):
            self.told.emit(tr("There is no file manager to show this folder in."))

    def copy_paths(self, tracks: Sequence[TrackId]) -> None:
        """Put the paths on the clipboard, one a line; bytes that are no text become question marks."""
        locate = self._locate or (lambda _: None)
        paths = [path for path in map(locate, tracks) if path is not None]
        QGuiApplication.clipboard().setText(shown_text("\n".join(paths)))

    def menu(
        self,
        tracks: Sequence[TrackId],
        parent: QWidget,
        more: Sequence[QAction] = (),
        play: Callable[[], object] | None = None,
    ) -> QMenu:
        """The context menu of chosen tracks.

        Args:
            tracks: what was chosen, at least one.
            parent: of the menu.
            more: actions that come after what plays them.
            play: what "Play" does; None to play these instead of the queue.
        """
        menu = QMenu(parent)
        icon = self._icons.icon
        menu.addAction(icon("play"), tr("Play"), play or (lambda: self.play(tracks)))
        menu.addAction(icon("arrow-bend-down-right"), tr("Play next"), lambda: self.play_next(tracks))
        menu.addAction(icon("queue"), tr("Add to queue"), lambda: self.enqueue(tracks))
        menu.addActions(list(more))
        menu.addSeparator()
        if len(tracks) > 1:
            menu.addAction(icon("waves"), tr("More like these"), lambda: self.more_like_these(tracks))
        else:
            menu.addAction(icon("waves"), tr("More like this"), lambda: self.more_like(tracks[0]))
        for extend in self._more:
            extend(menu, tracks)
        if self._locate is not None:
            menu.addSeparator()
            menu.addAction(icon("folder-open"), tr("Show in file manager"), lambda: self.reveal(tracks[0]))
            menu.addAction(icon("copy"), tr("Copy path"), lambda: self.copy_paths(tracks))
        return menu

    def list_menu(
        self,
        tracks: Sequence[TrackId],
        rows: Sequence[int],
        parent: QWidget,
        shown: Shown,
        more: Sequence[QAction] = (),
    ) -> QMenu:
        """The context menu of the tracks in these rows of a list; `shown` gives all of the list when it is wanted.

        One track plays as a double click plays it, several play alone; the other way is offered beside it.
        """
        play = (lambda: self.play(tracks)) if len(rows) > 1 else lambda: self.play_in_list(shown(), rows[0])
        if len(rows) > 1 or self.play_on is PlayOn.ONE:
            other = QAction(self._icons.icon("list-dashes"), tr("Play everything from here"), self)
            other.triggered.connect(lambda: self.play(shown(), rows[0]))
        else:
            other = QAction(self._icons.icon("play"), tr("Play only this"), self)
            other.triggered.connect(lambda: self.play(tracks))
        menu = self.menu(tracks, parent, [other, *more], play)
        other.setParent(menu)
        return menu


def pop_up(menu: QMenu, spot: QPoint) -> None:
    """Show a menu that goes when it is closed, without waiting for it."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(spot)
