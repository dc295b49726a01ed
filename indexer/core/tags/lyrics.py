"""What is sung in a track, to be read along with the music: from its tags, or from a text beside it.

Nothing of it is kept: whoever shows it reads it again, so that what a person adds is there the next time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.core.files.kinds import WORDS_SUFFIXES
from indexer.core.tags.encodings import with_encodings
from indexer.core.tags.fields import merged
from indexer.core.tags.limits import LimitedFile, TagsTooHeavy, within_limits
from indexer.core.tags.sources import find_tags
from indexer.core.tags.sung import NO_LYRICS, Lyrics
from indexer.core.tags.words import text_beside, timed_text, verses, words_among
from indexer.core.tracks import Seconds

log = logging.getLogger(__name__)


def lyrics_of(text: str) -> Lyrics:
    """What a text says: with times where it has them as LRC does, else as it is written."""
    timed = timed_text(text)
    if not timed.lines:
        return Lyrics(verses(text))
    together: dict[Seconds, list[str]] = {}
    for start, words in timed.lines:
        together.setdefault(max(start - timed.offset / 1000, 0.0), []).append(words)
    lines = tuple("\n".join(filter(None, words)) for words in together.values())
    return Lyrics(lines, tuple(together)) if any(lines) else NO_LYRICS


def read_lyrics(path: Path, encoding: str = "") -> Lyrics:
    """What is sung in a file: the first of its texts that has times, else the first that says anything.

    Args:
        path: of the music.
        encoding: which a person expects of texts that do not say theirs; empty to find it out.

    Raises:
        OSError: the file cannot be read.
    """
    plain = NO_LYRICS
    for text in _texts(path, encoding):
        found = lyrics_of(text)
        if found and found.starts:
            return found
        plain = plain or found
    return plain


def _texts(path: Path, encoding: str) -> Iterator[str]:
    """The likelier to follow the music first; what comes later is read only where it is asked for."""
    timed, plain = WORDS_SUFFIXES
    yield from _beside(path, timed, encoding)
    yield from _inside(path, encoding)
    yield from _beside(path, plain, encoding)


def _inside(path: Path, encoding: str) -> Sequence[str]:
    with LimitedFile(path) as file:
        try:
            found = within_limits(lambda: find_tags(file))
        except TagsTooHeavy:  # said where the library reads them
            return ()
    _, said = words_among(merged(found.sources))
    return with_encodings(said, lambda: (), encoding).get("lyrics", ())


def _beside(path: Path, suffix: str, encoding: str) -> Iterator[str]:
    for name in (suffix, suffix.upper()):
        try:
            text = text_beside(path.with_suffix(name), encoding)
        except FileNotFoundError:
            continue
        except OSError as error:  # no concern of the music
            log.info("a text beside music cannot be read: %s", error.strerror)
            return
        yield text
        return
