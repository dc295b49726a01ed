"""Joins the music map with the model, the player and the library; nothing is done before the page is first shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, QTimer

from indexer.core.discover.map import MusicMap
from indexer.core.discover.more_like import SimilarState
from indexer.core.discover.near_words import near_sentence
from indexer.core.errors import SegueError
from indexer.core.language import tr, trn
from indexer.core.tracks import TrackId
from musicplayer.threads import Tasks
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.track_commands import pop_up
from musicplayer.ui.map.map_page import PLACE_TITLE, MapPage

NEIGHBOURS = 14
"""Tracks like the playing one that are lit."""

_SOON_MS = 300
_LATER_MS = 3_000
"""Changes of library and model are waited out so long, for they come in groups; the second for many tracks, whose map
takes a tenth of a second to arrange."""

_MANY = 20_000


class MapControl(QObject):
    """Loads the map in the background and keeps it true."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self._shell = shell
        self._services = services
        self._tasks = Tasks(workers=1, parent=self)
        self._loading = False
        self._stale = True
        self._stamp: object = None
        self._indexing = False
        self._caught_up = False
        self.page = MapPage(services.library.catalogue, services.library.track, services.look)
        self._soon = QTimer(self, singleShot=True)
        shell.places.add(Place("map", tr(PLACE_TITLE), "map-trifold", Section.DISCOVER, self.page))
        self._connect()

    def on_library_changed(self) -> None:
        self._stale = True
        self.refresh_later()

    def refresh_later(self) -> None:
        """Look at the model again when its changes and those of the library have settled."""
        if self.page.isVisible() and not self._soon.isActive():
            self._soon.start(_LATER_MS if len(self.page.canvas.map) > _MANY else _SOON_MS)

    def on_caught_up(self) -> None:
        self._caught_up = True
        self.refresh_later()

    def set_indexing(self, running: bool) -> None:
        self._indexing = running
        self.refresh_later()

    def show_playing(self) -> None:
        if not self.page.isVisible() or not self.page.has_map:
            return
        current = self._services.player.current
        similar: dict[TrackId, str] = {}
        if current is not None:
            rows = self._services.similar.for_track(current, NEIGHBOURS).rows
            similar = {row.track: near_sentence(row) for row in rows}
        self.page.show_playing(current, similar)

    def _connect(self) -> None:
        page = self.page
        self._soon.timeout.connect(self._refresh)
        page.shown.connect(self._refresh)
        page.play_requested.connect(self._play)
        page.queue_requested.connect(self._enqueue)
        page.menu_requested.connect(self._pop_up)
        page.rebuild_requested.connect(self._shell.actions.rebuild.trigger)
        self._shell.closing.then(self._tasks.shutdown)

    def _refresh(self) -> None:
        """Show the map of the model in use, or say why there is none."""
        if not self.page.isVisible() or self._loading:
            return
        model = self._services.similar.model
        picture = None if model is None else model.picture()
        if model is None or picture is None:
            self._stamp = None
            self._say_why()
            return
        stamp = (model.manifest.id, len(picture.added), int(picture.removed.sum()))
        if stamp == self._stamp and not self._stale:
            self.show_playing()
            return
        self._loading, self._stale = True, False
        ids, listed = self._services.library.catalogue.ids_by_row()
        self._tasks.run(
            lambda: MusicMap.of(picture, {track: row for row, track in enumerate(ids) if listed[row]}),
            lambda drawn: self._on_loaded(drawn, stamp),
            self._on_failed,
        )

    def _on_loaded(self, drawn: MusicMap, stamp: object) -> None:
        self._loading = False
        self._stamp = stamp
        if len(drawn):
            self.page.show_map(drawn)
            self.show_playing()
        else:
            self._say_why()
        self.refresh_later()

    def _on_failed(self, error: Exception) -> None:
        self._loading = False
        fault = error if isinstance(error, SegueError) else SegueError("map-not-drawn", detail=error)
        is_ours = self._services.shared is None
        self.page.say("warning-circle", fault.message, fault.advice if is_ours else "", rebuild=is_ours)

    def _say_why(self) -> None:
        similar, page = self._services.similar, self.page
        tracks, manifest = len(self._services.library.catalogue), similar.manifest
        if similar.for_track(TrackId("")).state is SimilarState.LOADING or not (tracks or self._caught_up):
            page.say("map-trifold", tr("Getting the map ready…"), busy=True)
        elif self._services.shared is not None:
            page.say("map-trifold", tr("No map yet"), tr("It is drawn from the index of the machine with the library."))
        elif not tracks:
            page.say("map-trifold", tr("Nothing to map yet"), tr("Add a folder of music, and it gets a place here."))
        elif self._indexing:
            page.say(
                "map-trifold",
                tr("The map is on its way"),
                tr("It is drawn at the end of indexing, once every track is analysed."),
                busy=True,
            )
        elif manifest is not None and not manifest.provisional:
            page.say(
                "map-trifold",
                tr("This index has no map yet"),
                tr("It was built by an earlier version. Rebuild it to get the map; tracks are not analysed again."),
                rebuild=True,
            )
        else:
            page.say(
                "map-trifold",
                tr("No map yet"),
                tr("It is drawn when the index is built. Tracks that sound alike then lie side by side."),
                rebuild=True,
            )

    def _play(self, tracks: Sequence[TrackId]) -> None:
        """Play what was enclosed instead of the queue; a single click on a track leaves the queue to come after it."""
        if len(tracks) > 1:
            self._shell.commands.play(tracks)
        else:
            self._shell.commands.play_now(tracks)

    def _enqueue(self, tracks: Sequence[TrackId]) -> None:
        self._shell.commands.enqueue(tracks)
        self._shell.messages.tell(
            trn("{number} track was added to the queue.", "{number} tracks were added to the queue.", len(tracks))
        )

    def _pop_up(self, tracks: Sequence[TrackId], spot: QPoint) -> None:
        pop_up(self._shell.commands.menu(tracks, self.page), spot)
