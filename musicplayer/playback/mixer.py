"""Makes one stream of samples out of tracks that follow each other or fade into each other, with NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

GAIN_RAMP_FRAMES = 1024
"""Over so many frames a gain that is changed while a track plays becomes another, so that nothing clicks."""


class Reel(Protocol):
    """Sound of one track in the order in which it is played, as much of it as there is yet.

    Attributes:
        failed: it broke off before its end.
    """

    failed: bool

    def state(self) -> tuple[int, bool]:
        """How many frames can be taken now, and whether they are all that is left."""
        ...

    def take(self, frames: int) -> Samples:
        """The next `frames` frames, shape (frames, 2); no more than `state` told of."""
        ...


@dataclass(eq=False)
class Part:
    """One track of a stream.

    Attributes:
        number: what it is called by.
        gain: factor of its amplitude.
        overlap: frames for which it sounds together with the part before it.
        fade_in: frames in which it comes out of silence, where it is the first.
    """

    number: int
    reel: Reel
    gain: float = 1.0
    overlap: int = 0
    fade_in: int = 0
    _applied: float | None = field(default=None, init=False)
    _taken: int = field(default=0, init=False)

    def take(self, frames: int) -> Samples:
        """The next frames of the reel as they are to sound."""
        block = self.reel.take(frames)
        if self._taken < self.fade_in:
            places = (np.arange(self._taken, self._taken + len(block)) + 0.5) / self.fade_in
            block = block * (np.minimum(places, 1.0) ** 3).astype(np.float32)[:, None]
        self._taken += len(block)
        before = self.gain if self._applied is None else self._applied
        if before == self.gain == 1.0:
            return block
        factors = np.full(len(block), self.gain, np.float32)
        if before != self.gain:
            ramp = min(len(block), GAIN_RAMP_FRAMES)
            factors[:ramp] = np.linspace(before, self.gain, ramp, endpoint=False, dtype=np.float32)
        self._applied = self.gain
        louder: Samples = block * factors[:, None]
        return louder


class Event(StrEnum):
    """What a place in the stream is."""

    BEGUN = "begun"  # the first frame of a part
    OVER = "over"  # the first frame after a part that nothing follows


@dataclass(frozen=True)
class Mark:
    """Something that happens at a frame of the stream, counted from its first."""

    event: Event
    number: int
    frame: int


class Mixer:
    """Parts one after the other: the last frame of one and the first of the next are neighbours, or they overlap.

    After the last part there is silence without end.
    """

    def __init__(self, first: Part, lead_in: int = 0) -> None:
        """Begin with `first`, after so many frames of silence."""
        self.frame = 0
        self.lead_in = lead_in
        self.current: Part | None = first
        self.following: list[Part] = []
        self._leaving: Part | None = None
        self._fade = self._faded = 0
        self._marks: list[Mark] = []
        self._entered = False

    def follow(self, parts: Sequence[Part]) -> None:
        """Let `parts` come after the current one, in this order, instead of what was to."""
        self.following = list(parts)

    def parts(self) -> list[Part]:
        """What is needed yet."""
        return [part for part in (self._leaving, self.current, *self.following) if part is not None]

    def read(self, most: int) -> tuple[Samples, list[Mark]]:
        """The next frames of the stream, and what happens in them.

        Returns:
            At most `most` frames, shape (frames, 2). Fewer, or none, where a reel has not got them yet.
        """
        blocks: list[Samples] = []
        left = most
        while left > 0:
            block = self._next(left)
            if block is None:
                break
            blocks.append(block)
            left -= len(block)
            self.frame += len(block)
        marks, self._marks = self._marks, []
        return (np.concatenate(blocks) if blocks else np.empty((0, 2), np.float32)), marks

    def _next(self, most: int) -> Samples | None:
        """Some frames, none where another part has become current, None where they have to be waited for."""
        if self.frame < self.lead_in:
            return np.zeros((min(most, self.lead_in - self.frame), 2), np.float32)
        if self.current is None:
            return np.zeros((most, 2), np.float32)
        if not self._entered:
            self._entered = True
            self._marks.append(Mark(Event.BEGUN, self.current.number, self.frame))
        if self._leaving is not None:
            return self._mixed(self._leaving, self.current, most)
        return self._plain(self.current, most)

    def _plain(self, now: Part, most: int) -> Samples | None:
        """Frames of the current part alone."""
        if now.reel.failed:
            self.following = []  # who listens is to be told before anything else plays
        ready, complete = now.reel.state()
        keep = self.following[0].overlap if self.following else 0
        if complete and ready <= keep:
            if ready == 0 or self.following[0].reel.state() != (0, False):
                return self._go_over(now, ready)
            keep = 0  # what is to fade in is late: there is the more of this one
        frames = min(most, ready - keep)
        return now.take(frames) if frames > 0 else None

    def _go_over(self, before: Part, overlap: int) -> Samples:
        """Let the following part begin, `overlap` frames before the current one ends."""
        self.current = self.following.pop(0) if self.following else None
        if self.current is None:
            self._marks.append(Mark(Event.OVER, before.number, self.frame))
        else:
            self._marks.append(Mark(Event.BEGUN, self.current.number, self.frame))
            if overlap:
                self._leaving, self._fade, self._faded = before, overlap, 0
        return np.empty((0, 2), np.float32)

    def _mixed(self, leaving: Part, coming: Part, most: int) -> Samples | None:
        """Frames of two parts, the sum of whose powers stays what it is."""
        ready, complete = coming.reel.state()
        frames = min(most, self._fade - self._faded)
        if not complete:
            frames = min(frames, ready)
        if frames <= 0:
            return None
        angles = (np.arange(self._faded, self._faded + frames) + 0.5) * (np.pi / 2 / self._fade)
        mixed: Samples = leaving.take(frames) * np.cos(angles).astype(np.float32)[:, None]
        new = coming.take(min(frames, ready))
        mixed[: len(new)] += new * np.sin(angles[: len(new)]).astype(np.float32)[:, None]
        self._faded += frames
        if self._faded == self._fade:
            self._leaving = None
        return mixed
