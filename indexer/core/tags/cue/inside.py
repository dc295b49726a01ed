"""Finds the cue sheet that an audio file carries in itself, as a text among its tags or as a block of FLAC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mutagen.flac import FLAC
from mutagen.id3 import Encoding

from indexer.core.tags.cue.sheet import (
    FRAMES_A_SECOND,
    LARGEST,
    CueFile,
    CueTrack,
    Frames,
    Sheet,
    SheetRefused,
    decode_sheet,
    parse_sheet,
)

NAME = "cuesheet"
"""Of the tag, behind a prefix in ID3 (`TXXX:`) and MP4; writers disagree about capitals."""

_LEAD_OUTS = frozenset({170, 255})
"""Numbers of the last entry of a FLAC block, which is no track: of a compact disc, and of anything else.

Source: RFC 9639, section 8.7.
"""


def sheet_texts(tags: Any) -> list[str]:
    """The texts of the cue sheets among tags, from any mapping of names to what mutagen makes of values."""
    keys = [key for key in list(tags.keys()) if str(key).rpartition(":")[2].lower() == NAME]
    return [text for key in keys if (text := _text_of(tags[key]))]


def sheet_of(texts: Sequence[str], block: Sheet | None) -> Sheet | SheetRefused | None:
    """The sheet of a file by the texts among its tags, or by a block; why it cannot be used, if it cannot.

    A text goes first, for a block has no names.
    """
    try:
        return parse_sheet(texts[0]) if texts else block
    except SheetRefused as refusal:
        return refusal


def block_of(media: Any) -> Sheet | None:
    """The sheet in a block of a FLAC file, which has offsets in samples; None where it divides nothing."""
    block = getattr(media, "cuesheet", None)
    if not isinstance(media, FLAC) or block is None or not media.info.sample_rate:
        return None
    entries = [entry for entry in block.tracks if entry.track_number not in _LEAD_OUTS and entry.indexes]
    tracks = tuple(_track_of(entry, media.info.sample_rate) for entry in entries)
    return Sheet((CueFile("", tracks),)) if len(tracks) > 1 and any(track.is_sound for track in tracks) else None


def _track_of(entry: Any, rate: int) -> CueTrack:
    at = {index.index_number: entry.start_offset + index.index_offset for index in entry.indexes}
    first = at.get(1, min(at.values()))
    return CueTrack(entry.track_number, Frames(first * FRAMES_A_SECOND, rate), is_sound=entry.type == 0)


def _text_of(value: Any) -> str:
    is_undeclared = getattr(value, "encoding", None) == Encoding.LATIN1  # what ID3 calls so may be anything
    value = getattr(value, "text", value)
    first = value[0] if isinstance(value, list | tuple) and value else value
    if is_undeclared and isinstance(first, str):
        first = first.encode("latin-1", "replace")
    if isinstance(first, bytes):
        return decode_sheet(first[: LARGEST + 1])
    return str(first)[: LARGEST + 1] if first else ""
