"""Takes tracks into a model and out of it, a few at a time, so that thousands of them never hold up the window."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.store import FeatureRecord

_log = logging.getLogger(__name__)

SLICE_SECONDS = 0.006
"""Time given to insertions at once, well below the 16 ms of a frame; one takes a millisecond at most."""

AT_ONCE = 4
"""Taken in without waiting for a turn, however long it takes: what was just heard can be asked for at once."""

TELL_SECONDS = 0.5
"""While many are taken in, this often it is told that there are more."""


class Intake(QObject):
    """Holds what waits to be inserted or taken out.

    Signals:
        took: tracks were inserted or taken out.
    """

    took = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model: SimilarityModel | None = None
        self._waiting: dict[TrackId, FeatureRecord] = {}
        self._leaving: dict[TrackId, None] = {}
        self._untold = False
        self._told_at = 0.0
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._take_some)

    def serve(self, model: SimilarityModel) -> None:
        """Insert into this model from now on; what waits is kept."""
        self._model = model

    def add(self, records: Iterable[FeatureRecord]) -> None:
        """Insert what the model does not have, the first few before this returns."""
        for record in records:
            self._leaving.pop(record.track, None)
            self._waiting[record.track] = record
        self._take_some()

    def drop(self, tracks: Iterable[TrackId]) -> None:
        """Take tracks out of the model, and out of what waits."""
        for track in tracks:
            self._waiting.pop(track, None)
            self._leaving[track] = None
        self._take_some()

    def hurry(self, track: TrackId) -> None:
        """Insert a track at once if it waits, because it is asked for."""
        if self._model is not None and track in self._waiting:
            self._insert(self._model, self._waiting.pop(track))

    def stop(self) -> None:
        self._timer.stop()

    def _take_some(self) -> None:
        if self._model is None:
            return
        began, taken = time.monotonic(), 0
        while self._is_busy and (taken < AT_ONCE or time.monotonic() - began < SLICE_SECONDS):
            if self._leaving:
                self._remove(self._model, self._leaving.popitem()[0])
            else:
                self._insert(self._model, self._waiting.pop(next(iter(self._waiting))))
            taken += 1
        if self._is_busy:
            self._timer.start()
        if self._untold and (not self._is_busy or time.monotonic() - self._told_at > TELL_SECONDS):
            self._untold, self._told_at = False, time.monotonic()
            self.took.emit()

    @property
    def _is_busy(self) -> bool:
        return bool(self._leaving or self._waiting)

    def _remove(self, model: SimilarityModel, track: TrackId) -> None:
        if track in model:
            model.remove(track)
            self._untold = True

    def _insert(self, model: SimilarityModel, record: FeatureRecord) -> None:
        if record.key == model.manifest.profile_key and record.track not in model:
            try:
                model.insert(record.track, record.values)
            except (
                IndexError,
                ValueError,
            ) as error:  # of a network that a server made known, and that is another one there by now
                _log.warning("not taken into the model: %s", error)
            else:
                self._untold = True
