"""The player's end of the process that decodes: starts it, gives orders, hears the news, and ends it when it hangs.

Orders are lines of JSON on its standard input:

    play    stream, part              another stream instead of what there is
    follow  stream, parts             what comes after the part that plays; those that were given before stay
    gain    stream, part, gain        a part's number, and the factor of its amplitude
    more    stream, bytes             so many more may be sent, where samples come among the news
    rest                              no stream

A part is `number, path, start, end, at, gain, overlap, fade_in`: a stretch, the seconds from its start at which it is
begun, a factor, and seconds. News come framed on its standard output (`studio.HEADER`):

    opened   stream, part, rate, seconds      a file is open; seconds as it says, or null
    begun    stream, part, frame, rate        that part's first frame in the stream
    over     stream, part, frame, rate        the frame after a part that nothing follows
    decoded  stream, part, seconds            its end was found; seconds as they are, from where it was begun
    broken   stream, part, begun, unknown, reason
    stuck    stream, part                     its file gives nothing
    beat, ready, trouble

Samples go through a pipe that libVLC reads by itself, so that no Python stands between the two and a busy player makes
no drop-out; where descriptors cannot be handed over they come among the news, and wait here for libVLC's call.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast

from PySide6.QtCore import QObject, Qt, Signal

import musicplayer
from indexer.core.politeness import ONE_THREAD
from indexer.core.tracks import Seconds

_log = logging.getLogger(__name__)

SILENT_AFTER: Seconds = 12.0
"""Without a sign of life for so long the process hangs; it gives one every second."""

AT_ONCE = 1 << 18
"""Bytes that may be under way where libVLC has to ask for each block: 0.7 s, as much as the pipe and its cache hold."""

CAN_HAND_OVER = hasattr(socket, "send_fds") and sys.platform != "win32"

LAST_BREATH: Seconds = 0.5
"""A process that has closed its pipes is gone within a few milliseconds."""

MOST_STILLBIRTHS = 3
"""So many processes in a row that ended before they were ready: there will be none."""

FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""Else the C library of Linux reserves 64 MB for each of many threads, which count towards the limit of the process."""

_HEADER_SIZE = 9


class Feed(Protocol):
    """Where libVLC gets the samples of one stream."""

    descriptor: int | None

    def read(self, most: int) -> bytes:
        """Wait for some bytes, at most so many; none at the end."""
        ...

    def close(self) -> None: ...


class PipeFeed:
    """A pipe that libVLC reads itself."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor: int | None = descriptor

    def read(self, most: int) -> bytes:
        return os.read(self.descriptor, most) if self.descriptor is not None else b""

    def close(self) -> None:
        """Let go of our end; libVLC has one of its own as long as it plays."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class QueueFeed:
    """Samples that came among the news, until libVLC's thread takes them."""

    descriptor: int | None = None

    def __init__(self, more: Any) -> None:
        """`more` is called with how many bytes were taken."""
        self._blocks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest = b""
        self._more = more
        self._closed = False

    def add(self, block: bytes) -> None:
        self._blocks.put(block)

    def read(self, most: int) -> bytes:
        if self._closed:
            return b""
        if not self._rest:
            self._rest = self._blocks.get()
            self._more(len(self._rest))
        taken, self._rest = self._rest[:most], self._rest[most:]
        return taken

    def close(self) -> None:
        self._closed = True
        self._blocks.put(b"")


class StudioLink(QObject):
    """One process, started at once and again after it died. Signals arrive through the event loop.

    Signals:
        news: a dictionary.
        died: the process ended though it was wanted; another is there already. True where it was ended from
            outside, by the system that was short of memory or by a person: no file is to blame for that.
    """

    news = Signal(object)
    died = Signal(bool)

    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None, *, hands_over: bool = CAN_HAND_OVER) -> None:
        super().__init__(parent)
        self._hands_over = hands_over
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | BinaryIO | None = None
        self._listener: threading.Thread | None = None
        self._feeds: dict[int, QueueFeed] = {}
        self._life = 0
        self._stillborn = 0
        self._heard_at = time.monotonic()
        self._writing = threading.Lock()
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._start()

    def play(self, stream: int, part: dict[str, Any]) -> Feed:
        """Begin another stream; what there was ends."""
        if not self._hands_over:
            feed = QueueFeed(lambda size: self._give({"do": "more", "stream": stream, "bytes": size}))
            self._end_feeds()
            self._feeds = {stream: feed}
            self._give({"do": "play", "stream": stream, "part": part})
            self._give({"do": "more", "stream": stream, "bytes": AT_ONCE})
            return feed
        reading, writing = os.pipe()
        try:
            self._give({"do": "play", "stream": stream, "part": part, "descriptor": True}, writing)
        finally:
            os.close(writing)
        return PipeFeed(reading)

    def follow(self, stream: int, parts: Sequence[dict[str, Any]]) -> None:
        self._give({"do": "follow", "stream": stream, "parts": list(parts)})

    def set_gain(self, stream: int, part: int, gain: float) -> None:
        self._give({"do": "gain", "stream": stream, "part": part, "gain": gain})

    def rest(self) -> None:
        self._end_feeds()
        self._give({"do": "rest"})

    @property
    def usable(self) -> bool:
        """Whether there is a process, or will be in a moment."""
        return self._process is not None

    @property
    def process_id(self) -> int | None:
        """The process that decodes at present, None where there is none."""
        return None if self._process is None else self._process.pid

    def silent_for(self) -> Seconds:
        """Seconds since the process gave a sign of life."""
        return time.monotonic() - self._heard_at

    def restart(self) -> None:
        """End the process, which hangs, and start another."""
        self._end()
        self._start()

    def close(self) -> None:
        self._end()

    def _start(self) -> None:
        self._life += 1
        self._heard_at = time.monotonic()
        command = [sys.executable, "-m", "musicplayer.playback.studio"]
        ours, theirs = socket.socketpair() if self._hands_over else (None, None)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if theirs is None else theirs.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        if theirs is not None:
            theirs.close()
        self._orders = ours or cast("BinaryIO", self._process.stdin)
        output = cast("IO[bytes]", self._process.stdout)
        self._listener = threading.Thread(target=self._listen, args=(self._life, output), name="studio", daemon=True)
        self._listener.start()

    def _end(self) -> None:
        self._life += 1
        self._end_feeds()
        process, self._process = self._process, None
        if self._orders is not None:
            with suppress(OSError):
                self._orders.close()
            self._orders = None
        if process is not None:
            process.kill()
            process.wait()
        if self._listener is not None:
            # It must not be the last that knows this object: Qt's objects end in the thread they live in, or crash it.
            self._listener.join(LAST_BREATH)

    def _end_feeds(self) -> None:
        """Let libVLC's thread go that waits for samples: whoever takes another stream waits for that thread."""
        for feed in self._feeds.values():
            feed.close()
        self._feeds = {}

    def _give(self, order: dict[str, Any], descriptor: int | None = None) -> None:
        """Send an order; to a process that is ending, none."""
        line = json.dumps(order).encode() + b"\n"
        with self._writing, suppress(OSError, ValueError):
            if isinstance(self._orders, socket.socket):
                if descriptor is not None:
                    socket.send_fds(self._orders, [line[:1]], [descriptor])
                    line = line[1:]
                self._orders.sendall(line)
            elif self._orders is not None:
                self._orders.write(line)
                self._orders.flush()

    def _listen(self, life: int, output: IO[bytes]) -> None:
        """Hear what one process says until it ends; in a thread."""
        with output, suppress(RuntimeError):  # Qt's own, where this object is gone and nobody is left to be told
            while len(header := output.read(_HEADER_SIZE)) == _HEADER_SIZE:
                stream, size = (int.from_bytes(header[at : at + 4], "little") for at in (1, 5))
                content = output.read(size)
                self._heard_at = time.monotonic()  # here, because the event loop may be busy
                if header[:1] == b"S":
                    feed = self._feeds.get(stream)
                    if feed is not None:
                        feed.add(content)
                else:
                    self._arrived.emit(life, json.loads(content))
            self._arrived.emit(life, None)

    def _on_arrived(self, life: int, news: dict[str, Any] | None) -> None:
        if life != self._life:
            return
        if news is None:
            self._stillborn += 1
            killed = self._was_killed()
            _log.warning("the process that decodes ended %s", "from outside" if killed else "by itself")
            self._end()
            if self._stillborn < MOST_STILLBIRTHS:
                self._start()
            self.died.emit(killed)
        elif news["news"] == "ready":
            self._stillborn = 0
        elif news["news"] == "trouble":
            _log.error("the process that decodes: %s", news["text"])
        elif news["news"] != "beat":
            self.news.emit(news)

    def _was_killed(self) -> bool:
        """Whether the process, which says nothing any more, was ended by somebody else."""
        if self._process is None or sys.platform == "win32":
            return False
        try:
            return self._process.wait(LAST_BREATH) in (-signal.SIGKILL, -signal.SIGTERM)
        except subprocess.TimeoutExpired:
            return False


def _environment() -> dict[str, str]:
    """Ours, in which this very code is found, and with one thread for each piece of arithmetic."""
    checkout = str(Path(musicplayer.__file__).resolve().parent.parent)
    paths = [checkout, *filter(None, [os.environ.get("PYTHONPATH", "")])]
    return {**os.environ, **ONE_THREAD, **FEW_ARENAS, "PYTHONPATH": os.pathsep.join(paths)}
