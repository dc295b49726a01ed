"""What music is by its bytes, and the few fixed profiles that it can be converted to: which of them serves a wish."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import PurePath

from indexer.core.audio.chunks import ASF_HEAD, RIFF_HEADS, WAVE64_HEAD
from indexer.core.audio.matroska import HEAD as MATROSKA_HEAD
from indexer.core.tracks import Seconds, Stretch

VERSION = 1
"""Of how the profiles are encoded; files of another one are made anew."""

_CD = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_FLAC_MOST = 192_000

OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to encode.

    Attributes:
        name: what clients ask for.
        suffix: ending of its files, with the dot.
        media_type: of its files.
        container: FFmpeg's name of the format of the file.
        codec: FFmpeg's name of the encoder.
        kbps: thousands of bits a second for all channels; None where nothing is lost.
        rates: samples a second that the codec takes; none for any up to 192,000.
        channels: at most; more are mixed down to two.
    """

    name: str
    suffix: str
    media_type: str
    container: str
    codec: str
    kbps: int | None
    rates: tuple[int, ...] = _CD
    channels: int = 2

    @property
    def is_lossless(self) -> bool:
        return self.kbps is None

    def rate_for(self, rate: int) -> int:
        """The samples a second to encode what has `rate` of them: as many, else what divides it best."""
        if not self.rates:
            return rate if rate <= _FLAC_MOST else _multiple_below(rate, _FLAC_MOST)
        if rate in self.rates:
            return rate
        most = max(self.rates)
        if rate > most:
            return next((each for each in (44_100, 48_000) if each in self.rates and rate % each == 0), most)
        return min(each for each in self.rates if each >= rate)


@dataclass(frozen=True, slots=True)
class Order:
    """What to encode, and how.

    Attributes:
        stretch: where the sound lies.
        profile: how it is encoded.
        target: file to write, which is there and empty.
        factor: what each sample is multiplied by.
        tags: what is written about the music, by FFmpeg's names; those of ReplayGain by their own.
        most_bytes: a file that gets longer is given up.
    """

    stretch: Stretch
    profile: Profile
    target: str
    factor: float
    tags: Mapping[str, str]
    most_bytes: int


def _mp3(kbps: int, name: str) -> Profile:
    return Profile(name, ".mp3", "audio/mpeg", "mp3", "libmp3lame", kbps)


def _aac(kbps: int, name: str) -> Profile:
    return Profile(name, ".m4a", "audio/mp4", "ipod", "aac", kbps)


MP3 = _mp3(192, "mp3")
OPUS = Profile("opus", ".opus", "audio/ogg", "ogg", "libopus", 96, rates=(48_000,))
AAC = _aac(128, "aac")
FLAC = Profile("flac", ".flac", "audio/flac", "flac", "flac", None, rates=(), channels=8)

PROFILES = {each.name: each for each in (MP3, _mp3(128, "mp3-128"), OPUS, AAC, _aac(192, "aac-192"), FLAC)}
"""All that there are, by name: what a client asks for chooses among them and never gets into an encoder."""

RAW = ("raw", "original")
"""What clients call the file as it is."""

_OTHER_NAMES = {"ogg": "opus", "oga": "opus", "m4a": "aac", "mp4": "aac", "mpeg": "mp3"}
_LOSSY = [(each.kbps, each) for each in PROFILES.values() if each.kbps is not None]


def chosen(form: str, most_kbps: int, suffix: str, kbps: float | None) -> Profile | None:
    """The profile for what a client asks for; None for the file as it is.

    Args:
        form: a profile, a codec, the ending of a name, or empty where any will do; one that is unknown counts as empty.
        most_kbps: thousands of bits a second that it wants at most; 0 for no limit.
        suffix: how the name of the file ends, with the dot.
        kbps: what the file takes, None where that is not known.
    """
    form = form.strip().lower().removeprefix(".")
    if form in RAW:
        return None
    form = _OTHER_NAMES.get(form, form)
    asked = PROFILES.get(form)
    fits = not most_kbps or (kbps is not None and kbps <= most_kbps)
    if fits and (asked is None or asked.suffix == suffix.lower()):
        return None
    if asked is not None and (not most_kbps or (asked.kbps is not None and asked.kbps <= most_kbps)):
        return asked
    alike = [each for each in _LOSSY if asked is None or each[1].codec == asked.codec] or _LOSSY
    small = [each for each in alike if each[0] <= most_kbps]
    return (max if small else min)(small or alike, key=itemgetter(0))[1]


def bit_rate(size: int, seconds: Seconds | None) -> float | None:
    """Thousands of bits a second of a file; None where its length is not known."""
    return size * 8 / 1000 / seconds if seconds else None


_HEADS = (
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"FORM", "audio/aiff"),
    (ASF_HEAD, "audio/x-ms-wma"),
    (WAVE64_HEAD, "audio/x-w64"),
    (b"wvpk", "audio/x-wavpack"),
    (b"MAC ", "audio/x-ape"),
    (b"MPCK", "audio/x-musepack"),
    (b"MP+", "audio/x-musepack"),
    (b"TTA1", "audio/x-tta"),
    (b"DSD ", "audio/x-dsf"),
    (b"FRM8", "audio/x-dff"),
    (b"caff", "audio/x-caf"),
    (b".snd", "audio/basic"),
    (b"#!AMR", "audio/amr"),
    (b"\x0b\x77", "audio/ac3"),
)
_LOSSLESS = frozenset(
    f"audio/{kind}"
    for kind in ("flac", "wav", "aiff", "x-w64", "x-wavpack", "x-ape", "x-tta", "x-dsf", "x-dff", "x-caf", "basic")
)


def instead_of_part(media_type: str) -> Profile:
    """How a part of a file is sent to who asked for the file as it is: as it sounds there, or nearly so."""
    return FLAC if media_type in _LOSSLESS else MP3


def media_type_of(head: bytes, path: str) -> str:
    """What a file is by its first bytes behind tags, and by its name only where two things begin alike."""
    if head.startswith(RIFF_HEADS) and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head.startswith(MATROSKA_HEAD):
        return "audio/webm" if PurePath(path).suffix.lower() in {".weba", ".webm"} else "audio/x-matroska"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # noqa: PLR2004 - a frame of MPEG begins so
        return "audio/aac" if head[1] & 0x06 == 0 else "audio/mpeg"
    return next((kind for begin, kind in _HEADS if head.startswith(begin)), OCTETS)


def _multiple_below(rate: int, most: int) -> int:
    """Half of it, a quarter, and so on, until it is no more than `most`."""
    while rate > most:
        rate = math.ceil(rate / 2)
    return rate
