"""Values out of JSON that another machine wrote: each of its kind and within bounds, or ValueError."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from indexer.core.plays import LATEST
from indexer.core.text import clean
from indexer.core.tracks import TrackId

WHOLE_TO = 2**53
"""No whole number beyond it is the same for every reader of JSON."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class NotShaped(ValueError):
    """What was read is not what it had to be."""


class Given:
    """An object of JSON that is read by names; raises ValueError for all that is not as it must be."""

    def __init__(self, shape: object) -> None:
        if not isinstance(shape, Mapping):
            raise NotShaped("no object")
        self.shape: Mapping[str, Any] = shape

    def identity(self, name: str) -> str:
        """An id that fits into an address and into the name of a file."""
        value = self.shape.get(name)
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise NotShaped(f"no id: {name}")
        return value

    def track(self, name: str) -> TrackId:
        """The same, of a track."""
        return TrackId(self.identity(name))

    def tracks(self) -> list[TrackId]:
        """Ids of tracks, where it says something of each of many."""
        if not all(map(_ID.fullmatch, self.shape)):
            raise NotShaped("no ids of tracks")
        return list(map(TrackId, self.shape))

    def text(self, name: str) -> str:
        """A text as tags hold it, on one line and without what cannot be shown; empty where there is none."""
        value = self.shape.get(name, "")
        if not isinstance(value, str):
            raise NotShaped(f"no text: {name}")
        return clean(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Several of them."""
        values = self.shape.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise NotShaped(f"no texts: {name}")
        return tuple(map(clean, values))

    def whole(self, name: str) -> int | None:
        """A whole number, None where there is none."""
        value = self.shape.get(name)
        if value is not None and (type(value) is not int or abs(value) > WHOLE_TO):
            raise NotShaped(f"no whole number: {name}")
        return value

    def count(self, name: str) -> int:
        """A whole number that has to be there and is not negative: a size, a revision."""
        value = self.whole(name)
        if value is None or value < 0:
            raise NotShaped(f"no count: {name}")
        return value

    def real(self, name: str, *, least: float = -WHOLE_TO, most: float = WHOLE_TO) -> float | None:
        """A finite number, None where there is none."""
        value = self.shape.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise NotShaped(f"no number: {name}")
        return float(value)

    def length(self, name: str) -> float:
        """A number that has to be there and is not negative: seconds, an amplitude."""
        value = self.real(name, least=0)
        if value is None:
            raise NotShaped(f"no length: {name}")
        return value

    def time(self, name: str) -> float:
        """Seconds since 1970 that a date can be made of."""
        value = self.real(name, least=0, most=LATEST)
        if value is None:
            raise NotShaped(f"no time: {name}")
        return value

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is said."""
        value = self.shape.get(name, False)
        if not isinstance(value, bool):
            raise NotShaped(f"neither yes nor no: {name}")
        return value

    def bytes(self, name: str) -> bytes:
        """What base64 stands for."""
        value = self.shape.get(name)
        if not isinstance(value, str):
            raise NotShaped(f"no base64: {name}")
        return base64.b64decode(value, validate=True)
