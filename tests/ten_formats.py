"""Writes small files of sound in ten formats and more, with the tags that programs leave in such files."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.id3
import numpy as np
import soundfile
from PIL import Image

from tests.bad_files import RATE, music
from tests.encoders import write_with_ffmpeg

SOUNDFILE = {".flac": None, ".ogg": "VORBIS", ".opus": "OPUS", ".wav": None, ".aiff": None, ".mp3": None}
MBID = "11111111-2222-3333-4444-555555555555"
FORMATS = (".mp3", ".flac", ".ogg", ".opus", ".m4a", ".mp4", ".wma", ".wav", ".aiff", ".wv", ".tta", ".aac")
"""MPEG, FLAC, Vorbis, Opus, AAC and ALAC in MP4, Windows Media, WAVE, AIFF, WavPack, True Audio, AAC in ADTS."""


def write(path: Path, *, seed: int = 0, seconds: float = 1.0, tagged: bool = True) -> Path:
    """A file of its own sound, with many tags, a cover, gains, ids and what Segue has never heard of."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = music(seconds, seed=seed)
    if path.suffix in SOUNDFILE:
        rate = 48_000 if path.suffix == ".opus" else RATE
        sound = np.repeat(samples, 2)[: rate * 2] if path.suffix == ".opus" else samples
        form = {".opus": "OGG", ".ogg": "OGG", ".aiff": "AIFF"}.get(path.suffix, path.suffix[1:].upper())
        soundfile.write(path, sound, rate, format=form, subtype=SOUNDFILE[path.suffix])
    else:
        write_with_ffmpeg(path, samples)
    if tagged:
        tag(path)
    return path


def tag(path: Path) -> None:
    """Give a file what many programs, one after the other, would have left in it."""
    {".mp3": _mp3, ".aac": _id3, ".tta": _id3, ".wav": _chunk, ".aiff": _chunk, ".wv": _ape}.get(path.suffix, _other)(
        path
    )


def cover() -> bytes:
    """A picture with some content, in PNG."""
    noise = np.random.default_rng(7).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(noise).save(written, "PNG")
    return written.getvalue()


def _frames(tags: mutagen.id3.ID3) -> None:
    for frame in (
        mutagen.id3.TIT2(3, ["Fjord"]), mutagen.id3.TPE1(3, ["Ben Tarn"]), mutagen.id3.TALB(3, ["Single"]),
        mutagen.id3.TRCK(3, ["3/12"]), mutagen.id3.TXXX(3, "MY OWN", ["kept"]),
        mutagen.id3.TXXX(3, "REPLAYGAIN_TRACK_GAIN", ["-6.5 dB"]),
        mutagen.id3.COMM(3, "eng", "iTunNORM", [" 00000A"]), mutagen.id3.COMM(3, "deu", "", ["Words"]),
        mutagen.id3.UFID("http://musicbrainz.org", MBID.encode()),
        mutagen.id3.APIC(3, "image/png", 3, "", cover()), mutagen.id3.PRIV("somebody", b"\0\1\2\xff\xfe"),
        mutagen.id3.TCON(3, ["Folk"]),
    ):  # fmt: skip
        tags.add(frame)


def _id3(path: Path, version: int = 4) -> None:
    tags = mutagen.id3.ID3()
    _frames(tags)
    if version == 3:
        tags.update_to_v23()
    tags.save(path, v2_version=version, v1=2 if path.suffix == ".mp3" else 0)


def _mp3(path: Path) -> None:
    tags = mutagen.apev2.APEv2()
    tags["Title"], tags["MP3GAIN_MINMAX"] = "Fjord", "100,200"
    tags.save(path)
    _id3(path, 3)


def _chunk(path: Path) -> None:
    media = mutagen.File(path)
    media.add_tags()
    _frames(media.tags)
    media.save()


def _ape(path: Path) -> None:
    tags = mutagen.apev2.APEv2()
    for name, value in _SAID.items():
        tags[name] = value
    tags["Cover Art (Front)"] = mutagen.apev2.APEValue(b"cover.png\0" + cover(), mutagen.apev2.BINARY)
    tags.save(path)


def _other(path: Path) -> None:
    media = mutagen.File(path)
    if media.tags is None:
        media.add_tags()
    _KINDS.get(path.suffix, _comments)(media)
    media.save()


def _comments(media: mutagen.FileType) -> None:
    for name, value in _SAID.items():
        media[name] = value
    if hasattr(media, "add_picture"):
        picture = mutagen.flac.Picture()
        picture.data, picture.mime, picture.type = cover(), "image/png", 3
        media.add_picture(picture)


def _atoms(media: mutagen.FileType) -> None:
    media["\xa9nam"], media["\xa9ART"], media["\xa9alb"], media["trkn"] = ["Fjord"], ["Ben Tarn"], ["Single"], [(3, 12)]
    media["covr"] = [mutagen.mp4.MP4Cover(cover(), mutagen.mp4.MP4Cover.FORMAT_PNG)]
    media["----:com.apple.iTunes:MY OWN"] = [mutagen.mp4.MP4FreeForm(b"kept")]
    media["----:com.apple.iTunes:MusicBrainz Track Id"] = [mutagen.mp4.MP4FreeForm(MBID.encode())]
    media["tmpo"] = [97]


def _attributes(media: mutagen.FileType) -> None:
    media["Title"], media["Author"], media["WM/AlbumTitle"], media["WM/TrackNumber"] = (
        "Fjord",
        "Ben Tarn",
        "Single",
        "3",
    )
    media["MusicBrainz/Track Id"], media["My Own"] = MBID, "kept"
    media["WM/Picture"] = mutagen.asf.ASFByteArrayAttribute(b"\3" + cover())


_SAID = {
    "title": "Fjord", "artist": "Ben Tarn", "album": "Single", "tracknumber": "3/12", "genre": "Folk",
    "my own": "kept", "replaygain_track_gain": "-6.5 dB", "musicbrainz_trackid": MBID,
}  # fmt: skip
_KINDS: dict[str, Callable[[mutagen.FileType], None]] = {".m4a": _atoms, ".mp4": _atoms, ".wma": _attributes}
