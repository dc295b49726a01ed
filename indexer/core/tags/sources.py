"""Finds the tags of a sound file wherever it keeps them: in its container, in front of the sound, and behind it."""

from __future__ import annotations

import errno
import io
import logging
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar, cast

import mutagen
from mutagen.aac import AACInfo
from mutagen.ac3 import AC3Info
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.id3 import ID3, Frames, Frames_2_2, ParseID3v1, TextFrame
from mutagen.monkeysaudio import MonkeysAudioInfo
from mutagen.mp3 import MPEGInfo
from mutagen.mp4 import MP4
from mutagen.musepack import MusepackInfo
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggtheora import OggTheora
from mutagen.oggvorbis import OggVorbis
from mutagen.optimfrog import OptimFROGInfo
from mutagen.tak import TAKInfo
from mutagen.trueaudio import TrueAudioInfo
from mutagen.wavpack import WavPackInfo

from indexer.core.audio import matroska
from indexer.core.audio.chunks import ASF_HEAD, read_at
from indexer.core.audio.mpeg import first_frame
from indexer.core.audio.payload import TagPart, is_mpeg_frame, leading_tags, looks_like_audio, trailing_tags
from indexer.core.tags.chunk_tags import chunk_tags
from indexer.core.tags.coding import NO_CODING, Coding, coding_of
from indexer.core.tags.cue.inside import block_of
from indexer.core.tags.cue.sheet import Sheet
from indexer.core.tags.fields import Fields, fields_of, named_fields
from indexer.core.tags.limits import LimitedFile, TagsTooHeavy
from indexer.core.tracks import Seconds

_HEAD_BYTES = 64
_MOST_TAGS = 8
"""Tags of one file that are looked at: three or four are met in files that many programs have had their hands on."""

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")


class TDRC(TextFrame):
    """The date as it is written: what mutagen makes of one in words, as in "Oct 3, 1995", is nothing."""


class TDRL(TextFrame):
    """As TDRC, of the release."""


class TDOR(TextFrame):
    """As TDRC, of the first release."""


_FRAMES = {**Frames, **Frames_2_2, "TDRC": TDRC, "TDRL": TDRL, "TDOR": TDOR}

_OGG = ((b"\x01vorbis", OggVorbis), (b"OpusHead", OggOpus), (b"Speex   ", OggSpeex), (b"\x7fFLAC", OggFLAC))
_ANY_OGG = (OggVorbis, OggOpus, OggSpeex, OggFLAC, OggTheora)
_APE_FIRST = (b"MAC ", b"wvpk", b"MPCK", b"MP+", b"tBaK", b"OFR ")
"""Kinds of files whose own tags are APEv2."""


@dataclass(frozen=True, slots=True)
class _Bare:
    """Figures of a file whose tags are read from elsewhere."""

    info: Any


_READERS: tuple[tuple[bytes | tuple[bytes, ...], Callable[[Any], Any]], ...] = (
    (b"fLaC", FLAC),
    (ASF_HEAD, ASF),
    (b"MAC ", lambda file: _Bare(MonkeysAudioInfo(file))),
    (b"wvpk", lambda file: _Bare(WavPackInfo(file))),
    ((b"MPCK", b"MP+"), lambda file: _Bare(MusepackInfo(file))),
    (b"tBaK", lambda file: _Bare(TAKInfo(file))),
    (b"OFR ", lambda file: _Bare(OptimFROGInfo(file))),
    (b"TTA", lambda file: _Bare(TrueAudioInfo(file, 0))),
    (b"\x0b\x77", lambda file: _Bare(AC3Info(file))),
    (b"ADIF", lambda file: _Bare(AACInfo(file))),
)
_ADTS = 0xF0
_OPUS_HERTZ = 48_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says.

    Attributes:
        sources: the fields of each tag, those that count most first.
        seconds: the length by its headers, None where they do not tell.
        is_known: its headers were understood; otherwise only a decoder can say whether there is sound in it.
        sheet: the cue sheet in a block of FLAC.
        has_sound: False for a film without sound.
        coding: of its sound.
    """

    sources: Sequence[Fields]
    seconds: Seconds | None
    is_known: bool
    sheet: Sheet | None = None
    has_sound: bool = True
    coding: Coding = NO_CODING


@dataclass(frozen=True, slots=True)
class _Native:
    """What the container says itself: its fields, those of ID3 tags inside of it, and the rest as in `Found`."""

    own: Fields
    inner: Sequence[Fields] = ()
    seconds: Seconds | None = None
    is_known: bool = False
    sheet: Sheet | None = None
    has_sound: bool = True
    coding: Coding = NO_CODING


class _Part(io.RawIOBase):
    """A part of a file as if it were all of it."""

    def __init__(self, file: LimitedFile, start: int, size: int) -> None:
        super().__init__()
        self.name = file.name
        self._file, self._start, self._size = file, start, max(0, size)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(22, "there is nothing in front of a file")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self._size - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        if not wanted:
            return b""
        self._file.seek(self._start + self._at)
        data = self._file.read(wanted)
        self._at += len(data)
        return data


def find_tags(file: LimitedFile) -> Found:
    """Read all the tags of a file, and its length as its headers have it.

    Raises:
        TagsTooHeavy: there is too much to read.
        OSError: the file cannot be read.
    """
    end = file.seek(0, os.SEEK_END)
    front = leading_tags(file, end)
    start = min(end, sum(tag.size for tag in front))
    behind = trailing_tags(file, start, end)
    head = read_at(file, start, _HEAD_BYTES)
    native = _native(file, head, start, behind[-1].start if behind else end)
    around = [*front[:_MOST_TAGS], *behind[:_MOST_TAGS]]
    id3 = [_id3(file, tag.start, tag.size) for tag in around if tag.kind == "id3"]
    ape = [_ape(file, tag) for tag in around if tag.kind == "ape"]
    oldest = [_id3v1(file, tag) for tag in around if tag.kind == "id3v1"]
    first = [*ape, *id3] if head.startswith(_APE_FIRST) else [*id3, *ape]
    sources = [*native.inner, native.own, *first, *oldest]
    told = [fields for fields in sources if fields]
    coding = native.coding.filled(end - start, native.seconds)
    return Found(told, native.seconds, native.is_known, native.sheet, native.has_sound, coding)


def _native(file: LimitedFile, head: bytes, start: int, end: int) -> _Native:
    sound = cast("BinaryIO", _Part(file, start, end - start))
    if (found := _guarded(lambda: chunk_tags(sound, head, end - start), "headers", file)) is not None:
        inner = [_id3(file, start + chunk.start, chunk.size or 0) for chunk in found.id3[:_MOST_TAGS]]
        return _Native(found.fields, inner, found.seconds, found.seconds is not None, coding=found.coding)
    if head.startswith(matroska.HEAD):
        said = _guarded(lambda: matroska.described(sound, 0, end - start), "headers", file)
        if said is not None:
            is_known = said.seconds is not None
            return _Native(named_fields(None, said.texts), (), said.seconds, is_known, has_sound=said.has_sound)
        return _Native({})
    media = _guarded(lambda: _media(file, sound, head, start, end), "headers", file)
    if media is None:
        return _Native({})
    fields = _guarded(lambda: fields_of(getattr(media, "tags", None)), "tags", file) or {}
    sheet = _guarded(lambda: block_of(media), "cue sheet", file)
    seconds = _length(media)
    is_known = seconds is not None or not isinstance(media, MP4)  # one in fragments is as long as they are together
    return _Native(fields, (), seconds, is_known, sheet, not _is_silent_film(media), _coding(media))


def _media(file: LimitedFile, sound: BinaryIO, head: bytes, start: int, end: int) -> Any:
    """What mutagen makes of the sound, with tags or as bare figures; None where it does not know it."""
    if head.startswith(b"OggS"):
        kind = next((kind for name, kind in _OGG if name in head), None)
        return kind(sound) if kind else mutagen.File(sound, options=_ANY_OGG)
    reader = MP4 if head[4:8] == b"ftyp" else next((read for begin, read in _READERS if head.startswith(begin)), None)
    if reader is not None:
        return reader(sound)
    if looks_like_audio(head) and not is_mpeg_frame(head):
        return None  # a kind for the decoders, in whose sound a frame might be found by chance
    at = first_frame(file, start, end)
    if at is None:
        if not is_mpeg_frame(head):
            return None
        at = start
    frames = _Part(file, at, end - at)
    is_adts = int.from_bytes(read_at(file, at + 1, 1), "big") & 0xF6 == _ADTS
    return _Bare(AACInfo(frames) if is_adts else MPEGInfo(frames, 0))


def _id3(file: LimitedFile, start: int, size: int) -> Fields:
    def read() -> Fields:
        part = _Part(file, start, size)
        return fields_of(ID3(part, known_frames=_FRAMES, translate=False, load_v1=False))

    return _guarded(read, "ID3 tag", file) or {}


def _ape(file: LimitedFile, tag: TagPart) -> Fields:
    return _guarded(lambda: fields_of(APEv2(_Part(file, tag.start, tag.size))), "APE tag", file) or {}


def _id3v1(file: LimitedFile, tag: TagPart) -> Fields:
    def read() -> Fields:
        tags = ID3()
        for frame in (ParseID3v1(read_at(file, tag.start, tag.size), v2_version=3) or {}).values():
            tags.add(frame)
        return fields_of(tags)

    return _guarded(read, "ID3v1 tag", file) or {}


def _guarded(read: Callable[[], _Value], what: str, file: LimitedFile) -> _Value | None:
    """What a parser makes of a part of a file; None where that is damaged, which takes nothing from the other parts.

    Raises:
        TagsTooHeavy: there is too much to read.
        OSError: the file cannot be read.
    """
    try:
        return read()
    except TagsTooHeavy:
        raise
    except Exception as error:  # damaged tags raise anything from IndexError to ZeroDivisionError in parsers
        for cause in (error, error.__context__, error.__cause__):
            if isinstance(cause, TagsTooHeavy):
                raise cause from error
            if isinstance(cause, OSError) and cause.errno not in {None, errno.EINVAL}:  # those come of sizes that lie
                raise cause from error
        _log.debug("The %s of %s cannot be read: %s", what, file.name, error)
        return None


def _coding(media: Any) -> Coding:
    """Opus is decoded at one rate, which its header therefore does not name."""
    found = coding_of(media.info)
    return found._replace(sample_rate=_OPUS_HERTZ) if isinstance(media, OggOpus) else found


def _is_silent_film(media: Any) -> bool:
    """Whether an MP4 file has no track of sound; its length is then that of the pictures."""
    info: Any = media.info
    return isinstance(media, MP4) and not info.codec and not info.sample_rate


def _length(media: Any) -> Seconds | None:
    length = getattr(media.info, "length", None)
    usable = isinstance(length, int | float) and math.isfinite(length) and length > 0
    return float(length) if usable and length is not None else None
