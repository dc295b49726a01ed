"""Sound of one track, decoded ahead in a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.core.audio.samples import FloatArray
from indexer.core.shared.server import is_address
from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.decoding import UNDECODABLE, Decoder, Resampler, frames_of
from musicplayer.playback.server_trouble import PATIENCE as PATIENCE_WITH_A_SERVER
from musicplayer.playback.server_trouble import NotServed, ServerTrouble

AHEAD: Seconds = 12.0
"""So much is decoded ahead: a drive may be slow for as long, and the end of a track is known so early."""

PATIENCE: Seconds = 10.0
"""So long a file may give nothing while the stream waits for it: as long as a drive takes to wake up."""

LOWEST_RATE, HIGHEST_RATE = 44_100, 192_000


@dataclass(frozen=True)
class Opened:
    """What is known of a track once its file is open: its seconds, None where the file does not tell."""

    rate: int
    seconds: Seconds | None


@dataclass(frozen=True)
class Decoded:
    """A track was decoded to its end: exactly how many seconds there were, from where it was begun."""

    seconds: Seconds


@dataclass(frozen=True)
class Broken:
    """A track cannot be decoded, or no further.

    Attributes:
        begun: some of it was decoded.
        unknown: it is nothing that the decoder understands; another may.
        reason: for the log.
        trouble: why the server does not give it, where it is on one that does not.
    """

    begun: bool
    unknown: bool
    reason: str
    trouble: ServerTrouble | None = None


Tell = Callable[["TrackReel", Opened | Decoded | Broken], None]


class TrackReel:
    """A `mixer.Reel` of a stretch of a file, at one rate."""

    def __init__(self, stretch: Stretch, start: Seconds, tell: Tell, rate: int | None = None) -> None:
        """Be ready to decode `stretch` from `start` seconds in, once told to `begin`.

        Args:
            stretch: what is wanted of which file.
            start: seconds from its beginning.
            tell: called from the thread that decodes.
            rate: frames a second; None for what suits the file, which is `rate` once it was told as opened.
        """
        self.rate = rate
        self._stretch, self._start, self._tell = stretch, start, tell
        self._kept_back = 0
        self._blocks: deque[FloatArray] = deque()
        self._ready, self._complete, self._closed = 0, False, False
        self._changed = threading.Condition()
        self._begun = False
        self._is_served = is_address(stretch.path)
        self.failed = False

    @property
    def working(self) -> bool:
        """Whether its file is open, or about to be."""
        return self._begun and not self._complete and not self._closed

    @property
    def patience(self) -> Seconds:
        """So long it may give nothing while it is waited for: as a drive takes to wake up, or a server to say why."""
        return PATIENCE_WITH_A_SERVER if self._is_served else PATIENCE

    def begin(self) -> None:
        """Open the file and decode it, in a thread; what has begun goes on."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._run, name="reel", daemon=True).start()

    def state(self) -> tuple[int, bool]:
        with self._changed:
            return self._ready, self._complete

    def take(self, frames: int) -> FloatArray:
        with self._changed:
            taken, wanted = [], frames
            while wanted > 0 and self._blocks:
                block = self._blocks.popleft()
                if len(block) > wanted:
                    self._blocks.appendleft(block[wanted:])
                    block = block[:wanted]
                taken.append(block)
                wanted -= len(block)
            self._ready -= frames - wanted
            self._changed.notify_all()
        return np.concatenate(taken) if taken else np.empty((0, 2), np.float32)

    def keep_back(self, frames: int) -> None:
        """Decode so much further ahead, because so much is not going to be taken before the end is known."""
        with self._changed:
            self._kept_back = frames
            self._changed.notify_all()

    def wait(self, seconds: Seconds) -> None:
        """Return when more was decoded, or after so long."""
        with self._changed:
            self._changed.wait(seconds)

    def close(self) -> None:
        """Decode no further, and have nothing to give: who takes what `state` told of must get it."""
        with self._changed:
            self._closed = True
            self._blocks.clear()
            self._ready = 0
            self._changed.notify_all()

    def _run(self) -> None:
        if self._closed:
            return
        try:
            decoder = Decoder(self._stretch.path, lambda: self._closed)
        except (*UNDECODABLE, OSError, ValueError) as error:
            unknown = isinstance(error, UNDECODABLE) and not isinstance(error, OSError)
            self._break(_broken(error, begun=False, unknown=unknown))
            return
        try:
            self._decode(decoder)
        except (*UNDECODABLE, OSError, ValueError) as error:
            self._break(_broken(error, begun=True))
        finally:
            decoder.close()

    def _decode(self, decoder: Decoder) -> None:
        if self.rate is None:
            self.rate = suitable_rate(decoder.rate)
        self._tell(self, Opened(self.rate, self._length(decoder)))
        first, end = frames_of(self._stretch, decoder.rate, self._start)
        resampler = Resampler(self.rate)
        seconds = 0.0
        for rate, block in decoder.blocks(first, end, exact=self._start == 0):
            seconds += len(block) / rate
            if not self._put(resampler.converted(rate, block)):
                return
        self._put(resampler.finish())
        with self._changed:
            self._complete = True
            self._changed.notify_all()
        self._tell(self, Decoded(seconds))

    def _length(self, decoder: Decoder) -> Seconds | None:
        if self._stretch.end is not None:
            return self._stretch.end - self._stretch.start
        return None if decoder.seconds is None else max(0.0, decoder.seconds - self._stretch.start)

    def _put(self, block: FloatArray) -> bool:
        """Add a block once there is room for it; False where nobody wants more."""
        with self._changed:
            if len(block) and not self._closed:
                self._blocks.append(block)
                self._ready += len(block)
                self._changed.notify_all()
            ahead = AHEAD * (self.rate or LOWEST_RATE)
            while self._ready > ahead + self._kept_back and not self._closed:
                self._changed.wait()
            return not self._closed

    def _break(self, broken: Broken) -> None:
        self._tell(self, broken)  # first, because a stream ends with its first reel
        with self._changed:
            self.failed, self._complete = True, True
            self._changed.notify_all()


def _broken(error: Exception, *, begun: bool, unknown: bool = False) -> Broken:
    trouble = error.trouble if isinstance(error, NotServed) else None
    return Broken(begun, unknown, f"{type(error).__name__}: {error}", trouble)


def suitable_rate(rate: int) -> int:
    """The rate of a stream that begins with sound of `rate`: its own where sound servers are at ease with it."""
    if rate < LOWEST_RATE:
        return 48_000 if rate > 0 and 48_000 % rate == 0 else LOWEST_RATE
    while rate > HIGHEST_RATE:
        rate //= 2
    return rate
