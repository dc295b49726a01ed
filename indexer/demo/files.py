"""Writes one demo track: encodes it, tags it, and puts it in place only when it is whole."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Mapping
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
_COMMENTED: dict[Encoding, Callable[..., Any]] = {
    Encoding.FLAC: FLAC,
    Encoding.VORBIS: OggVorbis,
    Encoding.OPUS: OggOpus,
}
_ID3: dict[str, Callable[..., Any]] = {
    "title": TIT2, "artist": TPE1, "album": TALB, "albumartist": TPE2, "genre": TCON, "date": TDRC, "tracknumber": TRCK
}  # fmt: skip


def write_track(
    path: Path,
    encoding: Encoding,
    samples: NDArray[np.float32],
    rate: int,
    *,
    tags: Mapping[str, str],
    picture: bytes | None,
    serial: int,
) -> None:
    """Write a tagged file, whole or not at all and the same for the same arguments; its folder is made if need be.

    Args:
        path: of the file.
        encoding: how it is stored.
        samples: shape (n, 2), -1 to 1.
        rate: samples a second.
        tags: Vorbis comment names in lower case, whatever the encoding.
        picture: a PNG to embed.
        serial: number of the stream, for the Ogg encodings.
    """
    container, subtype = _SOUNDFILE[encoding]
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", rate, samples.shape[1], subtype, format=container) as sound:
        for start in range(0, len(samples), CHUNK):
            sound.write(samples[start : start + CHUNK])
    stream = buffer.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, shared=True) as file:
        file.write(with_serial(stream, serial) if container == "OGG" else stream)
        file.flush()
        _tag(Path(file.name), encoding, tags, picture)


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
        frames = ID3()
        for name, value in tags.items():
            frames.add(_ID3[name](encoding=3, text=value))
        if picture is not None:
            frames.add(APIC(encoding=3, mime="image/png", type=FRONT_COVER, desc="", data=picture))
        frames.save(path)
        return
    file = _COMMENTED[encoding](path)
    file.update(tags)
    if picture is not None:
        cover = Picture()
        cover.type, cover.mime, cover.data = FRONT_COVER, "image/png", picture
        if encoding is Encoding.FLAC:
            file.add_picture(cover)
        else:
            file["metadata_block_picture"] = base64.b64encode(cover.write()).decode("ascii")
    file.save()
