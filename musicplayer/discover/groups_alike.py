"""Which artists and albums sound alike: made in another thread when a page asks, anew when library or model changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from indexer.core.discover.like_groups import Heard, LikeGroups, heard_in
from musicplayer.library.groupings import Groupings
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel

_log = logging.getLogger(__name__)

ModelOf = Callable[[], "SimilarityModel | None"]


class GroupsAlike(QObject):
    """Answers by numbers of the groupings as they are now; empty while the first that answers is made.

    Signals:
        changed: what was asked for can be answered.
    """

    changed = Signal()

    def __init__(self, groupings: Groupings, model_of: ModelOf, parent: QObject | None = None) -> None:
        """Compare the groups of `groupings` by the model that `model_of` gives."""
        super().__init__(parent)
        self._groupings = groupings
        self._model_of = model_of
        self._made: dict[str, tuple[Any, LikeGroups]] = {}
        self._making: dict[str, Any] = {}
        self._asked: SimilarityModel | None = None
        self._tasks = Tasks(workers=1, parent=self)

    def albums(self, album: int, k: int) -> list[int]:
        """Up to `k` albums that sound most like one, the nearest first."""
        albums = self._groupings.albums()
        return self._like("albums", albums, lambda heard: LikeGroups.of_albums(albums, heard), album, k)

    def artists(self, artist: int, k: int) -> list[int]:
        """Up to `k` artists who sound most like one, the nearest first."""
        artists = self._groupings.artists()
        return self._like("artists", artists, lambda heard: LikeGroups.of_artists(artists, heard), artist, k)

    def on_model_changed(self) -> None:
        """There may be another model: who asked before it came is told to ask again."""
        if self._model_of() is not self._asked:
            self.changed.emit()

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _like(self, kind: str, groups: object, make: Callable[[Heard], LikeGroups], group: int, k: int) -> list[int]:
        self._asked = model = self._model_of()
        if model is None or not len(model):
            return []
        of, found = self._made.get(kind, (None, None))
        wanted = (groups, model, len(model))
        if not _are_same(of, wanted) and not _are_same(self._making.get(kind), wanted):
            self._make(kind, wanted, make, heard_in(self._groupings.catalogue, model))
        if found is None or of is None or of[0] is not groups:
            return []
        return [like.number for like in found.like(group, k)]

    def _make(self, kind: str, wanted: object, make: Callable[[Heard], LikeGroups], heard: Heard) -> None:
        self._making[kind] = wanted
        self._tasks.run(
            lambda: make(heard),
            lambda found: self._on_made(kind, wanted, found),
            lambda error: _log.error("comparing %s failed", kind, exc_info=error),
        )

    def _on_made(self, kind: str, wanted: object, found: LikeGroups) -> None:
        self._made[kind] = (wanted, found)
        if self._making.get(kind) is wanted:
            del self._making[kind]
            self.changed.emit()


def _are_same(one: Any, other: Any) -> bool:
    """Whether two were made of the same groups, the same model and as many tracks."""
    return one is not None and one[0] is other[0] and one[1] is other[1] and one[2] == other[2]
