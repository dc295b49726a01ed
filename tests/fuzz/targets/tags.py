"""Audio files as a scan reads them: where the sound lies, its id, the tags, the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import indexer.core.tags.tags
from indexer.core.audio.errors import AudioError, CorruptFile
from indexer.core.audio.walk import FoundFile
from indexer.core.catalogue.covers import pictures
from indexer.core.tags.probing import length_or_reason
from indexer.core.tags.reading import identify, read_file
from indexer.core.tags.tags import read_tags
from indexer.core.tracks import Seconds
from tests.fuzz.audio import hostile_files, whole_files
from tests.fuzz.target import Box, Target

WORDS = (
    b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
    b"ID3\x03\x00\x80\x00\x00\x0f\x7f",
    b"TIT2",
    b"TXXX",
    b"APIC",
    b"CHAP",
    b"TCON",
    b"fLaC",
    b"OggS",
    b"\x03vorbis",
    b"OpusHead",
    b"RIFF",
    b"RF64",
    b"FORM",
    b"data",
    b"SSND",
    b"id3 ",
    b"moov",
    b"udta",
    b"meta",
    b"ilst",
    b"covr",
    b"----",
    b"ftypM4A ",
    b"\x00\x00\x00\x01mdat",
    b"APETAGEX",
    b"TAG",
    b"LYRICS200",
    b"\xff\xfb\x90\x00",
    b"MAC ",
    b"wvpk",
    b"MPCK",
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
    b"LIST\x20\x00\x00\x00INFOINAM",
    b"ds64",
    b"DSD \x1c\x00\x00\x00\x00\x00\x00\x00",
    b"FRM8",
    b"caff\x00\x01\x00\x00",
    b"info\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x1aE\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff",
    b"\x12T\xc3g",
    b"../outside/secret.mp3\x00",
    b"\xff\xfe",
    "\u202e".encode(),
    b"\x00" * 64,
)


def _run(data: bytes, box: Box) -> None:
    path = box.file("song.mp3", data)
    info = path.stat()
    reading = read_file(FoundFile(str(path), str(box.inside), info.st_size, info.st_mtime_ns))
    assert bool(reading.tracks) != (reading.error is not None)
    for read in (identify, read_tags):
        try:
            read(path)
        except AudioError:
            continue
    for picture in pictures(str(path)):
        assert isinstance(picture, bytes)


def _probed_here(path: Path) -> Seconds | None:
    """What the process of its own does, in this one, which is as limited."""
    length, reason = length_or_reason(str(path))
    if reason is not None:
        raise CorruptFile(path, reason)
    return length


def _prepare() -> None:
    indexer.core.tags.tags.probe = _probed_here  # type: ignore[attr-defined]


def _seeds(_: Box) -> Sequence[bytes]:
    return [*whole_files().values(), *hostile_files().values()]


TARGETS = (Target("tags", _run, _seeds, WORDS, limit=20, share=0.5, prepare=_prepare),)
