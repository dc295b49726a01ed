"""Joins the view of what plays to the window: how one comes there and back, full screen, and where names lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from indexer.core.language import tr
from indexer.core.tags.sung import Lyrics
from indexer.core.tracks import Seconds, TrackId
from musicplayer.library.lyrics import LyricsReader
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.playing.chosen_because import ChosenBecause
from musicplayer.ui.transport.transport_bar import ARTIST, TransportBar

if TYPE_CHECKING:
    from musicplayer.ui.playing.playing_page import PlayingPage


class PlayingControl(QObject):
    """Shows the view in place of page, side bar and panels; the bar below stays, without what the view shows larger.

    Going to any place leaves it. It is made when it is first wanted.

    Signals:
        made: the PlayingPage, when it is.
        artist_wanted: the TrackId whose artist's page is to be shown.
        album_wanted: the same of its album.
        left: the window is as it was before the view.
    """

    made = Signal(object)
    artist_wanted = Signal(object)
    album_wanted = Signal(object)
    left = Signal()

    def __init__(self, shell: Shell, services: Services, bar: TransportBar, window: QMainWindow, side: QWidget) -> None:
        """`side` is the column of the side bar."""
        super().__init__(window)
        self._shell = shell
        self._services = services
        self._player = services.player
        self._places = shell.places
        self._bar = bar
        self._window = window
        self._side = side
        self._docks: list[QDockWidget] = []
        self._before: QWidget | None = None
        self._state_before = Qt.WindowState.WindowNoState
        self._hides_menus = False
        self._page: PlayingPage | None = None
        self.lyrics = LyricsReader(services.library.client.ask, self)
        self._because = ChosenBecause(services.recommended, services.reasons, services.library.track, self)
        window.addActions(shell.actions.all())  # their keys hold while the menu bar is hidden
        self._connect()
        shell.closing.then(self.lyrics.shutdown)

    @property
    def page(self) -> PlayingPage:
        """The view."""
        if self._page is None:
            self._page = self._made()
            self.made.emit(self._page)
        return self._page

    @property
    def is_open(self) -> bool:
        """Whether the view is shown."""
        return self._page is not None and self._places.currentWidget() is self._page

    @property
    def is_full(self) -> bool:
        """Whether it fills the screen."""
        return bool(self._window.windowState() & Qt.WindowState.WindowFullScreen)

    def open(self) -> None:
        """Show the view."""
        if self.is_open:
            return
        self._before = self._places.currentWidget()
        docks = self._window.findChildren(QDockWidget)
        self._docks = [dock for dock in docks if not dock.isHidden() and not dock.isFloating()]
        self._docks.sort(key=lambda dock: not dock.visibleRegion().isEmpty())  # of tabs the one in front last
        for part in (*self._docks, self._side):
            part.hide()
        self._places.setCurrentWidget(self.page)
        self._bar.show_large(True)
        self._shell.actions.now_playing.setChecked(True)
        self.refresh()
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Show what was there before."""
        if self.is_open and self._before is not None:
            self._places.setCurrentWidget(self._before)

    def back(self) -> None:
        """One step: out of the full screen, or of the view."""
        if self.is_full:
            self.set_full(False)
        else:
            self.leave()

    def set_full(self, full: bool) -> None:
        """Fill the screen with the view, or give the window back the size it had."""
        if full and not self.is_full:
            self.open()
            self._state_before = self._window.windowState()
            self._hides_menus = not self._window.menuBar().isHidden()
            self._window.menuBar().hide()
            self._window.setWindowState(self._state_before | Qt.WindowState.WindowFullScreen)
        elif not full and self.is_full:
            self._window.menuBar().setVisible(self._hides_menus)
            self._window.setWindowState(self._state_before)
        self._shell.actions.full_screen.setChecked(self.is_full)
        if self._page is not None:
            self._page.full.setChecked(self.is_full)

    # What the player and the library tell

    def on_track(self, _track: TrackId | None = None) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show what plays, if anybody looks."""
        if not self.is_open:
            return
        current = self._player.current
        track = None if current is None else self._services.library.track(current)
        self.page.show_track(track)
        self.page.clear_words()
        self.page.coming.rows.refresh()
        self._because.follow(self._player.queue.current)
        if track is None:
            self.lyrics.forget()
        else:
            self.lyrics.request(track)

    # Joining

    def _connect(self) -> None:
        actions, bar, player = self._shell.actions, self._bar, self._player
        actions.now_playing.triggered.connect(self._toggle)
        actions.full_screen.triggered.connect(self.set_full)
        self._places.currentChanged.connect(self._on_page)
        for action in (actions.focus_sidebar, actions.search, actions.show_playing):
            action.triggered.connect(self.leave)
        for asked in (self._shell.commands.more_like_requested, self._shell.commands.more_like_these_requested):
            asked.connect(self.leave)
        bar.large.clicked.connect(self._toggle)
        bar.title.clicked.connect(self.open)
        bar.cover.clicked.connect(lambda: self._lead(""))
        bar.artist.clicked.connect(self._lead)
        bar.menu_requested.connect(self._show_menu)
        player.position_changed.connect(self._on_position)
        player.seeked.connect(self._on_position)
        player.queue_changed.connect(self._on_queue)
        player.modes_changed.connect(self._on_queue)
        self.lyrics.arrived.connect(self._on_lyrics)
        self._shell.closing.begun.connect(self._on_closing)

    def _made(self) -> PlayingPage:
        from musicplayer.ui.playing.playing_page import PlayingPage  # noqa: PLC0415 - few starts come to need it

        page = PlayingPage(self._player, self._services.library.track, self._services.look)
        self._places.addWidget(page)
        page.cover.clicked.connect(lambda: self._lead(""))
        page.names.clicked.connect(self._lead)
        page.full.clicked.connect(lambda: self.set_full(not self.is_full))
        page.back.clicked.connect(self.back)
        page.lyrics.seek_requested.connect(self._player.seek)
        page.coming.activated_row.connect(self._go_on_with)
        page.coming.menu_requested.connect(self._show_coming_menu)
        self._because.told.connect(page.show_why)
        return page

    def _toggle(self) -> None:
        if self.is_open:
            self.leave()
        else:
            self.open()

    def _on_page(self) -> None:
        """Whatever is shown now: if it is not the view, the window is as it was before."""
        if self.is_open or self._before is None:
            return
        self._before = None
        self.set_full(False)
        self.lyrics.forget()
        self._bar.show_large(False)
        actions = self._shell.actions
        actions.now_playing.setChecked(False)
        self._side.setVisible(actions.sidebar.isChecked())
        for dock in self._docks:
            dock.show()
            dock.raise_()
        self.left.emit()

    def _on_closing(self) -> None:
        """What is remembered of the window is how it is without the view."""
        self.leave()

    def _on_position(self, position: Seconds) -> None:
        if self.is_open:
            self.page.lyrics.follow(position)

    def _on_queue(self) -> None:
        if self.is_open:
            self.page.coming.rows.refresh()

    def _on_lyrics(self, _track: TrackId, lyrics: Lyrics) -> None:
        known = tr("No lyrics are known of this track.")
        advice = tr("Put a text of the same name beside it, ending in .lrc or .txt, or fill in its lyrics tag.")
        here = self._services.shared is None
        self.page.show_words(lyrics, f"{known}\n{advice}" if here else known)
        self.page.lyrics.follow(self._player.position())

    def _lead(self, word: str) -> None:
        current = self._player.current
        if current is None or not self._services.library.knows(current):
            return
        self.leave()
        (self.artist_wanted if word == ARTIST else self.album_wanted).emit(current)

    def _show_menu(self, spot: QPoint) -> None:
        if self._player.current is not None:
            pop_up(self._shell.commands.menu([self._player.current], self._bar), spot)

    def _go_on_with(self, row: int) -> None:
        place = self.page.coming.rows.place_of(row)
        if place is not None:
            self._player.jump(place)

    def _show_coming_menu(self, spot: QPoint) -> None:
        rows = self.page.coming.selected_rows()
        play = None if len(rows) > 1 else lambda: self._go_on_with(rows[0])
        tracks = self.page.coming.rows.tracks_at(rows)
        pop_up(self._shell.commands.menu(tracks, self.page.coming, play=play), spot)
