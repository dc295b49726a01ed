"""The pause between two tracks, as it reaches a sound server, with the next one prepared and without.

A PulseAudio of its own writes what it is given into a pipe, by the clock; every second track is another tone, so that
the end of one and the beginning of the next are seen apart, whichever comes first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QElapsedTimer

from indexer.library import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.engine import Engine
from musicplayer.playback.player import Player
from musicplayer.playback.queue import PlayQueue
from musicplayer.playback.sound import Upcoming
from musicplayer.playback.vlc_backend import AUDIO_OUTPUT_VARIABLE, VlcVoices

RATE = 44_100
SECONDS = 3.0
TONES = (1000.0, 3000.0)
"""Whole numbers of periods of both lie in a window, so that neither is taken for the other."""

WINDOW = RATE // 200
MOST_MS = 30.0
"""What the prepared way may leave of a lossless file, in the median; VLC itself loses the end of some others."""

Signal = NDArray[np.float32]
Say = Callable[[str], None]


class _Unprepared(Engine):
    """Opens every file when its turn has come."""

    def prepare(self, upcoming: Upcoming | None) -> None:
        """Leave it."""


def run(transitions: int, say: Say) -> bool:
    """Measure, tell, and return whether preparing shortens the median pause, and for FLAC to what it may be."""
    if shutil.which("pulseaudio") is None:
        say("pulseaudio is not installed (Debian: apt install pulseaudio), so there is nothing to measure with")
        return False
    kept = True
    with tempfile.TemporaryDirectory(prefix="segue-gap-") as folder, _sound_server(Path(folder)) as pipe:
        application = QCoreApplication.instance() or QCoreApplication(sys.argv)
        for suffix in ("flac", "ogg", "mp3"):
            files = _tones(Path(folder), suffix)
            medians = []
            for engine, name in ((_Unprepared, "opened at the end"), (Engine, "prepared")):
                gaps = _gaps(_played(application, engine, files, transitions, pipe))
                say(f"{suffix:5} {name:18} {_summary(gaps)}")
                medians.append(float(np.median(gaps)))
            before, after = medians
            kept &= after < before and (suffix != "flac" or abs(after) <= MOST_MS)
    return kept


def _summary(gaps: NDArray[np.float64]) -> str:
    low, high = np.min(gaps), np.max(gaps)
    return f"median {np.median(gaps):6.1f} ms, from {low:.1f} to {high:.1f}, of {len(gaps)} (below 0: an overlap)"


def _tones(folder: Path, suffix: str) -> list[str]:
    times = np.arange(round(SECONDS * RATE)) / RATE
    files = [folder / f"{tone:.0f}.{suffix}" for tone in TONES]
    for file, tone in zip(files, TONES, strict=True):
        soundfile.write(file, (0.5 * np.sin(2 * np.pi * tone * times)).astype(np.float32), RATE)
    return [str(file) for file in files]


def _played(
    application: QCoreApplication, engine: type[Engine], files: list[str], transitions: int, pipe: Path
) -> Signal:
    """What the server was given while a queue of alternating tones played, shape (n,)."""
    backend = engine(VlcVoices())
    player = Player(backend, PlayQueue(), lambda track: Stretch(files[int(track, 16) % 2]))
    with _recording(pipe) as heard:
        player.play_tracks([TrackId(f"{number:032x}") for number in range(transitions + 1)])
        _wait(application, (transitions + 1) * (SECONDS + 1.0), lambda: player.state is PlaybackState.STOPPED)
        _wait(application, 0.5, lambda: False)
    player.close()
    return np.frombuffer(bytes(heard[: len(heard) // 2 * 2]), "<i2").astype(np.float32) / 32768


def _wait(application: QCoreApplication, seconds: float, until: Callable[[], bool]) -> None:
    timer = QElapsedTimer()
    timer.start()
    while timer.elapsed() < seconds * 1000 and not until():
        application.processEvents()
        threading.Event().wait(0.001)


def _gaps(heard: Signal) -> NDArray[np.float64]:
    """Milliseconds from the end of each tone to the beginning of the one after it, shape (transitions,)."""
    centres = np.arange(0, len(heard) - WINDOW, RATE // 2000)
    windows = np.lib.stride_tricks.sliding_window_view(heard, WINDOW)[centres]
    times = np.arange(WINDOW) / RATE
    levels = [np.abs(windows @ np.exp(2j * np.pi * tone * times)) for tone in TONES]
    sounding = [level > level.max() / 2 for level in levels]
    spans = sorted(span for on in sounding for span in _spans(on))
    ends = np.array([[first, last] for first, last in spans]) / 2000 * 1000
    return ends[1:, 0] - ends[:-1, 1]


def _spans(on: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last of each run that is long enough to be a track rather than what was left in the pipe."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    return [(first, last) for first, last in edges.reshape(-1, 2).tolist() if last - first > SECONDS * 1000]


@contextmanager
def _recording(pipe: Path) -> Iterator[bytearray]:
    heard, ended = bytearray(), threading.Event()
    descriptor = os.open(pipe, os.O_RDONLY)

    def read() -> None:
        while not ended.is_set():
            heard.extend(os.read(descriptor, 65_536))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    yield heard
    ended.set()
    thread.join()
    os.close(descriptor)


@contextmanager
def _sound_server(folder: Path) -> Iterator[Path]:
    pipe = folder / "pipe"
    sink = f"module-pipe-sink file={pipe} use_system_clock_for_timing=yes format=s16le rate={RATE} channels=1"
    os.environ.update(XDG_RUNTIME_DIR=str(folder), PULSE_RUNTIME_PATH=str(folder / "pulse"), HOME=str(folder))
    os.environ[AUDIO_OUTPUT_VARIABLE] = "pulse"
    modules = [option for module in ("module-native-protocol-unix", sink) for option in ("-L", module)]
    log = (folder / "log").open("w")
    server = subprocess.Popen(["pulseaudio", "-n", "--exit-idle-time=-1", *modules], stdout=log, stderr=log)
    try:
        while not pipe.exists() and server.poll() is None:
            threading.Event().wait(0.05)
        yield pipe
    finally:
        server.terminate()
        server.wait(5)
        log.close()
