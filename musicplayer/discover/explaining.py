"""Explains pairs of tracks once the features of both have come from the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.store import FeatureRecord

Pair = tuple[TrackId, TrackId]


class Explainer(QObject):
    """Waits for the features of the pair that was asked for last; an earlier one is forgotten.

    Signals:
        explained: the two tracks and their `Explanation`.
    """

    explained = Signal(str, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pair: Pair | None = None
        self._arrived: dict[TrackId, FeatureRecord] = {}

    def ask(self, one: TrackId, other: TrackId) -> None:
        """Wait for the features of these two."""
        self._pair = (one, other)
        self._arrived = {}

    def take(self, records: Iterable[FeatureRecord], model: SimilarityModel | None) -> None:
        """Look among features for those waited for; explain when both are there."""
        if self._pair is None or model is None:
            return
        for record in records:
            if record.track in self._pair and record.key == model.manifest.profile_key:
                self._arrived[record.track] = record
        if all(track in self._arrived and track in model for track in self._pair):
            one, other = self._pair
            self._pair = None
            self._tell(model, one, other)

    def _tell(self, model: SimilarityModel, one: TrackId, other: TrackId) -> None:
        # Imported here: with the model, which is loaded after the first paint.
        from indexer.core.model.explain import explain  # noqa: PLC0415
        from indexer.core.model.profiles import get_profile  # noqa: PLC0415

        first, second = self._arrived[one].values, self._arrived[other].values
        profile = get_profile(model.manifest.profile)
        self.explained.emit(one, other, explain(model.transform, profile, first, second, model.between(one, other)))
