"""Which colour a genre has: the same in every view, in every library and on every day."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from indexer.core.catalogue.genre_tree import steps_of
from indexer.core.text import fold

HUES = 28
"""Colours told apart; colour-blind eyes tell the first twelve apart best."""

_BY_NAME = 24
"""So many of them go to genres of which nothing but the name is known."""

_FAMILIES = (
    (("Electronic", "Electronica", "Dance", "EDM", "Drum & Bass", "Dubstep", "IDM"),
     ("Ambient", "New Age", "Chillout", "Downtempo", "Lounge")),
    (("Rock", "Rock & Roll", "Hard Rock", "Classic Rock", "Prog Rock", "Progressive Rock"),
     ("Punk", "Punk Rock", "Hardcore", "Emo")),
    (("Hip-Hop", "Hip Hop", "HipHop", "Rap", "Trap"),
     ("R&B", "RnB", "Gospel")),
    (("Folk", "Folk Rock"),
     ("Country", "Americana", "Bluegrass")),
    (("Experimental", "Noise", "Avant-Garde", "Industrial"),
     ("Spoken", "Spoken Word", "Speech", "Audiobook", "Hörbuch", "Hörspiel", "Podcast", "Comedy")),
    (("Pop", "Synthpop", "Electropop", "Dance Pop", "Schlager"),
     ("Easy Listening", "Chanson", "Vocal", "Swing")),
    (("Jazz", "Bebop", "Fusion"),
     ("Blues", "Rhythm & Blues")),
    (("Classical", "Classic", "Klassik"),
     ("Soundtrack", "Score", "Film Score", "Game", "Musical")),
    (("International", "World", "World Music", "African"),
     ("Reggae", "Dub", "Ska", "Dancehall")),
    (("Instrumental", "Piano", "Guitar"),
     ("Old-Time / Historic", "Children's", "Christmas", "Holiday")),
    (("Soul-RnB", "Soul", "Neo-Soul"),
     ("Funk", "Disco")),
    (("Metal", "Heavy Metal", "Death Metal", "Black Metal", "Doom Metal"),
     ("Alternative", "Indie", "Indie Rock", "Alternative Rock", "Grunge", "Post-Rock", "Shoegaze")),
)  # fmt: skip
"""Widely known genres, in the order in which they were given the first and the second half of `_BY_NAME` colours."""

_BESIDE = (
    ("Techno", "House", "Trance"),
    ("Orchestral", "Opera", "Chamber Music", "Baroque"),
    ("Singer-Songwriter", "Singer/Songwriter", "Acoustic"),
    ("Latin", "Brazilian", "Bossa Nova", "Salsa"),
)
"""Genres that stand beside a wider one in many libraries, with colours of their own."""

_NAMES = (*(first for first, _ in _FAMILIES), *(second for _, second in _FAMILIES), *_BESIDE)
_SLOTS = {fold(name): slot for slot, names in enumerate(_NAMES) for name in names}


def top_of(genre: str) -> str:
    """The wider genre that a tag names first: "electronic" of "electronic/techno"; "Old-Time / Historic" is one."""
    return genre if fold(genre) in _SLOTS else steps_of(genre)[0]


@lru_cache(maxsize=1_024)
def slot_of(genre: str) -> int:
    """The colour of a genre, 0 to `HUES` - 1: one of those above, else one that its name alone decides."""
    name = fold(top_of(genre))
    return _SLOTS[name] if name in _SLOTS else crc32(name.encode()) % _BY_NAME
