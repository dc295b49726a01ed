"""Finds the cue sheet that an audio file carries in itself, as a text among its tags or as a block of FLAC."""

from __future__ import annotations

from typing import Any

from mutagen.flac import FLAC

from indexer.cue.sheet import (
    FRAMES_A_SECOND,
    LARGEST,
    MOST_TRACKS,
    CueFile,
    CueTrack,
    Frames,
    Sheet,
    SheetRefused,
    decode_sheet,
    parse_sheet,
)

_NAME = "cuesheet"
"""Of the tag, behind a prefix in ID3 (`TXXX:`) and MP4; writers disagree about capitals."""

_LEAD_OUTS = frozenset({170, 255})
"""Numbers of the last entry of a FLAC block, which is no track: of a compact disc, and of anything else.

Source: RFC 9639, section 8.7.
"""


def sheet_inside(media: Any) -> Sheet | None:
    """The sheet in what `mutagen.File` returned, None where there is none; a text goes before a block.

    Raises:
        SheetRefused: there is one, and it cannot be used.
    """
    text = _text_in(media.tags)
    if text:
        return parse_sheet(text)
    block = getattr(media, "cuesheet", None)
    return _of_block(block, media.info.sample_rate) if isinstance(media, FLAC) and block is not None else None


def _text_in(tags: Any) -> str:
    for key in list(tags.keys()) if tags is not None else ():
        if str(key).rpartition(":")[2].lower() == _NAME:
            return _text_of(tags[key])
    return ""


def _text_of(value: Any) -> str:
    value = getattr(value, "text", value)
    first = value[0] if isinstance(value, list | tuple) and value else value
    if isinstance(first, bytes):
        return decode_sheet(first[: LARGEST + 1])
    if len(text := str(first)) > LARGEST:
        raise SheetRefused(f"is larger than {LARGEST >> 20} MB")
    return text


def _of_block(block: Any, rate: int) -> Sheet | None:
    """A block has offsets in samples and no names; players and rippers write one beside every disc, titles or none."""
    entries = [entry for entry in block.tracks if entry.track_number not in _LEAD_OUTS and entry.indexes]
    if len(entries) > MOST_TRACKS:
        raise SheetRefused(f"lists more than {MOST_TRACKS} tracks")
    tracks = tuple(_track_of(entry, rate) for entry in entries)
    return Sheet((CueFile("", tracks),)) if any(track.is_sound for track in tracks) else None


def _track_of(entry: Any, rate: int) -> CueTrack:
    at = {index.index_number: entry.start_offset + index.index_offset for index in entry.indexes}
    first = at.get(1, min(at.values()))
    return CueTrack(entry.track_number, Frames(first * FRAMES_A_SECOND, rate), is_sound=entry.type == 0)
