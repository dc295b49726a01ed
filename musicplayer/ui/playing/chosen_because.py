"""Why the track that plays was chosen, where something other than a person chose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from indexer.core.language import tr
from indexer.core.model.alike import in_common
from indexer.core.phrases import isolated
from indexer.core.playing.queue import QueueItem
from indexer.core.plays import PlaySource
from indexer.core.taste.page_words import why_words
from indexer.core.tracks import TrackId, TrackOf
from musicplayer.discover.reasons import Reasons
from musicplayer.discover.recommended import Recommended

if TYPE_CHECKING:
    from indexer.core.taste.model import Reason


class ChosenBecause(QObject):
    """Finds the sentence; where it takes a moment, a shorter one comes first.

    Signals:
        told: the sentence, empty for what a person chose.
    """

    told = Signal(str)

    def __init__(
        self, recommended: Recommended, reasons: Reasons, track_of: TrackOf, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._recommended = recommended
        self._reasons = reasons
        self._track_of = track_of
        self._item: QueueItem | None = None
        recommended.explained.connect(self._on_explained)
        reasons.arrived.connect(lambda _: self._tell())

    def follow(self, item: QueueItem | None) -> None:
        """Tell of this one from now on."""
        self._item = item
        self._tell()
        if item is not None and item.origin.source is PlaySource.FOR_YOU:
            self._recommended.explain(item.track)

    def _tell(self) -> None:
        item = self._item
        if item is None:
            self.told.emit("")
            return
        seed, source = item.origin.seed, item.origin.source
        if source is PlaySource.RADIO:
            self.told.emit(self._of_seed(item.track, seed) or tr("Chosen by the radio"))
        elif source is PlaySource.MORE_LIKE:
            self.told.emit(self._of_seed(item.track, seed))
        elif source is PlaySource.JOURNEY:
            self.told.emit(tr("A step of the journey"))
        else:
            self.told.emit("")

    def _of_seed(self, track: TrackId, seed: TrackId | None) -> str:
        found = None if seed is None or seed == track else self._track_of(seed)
        if seed is None or found is None:
            return ""
        name = isolated(found.title)
        known = self._reasons.known([(seed, track)])
        groups = in_common(known[seed, track]) if known else ""
        if not groups:
            return tr("Here because it sounds like {title}", title=name)
        return tr("Here because it sounds like {title}: {groups}", title=name, groups=groups)

    def _on_explained(self, track: TrackId, reason: Reason) -> None:
        item = self._item
        if item is not None and item.track == track and item.origin.source is PlaySource.FOR_YOU:
            self.told.emit(why_words(track, reason, False, self._track_of))
