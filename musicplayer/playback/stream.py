"""What the player knows of the stream that plays: what was ordered to be in it, and what of that is yet to be heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.ramp import amplitude
from musicplayer.playback.server_trouble import ServerTrouble
from musicplayer.playback.sound import Upcoming
from musicplayer.playback.studio_link import Feed, StudioLink


@dataclass(frozen=True)
class Part:
    """One track as the studio knows it.

    Attributes:
        number: what it is called by.
        at: seconds from the start of its stretch at which it begins.
        gain: dB.
        overlap: seconds for which it sounds together with the part before.
    """

    number: int
    stretch: Stretch
    at: Seconds = 0.0
    gain: float = 0.0
    overlap: Seconds = 0.0

    def order(self, fade_in: Seconds = 0.0) -> dict[str, Any]:
        lies = {"path": self.stretch.path, "start": self.stretch.start, "end": self.stretch.end, "at": self.at}
        sounds = {"gain": amplitude(self.gain), "overlap": self.overlap, "fade_in": fade_in}
        return {"number": self.number, **lies, **sounds}


@dataclass(frozen=True)
class Place:
    """Where in the stream, in seconds of it, a part begins, or is over and nothing follows."""

    part: int
    at: Seconds
    over: bool


class Stream:
    """One stream.

    Attributes:
        number: what it is called by; 0 for none.
        feed: where its samples come from, until libVLC has taken it over and as long as it plays.
        loaded: libVLC has it.
        base: seconds of the stream at which the current part began.
        places: what is yet to be heard, in order.
        following: what was ordered to come after the current part, some of it begun already.
        lengths: seconds of parts as far as they are known; of those in `decoded`, exactly.
        broken: parts that break off, and what trouble with a server that is due to, None for any other.
    """

    def __init__(self, studio: StudioLink, number: int = 0) -> None:
        self.number = number
        self.feed: Feed | None = None
        self.loaded = False
        self.base: Seconds = 0.0
        self.places: list[Place] = []
        self.following: list[Part] = []
        self.lengths: dict[int, Seconds | None] = {}
        self.decoded: set[int] = set()
        self.broken: dict[int, ServerTrouble | None] = {}
        self._studio = studio
        self._entering: list[Part] = []  # the current part, while what it took the place of fades away

    def begin(self, part: Part, fade_in: Seconds, leaving: Part | None) -> None:
        """Order `part`, out of silence or over the end of what is `leaving`."""
        self.feed = self._studio.play(self.number, (leaving or part).order(fade_in))
        if leaving is not None:
            self._entering = [part]
            self._order()

    def follow(self, wanted: Sequence[Upcoming], number: Callable[[], int]) -> bool:
        """Order what is to follow, as far as it was not ordered before; `number` names a part.

        Returns:
            False where something else is in the stream already, though not heard yet.
        """
        same = takewhile(lambda pair: _is_same(*pair), zip(self.following, wanted, strict=False))
        kept = [self._with_gain(part, one.gain) for part, one in same]
        dropped = self.following[len(kept) :]
        if {part.number for part in dropped} & {place.part for place in self.places}:
            return False
        new = [Part(number(), one.stretch, 0.0, one.gain, one.overlap) for one in wanted[len(kept) :]]
        self.following = kept + new
        if new or dropped:
            self._order()
        return True

    def note(self, place: Place, current: Part) -> bool:
        """Remember a place that the studio told; False where something begins that is not to follow any more."""
        if place.part == current.number and not place.over:
            self.base, self._entering = place.at, []
            return True
        self.places.append(place)
        return place.over or place.part in {part.number for part in self.following}

    def measured(self, part: Part, seconds: Seconds) -> Seconds:
        """Know, and return, how long a part is of which so much was decoded from where it was begun."""
        length = part.at + seconds
        self.decoded.add(part.number)
        self.lengths[part.number] = length
        return length

    def suspect(self, current: Part) -> Part:
        """What was most likely being decoded."""
        left = [part for part in self.following if part.number not in self.decoded]
        if left and (left[0].number not in self.lengths or current.number in self.decoded):
            return left[0]
        return current

    def _with_gain(self, part: Part, gain: float) -> Part:
        if part.gain != gain:
            self._studio.set_gain(self.number, part.number, amplitude(gain))
        return replace(part, gain=gain)

    def _order(self) -> None:
        self._studio.follow(self.number, [part.order() for part in (*self._entering, *self.following)])


def _is_same(part: Part, upcoming: Upcoming) -> bool:
    """Whether what was ordered is what is wanted, but for its gain."""
    return (part.stretch, part.overlap) == (upcoming.stretch, upcoming.overlap)
