"""How a track is heard: quickly, by parts of it, or thoroughly, all of it while it streams by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import soxr

from indexer.core.audio.decode import Audio, decode, head_of
from indexer.core.audio.outline import SilenceGate
from indexer.core.audio.samples import FloatArray, joined, resampled, to_mono
from indexer.core.audio.streaming import SoundStream, read_from_end_to_end
from indexer.core.model.embedding.registry import Registration, networks_of
from indexer.core.model.profiles import Profile
from indexer.core.tracks import WHOLE_UP_TO, Seconds
from indexer.features.analyse import Embedded, features_of
from indexer.features.descriptors import Frames, described, frames_of
from indexer.features.spectrum import FRAME, FRAME_RATE, HOP, RATE, clean

STRETCH_HOPS = 2_584
STRETCH_SECONDS: Seconds = STRETCH_HOPS * HOP / RATE
"""A minute: sound that is held at once."""

SHORTEST_SECONDS: Seconds = 15.0
"""Less than this at the end of a track belongs to the stretch before it."""

MOST_STRETCHES = 24
"""Of a mix, an audiobook or a symphony up to so many minutes are heard, in stretches spread over all of it."""

_EDGE = FRAME // 2 // HOP
"""Frames at each end of a part that reach out of it."""

_CONTEXT = FRAME
"""Samples on both sides of a stretch, into which its first and last frames reach by half of that."""

Made = TypeVar("Made")


def heard_quickly(
    path: Path, profiles: Sequence[Profile], *, start: Seconds = 0.0, end: Seconds | None = None
) -> tuple[dict[str, FloatArray], Audio]:
    """The features of a file, by profile key, and what was decoded: all of it up to WHOLE_UP_TO, else parts of it.

    No frame reaches out of a part, and a new part is no onset. Raises what `indexer.core.audio.decode.decode` does.
    """
    networks = networks_of(profiles)
    rate = max([RATE, *(_rate_of(network) for network in networks)])
    audio = decode(path, rate=rate, start=start, end=end)
    sounds = np.split(audio.samples, np.cumsum(audio.segments)[:-1])
    parts = [clean(part) for part in sounds if part.size]
    frames = [frames_of(resampled(part, rate, RATE)) for part in parts]
    if len(frames) > 1:
        frames = [part.cut(_EDGE, len(part) - _EDGE) if len(part) > 2 * _EDGE else part for part in frames]
    embedded = {
        network.sha256: Embedded.joined([Embedded.of(network, part, rate) for part in parts]) for network in networks
    }
    joins = np.cumsum([len(part) for part in frames])[:-1]
    return features_of(described(frames, joins.tolist()), embedded, profiles), audio


def heard_thoroughly(path: Path, profiles: Sequence[Profile]) -> dict[str, FloatArray]:
    """The features of all of a file, by profile key; empty where there is nothing to hear.

    Raises:
        AudioError: it cannot be decoded.
        OSError: it cannot be read.
    """

    def features(stream: SoundStream) -> dict[str, FloatArray]:
        listener = TrackListener(stream.rate, profiles)
        for block in stream.blocks:
            listener.add(block)
        return listener.finish()

    return read_from_end_to_end(path, head_of(path), features)


class TrackListener:
    """Takes the sound of a track block by block, as it is decoded.

    Long silences are left out. Of what lasts longer than MOST_STRETCHES every second stretch is forgotten and from then
    on left out, and so on: what is kept is always spread evenly over what has come so far, and memory does not grow.
    """

    def __init__(self, rate: int, profiles: Sequence[Profile]) -> None:
        """Hear sound of `rate` samples a second for these profiles."""
        self._profiles = profiles
        self._gate = SilenceGate(rate)
        self._frames = _Stretches(rate, RATE, _CONTEXT, _frames_between)
        self._networks = {
            network.sha256: _Stretches(rate, _rate_of(network), 0, partial(_embedded, network))
            for network in networks_of(profiles)
        }

    def add(self, block: FloatArray) -> None:
        """Take the next samples, shape (channels, frames)."""
        self._pass_on(self._gate.add(to_mono(block.T)))

    def finish(self) -> dict[str, FloatArray]:
        """The features of everything that was taken, by profile key; empty where there is nothing to hear."""
        self._pass_on(self._gate.finish())
        frames = self._frames.finish()
        if not frames:
            return {}
        lengths = [len(stretch) for stretch in frames]
        joins = [] if self._frames.every == 1 else np.cumsum(lengths)[:-1].tolist()
        embedded = {name: Embedded.joined(stretches.finish()) for name, stretches in self._networks.items()}
        is_long = sum(lengths) - 1 > WHOLE_UP_TO * FRAME_RATE
        return features_of(described(frames, joins), embedded, self._profiles, as_a_whole=is_long)

    def _pass_on(self, sound: FloatArray) -> None:
        if sound.size:
            self._frames.add(sound)
            for windows in self._networks.values():
                windows.add(sound)


class _Stretches(Generic[Made]):
    """Cuts sound that comes in blocks into stretches of STRETCH_SECONDS, and makes something of each.

    Attributes:
        every: of the stretches that came, each so many-th is kept.
    """

    def __init__(self, source_rate: int, rate: int, context: int, make: Callable[[FloatArray, int, int], Made]) -> None:
        """Bring sound to `rate`; `make` is given a stretch with up to `context` samples on both sides, and how many."""
        resample = soxr.ResampleStream(source_rate, rate, 1, dtype="float32", quality="HQ")
        self._resampler = None if source_rate == rate else resample
        self._size = round(STRETCH_SECONDS * rate)
        self._most = self._size + round(SHORTEST_SECONDS * rate)
        self._context = context
        self._make = make
        self._waiting: list[FloatArray] = []
        self._held = 0
        self._before = 0
        self._made: list[Made] = []
        self._came = 0
        self.every = 1

    def add(self, sound: FloatArray) -> None:
        """Take the next samples, shape (n,)."""
        self._hold(sound if self._resampler is None else self._resampler.resample_chunk(sound))
        while self._held - self._before >= self._most:
            together = joined(self._waiting)
            end = self._before + self._size
            self._keep(together[: end + self._context], self._context)
            left = together[end - self._context :]
            self._waiting, self._held, self._before = [left], left.size, self._context

    def finish(self) -> list[Made]:
        """What was made of the stretches that are kept, in order; none where nothing came."""
        if self._resampler is not None:
            self._hold(self._resampler.resample_chunk(np.empty(0, np.float32), last=True))
        if self._held > self._before:
            self._keep(joined(self._waiting), 0)
        return self._made

    def _hold(self, sound: FloatArray) -> None:
        self._waiting.append(sound)
        self._held += sound.size

    def _keep(self, sound: FloatArray, after: int) -> None:
        if self._came % self.every == 0:
            self._made.append(self._make(clean(sound), self._before, after))
        self._came += 1
        if len(self._made) > MOST_STRETCHES:
            self._made, self.every = self._made[::2], 2 * self.every


def _frames_between(sound: FloatArray, before: int, after: int) -> Frames:
    """The frames of a stretch; those of the last one go on to its very end."""
    frames = frames_of(sound)
    return frames.cut(before // HOP, (len(sound) - after) // HOP if after else len(frames))


def _embedded(network: Registration, sound: FloatArray, before: int, after: int) -> Embedded:
    return Embedded.of(network, sound[before : len(sound) - after], _rate_of(network))


def _rate_of(network: Registration) -> int:
    from indexer.core.model.embedding.manifest import Manifest  # noqa: PLC0415 - few have a network

    return Manifest.model_validate_json(network.manifest).rate
