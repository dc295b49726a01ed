"""Lists and models told by way of a broker, as `indexer stream` tells of them."""

from __future__ import annotations

import time
from collections.abc import Iterable

from indexer.core.kafka.address import Address
from indexer.core.kafka.broker import Outlet, make_topics
from indexer.core.kafka.events import ModelMade, list_message, model_message
from indexer.core.plays import OWNER, ListenerId
from indexer.core.taste.live import LiveList, LivePick
from indexer.core.taste.model import Reason, ReasonCode
from indexer.core.tracks import TrackId

SETTLE_SECONDS = 30.0


def told_list(
    tracks: Iterable[TrackId], *, listener: ListenerId = OWNER, at: float | None = None, after: str = ""
) -> LiveList:
    """A list of these tracks, made now if nothing else is said, each because of the one before it."""
    named = list(tracks)
    reasons = [Reason(ReasonCode.TOGETHER, before, 3, "", 0.5) for before in [named[-1], *named[:-1]]] if named else []
    picks = tuple(LivePick(track, 1.0, reason) for track, reason in zip(named, reasons, strict=True))
    return LiveList(listener, time.time() if at is None else at, "told", picks, after)


def tell(where: Address, *made: LiveList | ModelMade) -> None:
    """Tell of these, in order, and wait until the broker has them."""
    make_topics(where)
    outlet = Outlet(where)
    for each in made:
        outlet.send(*(list_message(each) if isinstance(each, LiveList) else model_message(each)))
    assert outlet.settle(SETTLE_SECONDS)
