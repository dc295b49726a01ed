"""Writes small music files with the tags that such files have."""

from __future__ import annotations

from pathlib import Path

import mutagen
import soundfile

from tests.conftest import tone


def write(path: Path, *, hertz: float = 440.0, seconds: float = 2.0, **tags: str) -> Path:
    """A file of its own sound with the usual tags, or those that are given."""
    said = {"title": "Fjord", "artist": "Ben Tarn", "album": "Single", "tracknumber": "1"} | tags
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    container, subtype = {".opus": ("OGG", "OPUS"), ".ogg": ("OGG", "VORBIS")}.get(path.suffix, (path.suffix[1:], None))
    soundfile.write(path, tone(seconds, hertz, 48_000), 48_000, format=container.upper(), subtype=subtype)
    media = mutagen.File(path, easy=True)
    if media.tags is None:
        media.add_tags()
    for name, value in said.items():
        if value:
            media[name] = value
    media.save()
    return path
