"""The words of the rules of a smart playlist: their fields, how these are compared, what a value looks like."""

from __future__ import annotations

from indexer.core.catalogue.search_fields import DATE_FIELDS, LISTENER, STATES_SAID
from indexer.core.catalogue.smart_rules import ANYWHERE_FIELD, KIND_OF, Comparison, Kind
from indexer.core.language import mark, tr

FIELDS: dict[str, str] = {
    "genre": mark("Genre"),
    "artist": mark("Artist"),
    "albumartist": mark("Album artist"),
    "album": mark("Album"),
    "title": mark("Title"),
    ANYWHERE_FIELD: mark("Words anywhere"),
    "year": mark("Year"),
    "length": mark("Length"),
    "rating": mark("Rating"),
    "plays": mark("Plays"),
    "is": mark("State"),
    LISTENER: mark("Played by"),
    "added": mark("Added"),
    "played": mark("Last played"),
    "bpm": mark("BPM"),
    "key": mark("Key"),
    "loudness": mark("Loudness"),
    "gain": mark("Track gain"),
    "format": mark("Format"),
    "bitrate": mark("Bit rate"),
    "samplerate": mark("Sample rate"),
    "channels": mark("Channels"),
    "track": mark("Track"),
    "disc": mark("Disc"),
    "folder": mark("Folder"),
    "path": mark("Path"),
    "licence": mark("Licence"),
}
"""The names of the fields, in the order in which they are offered."""

STATES: dict[str, str] = {
    "favourite": mark("a favourite"),
    "liked": mark("liked"),
    "disliked": mark("disliked"),
    "rated": mark("rated"),
    "played": mark("played"),
    "away": mark("away at the moment"),
    "speech": mark("speech"),
    "compilation": mark("part of a compilation"),
}
"""What a track can be."""

UNITS: dict[str, str] = {
    "h": mark("hours"),
    "d": mark("days"),
    "w": mark("weeks"),
    "m": mark("months"),
    "y": mark("years"),
}
"""How long ago something was."""

_COMPARISONS: dict[Comparison, str] = {
    Comparison.CONTAINS: mark("contains"),
    Comparison.LACKS: mark("does not contain"),
    Comparison.ONE_OF: mark("contains one of"),
    Comparison.NONE_OF: mark("contains none of"),
    Comparison.IS: mark("is"),
    Comparison.IS_NOT: mark("is not"),
    Comparison.AT_LEAST: mark("is at least"),
    Comparison.AT_MOST: mark("is at most"),
    Comparison.MORE: mark("is more than"),
    Comparison.LESS: mark("is less than"),
    Comparison.BETWEEN: mark("is between"),
    Comparison.WITHIN: mark("in the last"),
    Comparison.NOT_WITHIN: mark("not in the last"),
    Comparison.LONGER_AGO: mark("longer ago than"),
    Comparison.MISSING: mark("is missing"),
    Comparison.KNOWN: mark("is there"),
}
_OF_DATES: dict[Comparison, str] = {
    Comparison.IS: mark("at the time"),
    Comparison.LESS: mark("before"),
    Comparison.AT_MOST: mark("up to"),
    Comparison.AT_LEAST: mark("from … on"),
    Comparison.MORE: mark("after"),
    Comparison.MISSING: mark("never"),
    Comparison.KNOWN: mark("ever"),
}
_OF_CHOICES: dict[Comparison, str] = {
    Comparison.ONE_OF: mark("is one of"),
    Comparison.NONE_OF: mark("is none of"),
}
_EXAMPLES: dict[str, str] = {
    "year": "1998",
    "length": "4:00",
    "rating": "4",
    "plays": "10",
    "bpm": "120",
    "key": "Am",
    "loudness": "-12",
    "gain": "-6",
    "bitrate": "256",
    "samplerate": "44.1",
    "channels": "2",
    "track": "1",
    "disc": "2",
}


def field_words() -> list[tuple[str, str]]:
    """Each field and its name; all that rules can have."""
    return [(field, tr(FIELDS[field])) for field in FIELDS if field in KIND_OF]


def state_words() -> list[tuple[str, str]]:
    """Each state and its name."""
    return [(state, tr(words)) for state, words in STATES.items() if state in STATES_SAID]


def comparison_words(field: str, comparison: Comparison) -> str:
    """What a way to compare is called for this field."""
    kind = KIND_OF[field]
    special = {Kind.DATE: _OF_DATES, Kind.KEY: _OF_CHOICES}.get(kind, {})
    return tr(special.get(comparison, _COMPARISONS[comparison]))


def example_of(field: str, *, several: bool) -> str:
    """What a value looks like, to be seen as long as there is none."""
    if field in DATE_FIELDS:
        return tr("For example: {example}", example="2024-05-31")
    if several:
        return tr("Several, with “;” between")
    return tr("For example: {example}", example=_EXAMPLES[field]) if field in _EXAMPLES else ""
