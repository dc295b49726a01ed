"""Which colour a genre has: the same in every view, in every library and on every day."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from indexer.core.catalogue.genre_tree import steps_of
from indexer.core.text import fold

HUES = 24
"""Colours told apart: twelve hues, which stay apart for colour-blind eyes, and after them a second shade of each."""

_FAMILIES = (
    (("Electronic", "Electronica", "Techno", "House", "Dance", "EDM", "Trance", "Drum & Bass", "Dubstep", "IDM"),
     ("Ambient", "New Age", "Chillout", "Downtempo", "Lounge")),
    (("Rock", "Rock & Roll", "Hard Rock", "Classic Rock", "Prog Rock", "Progressive Rock"),
     ("Punk", "Punk Rock", "Hardcore", "Emo")),
    (("Hip-Hop", "Hip Hop", "HipHop", "Rap", "Trap"),
     ("R&B", "RnB", "Gospel")),
    (("Folk", "Singer-Songwriter", "Singer/Songwriter", "Acoustic", "Folk Rock"),
     ("Country", "Americana", "Bluegrass")),
    (("Experimental", "Noise", "Avant-Garde", "Industrial"),
     ("Spoken", "Spoken Word", "Speech", "Audiobook", "Hörbuch", "Hörspiel", "Podcast", "Comedy")),
    (("Pop", "Synthpop", "Electropop", "Dance Pop", "Schlager"),
     ("Easy Listening", "Chanson", "Vocal", "Swing")),
    (("Jazz", "Bebop", "Fusion"),
     ("Blues", "Rhythm & Blues")),
    (("Classical", "Classic", "Klassik", "Orchestral", "Opera", "Chamber Music", "Baroque"),
     ("Soundtrack", "Score", "Film Score", "Game", "Musical")),
    (("International", "World", "World Music", "Latin", "African", "Brazilian"),
     ("Reggae", "Dub", "Ska", "Dancehall")),
    (("Instrumental", "Piano", "Guitar"),
     ("Old-Time / Historic", "Children's", "Christmas", "Holiday")),
    (("Soul-RnB", "Soul", "Neo-Soul"),
     ("Funk", "Disco")),
    (("Metal", "Heavy Metal", "Death Metal", "Black Metal", "Doom Metal"),
     ("Alternative", "Indie", "Indie Rock", "Alternative Rock", "Grunge", "Post-Rock", "Shoegaze")),
)  # fmt: skip
"""Of each hue the genres of its first and of its second shade."""

_SLOTS = {
    fold(name): hue + shade * len(_FAMILIES)
    for hue, shades in enumerate(_FAMILIES)
    for shade, names in enumerate(shades)
    for name in names
}


def top_of(genre: str) -> str:
    """The wider genre that a tag names first: "electronic" of "electronic/techno"; "Old-Time / Historic" is one."""
    return genre if fold(genre) in _SLOTS else steps_of(genre)[0]


@lru_cache(maxsize=1_024)
def slot_of(genre: str) -> int:
    """The colour of a genre, 0 to `HUES` - 1: one of those above, else one that its name alone decides."""
    name = fold(top_of(genre))
    return _SLOTS[name] if name in _SLOTS else crc32(name.encode()) % HUES
