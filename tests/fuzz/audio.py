"""Small whole audio files of every format, with all the tags that are read, to be broken."""

from __future__ import annotations

import base64
import os
import tempfile
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.flac
import mutagen.id3
import mutagen.mp4

from tests.bad_files import good, music
from tests.encoders import write_with_ffmpeg

SECONDS = 1.2
_BY_LIBSNDFILE = (".mp3", ".flac", ".ogg", ".wav", ".aiff")
_BY_FFMPEG = (".m4a", ".wma", ".wv", ".aac")
_TAGGED_BY_FFMPEG = (".mka", ".caf", ".tta")
SUFFIXES = (*_BY_LIBSNDFILE, *_BY_FFMPEG, *_TAGGED_BY_FFMPEG)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)


@lru_cache(maxsize=1)
def whole_files() -> dict[str, bytes]:
    """A tagged file of each format, by the ending of its name."""
    with tempfile.TemporaryDirectory() as name:
        return {suffix: _made(Path(name), suffix) for suffix in SUFFIXES}


def hostile_files() -> dict[str, bytes]:
    """Files that were built, not broken: each attacks by a way of its own."""
    return {
        "id3 bomb.mp3": id3(compressed_frame(b"TIT2", 200_000_000)) + whole_files()[".mp3"],
        "many frames.mp3": id3(frame(b"TIT2", b"\x03a") * 20_000) + whole_files()[".mp3"],
        "huge tag.mp3": b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + whole_files()[".mp3"],
        "tags without end.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00" * 20_000,
        "nested.m4a": whole_files()[".m4a"][:32] + nested_atoms(5_000),
        "cyclic.m4a": whole_files()[".m4a"][:32] + b"\x00\x00\x00\x00moov" * 2_000,
        "backward.m4a": whole_files()[".m4a"][:32] + b"\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xf8",
        "many channels.wav": wave(channels=65_535, rate=44_100, promised=0xFFFF_FFEF),
        "no rate.wav": wave(channels=2, rate=0, promised=1_000),
        "slow.wav": wave(channels=1, rate=1, promised=50_000),
        "fast.wav": wave(channels=1, rate=0xFFFF_FFFF, promised=50_000),
        "promises.wav": wave(channels=2, rate=44_100, promised=0xFFFF_FFEF),
        "playlist in a tag.mp3": id3(b"") + b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n../outside/secret.mp3\n",
        "huge comment.ogg": whole_files()[".ogg"].replace(b"title=", b"\xff\xff\xff\x7f", 1),
    }


def id3(frames: bytes) -> bytes:
    """An ID3v2.4 tag."""
    return b"ID3\x04\x00\x00" + syncsafe(len(frames)) + frames


def frame(name: bytes, content: bytes, flags: bytes = b"\x00\x00") -> bytes:
    """One frame of an ID3v2.4 tag."""
    return name + syncsafe(len(content)) + flags + content


def compressed_frame(name: bytes, size: int) -> bytes:
    """A frame of a few hundred kB that unpacks to `size` bytes."""
    packer = zlib.compressobj(9)
    block = b"\x00" * 1_000_000
    packed = b"".join([packer.compress(block) for _ in range(size // len(block))]) + packer.flush()
    return frame(name, syncsafe(size) + packed, b"\x00\x09")


def syncsafe(number: int) -> bytes:
    """Four bytes of seven bits each."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def nested_atoms(depth: int) -> bytes:
    """MP4 containers within containers."""
    return b"".join((8 * (depth - level)).to_bytes(4, "big") + b"moov" for level in range(depth))


def wave(*, channels: int, rate: int, promised: int, bits: int = 16, content: bytes = b"\x01\x02" * 20_000) -> bytes:
    """A WAVE file whose header says whatever is wanted."""
    block = min(channels * bits // 8, 0xFFFF)
    header = b"fmt " + (16).to_bytes(4, "little") + b"\x01\x00" + channels.to_bytes(2, "little")
    header += rate.to_bytes(4, "little") + (rate * block & 0xFFFF_FFFF).to_bytes(4, "little")
    header += block.to_bytes(2, "little") + bits.to_bytes(2, "little")
    body = b"WAVE" + header + b"data" + promised.to_bytes(4, "little") + content
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _made(folder: Path, suffix: str) -> bytes:
    path = folder / f"whole{suffix}"
    if suffix in _TAGGED_BY_FFMPEG:
        write_with_ffmpeg(path, music(SECONDS), metadata={"title": "Título", "artist": "Artist", "track": "3"})
        return path.read_bytes()
    if suffix in _BY_LIBSNDFILE:
        good(folder, path.name, seconds=SECONDS)
    else:
        write_with_ffmpeg(path, music(SECONDS))
    _tag(path)
    return path.read_bytes()


def _tag(path: Path) -> None:
    ways: dict[str, Callable[[Path], None]] = {".m4a": _tag_mp4, ".wv": _tag_ape, ".aac": _tag_ape, ".wma": _tag_asf}
    if path.suffix in {".mp3", ".wav", ".aiff"}:
        _tag_id3(path)
    else:
        ways.get(path.suffix, _tag_comments)(path)


def _tag_id3(path: Path) -> None:
    media = mutagen.File(os.fsencode(path))
    if media.tags is None:
        media.add_tags()
    frames = mutagen.id3
    for made in (
        frames.TIT2(encoding=3, text="Título"),
        frames.TPE1(encoding=1, text=["One", "Two"]),
        frames.TALB(encoding=0, text="Album"),
        frames.TCON(encoding=3, text=["(17)", "Jazz"]),
        frames.TDRC(encoding=3, text="1998-05"),
        frames.TRCK(encoding=3, text="3/12"),
        frames.TXXX(encoding=3, desc="REPLAYGAIN_TRACK_GAIN", text="-6.5 dB"),
        frames.APIC(encoding=3, mime="image/png", type=3, desc="", data=PICTURE),
    ):
        media.tags.add(made)
    media.save()


def _tag_comments(path: Path) -> None:
    media = mutagen.File(path)
    media.update({"title": "Título", "artist": ["One", "Two"], "date": "1998", "replaygain_track_gain": "-6.5 dB"})
    picture = mutagen.flac.Picture()
    picture.type, picture.mime, picture.data = 3, "image/png", PICTURE
    if isinstance(media, mutagen.flac.FLAC):
        media.add_picture(picture)
    else:
        media["metadata_block_picture"] = base64.b64encode(picture.write()).decode("ascii")
    media.save()


def _tag_mp4(path: Path) -> None:
    media = mutagen.mp4.MP4(path)
    media.update({"\xa9nam": "Título", "\xa9ART": ["One", "Two"], "trkn": [(3, 12)], "\xa9day": "1998"})
    media["----:com.apple.iTunes:replaygain_track_gain"] = [b"-6.5 dB"]
    media["covr"] = [mutagen.mp4.MP4Cover(PICTURE, mutagen.mp4.MP4Cover.FORMAT_PNG)]
    media.save()


def _tag_ape(path: Path) -> None:
    tags = mutagen.apev2.APEv2()
    tags.update({"Title": "Título", "Artist": "One", "Year": "1998", "replaygain_track_gain": "-6.5 dB"})
    tags.save(path)


def _tag_asf(path: Path) -> None:
    media = mutagen.File(path)
    media.update({"Title": "Título", "Author": ["One", "Two"], "WM/Year": "1998"})
    media.save()
