"""Takes a sound file apart into its tags and what lies between them, and says how the file is to be put together."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

import mutagen.asf
import mutagen.mp4
from mutagen.apev2 import APEv2
from mutagen.flac import FLAC, Padding, VCFLACDict
from mutagen.id3 import ParseID3v1
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

from indexer.core.audio.chunks import AIFF as AIFF_CHUNKS
from indexer.core.audio.chunks import ASF_HEAD, RIFF, Chunk, Layout, chunks, read_at
from indexer.core.audio.mpeg import first_frame
from indexer.core.audio.payload import TagPart, is_mpeg_frame, leading_tags, looks_like_audio, trailing_tags
from indexer.core.tags.editing.fields import (
    AIFF,
    APE,
    ASF,
    COMMENTS,
    ID3,
    INFO,
    MP4,
    Field,
    Holder,
    Notation,
    Values,
    put_into,
    values_in,
)
from indexer.core.tags.editing.holders import Atoms, Attributes, Comments, Entries
from indexer.core.tags.editing.id3 import Id3Tag, TagDamaged, with_id3v1
from indexer.core.tags.limits import LimitedFile

Piece = bytes | tuple[int, int]
"""What a file is put together from: new bytes, or so many of the old file from a place on, as (start, size)."""

_HEAD_BYTES = 64
_OGG = ((b"\x01vorbis", OggVorbis), (b"OpusHead", OggOpus), (b"Speex   ", OggSpeex), (b"\x7fFLAC", OggFLAC))
_APE_FIRST = (b"MAC ", b"wvpk", b"MPCK", b"MP+", b"tBaK", b"OFR ")
_ENTRIES = Layout(0, (), aligned=RIFF.aligned)
_LONGEST = 0xFFFF_FFFF
"""Bytes that RIFF and AIFF can count."""


class KindUnknown(Exception):
    """Tags of such files are read, and not written."""


class _Tag(Holder, Protocol):
    """A tag that says what it holds besides some names."""

    def besides(self, names: Sequence[str]) -> Sequence[object]: ...


@dataclass(frozen=True)
class _Part:
    tag: _Tag
    notation: Notation


class TakenApart:
    """A file as its tags and the rest; nothing is written to it."""

    def __init__(self, file: LimitedFile) -> None:
        """Look at a file.

        Raises:
            KindUnknown: tags of such files are not written.
            TagDamaged: a tag is not as it should be.
            OSError: it cannot be read.
            Exception: damaged tags raise anything from IndexError to ZeroDivisionError in parsers.
        """
        self._file = file
        self._size = file.seek(0, io.SEEK_END)
        self._front = leading_tags(file, self._size)
        self._start = sum(tag.size for tag in self._front)
        self._behind = trailing_tags(file, self._start, self._size)[::-1]
        self._end = self._behind[0].start if self._behind else self._size
        if self._start >= self._end or any(tag.kind == "id3" for tag in self._behind):
            raise KindUnknown
        self._head = read_at(file, self._start, _HEAD_BYTES)
        self._opened = _opener(self._head)
        self._layout = {b"RIFF": RIFF, b"FORM": AIFF_CHUNKS}.get(self._head[:4])
        self._is_ape = self._head.startswith(_APE_FIRST)
        if not (self._opened or self._layout or self._is_ape or self._is_stream()):
            raise KindUnknown

    def values(self) -> dict[Field, tuple[str, ...]]:
        """What all tags together say, the one that counts most first."""
        found: dict[Field, tuple[str, ...]] = {}
        for part in self._parts():
            found = values_in(part.tag, part.notation) | found
        for tag in self._behind:
            if tag.kind == "id3v1":
                found = _oldest(read_at(self._file, tag.start, tag.size)) | found
        return found

    def besides(self, changes: Values) -> list[object]:
        """All that the tags say but for the fields that change, with pictures and blocks that are no tags."""
        kept: list[object] = []
        for part in self._parts():
            names = part.notation
            left_out = [one for field in _with_pairs(changes) for one in names.names.get(field, ())]
            left_out += [one for field in changes for one in names.beside.get(field, ())]
            kept += part.tag.besides(left_out)
        if isinstance(media := self._media(), FLAC):
            others = (block for block in media.metadata_blocks if not isinstance(block, Padding | VCFLACDict))
            kept += [(block.code, block.write()) for block in others]
        return kept

    def pieces(self, changes: Values) -> list[Piece]:
        """What the file is put together from with its changes, as far as no container has to be asked."""
        front, behind = ([self._rewritten(tag, changes) for tag in tags] for tags in (self._front, self._behind))
        sound: list[Piece] = [(self._start, self._end - self._start)]
        if self._layout is not None:
            sound = self._chunk_pieces(self._layout, changes)
        has_tag = any(tag.kind in {"id3", "ape"} for tag in (*self._front, *self._behind))
        if not (has_tag or self._layout or self._opened) and any(changes.values()):
            made = _changed_ape(None, changes) if self._is_ape else _changed_id3(None, changes)
            (behind if self._is_ape else front).insert(0, made)
        return [*front, *sound, *behind]

    def finish(self, written: str, changes: Values) -> None:
        """Change the tags inside the container of a file that was put together.

        Raises:
            OSError: it cannot be written.
            Exception: as for the whole class.
        """
        if self._opened is None:
            return
        make, notation, holder = self._opened
        media = make(written)
        if media.tags is None:
            media.add_tags()
        put_into(holder(media.tags), notation, changes)
        media.save()

    def _is_stream(self) -> bool:
        """Whether it is MPEG, ADTS or True Audio, which have ID3 in front."""
        if self._head.startswith(b"TTA"):
            return True
        if looks_like_audio(self._head) and not is_mpeg_frame(self._head):
            return False
        return is_mpeg_frame(self._head) or first_frame(self._file, self._start, self._end) is not None

    def _media(self) -> Any:
        if self._opened is None:
            return None
        self._file.seek(0)
        return self._opened[0](self._file)

    def _parts(self) -> Iterator[_Part]:
        """The tags in the order in which they count."""
        around = [*self._front, *self._behind]
        if self._layout is not None:
            inside = list(self._chunk_parts(self._layout))
            yield from sorted(inside, key=lambda part: part.notation is not ID3)
        media = self._media()
        if media is not None and self._opened is not None and media.tags is not None:
            yield _Part(self._opened[2](media.tags), self._opened[1])
        ids = [_Part(Id3Tag(self._bytes(tag)), ID3) for tag in around if tag.kind == "id3"]
        apes = [_Part(Comments(_ape_of(self._bytes(tag))), APE) for tag in around if tag.kind == "ape"]
        yield from (*apes, *ids) if self._is_ape else (*ids, *apes)

    def _bytes(self, tag: TagPart) -> bytes:
        data = read_at(self._file, tag.start, tag.size)
        if len(data) < tag.size:
            raise TagDamaged
        return data

    def _rewritten(self, tag: TagPart, changes: Values) -> Piece:
        if tag.kind == "id3":
            return _changed_id3(self._bytes(tag), changes)
        if tag.kind == "ape":
            return _changed_ape(self._bytes(tag), changes)
        return with_id3v1(self._bytes(tag), changes) if tag.kind == "id3v1" else (tag.start, tag.size)

    def _chunks(self, layout: Layout) -> list[tuple[Chunk, int]]:
        """All chunks with their sizes.

        Raises:
            TagDamaged: one of them is longer than the file, or does not say how long it is.
        """
        found = []
        for chunk in chunks(self._file, layout, self._start + layout.first, self._end):
            if chunk.size is None or chunk.start + chunk.size > self._end:
                raise TagDamaged
            found.append((chunk, chunk.size))
        return found

    def _chunk_parts(self, layout: Layout) -> Iterator[_Part]:
        for chunk, size in self._chunks(layout):
            if chunk.name.lower() == b"id3 ":
                yield _Part(Id3Tag(read_at(self._file, chunk.start, size)), ID3)
            elif (entries := self._entries(layout, chunk, size)) is not None:
                yield _Part(entries, INFO if layout is RIFF else AIFF)

    def _entries(self, layout: Layout, chunk: Chunk, size: int) -> Entries | None:
        """The texts in a chunk; None where it holds none."""
        if layout is AIFF_CHUNKS:
            is_text = chunk.name in {name.encode() for names in AIFF.names.values() for name in names}
            return Entries([(chunk.name, read_at(self._file, chunk.start, size))]) if is_text else None
        if chunk.name != b"LIST" or read_at(self._file, chunk.start, 4).upper() != b"INFO":
            return None
        content, end = [], chunk.start + size
        for entry in chunks(self._file, _ENTRIES, chunk.start + 4, end):
            if entry.size is None or entry.start + entry.size > end:
                raise TagDamaged
            content.append((entry.name, read_at(self._file, entry.start, entry.size)))
        return Entries(content)

    def _chunk_pieces(self, layout: Layout, changes: Values) -> list[Piece]:
        found, body = self._chunks(layout), list[Piece]()
        order = "big" if layout.big else "little"
        at, has_tag = self._start + layout.first, False
        for chunk, size in found:
            at = min(self._end, chunk.start + size + size % 2)
            if chunk.name.lower() == b"id3 ":
                has_tag = True
                tag = _changed_id3(read_at(self._file, chunk.start, size), changes)
                body.append(_chunk(chunk.name, tag, big=layout.big))
            elif (entries := self._entries(layout, chunk, size)) is not None:
                put_into(entries, INFO if layout is RIFF else AIFF, changes)
                body.append(_chunk_of(entries, layout))
            else:
                body.append((chunk.start - layout.header, at - chunk.start + layout.header))
                body += [b"\0"] * ((at - chunk.start) % 2)  # the last one of a file may lack its pad
        if not has_tag and any(changes.values()):
            body.append(_chunk(b"id3 " if layout is RIFF else b"ID3 ", _changed_id3(None, changes), big=layout.big))
        size = 4 + sum(len(piece) if isinstance(piece, bytes) else piece[1] for piece in body)
        if size > _LONGEST:
            raise TagDamaged
        head = self._head[:4] + size.to_bytes(4, order) + self._head[8:12]  # type: ignore[arg-type]
        return [head, *body, *([(at, self._end - at)] if at < self._end else [])]


def _opener(head: bytes) -> tuple[Callable[[Any], Any], Notation, Callable[[Any], Any]] | None:
    """What opens a container whose tags mutagen changes, how they are called, and what makes texts of them."""
    if head.startswith(b"fLaC"):
        return FLAC, COMMENTS, Comments
    if head.startswith(b"OggS"):
        kind = next((kind for name, kind in _OGG if name in head), None)
        return None if kind is None else (kind, COMMENTS, Comments)
    if head[4:8] == b"ftyp":
        return mutagen.mp4.MP4, MP4, Atoms
    return (mutagen.asf.ASF, ASF, Attributes) if head.startswith(ASF_HEAD) else None


def _with_pairs(changes: Values) -> set[Field]:
    pairs = ({Field.TRACK, Field.TRACKS}, {Field.DISC, Field.DISCS})
    return {*changes, *(each for pair in pairs if pair & changes.keys() for each in pair)}


def _changed_id3(data: bytes | None, changes: Values) -> bytes:
    tag = Id3Tag(data)
    put_into(tag, ID3, changes)
    return tag.written()


def _changed_ape(data: bytes | None, changes: Values) -> bytes:
    tags = APEv2() if data is None else _ape_of(data)
    put_into(Comments(tags), APE, changes)
    written = io.BytesIO()
    tags.save(written)
    return written.getvalue()


def _ape_of(data: bytes) -> Any:
    return APEv2(io.BytesIO(data))


def _oldest(data: bytes) -> dict[Field, tuple[str, ...]]:
    frames = ParseID3v1(data, v2_version=3) or {}
    tag = Id3Tag()
    for name, frame in frames.items():
        tag.put("date" if name == "TYER" else "COMM" if name.startswith("COMM") else name, list(map(str, frame.text)))
    return values_in(tag, ID3)


def _chunk(name: bytes, data: bytes, *, big: bool) -> bytes:
    return name + len(data).to_bytes(4, "big" if big else "little") + data + b"\0" * (len(data) % 2)


def _chunk_of(entries: Entries, layout: Layout) -> bytes:
    inside = b"".join(_chunk(name, data, big=layout.big) for name, data in entries.content)
    return inside if layout is AIFF_CHUNKS else _chunk(b"LIST", b"INFO" + inside, big=False)


def write_pieces(source: BinaryIO, target: BinaryIO, pieces: Sequence[Piece], *, block: int = 1 << 20) -> None:
    """Put a file together.

    Raises:
        OSError: the disk is full, or one of the files is not there any more.
    """
    for piece in pieces:
        if isinstance(piece, bytes):
            target.write(piece)
            continue
        start, left = piece
        source.seek(start)
        while left:
            data = source.read(min(left, block))
            if not data:
                raise OSError(None, "it has become shorter")
            target.write(data)
            left -= len(data)
