"""Writes one demo track: encodes it, tags it, and puts it in place only when it is whole."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, TALB, TCON, TDRC, TIT2, TPE1, TPE2, TRCK
from mutagen.ogg import OggPage
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis
from numpy.typing import NDArray

from indexer.core.files.atomic import replacing

CHUNK = 1 << 16  # samples; libsndfile's Vorbis encoder keeps a whole write on the stack
FRONT_COVER = 3  # ID3's and FLAC's number for the kind of picture


class Encoding(StrEnum):
    """How a track is stored; the value is the file's suffix."""

    FLAC = ".flac"
    VORBIS = ".ogg"
    MP3 = ".mp3"
    OPUS = ".opus"


_SOUNDFILE = {
    Encoding.FLAC: ("FLAC", "PCM_16"),
    Encoding.VORBIS: ("OGG", "VORBIS"),
    Encoding.MP3: ("MP3", "MPEG_LAYER_III"),
    Encoding.OPUS: ("OGG", "OPUS"),
}
_ID3: dict[str, Callable[..., Any]] = {
    "title": TIT2, "artist": TPE1, "album": TALB, "albumartist": TPE2, "genre": TCON, "date": TDRC, "tracknumber": TRCK
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Recording:
    """What goes into a file.

    Attributes:
        samples: shape (n, 2), -1 to 1.
        rate: samples a second.
        tags: Vorbis comment names in lower case, whatever the encoding.
        picture: a PNG to embed.
        serial: number of the stream, for the Ogg encodings.
    """

    samples: NDArray[np.float32]
    rate: int
    tags: Mapping[str, str]
    picture: bytes | None
    serial: int


def write_track(path: Path, recording: Recording, encoding: Encoding) -> None:
    """Write a tagged file at `path`, whole or not at all; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, shared=True) as file:
        file.write(encode(recording, encoding))
        file.flush()
        _tag(Path(file.name), encoding, recording.tags, recording.picture)


def encode(recording: Recording, encoding: Encoding) -> bytes:
    """The bytes of an audio file without tags, the same for the same samples."""
    container, subtype = _SOUNDFILE[encoding]
    samples, buffer = recording.samples, io.BytesIO()
    with soundfile.SoundFile(buffer, "w", recording.rate, samples.shape[1], subtype, format=container) as file:
        for start in range(0, len(samples), CHUNK):
            file.write(samples[start : start + CHUNK])
    stream = buffer.getvalue()
    return with_serial(stream, recording.serial) if container == "OGG" else stream


def with_serial(stream: bytes, serial: int) -> bytes:
    """The same single Ogg stream with another serial number: encoders draw it at random, and files are to be the same.

    Raises:
        MutagenError: these are not whole Ogg pages.
    """
    source, made = io.BytesIO(stream), io.BytesIO()
    while source.tell() < len(stream):
        page = OggPage(source)
        page.serial = serial
        made.write(page.write())
    return made.getvalue()


def _tag(path: Path, encoding: Encoding, tags: Mapping[str, str], picture: bytes | None) -> None:
    if encoding is Encoding.MP3:
        _tag_id3(path, tags, picture)
        return
    file = _open(path, encoding)
    for name, value in tags.items():
        file[name] = value
    if picture is not None and isinstance(file, FLAC):
        file.add_picture(_flac_picture(picture))
    elif picture is not None:
        file["metadata_block_picture"] = base64.b64encode(_flac_picture(picture).write()).decode("ascii")
    file.save()


def _open(path: Path, encoding: Encoding) -> FLAC | OggVorbis | OggOpus:
    if encoding is Encoding.FLAC:
        return FLAC(path)
    return OggOpus(path) if encoding is Encoding.OPUS else OggVorbis(path)


def _tag_id3(path: Path, tags: Mapping[str, str], picture: bytes | None) -> None:
    frames = ID3()
    for name, value in tags.items():
        frames.add(_ID3[name](encoding=3, text=value))
    if picture is not None:
        frames.add(APIC(encoding=3, mime="image/png", type=FRONT_COVER, desc="", data=picture))
    frames.save(path)


def _flac_picture(data: bytes) -> Picture:
    picture = Picture()
    picture.type, picture.mime, picture.data = FRONT_COVER, "image/png", data
    return picture
