"""Has models made in the background of what one that is in use lacks, while features come in as it can take them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from indexer.core.discover.gathering import GROWTH, Gathering
from indexer.core.language import tr
from indexer.core.tracks import TrackId
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.store import FeatureRecord


@dataclass(frozen=True)
class Made:
    """A model of what was gathered, the `last` one of all of it; `unkept` says why it could not be noted down."""

    model: SimilarityModel
    tracks: frozenset[TrackId]
    last: bool
    unkept: OSError | None = None


class Gatherer(QObject):
    """Gives a gathering what comes, one step at a time in a thread of `tasks`, and tells of the models made of it.

    Signals:
        wants_more: what was given is vectors by now, and the next features can come.
        made: a `Made`, to be used in place of the model in use.
        failed: message and advice.
    """

    wants_more = Signal()
    made = Signal(object)
    failed = Signal(str, str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._gathering: Gathering | None = None
        self._is_under_way = False

    @property
    def known_rev(self) -> int:
        """The revision up to which the features of what was gathered are known; 0 for a model that was built."""
        return 0 if self._gathering is None else self._gathering.rev

    def begin(self, gathering: Gathering, size: int) -> None:
        """Gather for another model, which has `size` of the tracks that are known already."""
        self._gathering, self._is_under_way = gathering, False
        self._grow(gathering, size)

    def take(self, model: SimilarityModel, records: Sequence[FeatureRecord], left: int, rev: int) -> bool:
        """Gather some of what a model lacks, `left` others being to come; False for so few that it may insert them."""
        gathering = self._gathering
        if gathering is None:
            return True
        known = any(record.track in model or record.track in gathering for record in records)
        if not left and not self._is_under_way and not known:
            return False
        self._is_under_way = True
        self._tasks.run(
            lambda: gathering.take(records), lambda _: self._on_taken(gathering, left, rev), self._on_failed
        )
        return True

    def forget(self, tracks: Iterable[TrackId]) -> None:
        """Leave tracks out that left the library."""
        if self._gathering is not None:
            gathering, gone = self._gathering, frozenset(tracks)
            self._tasks.run(lambda: gathering.forget(gone), lambda _: None, self._on_failed)

    def _on_taken(self, gathering: Gathering, left: int, rev: int) -> None:
        if gathering is not self._gathering:
            return
        if left:
            self.wants_more.emit()
        else:
            self._is_under_way = False
            gathering.rev = rev
        if not left or gathering.is_due():
            self._tasks.run(
                lambda: _made(gathering, last=not left), lambda made: self._on_made(gathering, made), self._on_failed
            )

    def _grow(self, gathering: Gathering, size: int) -> None:
        """Make larger and larger models of what was known at the last start, until all of it is in one."""
        if gathering is self._gathering and size < len(gathering) and not self._is_under_way:
            most = size * GROWTH**2

            def go_on(made: Made) -> None:
                self._on_made(gathering, made)
                self._grow(gathering, most)

            self._tasks.run(lambda: _made(gathering, last=False, most=most), go_on, self._on_failed)

    def _on_made(self, gathering: Gathering, made: Made) -> None:
        if gathering is not self._gathering:
            return
        if made.unkept is not None:
            self.failed.emit(
                tr("What tracks sound like could not be noted for the next start: {error}.", error=made.unkept),
                tr("Free some space, or the next start takes as long to get ready; nothing is lost."),
            )
        self.made.emit(made)

    def _on_failed(self, error: Exception) -> None:
        self._is_under_way = False
        self.failed.emit(
            tr("Not all that was analysed could be taken into the model: {error}.", error=error),
            tr("Restart Segue, or rebuild the index."),
        )


def _made(gathering: Gathering, *, last: bool, most: int | None = None) -> Made:
    model = gathering.made(most)
    unkept = None
    if last:
        try:
            gathering.keep()
        except OSError as error:
            unkept = error
    return Made(model, frozenset(model.tracks()), last, unkept)
