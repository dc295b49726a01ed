"""The process that decodes: takes orders, mixes streams and writes their samples, apart from the player and its window.

A file that makes a decoder crash or hang takes this process down and nothing else. Run as
`python -m musicplayer.playback.studio`; `studio_link` is the other end, and says what orders and news look like.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import struct
import threading
import time
import traceback
from contextlib import suppress
from itertools import takewhile
from typing import Any

import av

from indexer.core.politeness import limit_memory
from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.mixer import Mixer, Part, Samples
from musicplayer.playback.reel import AHEAD, Broken, Decoded, Opened, TrackReel

BLOCK_FRAMES = 1024
MEMORY_MB = 1024
"""What files may take beyond what the process needs itself."""

LEAD_IN: Seconds = 0.06
"""Silence that a stream begins with: what comes late at the start, on a busy machine, VLC drops."""

BEAT: Seconds = 1.0
"""So often the process says that it lives."""

FILES_AT_ONCE = 4
"""So many are decoded at the same time: of tracks of 0.3 s dozens follow within the seconds that are ordered, and the
threads and decoders of as many open files go beyond the memory that this process may take."""

HEADER = struct.Struct("<cII")
"""What comes before everything on standard output: what it is, of which stream, and how many bytes."""

NEWS, SOUND = b"N", b"S"
RECEIVED_BYTES = 65_536


class Studio:
    """Carries out orders. There is one stream at a time: another one takes its place."""

    def __init__(self) -> None:
        self._stream: Stream | None = None
        self._output = threading.Lock()
        self._credit = threading.Condition()
        self._allowed: dict[int, int] = {}

    def carry_out(self, order: dict[str, Any], descriptor: int | None) -> None:
        """Do what an order says; `descriptor` is where the samples of a new stream go."""
        kind = order["do"]
        if kind == "play":
            self._end()
            self._stream = Stream(self, order, descriptor)
        elif kind == "rest":
            self._end()
        elif kind == "more":
            with self._credit:
                self._allowed[order["stream"]] = self._allowed.get(order["stream"], 0) + order["bytes"]
                self._credit.notify_all()
        elif self._stream is not None and self._stream.number == order["stream"]:
            self._stream.carry_out(order)

    def tell(self, **news: Any) -> None:
        self._write(NEWS, 0, json.dumps(news).encode())

    def send(self, stream: Stream, block: bytes) -> None:
        """Send samples among the news, as far as the other end allows; BrokenPipeError where it wants no more."""
        with self._credit:
            while self._allowed.get(stream.number, 0) < len(block):
                if stream.ended:
                    self._allowed.pop(stream.number, None)
                    raise BrokenPipeError
                self._credit.wait(BEAT)
            self._allowed[stream.number] -= len(block)
        self._write(SOUND, stream.number, block)

    def _end(self) -> None:
        if self._stream is not None:
            self._stream.end()
            self._stream = None
        with self._credit:
            self._credit.notify_all()

    def _write(self, kind: bytes, stream: int, content: bytes) -> None:
        with self._output:
            rest = memoryview(HEADER.pack(kind, stream, len(content)) + content)
            while rest:
                rest = rest[os.write(1, rest) :]


class Stream:
    """One stream: its mixer, what it reads from, and the thread that writes it, which runs as soon as it is made.

    Attributes:
        number: what it is called by.
        ended: nobody listens to it any more.
    """

    def __init__(self, studio: Studio, order: dict[str, Any], descriptor: int | None) -> None:
        self.number: int = order["stream"]
        self._studio = studio
        self._descriptor = descriptor
        self._lock = threading.RLock()
        self._rate: int | None = None
        self._numbers: dict[TrackReel, int] = {}
        self._waiting: list[dict[str, Any]] = []
        self._known: set[int] = set()
        self.ended = False
        self._fade_in: Seconds = order["part"]["fade_in"]
        with self._lock:  # the reel speaks as soon as it is made
            first = self._part(order["part"])
            self._first: TrackReel = first.reel  # type: ignore[assignment]
            self._mixer = Mixer(first)
            self._first.begin()
        threading.Thread(target=self._run, name="stream", daemon=True).start()

    def carry_out(self, order: dict[str, Any]) -> None:
        with self._lock:
            if order["do"] == "follow":
                self._follow(order["parts"])
            elif order["do"] == "gain":
                for part in self._mixer.parts():
                    if part.number == order["part"]:
                        part.gain = order["gain"]
                for wanted in self._waiting:
                    if wanted["number"] == order["part"]:
                        wanted["gain"] = order["gain"]

    def end(self) -> None:
        with self._lock:
            self.ended = True
            for reel in self._numbers:
                reel.close()

    def _follow(self, wanted: list[dict[str, Any]]) -> None:
        """Take what is to follow; what is decoded already stays, what has begun or broke is not asked for again."""
        if self._rate is None:
            self._waiting = wanted
            return
        there = {part.number: part for part in self._mixer.following}
        self._mixer.follow(
            [
                there[one["number"]] if one["number"] in there else self._part(one)
                for one in wanted
                if one["number"] in there or one["number"] not in self._known
            ]
        )
        self._decode_what_is_due()

    def _part(self, wanted: dict[str, Any]) -> Part:
        stretch = Stretch(wanted["path"], wanted["start"], wanted["end"])
        reel = TrackReel(stretch, wanted["at"], self._hear, self._rate)
        self._numbers[reel] = wanted["number"]
        self._known.add(wanted["number"])
        return Part(wanted["number"], reel, wanted["gain"], round(wanted["overlap"] * (self._rate or 0)))

    def _hear(self, reel: TrackReel, said: Opened | Decoded | Broken) -> None:
        """Pass on what a reel says, in its thread."""
        with self._lock:
            number = self._numbers.get(reel)
            if number is None or self.ended:
                return
            if isinstance(said, Opened):
                self._studio.tell(news="opened", stream=self.number, part=number, rate=said.rate, seconds=said.seconds)
            elif isinstance(said, Decoded):
                self._studio.tell(news="decoded", stream=self.number, part=number, seconds=said.seconds)
            else:
                if not said.begun:
                    self._mixer.follow([*takewhile(lambda part: part.reel is not reel, self._mixer.following)])
                self._studio.tell(
                    news="broken",
                    stream=self.number,
                    part=number,
                    begun=said.begun,
                    unknown=said.unknown,
                    reason=said.reason,
                    trouble=said.trouble,
                )

    def _run(self) -> None:
        try:
            if self._begin():
                self._play()
        except BrokenPipeError:
            pass  # nobody listens any more
        finally:
            self.end()
            if self._descriptor is not None:
                os.close(self._descriptor)

    def _begin(self) -> bool:
        """Wait for the first file, whose rate is the stream's; False where it cannot be played."""
        since = time.monotonic()
        while not self.ended:
            if self._first.failed:
                return False
            if self._first.state() != (0, False):
                break
            self._be_patient(since)
            self._first.wait(0.1)
        with self._lock:
            if self.ended:
                return False
            self._rate = self._first.rate
            first = self._mixer.current
            if first is not None and self._rate:
                first.fade_in = round(self._fade_in * self._rate)
                self._mixer.lead_in = round(LEAD_IN * self._rate)
            self._follow(self._waiting)
        return True

    def _play(self) -> None:
        since = time.monotonic()
        while True:
            with self._lock:
                if self.ended:
                    return
                block, marks = self._mixer.read(BLOCK_FRAMES)
                self._decode_what_is_due()
            for mark in marks:
                self._studio.tell(
                    news=mark.event.value, stream=self.number, part=mark.number, frame=mark.frame, rate=self._rate
                )
            if len(block):
                self._write(block)
                since = time.monotonic()
                continue
            self._be_patient(since)
            waited = self._mixer.current
            if waited is not None:
                waited.reel.wait(0.1)  # type: ignore[attr-defined]

    def _be_patient(self, since: Seconds) -> None:
        """Say once that a file gives nothing."""
        current = self._mixer.current
        if current is not None and time.monotonic() - since > current.reel.patience:  # type: ignore[attr-defined]
            self._studio.tell(news="stuck", stream=self.number, part=current.number)
            raise BrokenPipeError

    def _write(self, block: Samples) -> None:
        content = block.astype("<f4", copy=False).tobytes()
        if self._descriptor is None:
            self._studio.send(self, content)
            return
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def _decode_what_is_due(self) -> None:
        """Decode nothing that is not wanted, and enough of what plays to find its end before a fade begins."""
        following = self._mixer.following
        if self._mixer.current is not None:
            self._mixer.current.reel.keep_back(following[0].overlap if following else 0)  # type: ignore[attr-defined]
        needed: list[TrackReel] = [part.reel for part in self._mixer.parts()]  # type: ignore[misc]
        for reel in [reel for reel in self._numbers if reel not in needed]:
            reel.close()
            del self._numbers[reel]
        soonest = needed[: len(needed) - len(following) + 1]
        for reel in needed:
            if reel in soonest or sum(other.working for other in needed) < FILES_AT_ONCE:
                reel.begin()


def main() -> None:
    """Take orders until there is nobody left to give them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal; the player decides when it ends
    av.logging.set_level(av.logging.PANIC)
    limit_memory(MEMORY_MB)
    studio = Studio()
    threading.excepthook = lambda trouble: studio.tell(
        news="trouble", text="".join(traceback.format_exception(trouble.exc_value))
    )
    with suppress(BrokenPipeError, ConnectionError):
        studio.tell(news="ready", ahead=AHEAD)
        _take_orders(studio)
    os._exit(0)  # a thread that hangs in a file is not waited for


def _take_orders(studio: Studio) -> None:
    descriptors: list[int] = []
    threading.Thread(target=_beat, args=(studio,), daemon=True).start()
    source = socket.socket(fileno=0) if stat.S_ISSOCK(os.fstat(0).st_mode) else None
    line = b""
    while True:
        if source is None:
            received = os.read(0, RECEIVED_BYTES)
        else:
            received, found, _, _ = socket.recv_fds(source, RECEIVED_BYTES, 8)
            descriptors += found
        if not received:
            return
        *orders, line = (line + received).split(b"\n")
        for text in orders:
            order = json.loads(text)
            studio.carry_out(order, descriptors.pop(0) if order.get("descriptor") else None)


def _beat(studio: Studio) -> None:
    """Say that the process lives."""
    with suppress(BrokenPipeError):
        while True:
            time.sleep(BEAT)
            studio.tell(news="beat")


if __name__ == "__main__":
    main()
