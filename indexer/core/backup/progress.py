"""Tells how far a backup, a restore or a move has come, a few times a second."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from indexer.core.events import EventSink, Progress, Stage, StageStarted

_EVERY_SECONDS = 0.25


class Report:
    """Counts documents; `total` is an estimate, which the last report never falls short of."""

    def __init__(self, stage: Stage, total: int, on_event: EventSink) -> None:
        self._stage = stage
        self._total = total
        self._on_event = on_event
        self._done = 0
        self._told_at = time.monotonic()
        on_event(StageStarted(stage, total))

    def step(self, documents: int = 1) -> None:
        self._done += documents
        if time.monotonic() - self._told_at >= _EVERY_SECONDS:
            self._told_at = time.monotonic()
            self._tell()

    def each(self, documents: Iterable[bytes]) -> Iterator[bytes]:
        """The same documents, counted as they go by."""
        for document in documents:
            self.step()
            yield document

    def end(self) -> None:
        """All is done."""
        self._total = self._done
        self._tell()

    def _tell(self) -> None:
        self._on_event(Progress(self._stage, self._done, max(self._total, self._done)))
