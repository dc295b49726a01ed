"""Changes single frames of an ID3 tag, and leaves the bytes of all others, known or unknown, as they are."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mutagen.id3 import TCON

from indexer.core.tags.editing.fields import Field, Values
from indexer.core.tags.fields import undeclared

_HEADER = 10
_PADDING = 1024
_FRAME_ID = re.compile(rb"[A-Z][A-Z0-9]{2}[A-Z0-9 \0]?")
_OLD_IDS = {
    "TIT2": "TT2", "TPE1": "TP1", "TALB": "TAL", "TPE2": "TP2", "TRCK": "TRK", "TPOS": "TPA", "TCON": "TCO",
    "TCOM": "TCM", "TCMP": "TCP", "TYER": "TYE", "TDAT": "TDA", "COMM": "COM", "TXXX": "TXX",
}  # fmt: skip
"""Names of frames in version 2.2."""

_LATIN, _UTF16, _UTF16_BIG, _UTF8 = range(4)
_CODECS = ("latin-1", "utf-16", "utf-16-be", "utf-8")


class TagDamaged(Exception):
    """The tag is not as it should be, so that what cannot be read of it might be lost."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame as it is in the tag: `raw` is all of it, `flags` its second byte of flags, `body` what it holds."""

    name: str
    raw: bytes
    flags: int
    body: bytes


class Id3Tag:
    """An ID3v2 tag, whose frames are changed by name; it keeps its version.

    `date` stands for the frames that have it, whichever they are; `COMM` for the comment without a description;
    `TXXX:name` for a text of that name, whatever its case.
    """

    def __init__(self, data: bytes | None = None) -> None:
        """Take up a whole tag with its header; without one begin an empty tag of version 2.4.

        Raises:
            TagDamaged: not all of it is frames and padding.
        """
        self._version = 4
        self._flags = 0
        self._room = 0
        self._frames: list[_Frame] = []
        if data is not None:
            self._take(data)

    def besides(self, names: Iterable[str]) -> list[bytes]:
        """All frames but those under these names, as they are."""
        wanted = [one for name in names for one in (("TDRC", "TYER", "TDAT") if name == "date" else (name,))]
        named = [frame for name in wanted for frame in self._named(name)]
        return [frame.raw for frame in self._frames if not any(frame is one for one in named)]

    def get(self, name: str) -> list[str]:
        """The texts under a name."""
        if name == "date":
            return self._date()
        texts = [text for frame in self._named(name) for text in self._texts(frame)]
        return _genres(texts) if name == "TCON" else texts

    def put(self, name: str, values: Sequence[str]) -> None:
        """Have these texts in place of those that are there."""
        if name == "date":
            self._put_date("".join(values))
            return
        former = self._named(name)
        at = self._frames.index(former[0]) if former else len(self._frames)
        self._frames = [frame for frame in self._frames if not any(frame is one for one in former)]
        if values:
            self._frames.insert(at, self._made(name, values, former))

    def written(self) -> bytes:
        """The whole tag: as large as it was, where there is room for all of it."""
        frames = b"".join(frame.raw for frame in self._frames)
        size = self._room if len(frames) <= self._room else len(frames) + _PADDING
        number = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
        return b"ID3" + bytes((self._version, 0, self._flags)) + number + frames + bytes(size - len(frames))

    def _take(self, data: bytes) -> None:
        version, flags = data[3], data[5]
        if not 2 <= version <= 4 or (version == 2 and flags & 0x40):  # noqa: PLR2004
            raise TagDamaged
        body = data[_HEADER : _HEADER + _seven_bits(data[6:10])]
        self._version, self._room = version, len(data) - _HEADER
        if version < 4 and flags & 0x80:  # noqa: PLR2004
            body = _synchronised(body)
        if version > 2 and flags & 0x40:  # noqa: PLR2004 - a check sum of what is about to change, for one
            size = _seven_bits(body[:4]) if version == 4 else int.from_bytes(body[:4], "big") + 4  # noqa: PLR2004
            body = body[size:]
        self._flags = flags & 0x80 if version == 4 else 0  # noqa: PLR2004
        ways = (True, False) if version == 4 else (False,)  # noqa: PLR2004 - some programs wrote plain sizes into 2.4
        for seven in ways:
            frames = list(self._split(body, seven=seven))
            if not body[sum(len(frame.raw) for frame in frames) :].strip(b"\0"):
                self._frames = frames
                return
        raise TagDamaged

    def _split(self, body: bytes, *, seven: bool) -> Iterator[_Frame]:
        """The frames up to the first thing that is none."""
        id_size, head = (3, 6) if self._version == 2 else (4, 10)  # noqa: PLR2004
        at = 0
        while _FRAME_ID.fullmatch(body[at : at + id_size]):
            number = body[at + id_size : at + (6 if id_size == 3 else 8)]  # noqa: PLR2004
            size = _seven_bits(number) if seven else int.from_bytes(number, "big")
            after = at + head + size
            if after > len(body) or (seven and max(number, default=0) > 0x7F):  # noqa: PLR2004
                return
            raw = body[at:after]
            yield _Frame(raw[:id_size].decode("latin-1"), raw, raw[9] if head > 6 else 0, raw[head:])  # noqa: PLR2004
            at = after

    def _own(self, name: str) -> str:
        return _OLD_IDS.get(name, name) if self._version == 2 else name  # noqa: PLR2004

    def _named(self, name: str) -> list[_Frame]:
        base, _, described = name.partition(":")
        frames = [frame for frame in self._frames if frame.name == self._own(base)]
        if described:
            return [frame for frame in frames if self._description(frame).lower() == described.lower()]
        return [frame for frame in frames if base != "COMM" or not self._description(frame)]

    def _content(self, frame: _Frame) -> bytes:
        """What a frame holds, unpacked; none of one that is encrypted."""
        body, flags = frame.body, frame.flags
        if self._version == 3:  # noqa: PLR2004
            if flags & 0x40:
                return b""
            body = body[4 * bool(flags & 0x80) + bool(flags & 0x20) :]
            return _unpacked(body) if flags & 0x80 else body
        if self._version == 4:  # noqa: PLR2004
            if flags & 0x04:
                return b""
            body = body[bool(flags & 0x40) + 4 * bool(flags & 0x01) :]
            body = _synchronised(body) if flags & 0x02 or self._flags & 0x80 else body
            return _unpacked(body) if flags & 0x08 else body
        return body

    def _texts(self, frame: _Frame) -> list[str]:
        content = self._content(frame)
        if not content:
            return []
        skipped = 3 if frame.name in {"COMM", "COM"} else 0
        texts = _decoded(content[0], content[1 + skipped :])
        if skipped or frame.name in {"TXXX", "TXX"}:
            texts = texts[1:]
        return [text for text in texts if text.strip()]

    def _description(self, frame: _Frame) -> str:
        content = self._content(frame)
        skipped = 4 if frame.name in {"COMM", "COM"} else 1
        return next(iter(_decoded(content[0], content[skipped:])), "") if content else "\0"

    def _made(self, name: str, values: Sequence[str], former: Sequence[_Frame]) -> _Frame:
        base, _, described = name.partition(":")
        text = "\0".join(values)
        encoding = _LATIN if (text + described).isascii() else _UTF8 if self._version == 4 else _UTF16  # noqa: PLR2004
        before = b""
        if base == "COMM":
            content = self._content(former[0]) if former else b""
            before = (content[1:4] if len(content) > 4 else b"eng") + _encoded("", encoding, ends=True)  # noqa: PLR2004
        elif described:
            told = self._description(former[0]) if former else described
            before = _encoded(told, encoding, ends=True)
        body = bytes((encoding,)) + before + _encoded(text, encoding)
        own = self._own(base).encode()
        if self._version == 2:  # noqa: PLR2004
            return _Frame(own.decode(), own + len(body).to_bytes(3, "big") + body, 0, body)
        size = len(body)
        seven = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
        number = seven if self._version == 4 else size.to_bytes(4, "big")  # noqa: PLR2004
        return _Frame(own.decode(), own + number + b"\0\0" + body, 0, body)

    def _date(self) -> list[str]:
        if whole := self.get("TDRC"):
            return whole
        year, day = "".join(self.get("TYER")[:1]), "".join(self.get("TDAT")[:1])
        return [f"{year}-{day[2:]}-{day[:2]}" if day.isdecimal() and len(day) == 4 else year] if year else []  # noqa: PLR2004

    def _put_date(self, date: str) -> None:
        """As the version has it; a frame of another one, if there is one, is kept in step."""
        year, month, day = date[:4], date[5:7], date[8:10]
        is_old = self._version < 4  # noqa: PLR2004
        if self._version != 2 and (not is_old or self.get("TDRC")):  # noqa: PLR2004
            self.put("TDRC", [date] if date else [])
        if is_old or self.get("TYER"):
            self.put("TYER", [year] if year else [])
            self.put("TDAT", [day + month] if day else [])


def with_id3v1(data: bytes, changes: Values) -> bytes:
    """An ID3v1 tag, 128 bytes, that says what has changed as far as it can."""
    tag = bytearray(data)
    for name, at, size in ((Field.TITLE, 3, 30), (Field.ARTIST, 33, 30), (Field.ALBUM, 63, 30), (Field.DATE, 93, 4)):
        if name in changes:
            tag[at : at + size] = _fixed("; ".join(changes[name]), size)
    is_numbered = tag[125] == 0 and tag[126] != 0
    if Field.COMMENT in changes:
        size = 28 if is_numbered else 30
        tag[97 : 97 + size] = _fixed("".join(changes[Field.COMMENT]), size)
    if Field.TRACK in changes:
        number = int("".join(changes[Field.TRACK]) or 0)
        if number or is_numbered:
            tag[125:127] = bytes((0, number if number < 256 else 0))  # noqa: PLR2004
    if Field.GENRE in changes:
        known = [name.lower() for name in TCON.GENRES]
        first = next(iter(changes[Field.GENRE]), "").lower()
        tag[127] = known.index(first) if first in known else 255
    return bytes(tag)


def _fixed(text: str, size: int) -> bytes:
    return text.encode("latin-1", "replace")[:size].ljust(size, b"\0")


def _seven_bits(data: bytes) -> int:
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
    return number


def _synchronised(data: bytes) -> bytes:
    """Without the zeros that keep frames of a tag from looking like frames of sound."""
    return data.replace(b"\xff\x00", b"\xff")


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 1 << 16)
    except zlib.error as error:
        raise TagDamaged from error


def _encoded(text: str, encoding: int, *, ends: bool = False) -> bytes:
    if encoding == _UTF16:
        return b"\xff\xfe" + text.encode("utf-16-le") + (b"\0\0" if ends else b"")
    return text.encode(_CODECS[encoding]) + (b"\0" if ends else b"")


def _decoded(encoding: int, data: bytes) -> list[str]:
    """The texts in a frame, which zeros part; those of an encoding that is not to be believed are undeclared."""
    if encoding == _LATIN:
        return [undeclared(part) for part in data.split(b"\0")]
    if encoding > _UTF8:
        raise TagDamaged
    whole = data.decode(_CODECS[encoding], "replace") if encoding != _UTF16 else _of_utf16(data)
    return [part.lstrip("\ufeff") for part in whole.split("\0")]


def _of_utf16(data: bytes) -> str:
    is_big = data.startswith(b"\xfe\xff")
    return data.decode("utf-16-be" if is_big else "utf-16-le", "replace")


def _genres(texts: Sequence[str]) -> list[str]:
    """Genres by their names, where ID3 has numbers."""
    return list(TCON(encoding=_UTF8, text=list(texts)).genres)
