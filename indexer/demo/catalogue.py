"""Who plays what in the demo library: made-up artists with albums, and the character of their music."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from indexer.demo.theory import DORIAN, LYDIAN, MAJOR, MINOR, PHRYGIAN, Key

SPREAD = 7  # semitones above an artist's lowest key in which all of the keys lie


class Style(StrEnum):
    """The kinds of music in the demo; the value is the genre tag."""

    PLUCKED = "Folk"
    DRUM_AND_BASS = "Drum and Bass"
    AMBIENT = "Ambient"
    CHIPTUNE = "Chiptune"
    CHORALE = "Classical"
    PERCUSSION = "Experimental"


@dataclass(frozen=True)
class Artist:
    """Someone with two albums, and what stays the same through all of their tracks.

    Attributes:
        tempos: slowest and fastest, beats a minute.
        root: MIDI note of the lowest key note.
        scale: semitones of the scale above its root.
        flavour: 0 to 1, the artist's place between soft and sharp; each style reads it in its own way.
        albums: titles with years.
        shift: how far apart the two words of a title stand in the lists of the style, at first.
    """

    name: str
    style: Style
    tempos: tuple[float, float]
    root: int
    scale: tuple[int, ...]
    flavour: float
    albums: tuple[tuple[str, int], tuple[str, int]]
    shift: int = 0

    def tempo(self, chance: np.random.Generator) -> float:
        return float(chance.uniform(*self.tempos))

    def key(self, chance: np.random.Generator) -> Key:
        return Key(self.root + int(chance.integers(SPREAD)), self.scale)

    def title(self, number: int) -> str:
        """The title of the artist's track with this number from 0; no two are alike below 64."""
        first, second = (words.split() for words in _WORDS[self.style])
        turn, place = divmod(number, len(first))
        return f"{first[place]} {second[(place + turn + self.shift) % len(second)]}"


_WORDS = {
    Style.PLUCKED: ("Slow Paper Copper Winter Little Hollow Barley Lantern",
                    "River Boat Morning Letter Orchard Waltz Road Sparrow"),
    Style.DRUM_AND_BASS: ("Concrete Signal Pressure Midnight Carbon Static Subway Vector",
                          "Drift Runner Loss District Echo Current Tunnel Break"),
    Style.AMBIENT: ("Pale Distant Glass Silent Northern Drifting Hidden Endless",
                    "Tide Horizon Snowfield Lake Aurora Vapour Shore Meridian"),
    Style.CHIPTUNE: ("Castle Pixel Bonus Turbo Crystal Rocket Dungeon Final",
                     "Jump Garden Round Lagoon Cave Chase Hero Level"),
    Style.CHORALE: ("Evening First Solemn Harvest Second Festive Quiet Last",
                    "Hymn Chorale Procession Intrada Canzona Fanfare Prelude Blessing"),
    Style.PERCUSSION: ("Clay Iron Seven Dry Broken Copper Dust Granite",
                       "Circles Steps Season Engine Hands Gate Ritual Foundry"),
}  # fmt: skip

ARTISTS: tuple[Artist, ...] = (
    Artist("Willow & Pike", Style.PLUCKED, (84, 100), 50, MAJOR, 0.2,
           (("Fields Near the Water", 2004), ("Two Chairs", 2009))),
    Artist("Fault Line Radio", Style.DRUM_AND_BASS, (166, 172), 48, MINOR, 0.3,
           (("Undertow", 2001), ("Low Ceiling", 2006))),
    Artist("Hespera", Style.AMBIENT, (34, 44), 48, LYDIAN, 0.15, (("Slow Weather", 1998), ("Inland Sea", 2012))),
    Artist("Captain Joystick", Style.CHIPTUNE, (132, 148), 57, MAJOR, 0.1,
           (("Insert Coin", 1989), ("Continue?", 1993))),
    Artist("Old Harbour Brass", Style.CHORALE, (66, 76), 58, MAJOR, 0.55,
           (("Vespers by the Sea", 1976), ("Processional", 1981))),
    Artist("Seven Drums Society", Style.PERCUSSION, (96, 112), 48, MINOR, 0.45,
           (("Hands Only", 2010), ("Seeds", 2014))),
    Artist("Nora Castellane", Style.PLUCKED, (108, 132), 54, DORIAN, 0.75,
           (("Steel and Rosewood", 2015), ("The Long Way Down", 2018)), 4),
    Artist("Kilo Tango", Style.DRUM_AND_BASS, (172, 178), 45, PHRYGIAN, 0.9,
           (("Overclock", 2013), ("Night Bus to Nowhere", 2019)), 4),
    Artist("The Lumen Archive", Style.AMBIENT, (42, 54), 55, DORIAN, 0.6,
           (("Particles", 2016), ("Fourteen Windows", 2021)), 4),
    Artist("Bit Parade", Style.CHIPTUNE, (152, 172), 52, MINOR, 0.9,
           (("Boss Rush", 2011), ("Eight Colours", 2017)), 4),
    Artist("Collegium Aurata", Style.CHORALE, (84, 100), 55, DORIAN, 0.7,
           (("Tower Music", 1994), ("Six Canzonas", 2003)), 4),
    Artist("Anvil Choir", Style.PERCUSSION, (118, 136), 48, MINOR, 0.65,
           (("Workshop", 2008), ("Sheet Metal Weather", 2020)), 4),
)  # fmt: skip
