"""A PulseAudio server of a test's own, which writes what it is given into a pipe, by the clock."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicplayer.playback.vlc_backend import AUDIO_OUTPUT_VARIABLE
from tests.waiting import wait_until

Signal = NDArray[np.float32]

_STAMP = struct.Struct("<dI")

MISSING = "pulseaudio is not installed (Debian: apt install pulseaudio), so there is nothing to measure with"


def has_server() -> bool:
    return shutil.which("pulseaudio") is not None


_RECORD = """
import os, struct, sys, time
pipe = os.open(sys.argv[1], os.O_RDONLY)
with open(sys.argv[2], "ab", buffering=0) as file:
    while block := os.read(pipe, 65536):
        file.write(struct.pack("<dI", time.monotonic(), len(block)) + block)
"""


class SoundServer:
    """One that runs, and everything that it was given from its start on.

    It is read by a process of its own: where nobody reads in time, the server itself has drop-outs.
    """

    def __init__(self, pipe: Path, rate: int) -> None:
        self.rate = rate
        self._file = pipe.parent / "heard"
        self._file.touch()
        self._reader = subprocess.Popen([sys.executable, "-c", _RECORD, str(pipe), str(self._file)])

    def recorded(self, since: float = 0.0) -> Signal:
        """What it was given since a moment of `time.monotonic`, in mono, full scale 1.0, shape (frames,)."""
        content = b"".join(block for at, block in self._blocks() if at >= since)
        return np.frombuffer(content[: len(content) // 2 * 2], "<i2").astype(np.float32) / 32768

    def heard_since(self, moment: float) -> float:
        """Seconds from the beginning of `recorded(moment)` to that moment: a block comes when its first is due."""
        blocks = self._blocks()
        ends = np.cumsum([len(block) // 2 for _, block in blocks]) / self.rate
        begins = [0.0, *ends[:-1]]
        clock = min(at - begin for (at, _), begin in zip(blocks, begins, strict=True))
        first = next((number for number, (at, _) in enumerate(blocks) if at >= moment), len(blocks) - 1)
        return float(moment - clock - begins[first])

    def close(self) -> None:
        self._reader.wait(10)

    def _blocks(self) -> list[tuple[float, bytes]]:
        content, at, blocks = self._file.read_bytes(), 0, []
        while at + _STAMP.size <= len(content):
            moment, size = _STAMP.unpack_from(content, at)
            blocks.append((moment, content[at + _STAMP.size : at + _STAMP.size + size]))
            at += _STAMP.size + size
        return blocks


@contextmanager
def sound_server(rate: int = 44_100) -> Iterator[SoundServer]:
    """Start a server that takes sound at `rate`, make it the one of this process."""
    with tempfile.TemporaryDirectory(prefix="segue-sound-") as folder:
        pipe = Path(folder) / "pipe"
        sink = f"module-pipe-sink file={pipe} use_system_clock_for_timing=yes format=s16le rate={rate} channels=1"
        places = {"XDG_RUNTIME_DIR": folder, "PULSE_RUNTIME_PATH": f"{folder}/pulse", "HOME": folder}
        before = {name: os.environ.get(name) for name in (*places, AUDIO_OUTPUT_VARIABLE)}
        os.environ.update(places, **{AUDIO_OUTPUT_VARIABLE: "pulse"})
        modules = [option for module in ("module-native-protocol-unix", sink) for option in ("-L", module)]
        with (Path(folder) / "log").open("w") as log:
            command = ["pulseaudio", "-n", "--exit-idle-time=-1", "--disallow-exit", *modules]
            server = subprocess.Popen(command, stdout=log, stderr=log)
            heard: SoundServer | None = None
            try:
                wait_until(lambda: pipe.exists() or server.poll() is not None)
                heard = SoundServer(pipe, rate)
                yield heard
            finally:
                server.terminate()
                server.wait(5)
                if heard is not None:
                    heard.close()  # its pipe has ended
                for name, value in before.items():
                    os.environ.pop(name) if value is None else os.environ.update({name: value})
