"""Why tracks are near each other: those of a list and their seed all at once, and the two that are asked about."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from indexer.core.tracks import TrackId
from musicplayer.discover.dislikes import Ask
from musicplayer.threads import Tasks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from indexer.core.model import SimilarityModel
    from indexer.core.model.explain import Pair, PairReason
    from indexer.core.store import Database, FeatureRecord

_log = logging.getLogger(__name__)

Heard = Mapping[TrackId, "NDArray[np.float32]"]
ModelOf = Callable[[], "SimilarityModel | None"]

MOST_KEPT = 3_000
"""Pairs whose reasons are remembered: the lists of a long evening, about a kilobyte each."""


PATIENCE_SECONDS = 10.0
"""An order that has not come back for so long was dropped with its connection."""


class Reasons(QObject):
    """Reads what was heard in the tracks from the database and compares them, neither in the main thread.

    Where the database is away nothing comes; lists do without.

    Signals:
        arrived: pairs of seed and track, as a dict to their `PairReason`.
    """

    arrived = Signal(object)

    def __init__(self, model_of: ModelOf, ask: Ask, parent: QObject | None = None) -> None:
        """Explain by the transform of the model that `model_of` gives, with features that `ask` fetches."""
        super().__init__(parent)
        self._model_of = model_of
        self._ask = ask
        self._known: OrderedDict[Pair, PairReason] = OrderedDict()
        self._model: SimilarityModel | None = None
        self._wanted: list[Pair] = []
        self._asked_at: float | None = None
        self._tasks = Tasks(workers=1, parent=self)

    def known(self, pairs: Sequence[Pair]) -> dict[Pair, PairReason]:
        """The reasons at hand."""
        self._notice_model()
        found = {pair: self._known[pair] for pair in pairs if pair in self._known}
        for pair in found:
            self._known.move_to_end(pair)
        return found

    def ask(self, pairs: Sequence[Pair]) -> None:
        """Have the reasons of these pairs found that are not at hand; of what was asked before, no more."""
        self._notice_model()
        self._wanted = [pair for pair in pairs if pair not in self._known]
        self._next()

    def retry(self) -> None:
        """Ask again for what did not come: the database has been away, and answers."""
        self._asked_at = None
        self._next()

    def shutdown(self) -> None:
        self._tasks.shutdown()

    def _notice_model(self) -> None:
        """Reasons hold for the model that they were found with."""
        model = self._model_of()
        if model is not self._model:
            self._model = model
            self._known.clear()

    def _is_waiting(self) -> bool:
        return self._asked_at is not None and time.monotonic() - self._asked_at < PATIENCE_SECONDS

    def _next(self) -> None:
        """One order at a time, so that skipping through tracks does not pile up orders that nobody waits for."""
        model, pairs = self._model, self._wanted
        if model is None or not pairs or self._is_waiting():
            return
        self._asked_at = time.monotonic()
        key = model.manifest.profile_key
        tracks = list(dict.fromkeys(track for pair in pairs for track in pair))
        self._ask(
            lambda database: _features(database, key, tracks), lambda found: self._on_features(model, pairs, found)
        )

    def _on_features(self, model: SimilarityModel, pairs: Sequence[Pair], features: Heard) -> None:
        self._tasks.run(
            lambda: _compared(model, pairs, features),
            lambda found: self._on_found(model, pairs, found),
            lambda error: self._on_failed(model, pairs, error),
        )

    def _on_failed(self, model: SimilarityModel, pairs: Sequence[Pair], error: Exception) -> None:
        _log.warning("tracks of the panel cannot be compared: %s", error)
        self._on_found(model, pairs, {})

    def _on_found(self, model: SimilarityModel, pairs: Sequence[Pair], found: Mapping[Pair, PairReason]) -> None:
        self._asked_at = None
        if model is self._model:
            self._known.update(found)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
            self.arrived.emit(dict(found))
        asked = set(pairs)  # What has not come by now was not analysed.
        self._wanted = [pair for pair in self._wanted if pair not in asked]
        self._next()


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
        from indexer.core.model.explain import explain  # noqa: PLC0415
        from indexer.core.model.profiles import get_profile  # noqa: PLC0415 - with the model, after the first paint

        first, second = self._arrived[one].values, self._arrived[other].values
        profile = get_profile(model.manifest.profile)
        self.explained.emit(one, other, explain(model.transform, profile, first, second, model.between(one, other)))


def _features(database: Database, key: str, tracks: Sequence[TrackId]) -> Heard:
    return database.features.get(key, tracks)


def _compared(model: SimilarityModel, pairs: Sequence[Pair], features: Heard) -> dict[Pair, PairReason]:
    from indexer.core.model.explain import compare  # noqa: PLC0415 - with the model, after the first paint

    return compare(model, pairs, features)
