"""Walks files that are made of chunks, each with a name and a size: WAVE, AIFF, Core Audio, DSD, Wave64, ASF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

MOST_CHUNKS = 10_000
"""A file with more chunks before its sound is damaged; the bound keeps a hostile one from keeping us."""

_FARTHEST = 2**62
"""Sizes of damaged files point beyond where a file can be asked to go."""

_UNKNOWN_WITHIN = 16
"""Chunk sizes so near to the largest one mean that the writer did not know: a stream that was saved, or RF64."""

RIFF_HEADS = (b"RIFF", b"RF64", b"BW64")
WAVE64_HEAD = bytes.fromhex("726966662e91cf11")
ASF_HEAD = bytes.fromhex("3026b2758e66cf11")
_WAVE64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the chunks of one kind of file are written.

    Attributes:
        first: bytes from the beginning of the file to the first chunk.
        sound: names of the chunks that hold the sound.
        name: bytes of a name.
        number: bytes of a size.
        big: the size's first byte is its highest.
        aligned: a chunk begins at a multiple of so many bytes.
        counts_header: the size is that of name and size too.
    """

    first: int
    sound: tuple[bytes, ...]
    name: int = 4
    number: int = 4
    big: bool = False
    aligned: int = 1
    counts_header: bool = False

    @property
    def header(self) -> int:
        return self.name + self.number


class Chunk(NamedTuple):
    """`size` bytes from `start` on, as promised: the file may end before; None for up to the end of the file."""

    name: bytes
    start: int
    size: int | None


RIFF = Layout(12, (b"data",), aligned=2)
AIFF = Layout(12, (b"SSND",), big=True, aligned=2)
_LAYOUTS = (
    *((head, RIFF) for head in RIFF_HEADS),
    (b"FORM", AIFF),
    (b"FRM8", Layout(16, (b"DSD ", b"DST "), number=8, big=True, aligned=2)),
    (b"DSD ", Layout(28, (b"data",), number=8, counts_header=True)),
    (b"caff", Layout(8, (b"data",), number=8, big=True)),
    (WAVE64_HEAD, Layout(40, (_WAVE64_DATA,), name=16, number=8, aligned=8, counts_header=True)),
    (b".RMF", Layout(0, (b"DATA",), big=True, counts_header=True)),
    (ASF_HEAD, Layout(0, (_ASF_DATA,), name=16, number=8, counts_header=True)),
)


def layout_of(head: bytes) -> Layout | None:
    """How a file is written that begins with `head`, 8 bytes or more; None where it is not made of chunks."""
    return next((layout for begins, layout in _LAYOUTS if head.startswith(begins)), None)


def chunks(file: BinaryIO, layout: Layout, at: int, end: int) -> Iterator[Chunk]:
    """The chunks between two places of a file, in order, up to the first one of an unknown size.

    Raises:
        OSError: the file cannot be read.
    """
    begin = at
    for _ in range(MOST_CHUNKS):
        head = read_at(file, at, layout.header)
        if len(head) < layout.header:
            return
        size = int.from_bytes(head[layout.name :], "big" if layout.big else "little")
        size -= layout.header if layout.counts_header else 0
        if size < 0:
            return
        # A writer that was interrupted leaves 0 at the sound, whose size it would have filled in last.
        is_open = size == 0 and head[: layout.name] in layout.sound
        if is_open or size >= (1 << 8 * layout.number) - 2 * _UNKNOWN_WITHIN:
            yield Chunk(head[: layout.name], at + layout.header, None)
            return
        yield Chunk(head[: layout.name], at + layout.header, size)
        at += layout.header + size
        at += (begin - at) % layout.aligned
        if at >= end:
            return


def read_at(file: BinaryIO, at: int, count: int) -> bytes:
    """Up to `count` bytes from a place on; none where no file has such a place."""
    if at > _FARTHEST:
        return b""
    file.seek(at)
    return file.read(count)
