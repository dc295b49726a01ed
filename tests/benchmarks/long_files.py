"""What hearing songs and long files costs: quickly, thoroughly, as two passes, and with a decoder that takes all."""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import av
import librosa
import numpy as np
import psutil
import soundfile

from indexer.analysis.worker import hear_file
from indexer.core.audio.decode import decode
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.tracks import Stretch
from indexer.features.analyse import analyse
from indexer.features.listening import heard_quickly
from indexer.features.spectrum import RATE
from indexer.sound.measure import measure
from tests.benchmarks.extraction import some_clips
from tests.benchmarks.machine import machine_line

_RATE = 44_100
_PROFILES = [CLASSIC, SONIC]
_SONG_MINUTES = 10
_SONG_ROUNDS = 7
"""Songs are heard so many times each way, one way after the other: what disturbs a machine disturbs all of a round."""

_HELD_MINUTES = 60
"""Longer files are not given to what holds all of them in memory."""

_MOST_MIB = 400
"""What a worker may take for a file, however long that is."""

_MOST_TIMES = 1.6
"""What hearing songs quickly and then thoroughly may cost, in the cost of two passes."""

_WATCH_SECONDS = 0.005


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and the most MiB beyond what the process held before."""

    cpu: float
    memory: float


def run(lengths: Sequence[int], formats: Sequence[str], say: Callable[[str], None]) -> bool:
    """Measure files of so many minutes, tell, and return whether hearing costs no more than it may.

    The format `bare.mp3` has a varying bit rate and no header that says so: nothing tells where a second begins.
    """
    say(machine_line())
    say(
        f"CPU seconds a minute of music and peak MiB, a process for each way; of songs medians of {_SONG_ROUNDS} rounds"
    )
    say("two passes: two parts of 30 s joined and analysed, then loudness and waveform of all; thoroughly: all in one")
    say(f"  {'file':14} {'two passes':>18} {'quickly':>18} {'thoroughly':>18} {'librosa.load all':>18}  in all")
    kept = True
    with tempfile.TemporaryDirectory() as folder, some_clips(20) as clips:
        for minutes in lengths:
            for suffix in formats:
                path = _made(Path(folder) / f"{minutes} min.{suffix}", minutes, clips)
                kept &= _is_held(path, minutes, say)
                path.unlink()
    return kept


def _is_held(path: Path, minutes: int, say: Callable[[str], None]) -> bool:
    ways = (_two_passes, _quickly, _thoroughly, *((_everything,) if minutes <= _HELD_MINUTES else ()))
    rounds = _rounds(ways, path, _SONG_ROUNDS if minutes <= _SONG_MINUTES else 1)
    times = statistics.median((quick.cpu + thorough.cpu) / before.cpu for before, quick, thorough, *_ in rounds)
    costs = [_usual(costs) for costs in zip(*rounds, strict=True)]
    shown = " ".join(f"{cost.cpu / minutes:8.3f} s {cost.memory:4.0f} MiB" for cost in costs)
    say(f"  {path.name:14} {shown}  {times:.2f} times two passes")
    is_cheap = minutes > _SONG_MINUTES or times <= _MOST_TIMES
    return is_cheap and max(cost.memory for cost in costs[1:3]) < _MOST_MIB


def _two_passes(path: Path) -> None:
    analyse(decode(path, segments=2, segment_seconds=30.0, margin=1.0).samples, _PROFILES)
    measure(path)


def _quickly(path: Path) -> None:
    heard_quickly(path, _PROFILES)


def _thoroughly(path: Path) -> None:
    """Loudness and waveform included."""
    hear_file(Stretch(str(path)), tuple(profile.name for profile in _PROFILES))


def _everything(path: Path) -> None:
    """What there would be without a decoder of our own: the same features of what librosa loads."""
    samples, _ = librosa.load(path, sr=RATE, mono=True)
    analyse(samples, _PROFILES)


def _rounds(ways: Sequence[Callable[[Path], None]], path: Path, count: int) -> list[list[Cost]]:
    """What each way costs, each in a process of its own, round after round."""
    with ExitStack() as stack:
        pools = [stack.enter_context(multiprocessing.get_context("spawn").Pool(1, _warm_up)) for _ in ways]
        return [[pool.apply(_cost, (way, path)) for way, pool in zip(ways, pools, strict=True)] for _ in range(count)]


def _usual(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.cpu for cost in costs), max(cost.memory for cost in costs))


def _cost(way: Callable[[Path], None], path: Path) -> Cost:
    process, done, peak = psutil.Process(), threading.Event(), [0]
    before = process.memory_info().rss

    def watch() -> None:
        while not done.wait(_WATCH_SECONDS):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    started = time.thread_time()
    watcher.start()
    way(path)
    cpu = time.thread_time() - started
    done.set()
    watcher.join()
    return Cost(cpu, (peak[0] - before) / 2**20)


def _warm_up() -> None:
    """Imports and filter banks are paid once a process."""
    analyse(np.random.default_rng(0).standard_normal(RATE), _PROFILES)
    librosa.resample(np.zeros(_RATE, np.float32), orig_sr=_RATE, target_sr=RATE)


def _made(path: Path, minutes: int, clips: Sequence[Path]) -> Path:
    """Clips one after the other, to the length wanted."""
    pieces = [piece for piece in map(_stereo, clips) if piece is not None][:10]
    music = (pieces[number % len(pieces)] for number in range(2 * minutes))
    if path.suffix == ".m4a":
        with av.open(str(path), "w") as container:
            stream = container.add_stream("aac", rate=_RATE, layout="stereo")
            for piece in music:
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece.T), format="fltp", layout="stereo")
                frame.sample_rate = _RATE
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path
    options = {"bitrate_mode": "VARIABLE"} if path.suffix == ".mp3" else {}
    with soundfile.SoundFile(path, "w", _RATE, 2, format=path.suffix[1:].upper(), **options) as sound:
        for piece in music:
            sound.write(piece)
    if path.name.endswith("bare.mp3"):
        _strip_header(path)
    return path


def _strip_header(path: Path) -> None:
    """Take the first frame away, which holds no music but the number of frames and where each hundredth begins."""
    data = path.read_bytes()
    start = data.index(b"\xff\xfb")
    path.write_bytes(data[data.index(b"\xff\xfb", start + 4) :])


def _stereo(path: Path) -> np.ndarray | None:
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return sound if rate == _RATE and sound.shape[1] == 2 else None
