"""CPU and peak memory of long files: two parts, all of it, and a plain decoder that takes everything."""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import librosa
import numpy as np
import psutil
import soundfile

from indexer.core.audio.decode import decode, decode_whole
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.features.analyse import analyse
from indexer.features.spectrum import RATE
from tests.benchmarks.extraction import some_clips
from tests.benchmarks.machine import machine_line

_RATE = 44_100
_FORMATS = ("mp3", "bare.mp3", "flac", "ogg", "m4a")
"""`bare.mp3` has a varying bit rate and no header that says so: nothing in it tells where a second begins."""

_WATCH_SECONDS = 0.005


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and the most MiB beyond what the process held before."""

    cpu: float
    memory: float


def run(lengths: Sequence[int], say: Callable[[str], None]) -> bool:
    """Measure files of so many minutes, tell, and return whether parts are always the cheapest."""
    say(machine_line())
    say("CPU seconds and peak MiB; a process of its own for each; 'all' decodes everything as librosa.load does")
    say(f"  {'file':14} {'two parts':>18} {'whole file':>18} {'all, and analyse':>18}")
    kept = True
    with tempfile.TemporaryDirectory() as folder, some_clips(20) as clips:
        for minutes in lengths:
            for suffix in _FORMATS:
                path = _made(Path(folder) / f"{minutes} min.{suffix}", minutes, clips)
                parts, whole, everything = (_measured(way, path) for way in (_parts, _whole, _everything))
                path.unlink()
                kept &= parts.cpu < everything.cpu and parts.memory < everything.memory
                say(f"  {path.name:14} {_shown(parts)} {_shown(whole)} {_shown(everything)}")
    return kept


def _parts(path: Path) -> None:
    analyse(decode(path).samples, [CLASSIC, SONIC])


def _whole(path: Path) -> None:
    analyse(decode_whole(path).samples, [CLASSIC, SONIC])


def _everything(path: Path) -> None:
    """What there would be without a decoder of our own: the same features of what librosa loads."""
    samples, _ = librosa.load(path, sr=RATE, mono=True)
    analyse(samples, [CLASSIC, SONIC])


def _measured(way: Callable[[Path], None], path: Path) -> Cost:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_cost, (way, path))


def _cost(way: Callable[[Path], None], path: Path) -> Cost:
    _warm_up()
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
    analyse(np.random.default_rng(0).standard_normal(RATE), [CLASSIC, SONIC])
    librosa.resample(np.zeros(_RATE, np.float32), orig_sr=_RATE, target_sr=RATE)


def _shown(cost: Cost) -> str:
    return f"{cost.cpu:8.2f} s {cost.memory:4.0f} MiB"


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
