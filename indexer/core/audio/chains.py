"""Finds the links of a chained Ogg file: recordings with heads of their own that follow each other in one file."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

_MAGIC = b"OggS"
_HEADER = 27
_BEGINS = 0x02
"""The flag of a page that begins a stream, RFC 3533, section 6."""

_LARGEST_HEADER = _HEADER + 255
_LARGEST_PAGE = 65_307
_MOST_PAGES = 10_000_000
"""More than a day of sound; the bound keeps a hostile file from keeping us."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its bytes lie from `start` to `end` of the file."""

    start: int
    end: int


def links_of(path: Path) -> list[Link]:
    """The links of an Ogg file, one for most; none for what is no Ogg.

    Only the heads of pages are read, which takes a few milliseconds a song. Streams that begin together, as pictures
    and sound of a film do, are one link.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        starts, was_beginning = list[int](), False
        at = _first_page(file, 0)
        for _ in range(_MOST_PAGES):
            head = _read(file, at, _LARGEST_HEADER)
            if at < 0 or len(head) < _HEADER:
                break
            if not head.startswith(_MAGIC):
                at = _first_page(file, at)
                continue
            begins = bool(head[5] & _BEGINS)
            if begins and not was_beginning:
                starts.append(at)
            was_beginning = begins
            at += _HEADER + head[26] + sum(head[_HEADER : _HEADER + head[26]])
    return [Link(start, end) for start, end in pairwise([*starts, size])]


class LinkFile(io.RawIOBase):
    """The bytes of one link, as a file that can be read and asked for places and nothing else."""

    def __init__(self, path: Path, link: Link) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._link = link
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        size = self._link.end - self._link.start
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: size}[whence]
        self._at = min(max(base + offset, 0), size)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        left = self._link.end - self._link.start - self._at
        self._file.seek(self._link.start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _first_page(file: BinaryIO, at: int) -> int:
    """Where the next page begins, within what one page may be long; -1 where none does."""
    found = _read(file, at, 2 * _LARGEST_PAGE).find(_MAGIC)
    return at + found if found >= 0 else -1


def _read(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(max(at, 0))
    return file.read(count)
