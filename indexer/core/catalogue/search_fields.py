"""The fields of the search language: what each is called, what it looks in, and what a search for it looks like."""

from __future__ import annotations

import math
from dataclasses import dataclass

from indexer.core.catalogue.fields import STATES
from indexer.core.catalogue.search_terms import ChoiceTerm, NumberTerm
from indexer.core.tracks import TrackState


@dataclass(frozen=True)
class Compared:
    """A field of numbers or dates: its name in the catalogue, what a search for it looks like, whether 4.5 is one."""

    field: str
    example: str
    has_parts: bool = False


@dataclass(frozen=True)
class Measured:
    """A field of what was measured.

    Attributes:
        field: its name in the catalogue.
        example: what a search for it looks like.
        units: that may be written to it.
        shown: digits after the point in the table; None for whole numbers, which never have any.
    """

    field: str
    example: str
    units: str
    shown: int | None = None


ANYWHERE = ("title", "artist", "artists", "album", "album_artist", "album_artists", "genre", "genres")
TEXT_FIELDS = {
    "title": ("title",),
    "artist": ("artist", "artists", "album_artist", "album_artists"),
    "albumartist": ("album_artist", "album_artists"),
    "album": ("album",),
    "genre": ("genre", "genres"),
    "path": ("path",),
    "folder": ("folder",),
    "licence": ("licence",),
    "format": ("format",),
}
NUMBER_FIELDS = {
    "year": Compared("year", "year>1998"),
    "length": Compared("seconds", "length<4:00"),
    "plays": Compared("plays", "plays:0"),
    "track": Compared("track_number", "track:1"),
    "disc": Compared("disc_number", "disc:2"),
    "rating": Compared("stars", "rating>=4", has_parts=True),
}
DATE_FIELDS = {
    "added": Compared("added_at", "added<7d"),
    "played": Compared("last_played", "played>30d"),
}
MEASURED_FIELDS = {
    "bpm": Measured("tempo", "bpm:120-130", "bpm", 0),
    "loudness": Measured("loudness", "loudness<-12", "lufs|lu|db", 1),
    "gain": Measured("track_gain", "gain<-6", "db", 1),
    "bitrate": Measured("bit_rate", "bitrate>=256", "kbit/s|kbps|k"),
    "samplerate": Measured("sample_rate", "samplerate>=48", "khz|hz|k"),
    "channels": Measured("channels", "channels:2", ""),
}
STATES_SAID: dict[str, ChoiceTerm | NumberTerm] = {
    "favourite": ChoiceTerm("favourite", (1,)),
    "favorite": ChoiceTerm("favourite", (1,)),
    "liked": ChoiceTerm("thumb", (1,)),
    "disliked": ChoiceTerm("thumb", (-1,)),
    "rated": NumberTerm("stars", 0, math.inf),
    "played": NumberTerm("plays", 1, math.inf),
    "away": ChoiceTerm("state", (STATES.index(TrackState.AWAY),)),
    "speech": ChoiceTerm("speech", (1,)),
    "compilation": ChoiceTerm("compilation", (1,)),
}
LISTENER = "listener"
STATED_EXAMPLES = {"is": "is:favourite", "heart": "heart:yes", "key": "key:Am"}
FIELDS = (*TEXT_FIELDS, *NUMBER_FIELDS, *DATE_FIELDS, *MEASURED_FIELDS, *STATED_EXAMPLES, LISTENER, "sort")
