"""All artists as a tree, and the one that is chosen with picture, albums, and who sounds like it."""

from __future__ import annotations

import random

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from indexer.core.catalogue.albums import albums_with
from indexer.core.catalogue.catalogue import Rows
from indexer.core.language import tr
from indexer.core.recordings.artists import is_somebody
from indexer.core.tracks import TrackId
from musicplayer.discover.groups_alike import GroupsAlike
from musicplayer.library.groupings import Groupings
from musicplayer.ui.frame.track_commands import TrackCommands, pop_up
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.artist_head import ArtistHead, ArtistShown
from musicplayer.ui.tracks.browse_page import BrowsePage, Browsing

_ALIKE, _MOST_PLAYED = 6, 4
"""Artists and tracks that are named."""


class ArtistsPage(BrowsePage):
    """Nobody, several and all artists have no head.

    Signals:
        album_requested: key of an album to show.
    """

    album_requested = Signal(str)

    def __init__(
        self,
        groupings: Groupings,
        browsing: Browsing,
        commands: TrackCommands,
        look: Look,
        alike: GroupsAlike,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(groupings.catalogue, browsing, commands, look, parent)
        self._groupings = groupings
        self._alike = alike
        self._named: list[str] = []
        self._most_played: list[TrackId] = []
        self.head = ArtistHead(groupings.catalogue, look)
        self.set_head(self.head)
        head = self.head
        head.play_requested.connect(lambda: commands.play(self._tracks()))
        head.shuffle_requested.connect(lambda: commands.play(_shuffled(self._tracks())))
        head.radio_requested.connect(lambda: commands.radio_requested.emit(self._tracks()))
        head.track_requested.connect(lambda place: commands.play(self._most_played, place))
        head.artist_requested.connect(lambda place: self.choose(self._named[place]))
        for strip in (head.own, head.appears_on):
            strip.opened.connect(self.album_requested)
            strip.play_requested.connect(self.play_requested)
            strip.menu_requested.connect(self._on_album_menu)
        alike.changed.connect(self._show_alike)

    def refresh_groups(self) -> None:
        super().refresh_groups()
        self._show_head()

    def _on_chosen(self) -> None:
        super()._on_chosen()
        self._show_head()

    def _chosen_artist(self) -> int | None:
        """The number of the one artist that is chosen."""
        keys = self.tree.keys()
        artist = self._groupings.artists().place_of(keys[0]) if len(keys) == 1 and is_somebody(keys[0]) else None
        return artist if artist is not None and len(self._rows(artist)) else None

    def _rows(self, artist: int) -> Rows:
        return self._groupings.artists().rows_of([artist], self._catalogue.rows())

    def _tracks(self) -> list[TrackId]:
        """Everything of the artist, album by album."""
        artist = self._chosen_artist()
        if artist is None:
            return []
        rows, albums = self._rows(artist), self._groupings.albums()
        places = {row: place for place, row in enumerate(albums.rows.tolist())}
        return self._catalogue.ids(sorted(rows.tolist(), key=lambda row: places.get(row, len(places))))

    def _show_head(self) -> None:
        artist = self._chosen_artist()
        if artist is None:
            self.head.hide()
            return
        rows = self._rows(artist)
        plays = self._catalogue.numbers("plays").array[rows]
        often = rows[np.argsort(-plays, kind="stable")][: min(_MOST_PLAYED, int((plays > 0).sum()))]
        self._most_played = self._catalogue.ids(often.tolist())
        seconds = np.nan_to_num(self._catalogue.numbers("seconds").array[rows])
        albums, artists = self._groupings.albums(), self._groupings.artists()
        own, appears_on = albums_with(albums, artists, artist, rows)
        shown = ArtistShown(
            name=artists.labels[artist],
            tracks=len(rows),
            seconds=float(seconds[seconds > 0].sum()),
            picture=self._catalogue.track(int(albums.rows_of(int(own[0]))[0] if len(own) else rows[0])),
            albums=albums,
            own=own,
            appears_on=appears_on,
            most_played=[self._catalogue.track(row) for row in often.tolist()],
        )
        self.head.show_artist(shown)
        self._show_alike()

    def _show_alike(self) -> None:
        artist, artists = self._chosen_artist(), self._groupings.artists()
        found = [] if artist is None else self._alike.artists(artist, _ALIKE)
        self._named = [artists.keys[number] for number in found]
        self.head.show_alike([artists.labels[number] or tr("Unknown artist") for number in found])

    def _on_album_menu(self, tracks: list[TrackId], spot: QPoint) -> None:
        pop_up(self._commands.menu(tracks, self), spot)


def _shuffled(tracks: list[TrackId]) -> list[TrackId]:
    return random.sample(tracks, len(tracks))
