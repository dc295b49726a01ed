"""Joins the page of journeys to the window: its place in the side bar, the menus that lead there, and its buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from indexer.core.discover.travel import MOST_STOPS
from indexer.core.language import tr
from indexer.core.phrases import isolated
from indexer.core.plays import PlayContext, PlaySource
from indexer.core.tracks import TrackId
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.journey.journey_page import JourneyPage

PLACE = "journey"
START, END = 0, 1


class JourneyControl(QObject):
    """Brings tracks to the page, and what it found to the queue and to the playlists."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._services = services
        self._shell = shell
        library = services.library
        self.page = JourneyPage(services.journeys, library.catalogue, library.track, services.look)
        shell.places.add(Place(PLACE, tr("Journey"), "path", Section.DISCOVER, self.page))
        self._connect()
        self.on_track(services.player.current)

    def begin(self, which: int, track: TrackId) -> None:
        """Go to the page with a track as the start, 0, or the end, 1."""
        self._shell.places.go(PLACE)
        self.page.set_end(which, track)

    def play(self) -> None:
        """Play the journey instead of the queue."""
        self._shell.commands.play(self.page.tracks)

    def enqueue(self) -> None:
        self._services.player.enqueue(self.page.tracks, PlayContext(PlaySource.JOURNEY))

    def save(self) -> None:
        """Make a playlist of the journey, named after its ends."""
        tracks = self.page.tracks
        made = self._services.playlists.create(self._name_of(tracks), tracks)
        self._shell.messages.tell(tr("The journey is kept in the playlist “{name}”.", name=isolated(made.name)))

    def on_track(self, track: TrackId | None) -> None:
        for well in (self.page.start, self.page.end):
            well.playing_button.setEnabled(track is not None)

    def _connect(self) -> None:
        page = self.page
        page.playing_wanted.connect(self._on_playing_wanted)
        page.menu_requested.connect(self._on_menu)
        page.play_from_requested.connect(lambda row: self._shell.commands.play_in_list(page.tracks, row))
        page.tools.play_button.clicked.connect(self.play)
        page.tools.queue_button.clicked.connect(self.enqueue)
        page.tools.save_button.clicked.connect(self.save)
        self._shell.commands.extend(self._add_to_menu)

    def _name_of(self, tracks: Sequence[TrackId]) -> str:
        start, end = (self._services.library.track(track) for track in (tracks[0], tracks[-1]))
        return tr("From {start} to {end}", start=start.title if start else "…", end=end.title if end else "…")

    def _on_playing_wanted(self, which: int) -> None:
        track = self._services.player.current
        if track is not None:
            self.page.set_end(which, track)

    def _on_menu(self, spot: QPoint) -> None:
        menu = self._shell.commands.menu(self.page.selected_tracks(), self.page, more=self.page.row_actions())
        pop_up(menu, spot)

    def _add_to_menu(self, menu: QMenu, tracks: Sequence[TrackId]) -> None:
        icon = self._services.look.icons.icon("path")
        if len(tracks) == 1:
            menu.addAction(icon, tr("Journey from here"), lambda: self.begin(START, tracks[0]))
            menu.addAction(icon, tr("Journey to here"), lambda: self.begin(END, tracks[0]))
            said_there = self.page.isVisible() and tracks[0] in self.page.tracks
            if self.page.has_room and not said_there and tracks[0] not in (*self.page.ends, *self.page.by):
                menu.addAction(icon, tr("Journey by way of this"), lambda: self._by_way_of(tracks[0]))
        elif 1 < len(tracks) <= MOST_STOPS + 2:
            menu.addAction(icon, tr("Journey between these"), lambda: self._through(tracks))

    def _by_way_of(self, track: TrackId) -> None:
        self._shell.places.go(PLACE)
        self.page.pass_through(track)

    def _through(self, tracks: Sequence[TrackId]) -> None:
        self._shell.places.go(PLACE)
        self.page.set_way(tracks)
