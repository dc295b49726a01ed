"""How often names of many languages are read rightly whose encoding nobody wrote down."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from indexer.core.tags.encodings import WESTERN as WESTERN_ENCODING
from indexer.core.tags.encodings import decoded, likely_encoding
from tests.legacy_names import LEGACY, WESTERN

Names = Sequence[str]


def in_bytes(track: Names, encoding: str) -> list[bytes]:
    """The names of a track that ASCII cannot write; none where the encoding cannot write one of them."""
    try:
        return [name.encode(encoding) for name in track if not name.isascii()]
    except UnicodeEncodeError:
        return []


def errors(tracks: Sequence[Names], encoding: str, *, folder: int = 1) -> tuple[list[str], int]:
    """What was read wrongly, and of how many tracks; each `folder` of tracks lie together."""
    files = [(track, texts) for track in tracks if (texts := in_bytes(track, encoding))]
    wrong = []
    for place, (track, texts) in enumerate(files):
        first = place - place % folder
        beside = [text for _, others in files[first : first + folder] for text in others]
        found = likely_encoding(texts, lambda beside=beside: beside if folder > 1 else ())
        if any(decoded(text, found) != text.decode(encoding) for text in texts):
            wrong.append(f"{' / '.join(track)} ({found})")
    return wrong, len(files)


def run(tell: Callable[[str], None]) -> bool:
    """Print the error rates; returns whether no Western name was changed."""
    begun = time.perf_counter()
    for folder in (1, 6):
        tell(f"{'alone' if folder == 1 else f'{folder} in a folder'}:")
        for encodings, tracks in (*LEGACY, ((WESTERN_ENCODING,), WESTERN)):
            for encoding in encodings:
                wrong, number = errors(tracks, encoding, folder=folder)
                tell(f"  {encoding:10} {len(wrong):3} of {number:3} wrong  {'; '.join(wrong[:3])}")
    tell(f"{time.perf_counter() - begun:.2f} s")
    return not any(errors(WESTERN, WESTERN_ENCODING, folder=folder)[0] for folder in (1, 6))
