"""Tells how a file as it was can be made of the file as it is: where only tags differ, that takes a few bytes."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from mutagen.ogg import OggPage

from indexer.core.audio.chunks import read_at
from indexer.core.audio.payload import locate

Step = Sequence[Any]
"""`copy`, a place in the file as it is, how many bytes; `bytes`, packed and in base64; `pages`, a place, how many
bytes, the serial number of a stream in Ogg and how much less its pages are numbered. All of it is JSON."""

_BLOCK = 512
"""Bytes that are looked for at once."""

_READ = 1 << 20


class SoundDiffers(Exception):
    """The files differ in more than their tags."""


def digest_of(path: Path) -> str:
    """The hash of all of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return _digest(_range(file, 0, None))


def recipe(old: Path, new: Path) -> list[Step]:
    """How to make `old` of `new`; proof, too, that both have the same sound, byte for byte.

    Raises:
        SoundDiffers: that cannot be done.
        OSError: one of them cannot be read.
    """
    with old.open("rb") as before, new.open("rb") as after:
        was, now = locate(before), locate(after)
        if was.size != now.size or was.paged != now.paged:
            raise SoundDiffers
        around = read_at(after, 0, now.start), now.start + now.size
        behind = b"".join(_range(after, around[1], None))
        steps = _steps(b"".join(_range(before, 0, was.start)), around[0], behind, around[1])
        steps.append(_sound(before, after, was.start, now.start, now.size, paged=now.paged))
        steps += _steps(b"".join(_range(before, was.start + was.size, None)), around[0], behind, around[1])
        if _digest(made_of(after, steps)) != _digest(_range(before, 0, None)):
            raise SoundDiffers
    return steps


def made_of(file: BinaryIO, steps: Iterable[Step]) -> Iterator[bytes]:
    """The bytes of a file as it was, of the file as it is.

    Raises:
        OSError: it cannot be read.
        ValueError: the steps are none.
    """
    for step in steps:
        match step:
            case ["copy", int(at), int(size)]:
                yield from _range(file, at, size)
            case ["bytes", str(packed)]:
                yield zlib.decompress(base64.b64decode(packed))
            case ["pages", int(at), int(size), int(serial), int(less)]:
                yield from _renumbered(file, at, size, serial, less)
            case _:
                raise ValueError(step)


def _sound(before: BinaryIO, after: BinaryIO, old: int, new: int, size: int, *, paged: bool) -> Step:
    if paged and size:
        before.seek(old)
        after.seek(new)
        try:
            was, now = OggPage(before), OggPage(after)
        except Exception as error:  # what a parser of damaged pages raises is not to be foretold
            raise SoundDiffers from error
        if was.sequence != now.sequence:
            return ["pages", new, size, now.serial, now.sequence - was.sequence]
    return ["copy", new, size]


def _renumbered(file: BinaryIO, at: int, size: int, serial: int, less: int) -> Iterator[bytes]:
    end = at + size
    file.seek(at)
    while (begin := file.tell()) < end:
        try:
            page = OggPage(file)
        except Exception:  # noqa: BLE001 - what is no whole page was never renumbered
            yield from _range(file, begin, end - begin)
            return
        after = file.tell()
        if page.serial == serial:
            page.sequence -= less
        yield page.write()
        file.seek(after)


def _steps(old: bytes, front: bytes, behind: bytes, shift: int) -> list[Step]:
    """How to make the bytes of one side of the sound of those on both sides now; `behind` begins at `shift`."""
    steps: list[Step] = []
    literal = bytearray()
    at = 0
    while at < len(old):
        block = old[at : at + _BLOCK]
        source, begin = (front, 0) if (found := front.find(block)) >= 0 else (behind, shift)
        found = found if found >= 0 else behind.find(block)
        size = len(block)
        if found < 0:
            literal += block
        else:
            while (more := old[at + size : at + size + _BLOCK]) and source.startswith(more, found + size):
                size += len(more)
            steps += [*_literal(bytes(literal)), ["copy", begin + found, size]]
            literal.clear()
        at += size
    return [*steps, *_literal(bytes(literal))]


def _literal(data: bytes) -> list[Step]:
    return [["bytes", base64.b64encode(zlib.compress(data)).decode()]] if data else []


def _range(file: BinaryIO, at: int, size: int | None) -> Iterator[bytes]:
    """So many bytes, or all that follow."""
    while size is None or size > 0:
        file.seek(at)
        data = file.read(_READ if size is None else min(size, _READ))
        if not data:
            return
        yield data
        at += len(data)
        size = None if size is None else size - len(data)


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
