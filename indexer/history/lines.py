"""Makes lines and pieces of text of files in whatever encoding, however long they are."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from indexer.core.tags.encodings import decoded, likely_encoding

CHUNK = 1 << 18
"""Bytes that are read at a time."""

LONGEST_LINE = 1 << 20
"""Bytes of a line; the longest that a service writes have some ten thousand."""

LONGEST_RECORD = 1 << 20
"""Characters of one record of JSON or XML."""

_JUDGED_LINES = 200
"""Lines that are no UTF-8 by which the encoding of a file is told."""

_ENDS = re.compile(rb"\r\n|\n|\r")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_JUDGED_BYTES = 512
_MANY_ZEROS = 0.3
"""Share of zeros in one of two places by which text in UTF-16 is told that does not say so; other text has none."""


def lines_of(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """The lines of a file that have something in them, with their numbers; None for one that is too long.

    UTF-8, UTF-16 and encodings of before are told by content; memory stays flat however long file and lines are.
    """
    number, legacy = 0, ""
    for lines in _split(as_bytes(stream)):
        if not legacy and (strange := [line for line in lines if line is not None and not _is_utf8(line)]):
            legacy = likely_encoding(strange[:_JUDGED_LINES])
        for line in lines:
            number += 1
            if line is None:
                yield number, None
            elif line.strip(b" \t\0"):
                yield number, _decoded(line, legacy)


def texts_of(stream: BinaryIO) -> Iterator[str]:
    """The text of a file in pieces of any size: in UTF-8, in UTF-16, or where it is neither, in Western letters."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    is_western = False
    for chunk in as_bytes(stream):
        if not is_western:
            before, _ = decoder.getstate()
            try:
                yield decoder.decode(chunk)
                continue
            except UnicodeDecodeError:
                is_western = True
                yield before.decode("latin-1")
        yield chunk.decode("cp1252", "replace")


def as_bytes(stream: BinaryIO) -> Iterator[bytes]:
    """The content in UTF-8, or in the encoding of before that it is in, without a mark at its beginning."""
    first = stream.read(CHUNK)
    codec = _MARKS.get(first[:2]) or _utf16_in(first)
    decoder = codecs.getincrementaldecoder(codec)("replace") if codec else None
    chunk = first if decoder is None else first.removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    chunk = chunk.removeprefix(codecs.BOM_UTF8)
    while chunk:
        yield chunk if decoder is None else decoder.decode(chunk).encode("utf-8", "replace")
        chunk = stream.read(CHUNK)
    if decoder is not None:
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _utf16_in(first: bytes) -> str:
    """The kind of UTF-16 that text without a mark is in, by where its zeros are; empty where it is none."""
    judged = first[: min(_JUDGED_BYTES, len(first) // 2 * 2)]
    high, low = judged[::2].count(0), judged[1::2].count(0)
    if min(high, low) > 0 or max(high, low) < _MANY_ZEROS * len(judged) / 2 + 1:
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _split(chunks: Iterator[bytes]) -> Iterator[list[bytes | None]]:
    """Whole lines by the chunk; a line that is too long is None, and takes no memory."""
    rest, is_long = b"", False
    for chunk in chunks:
        *lines, rest = _ENDS.split(rest + chunk)
        if chunk.endswith(b"\r"):  # its other half may be yet to come
            last = lines.pop()
            rest = last + b"\r"
        whole: list[bytes | None] = list(lines)
        if is_long and whole:
            whole[0], is_long = None, False
        yield [None if line is None or len(line) > LONGEST_LINE else line for line in whole]
        if len(rest) > LONGEST_LINE:
            rest, is_long = rest[-1:] if rest.endswith(b"\r") else b"", True
    if is_long:
        yield [None]
    elif rest:
        yield [rest.removesuffix(b"\r")]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(line: bytes, legacy: str) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return decoded(line, legacy or "latin-1") or line.decode("latin-1")
