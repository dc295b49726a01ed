"""Writes a build's events into the log, without the names of files."""

from __future__ import annotations

import logging

from indexer.core import events
from indexer.core.files.redaction import nameless

log = logging.getLogger(__name__)


def logged(sink: events.EventSink) -> events.EventSink:
    """`sink`, and the log before it."""

    def both(event: events.Event) -> None:
        note(event)
        sink(event)

    return both


def note(event: events.Event) -> None:
    """Log one event; progress is not logged."""
    match event:
        case events.StageStarted(stage=stage, total=total):
            log.info("stage %s begins, %s to do", stage.value, "?" if total is None else total)
        case events.ProblemFound(problem=problem, path=path):
            log.info("a file has a problem: %s", problem)
            log.debug("%s: %s", problem, path)
        case events.Notice(code=code):
            log.info("notice %s: %s", code, nameless(event.english))
        case events.ModelSwapped(model=model, tracks=tracks, recall=recall):
            log.info("model %s of %d tracks, recall %s", model, tracks, recall)
        case events.Paused(paused=paused):
            log.info("paused" if paused else "going on")
        case events.Finished(summary=summary, cancelled=cancelled):
            log.info("%s: %s", "cancelled" if cancelled else "finished", summary)
        case _:
            pass
