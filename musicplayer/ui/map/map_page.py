"""The page of the music map: tools, the map with its card and bar, the legend; or why there is no map."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import Query, match, read
from indexer.core.discover.map import MusicMap, Points
from indexer.core.discover.map_colours import ColourBy, Colouring, colouring
from indexer.core.language import mark, number, tr, trn
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.state_page import StatePage
from musicplayer.ui.map.map_canvas import MapCanvas
from musicplayer.ui.map.map_card import MapCard
from musicplayer.ui.map.map_legend import MapLegend
from musicplayer.ui.map.map_palette import colour_of
from musicplayer.ui.map.map_tools import COLOUR_NAMES, MapBar, MapTools

MOST_TAKEN = 1_000
"""Tracks of a lasso that are queued: two days of music, and still quick to show."""

_KEYS = mark(
    "Arrows go from track to track, N to those that sound like what plays; Enter plays, plus and minus zoom, "
    "zero shows the whole map."
)
_LEGEND_FROM = 620
"""Pixels of width from which there is room for the legend beside the map."""


class MapPage(QWidget):
    """Shows the library as a picture.

    Signals:
        shown: the page came to sight.
        play_requested: list of TrackId.
        queue_requested: list of TrackId.
        menu_requested: list of TrackId, and where on the screen.
        rebuild_requested: the button beside "there is no map" was pressed.
    """

    shown = Signal()
    play_requested = Signal(object)
    queue_requested = Signal(object)
    menu_requested = Signal(object, QPoint)
    rebuild_requested = Signal()

    def __init__(
        self,
        catalogue: Catalogue,
        track_of: TrackOf,
        look: Look,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._track_of = track_of
        self._theme = look.theme
        self._by = ColourBy.GENRE
        self._colouring: Colouring | None = None
        self._query = Query()
        self._chosen: set[int] = set()
        self._enclosed: Points = np.empty(0, np.intp)
        self.tools = MapTools(look.icons)
        self.canvas = MapCanvas(look.theme, self._name_of)
        self.card = MapCard(look, self.canvas)
        self._said_of: dict[int, str] = {}
        self.bar = MapBar(look.icons, self.canvas)
        self.legend = MapLegend(look.theme)
        self.page = StatePage(look, width=380)
        self.rebuild_button = push_button(tr("Rebuild index…"))
        self._build_ui()
        self._connect()
        self.say("map-trifold", tr("Getting the map ready…"), busy=True)
        self.canvas.describe(tr(_KEYS))

    @property
    def enclosed(self) -> Points:
        """Points inside the lasso."""
        return self._enclosed

    @property
    def has_map(self) -> bool:
        """Whether a map is shown, not a sentence that says why there is none."""
        return self._stack.currentWidget() is self._map

    def say(
        self,
        glyph: str,
        headline: str,
        detail: str = "",
        *,
        share: float | None = None,
        busy: bool = False,
        rebuild: bool = False,
    ) -> None:
        """Show a sentence instead of the map."""
        self.page.show_state(glyph, headline, detail, share=share, busy=busy)
        self.rebuild_button.setVisible(rebuild)
        self._stack.setCurrentWidget(self.page)

    def show_map(self, drawn: MusicMap) -> None:
        """Show a map; search, colours and the part that is seen stay as they are."""
        self._drop_enclosed()
        self._colouring = colouring(self._catalogue, drawn, self._by)
        self.canvas.show_map(drawn, self._colouring)
        self._show_legend()
        self._stack.setCurrentWidget(self._map)

    def show_playing(self, track: TrackId | None, similar: Mapping[TrackId, str]) -> None:
        """Mark the playing track and what sounds like it, of which each says how near it is."""
        drawn = self.canvas.map
        found = {point: said for each, said in similar.items() if (point := drawn.point_of(each)) is not None}
        self._said_of = found
        point = None if track is None else drawn.point_of(track)
        self.canvas.show_playing(point, np.array(list(found) if point is not None else [], dtype=np.intp))
        self.tools.playing.setEnabled(point is not None)

    def colour_by(self, by: ColourBy) -> None:
        """Let the colours say something else."""
        self._by = by
        self.tools.show_colour(by)
        if self.has_map:
            self._colouring = colouring(self._catalogue, self.canvas.map, by)
            self.canvas.colour(self._colouring)
            self._show_legend()

    def refresh_colours(self) -> None:
        """Look again at what the tracks are, for tags and plays have changed."""
        self.colour_by(self._by)

    def taken(self) -> list[TrackId]:
        """The tracks inside the lasso, each near to the one before, at most MOST_TAKEN."""
        points = self.canvas.map.in_walking_order(self._enclosed)[:MOST_TAKEN]
        return [self.canvas.map.tracks[point] for point in points.tolist()]

    # Building

    def _build_ui(self) -> None:
        self.page.add_button(self.rebuild_button)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.canvas, 1)
        across.addWidget(self.legend)
        self._map = QWidget()
        whole = QVBoxLayout(self._map)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.tools)
        whole.addLayout(across, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._map)
        self._stack.addWidget(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.tools.show_colour(self._by)
        self.tools.playing.setEnabled(False)

    def _connect(self) -> None:
        canvas, tools, bar = self.canvas, self.tools, self.bar
        canvas.pointed.connect(self._on_pointed)
        canvas.viewed.connect(self._on_viewed)
        canvas.activated.connect(lambda point: self.play_requested.emit([canvas.map.tracks[point]]))
        canvas.menu_requested.connect(lambda point, spot: self.menu_requested.emit([canvas.map.tracks[point]], spot))
        canvas.enclosed.connect(self._on_enclosed)
        tools.colour_chosen.connect(self.colour_by)
        tools.lasso.toggled.connect(canvas.set_lasso)
        tools.nearer.clicked.connect(lambda: canvas.zoom_by(1.6))
        tools.farther.clicked.connect(lambda: canvas.zoom_by(1 / 1.6))
        tools.whole.clicked.connect(canvas.show_whole)
        tools.playing.clicked.connect(self.go_to_playing)
        tools.search.searched.connect(self._on_searched)
        tools.search.entered.connect(lambda: canvas.show_points(self._lit_points()))
        tools.search.left_downwards.connect(lambda: canvas.setFocus(Qt.FocusReason.TabFocusReason))
        self.legend.chosen.connect(self._on_chosen)
        bar.play_requested.connect(lambda: self.play_requested.emit(self.taken()))
        bar.queue_requested.connect(lambda: self.queue_requested.emit(self.taken()))
        bar.more_requested.connect(lambda spot: self.menu_requested.emit(self.taken(), spot))
        bar.dismissed.connect(canvas.drop_lasso)
        self.rebuild_button.clicked.connect(self.rebuild_requested)

    def go_to_playing(self) -> None:
        """Frame the playing track and its neighbours."""
        if self.canvas.playing >= 0:
            self.canvas.show_points(np.append(self.canvas.neighbours, self.canvas.playing))

    # What is pointed at

    def _on_pointed(self, point: int) -> None:
        track = None if point < 0 else self._track_of(self.canvas.map.tracks[point])
        if track is None or self._colouring is None:
            self.card.hide()
            self.canvas.describe(tr(_KEYS))
            return
        slot = self._colouring.classes[int(self._colouring.codes[point])].slot
        note = self._note(point)
        colour = colour_of(slot, dark=self._theme.is_dark)
        self.card.show_track(track, self.canvas.spot_of(point).toPoint(), colour, note)
        words = tr("{title} by {artist}", title=track.title, artist=track.artist or tr("Unknown artist"))
        self.canvas.describe(f"{', '.join(filter(None, (words, track.genre, note)))}. {tr('Enter plays it.')}")

    def _note(self, point: int) -> str:
        if point == self.canvas.playing:
            return tr("Playing")
        if point not in self.canvas.neighbours:
            return ""
        return self._said_of.get(point, "").removesuffix(".") or tr("Like what plays")

    def _on_viewed(self) -> None:
        if self.canvas.point >= 0:
            self._on_pointed(self.canvas.point)

    def _name_of(self, point: int) -> str:
        row = int(self.canvas.map.rows[point])
        return self._catalogue.title(row) or self._catalogue.artist(row)

    # What is lit

    def _on_searched(self, text: str) -> None:
        self._query = read(text)
        self.tools.search.mark_wrong(self._query.refused is not None)
        self._light()

    def _on_chosen(self, chosen: set[int]) -> None:
        self._chosen = chosen
        self._light()

    def _light(self) -> None:
        """Dim what neither the search nor the legend asks for."""
        drawn, lit = self.canvas.map, self._found()
        if self._chosen and self._colouring is not None:
            of_class = np.isin(self._colouring.codes, list(self._chosen))
            lit = of_class if lit is None else lit & of_class
        self.canvas.light(lit, self._chosen)
        if self._query.hint:
            self.tools.say(self._query.hint, wrong=self._query.refused is not None)
            return
        found = trn("{number} track", "{number} tracks", len(drawn) if lit is None else int(lit.sum()))
        self.tools.say(found if lit is None else tr("{found} of {all}", found=found, all=number(len(drawn))))

    def _found(self) -> NDArray[np.bool_] | None:
        if not self._query.narrows:
            return None
        hit = np.zeros(self._catalogue.row_count, dtype=bool)
        hit[match(self._catalogue, self._query)] = True
        found: NDArray[np.bool_] = hit[self.canvas.map.rows]
        return found

    def _lit_points(self) -> Points:
        lit = self.canvas.lit
        return np.arange(len(self.canvas.map)) if lit is None else np.flatnonzero(lit)

    def _show_legend(self) -> None:
        if self._colouring is not None:
            self._chosen = set()
            self.legend.show_classes(tr(COLOUR_NAMES[self._by]), self._colouring)
            self._light()

    # What is enclosed

    def _on_enclosed(self, points: Points) -> None:
        self._enclosed = points
        if len(points):
            self.bar.show_count(len(points), min(len(points), MOST_TAKEN))
        else:
            self.bar.hide()

    def _drop_enclosed(self) -> None:
        self._enclosed = np.empty(0, np.intp)
        self.bar.hide()
        self.card.hide()

    # Qt's side

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.legend.setVisible(self.width() >= _LEGEND_FROM)
        self.bar.place()


PLACE_TITLE = mark("Music map")
