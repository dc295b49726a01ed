"""Groupings of the library, made when they are first asked for and kept until the library changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.catalogue.albums import Albums, albums_by_title, albums_of
from indexer.core.catalogue.artists import artists_of
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.folder_tree import folders_of
from indexer.core.catalogue.genre_tree import genres_of
from indexer.core.catalogue.grouping import Grouping, side_by_side
from indexer.core.tracks import Genre

REFRESH_MS = 1_000
"""While a scan brings tracks, pages of groups follow this often."""

T = TypeVar("T")


class Groupings(QObject):
    """Albums, artists, genres and folders.

    Signals:
        changed: what was given before may be out of date; emitted a moment after the library changed.
    """

    changed = Signal()

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self._made: dict[str, Any] = {}
        self._known_genres: tuple[Genre, ...] = ()
        self._later = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._later.timeout.connect(self._tell)

    def albums(self) -> Albums:
        return self._kept("albums", lambda: albums_of(self.catalogue))

    def artists(self) -> Grouping:
        return self._kept("artists", lambda: artists_of(self.catalogue))

    def genres(self) -> Grouping:
        return self._kept("genres", lambda: genres_of(self.catalogue, self._known_genres))

    def folders(self) -> Grouping:
        return self._kept("folders", lambda: folders_of(self.catalogue))

    def genre_names(self) -> Grouping:
        """Every genre of the tree, one beside the other."""
        return self._kept("genre names", lambda: side_by_side(self.genres()))

    def album_titles(self) -> Grouping:
        """The albums by title."""
        return self._kept("album titles", lambda: albums_by_title(self.albums()))

    def know_genres(self, known: Iterable[Genre]) -> None:
        """Take a tree of genres."""
        nodes = tuple(known)
        if nodes != self._known_genres:
            self._known_genres = nodes
            self.invalidate()

    def invalidate(self) -> None:
        """The library changed; groups are made anew when they are asked for after the next `changed`."""
        if not self._later.isActive():
            self._later.start()

    def reset(self) -> None:
        """Rows mean other tracks now, so that nothing may be used any longer."""
        self._tell()

    def _kept(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._made:
            self._made[name] = make()
        return cast("T", self._made[name])

    def _tell(self) -> None:
        self._later.stop()
        self._made.clear()
        self.changed.emit()
