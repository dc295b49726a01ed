"""What libVLC is given to play: a stretch of a file, or a stream of samples, by a descriptor or by asking Python."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer.core.tracks import Seconds, Stretch
from musicplayer.playback.studio_link import Feed

STREAM_CACHE_MS = {True: 300, False: 1000}
"""What VLC keeps of a stream before it sounds, by whether it reads it without asking Python, which may be busy."""

STREAM_PREFETCH_KB = 32
"""VLC's own read-ahead, which is 16 MB else: what was read cannot be taken back when the queue changes."""

Readers = list[Any]
"""Functions that libVLC calls, to be kept for as long as it may; none where it reads by itself."""


def file_media(instance: Any, stretch: Stretch, start: Seconds) -> Any:
    """A stretch of a file from `start` seconds in."""
    options = []
    if stretch.start + start > 0:
        options.append(f":start-time={stretch.start + start:.3f}")
    if stretch.end is not None:
        options.append(f":stop-time={stretch.end:.3f}")
    return _with(options, instance.media_new_location(_location(stretch.path)))


def stream_media(vlc: Any, instance: Any, feed: Feed, rate: int) -> tuple[Any, Readers]:
    """Stereo float32 samples at `rate` frames a second."""
    options = [
        ":demux=rawaud",
        ":rawaud-channels=2",
        f":rawaud-samplerate={rate}",
        ":rawaud-fourcc=f32l",
        f":file-caching={STREAM_CACHE_MS[feed.descriptor is not None]}",
        f":prefetch-buffer-size={STREAM_PREFETCH_KB}",
        ":prefetch-read-size=4096",
    ]
    if feed.descriptor is not None:
        return _with(options, instance.media_new_location(f"fd://{feed.descriptor}")), []
    readers = _readers_of(feed)
    kinds = vlc.CallbackDecorators
    media = instance.media_new_callbacks(
        ctypes.cast(readers[0], kinds.MediaOpenCb),
        ctypes.cast(readers[1], kinds.MediaReadCb),
        kinds.MediaSeekCb(),  # there is no going to a place
        kinds.MediaCloseCb(),
        None,
    )
    return _with(options, media), readers


def _readers_of(feed: Feed) -> Readers:
    def opened(_: Any, __: Any, size: Any) -> int:
        size.contents.value = (1 << 64) - 1  # that there is no end in sight
        return 0

    def read(_: Any, buffer: Any, most: int) -> int:
        block = feed.read(most)
        ctypes.memmove(buffer, block, len(block))
        return len(block)

    return [
        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint64))(opened),
        ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)(read),
    ]


def _with(options: Sequence[str], media: Any) -> Any:
    for option in options:
        media.add_option(option)
    return media


def _location(path: str) -> str:
    """The file's address, percent-encoded from its bytes, so that every name a disk can hold is one VLC can open."""
    return Path(path).absolute().as_uri()
