"""Reads what ReplayGain and Opus tags say about loudness."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_GAIN = re.compile(r"\s*([+-]?\d{1,3}(?:[.,]\d{1,12})?)\s*(?:dB)?\s*", re.IGNORECASE)
_PEAK = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,12})?)\s*", re.IGNORECASE)
_WHOLE = re.compile(r"\s*([+-]?\d{1,5})\s*")

GAIN_NAMES = frozenset(
    {f"replaygain_{kind}_{what}" for kind in ("track", "album") for what in ("gain", "peak")}
    | {"r128_track_gain", "r128_album_gain"}
)
"""The same in every format, behind a prefix in ID3 (`TXXX:`) and MP4; writers disagree about capitals."""

_MOST_DECIBELS = 60.0
"""More than that, up or down, is a slip of whoever wrote it."""

_HIGHEST_PEAK = 100.0

_OPUS_STEPS = 256
_OPUS_TO_REPLAYGAIN = 5.0
"""dB: Opus tags aim at -23 LUFS, ReplayGain 2.0 at -18."""

_OPUS_RANGE = 1 << 15


@dataclass(frozen=True, slots=True)
class ReplayGain:
    """What is to be added to reach -18 LUFS, in dB, and the greatest sample, 1.0 being full scale; None if unknown."""

    track_gain: float | None = None
    album_gain: float | None = None
    track_peak: float | None = None
    album_peak: float | None = None


NO_GAINS = ReplayGain()


def replay_gain(fields: Mapping[str, Sequence[str]]) -> ReplayGain:
    """What `fields` say under the tags' own names in small letters; an Opus file's own tags go first."""

    def text(name: str) -> str:
        return next(iter(fields.get(name, ())), "")

    def gain(kind: str) -> float | None:
        opus = parse_opus_gain(text(f"r128_{kind}_gain"))
        return parse_gain(text(f"replaygain_{kind}_gain")) if opus is None else opus

    return ReplayGain(
        track_gain=gain("track"),
        album_gain=gain("album"),
        track_peak=parse_peak(text("replaygain_track_peak")),
        album_peak=parse_peak(text("replaygain_album_peak")),
    )


def parse_gain(text: str) -> float | None:
    """The decibels of `-7.89 dB`, None where it is no gain that a recording can have."""
    found = _GAIN.fullmatch(text)
    gain = float(found[1].replace(",", ".")) if found else None
    return gain if gain is not None and abs(gain) <= _MOST_DECIBELS else None


def parse_peak(text: str) -> float | None:
    """The amplitude of `0.988553`, None where it is none or zero."""
    found = _PEAK.fullmatch(text)
    peak = float(found[1].replace(",", ".")) if found else 0.0
    return peak if 0 < peak <= _HIGHEST_PEAK else None


def parse_opus_gain(text: str) -> float | None:
    """The gain of a fixed-point number with eight fractional bits (Q7.8), in ReplayGain's decibels.

    Source: RFC 7845, section 5.2.1.
    """
    found = _WHOLE.fullmatch(text)
    if found is None or not -_OPUS_RANGE <= int(found[1]) < _OPUS_RANGE:
        return None
    gain = int(found[1]) / _OPUS_STEPS + _OPUS_TO_REPLAYGAIN
    return gain if abs(gain) <= _MOST_DECIBELS else None
