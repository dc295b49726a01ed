"""CPU time a clip costs: decoding and both profiles, against the least it can cost, and against naive librosa calls."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import scipy.fft
import soundfile
import soxr

from indexer.core.audio.decode import decode
from indexer.core.audio.samples import to_mono
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.features.analyse import analyse
from indexer.features.spectrum import CHUNK, FRAME, HOP, RATE, hann
from tests.benchmarks.machine import machine_line

_REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Pair:
    """CPU seconds of one clip both ways, of our decoding alone, and of what no way can do without."""

    naive: float
    ours: float
    decoding: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.ours / self.naive

    @property
    def over_floor(self) -> float:
        return self.ours / self.floor


def run(clips: int, repeats: int, say: Callable[[str], None]) -> bool:
    """Measure, tell, and return whether ours is the cheaper one on the median clip."""
    with some_clips(clips) as paths:
        _warm_up(paths[0])
        pairs = [_least(path, repeats, ours_first=bool(number % 2)) for number, path in enumerate(paths)]
    _report(pairs, say)
    return statistics.median(pair.ratio for pair in pairs) < 1


def naive(path: Path) -> None:
    """The classic features as a first script would compute them."""
    samples, rate = librosa.load(path, sr=RATE, mono=True)
    librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=20).mean(axis=1)
    librosa.feature.spectral_centroid(y=samples, sr=rate).mean()
    librosa.feature.zero_crossing_rate(samples).mean()


def ours(path: Path) -> None:
    analyse(decode(path).samples, [CLASSIC, SONIC])


def floor(path: Path) -> None:
    """What every analysis of a spectrum needs, as fast as we know: decode, mix, resample, one transform."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = soxr.resample(to_mono(sound), rate, RATE, quality="HQ")
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, FRAME // 2), FRAME)[::HOP]
    for start in range(0, len(frames), CHUNK):
        scipy.fft.rfft(frames[start : start + CHUNK] * hann(FRAME), axis=1, workers=1)


def _least(path: Path, repeats: int, *, ours_first: bool) -> Pair:
    """The least of several paired measurements: what disturbs a measurement only ever adds to it."""
    measured = []
    for _ in range(repeats):
        first = _cpu_seconds(ours, path) if ours_first else None
        baseline = _cpu_seconds(naive, path)
        mine = first or _cpu_seconds(ours, path)
        measured.append(Pair(baseline, mine, _cpu_seconds(decode, path), _cpu_seconds(floor, path)))
    return Pair(*(min(getattr(pair, name) for pair in measured) for name in ("naive", "ours", "decoding", "floor")))


def _cpu_seconds(function: Callable[[Path], object], path: Path) -> float:
    started = time.process_time()
    function(path)
    return time.process_time() - started


def _warm_up(path: Path) -> None:
    """Imports, compilation and filter banks are paid once a process, not once a clip."""
    naive(path)
    ours(path)
    floor(path)


def _report(pairs: Sequence[Pair], say: Callable[[str], None]) -> None:
    ratios, over = (sorted(getattr(pair, name) for pair in pairs) for name in ("ratio", "over_floor"))
    say(machine_line())
    say(f"{len(pairs)} clips, CPU ms per clip (median, lowest to highest), one thread, interleaved clip by clip")
    say(f"  naive librosa.load + mfcc + spectral_centroid + zero_crossing_rate  {_spread(p.naive for p in pairs)}")
    say(f"  decode + classic + sonic                                            {_spread(p.ours for p in pairs)}")
    say(f"    of which decode                                                   {_spread(p.decoding for p in pairs)}")
    say(f"  the floor: decode + mix + resample + one transform                  {_spread(p.floor for p in pairs)}")
    say(f"  ratio ours / floor: median {statistics.median(over):.2f}, p90 {np.quantile(over, 0.9):.2f}")
    say(f"  ratio ours / naive: median {statistics.median(ratios):.2f}, {ratios[0]:.2f} to {ratios[-1]:.2f}")
    say(f"  speed-up over naive, of sonic and classic over classic alone: {_speed_up(pairs):.2f} times")


def _speed_up(pairs: Sequence[Pair]) -> float:
    return sum(pair.naive for pair in pairs) / sum(pair.ours for pair in pairs)


def _spread(seconds: Iterator[float]) -> str:
    values = sorted(1000 * value for value in seconds)
    return f"{statistics.median(values):6.1f}  ({values[0]:.1f} to {values[-1]:.1f})"


@contextmanager
def some_clips(count: int) -> Iterator[list[Path]]:
    """Real clips, spread evenly over the sample music, or synthesised ones where there is none."""
    folder = Path(os.environ.get("SEGUE_TEST_MUSIC", _REPOSITORY.parent / "shared" / "music")) / "clips"
    found = sorted(folder.rglob("*.mp3"))
    if found:
        yield [found[round(position)] for position in np.linspace(0, len(found) - 1, min(count, len(found)))]
        return
    with tempfile.TemporaryDirectory() as made:
        yield [_synthesised(Path(made) / f"{number}.mp3", number) for number in range(min(count, 8))]


def _synthesised(path: Path, seed: int) -> Path:
    """Thirty seconds of stereo at 44.1 kHz: chords that fade in and out over noise."""
    rate, generator = 44_100, np.random.default_rng(seed)
    clock = np.arange(30 * rate) / rate
    tones = sum(np.sin(2 * np.pi * hertz * clock) for hertz in generator.uniform(80, 4000, 6))
    mixed = 0.05 * tones * (1 + np.sin(4 * np.pi * clock)) + 0.05 * generator.standard_normal(clock.size)
    soundfile.write(path, np.stack([mixed, mixed[::-1]], axis=1), rate)
    return path
