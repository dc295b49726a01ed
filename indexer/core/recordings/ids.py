"""Ids of recordings that are the same everywhere: of MusicBrainz, and the ISRC of the recording industry (ISO 3901)."""

from __future__ import annotations

import re

ID_LENGTH = 36
"""Characters of an id of MusicBrainz."""

_MBID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")


def mbid_in(text: str) -> str:
    """The id of MusicBrainz that a text is, in small letters; empty where it is none."""
    found = text.strip().lower()
    return found if _MBID.fullmatch(found) else ""


def isrc_in(text: str) -> str:
    """The ISRC that a text is, without hyphens; empty where it is none."""
    found = text.strip().upper().replace("-", "")
    return found if _ISRC.fullmatch(found) else ""
