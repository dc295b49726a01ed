"""What a database knows that taste is learnt from, as arrays: tracks, their sound and words, listeners, plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.model import ModelMissing, current_model_folder
from indexer.core.model.arrays import open_arrays
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store import Database
from indexer.core.taste.weights import Plays, opinion_of, plays_of
from indexer.core.taste.words import of_length_one
from indexer.core.text import clean, fold
from indexer.core.tracks import TrackId, TrackState

MOST_TERMS = 64
"""Dimensions of words: more make answers slower, and are of few tracks."""

_FEWEST_TAGGED = 3
_MOST_TAGGED = 0.5
"""Of all tracks: what more are tagged with tells nothing apart."""

_LONGEST_TERM = 40


@dataclass(frozen=True, eq=False)
class Gathered:
    """What is known.

    Attributes:
        tracks: the items, ascending by id.
        sound: shape (items, dims), float32; vectors of the model of sound, zeros for what it does not have.
        scales: shape (items,), float32, > 0; mean distance to their nearest, as the model of sound has it; 1 where not.
        sound_model: its id; empty without one.
        words: shape (items, terms), float32; tags and genres by how much they tell apart, rows of length 1 or 0.
        terms: what the columns of `words` are called.
        listeners: whoever played or said something, by name.
        opinions: by listener, from -1 to 1 by item.
    """

    tracks: list[TrackId]
    sound: NDArray[np.float32]
    scales: NDArray[np.float32]
    sound_model: str
    words: NDArray[np.float32]
    terms: tuple[str, ...]
    listeners: dict[ListenerId, Plays]
    opinions: dict[ListenerId, dict[int, float]]

    @property
    def play_count(self) -> int:
        """Plays of all listeners."""
        return sum(map(len, self.listeners.values()))


def gather(database: Database, home: Home, profile: str) -> Gathered:
    """Read everything; a library without a model of sound has what words and plays say.

    Args:
        database: of the library.
        home: has the models of sound.
        profile: whose model is read.

    Raises:
        ModelCorrupt: the model of sound is damaged.
        DatabaseError: the database cannot be read.
    """
    tracks = sorted(database.tracks.ids({TrackState.PRESENT, TrackState.AWAY}))
    places = {track: item for item, track in enumerate(tracks)}
    sound, scales, model = _sound(home, profile, places)
    words, terms = terms_of(dict(_said(database, places)), len(tracks))
    listeners = {
        who: plays_of(database.plays.of(who), places, database.tallies.of(who))
        for who in sorted({OWNER, *database.plays.listeners(), *database.tallies.listeners()})
    }
    opinions = {who: _opinions(database, who, places) for who in listeners}
    known = {who: plays for who, plays in listeners.items() if len(plays) or opinions[who]}
    return Gathered(tracks, sound, scales, model, words, terms, known, {who: opinions[who] for who in known})


def terms_of(
    said: Mapping[int, frozenset[str]], items: int, most: int = MOST_TERMS
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The commonest terms that tell tracks apart, by inverse document frequency: shape (items, terms), and their names.

    Args:
        said: terms by item.
        items: how many there are.
        most: terms that are kept; equals go by name.
    """
    numbers = Counter(term for terms in said.values() for term in terms)
    telling = [(-count, term) for term, count in numbers.items() if _FEWEST_TAGGED <= count <= _MOST_TAGGED * items]
    terms = tuple(term for _, term in sorted(telling)[:most])
    column = {term: number for number, term in enumerate(terms)}
    weights = np.array([np.log(items / numbers[term]) for term in terms], np.float32)
    found = np.zeros((items, len(terms)), np.float32)
    for item, own in said.items():
        columns = [column[term] for term in own if term in column]
        found[item, columns] = weights[columns]
    return of_length_one(found), terms


def _sound(
    home: Home, profile: str, places: Mapping[TrackId, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32], str]:
    """Vectors, scales and the id of the model of sound."""
    scales = np.ones(len(places), np.float32)
    try:
        manifest, arrays = open_arrays(current_model_folder(home, profile))
    except ModelMissing:
        return np.zeros((len(places), 0), np.float32), scales, ""
    there = [(row, places[track]) for row, track in enumerate(_ids(arrays.ids)) if track in places]
    rows, items = np.array(there, np.intp).reshape(-1, 2).T
    sound = np.zeros((len(places), manifest.dims), np.float32)
    sound[items] = arrays.index.vectors[rows]
    scales[items] = arrays.scales[rows]
    return sound, scales, manifest.id


def _ids(ids: NDArray[np.bytes_]) -> Iterator[TrackId]:
    return (TrackId(track.decode("ascii", "replace")) for track in ids.tolist())


def _said(database: Database, places: Mapping[TrackId, int]) -> Iterator[tuple[int, frozenset[str]]]:
    """Genres and tags of every item that has some."""
    tagged = {record.track: record.words.tags for record in database.words.all() if record.track in places}
    for track in database.tracks.all(states={TrackState.PRESENT, TrackState.AWAY}):
        terms = frozenset(_terms([track.genre, *track.genres, *tagged.get(track.id, ())]))
        if terms and track.id in places:
            yield places[track.id], terms


def _terms(texts: Iterable[str]) -> Iterator[str]:
    return (term for text in texts if (term := fold(clean(text, _LONGEST_TERM)).strip()))


def _opinions(database: Database, who: ListenerId, places: Mapping[TrackId, int]) -> dict[int, float]:
    known = ((places.get(track), opinion_of(said)) for track, said in database.opinions.of(who).items())
    return {item: said for item, said in known if item is not None and said}
