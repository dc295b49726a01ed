"""The first of what is recommended to a listener, as it is told to other programs after every play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from indexer.core.plays import LATEST, ListenerId
from indexer.core.taste.model import Reason, ReasonCode
from indexer.core.text import as_text
from indexer.core.tracks import TrackId

LENGTH = 10
"""Of such a list."""

_MOST = 1_000
"""Of what others say."""


@dataclass(frozen=True, slots=True)
class LivePick:
    """A track, how much better than the mean it is in spreads of all, and why."""

    track: TrackId
    score: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class LiveList:
    """What is recommended to a listener at a moment.

    Attributes:
        listener: who.
        at: when it was made, seconds since 1970.
        model: version of the model of taste that made it.
        picks: the best first.
        after: id of the last event that it counts; empty where there is none.
    """

    listener: ListenerId
    at: float
    model: str
    picks: tuple[LivePick, ...]
    after: str = ""

    @property
    def tracks(self) -> tuple[TrackId, ...]:
        """What is recommended, the best first."""
        return tuple(pick.track for pick in self.picks)

    def as_record(self) -> dict[str, Any]:
        """Plain values by name."""
        picks = [
            {"track": pick.track, "score": round(pick.score, 4), "reason": _reason(pick.reason)} for pick in self.picks
        ]
        return {"listener": self.listener, "at": self.at, "model": self.model, "after": self.after, "tracks": picks}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The list of a record from `as_record`; raises KeyError, TypeError, ValueError where it is none."""
        at = float(record["at"])
        if not 0 <= at <= LATEST or len(record["tracks"]) > _MOST:
            raise ValueError(at)
        return cls(
            ListenerId(as_text(record["listener"])),
            at,
            as_text(record["model"]),
            tuple(map(_pick, record["tracks"])),
            as_text(record.get("after", "")),
        )


def _reason(reason: Reason) -> dict[str, Any]:
    return {each: getattr(reason, each) for each in ("code", "track", "plays", "tag", "share")}


def _pick(record: Mapping[str, Any]) -> LivePick:
    said = record.get("reason") or {}
    track = said.get("track")
    reason = Reason(
        ReasonCode(said.get("code", ReasonCode.NONE)),
        None if track is None else TrackId(as_text(track)),
        int(said.get("plays", 0)),
        as_text(said.get("tag", "")),
        float(said.get("share", 0.0)),
    )
    return LivePick(TrackId(as_text(record["track"])), float(record.get("score", 0.0)), reason)
