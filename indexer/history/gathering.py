"""What taste is learnt from, as arrays: tracks, their sound and words, listeners, plays."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.home import Home
from indexer.core.model import ModelMissing, current_model_folder
from indexer.core.model.arrays import open_arrays
from indexer.core.plays import OWNER, ListenerId, Play, PlaySource
from indexer.core.store import Database
from indexer.core.taste.household import household_of
from indexer.core.taste.weights import Plays, opinion_of, plays_of
from indexer.core.taste.words import of_length_one
from indexer.core.text import clean, fold
from indexer.core.tracks import TrackId, TrackState, Words
from indexer.history.streamed import Streamed

MOST_TERMS = 64
"""Dimensions of words: more make answers slower, and are of few tracks."""

_FEWEST_TAGGED = 3
_MOST_TAGGED = 0.5
"""Of all tracks: what more are tagged with tells nothing apart."""

_LONGEST_TERM = 40

MOST_SUNG = 64
"""Dimensions of words that are sung, besides."""

_MOST_SINGING = 0.25
"""Of the tracks whose words are known: words that more of them have are of no subject."""

_LOUD = 0.5
"""Of what is sung beside tags, by length. Not measured: no data at hand has both plays and words of songs."""

_ELSEWHERE = frozenset({PlaySource.IMPORT, PlaySource.UNKNOWN})
"""Sources that no play has which came by way of the server."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_TIMES = (1 << 16) - 1


@dataclass(frozen=True, eq=False)
class Gathered:
    """What is known.

    Attributes:
        tracks: the items, ascending by id.
        sound: shape (items, dims), float32; vectors of the model of sound, zeros for what it does not have.
        scales: shape (items,), float32, > 0; mean distance to their nearest, as the model of sound has it; 1 where not.
        sound_model: its id; empty without one.
        words: shape (items, terms), float32; tags and genres, then what is sung, by how much they tell apart, rows of
            length 1 or 0.
        terms: what the columns of `words` are called; empty for what is sung.
        listeners: whoever played or said something and may be learnt of, by name.
        apart: the owner, where others are not to be taught by what the owner plays.
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
    apart: frozenset[ListenerId] = frozenset()

    @property
    def play_count(self) -> int:
        """Plays of all listeners."""
        return sum(map(len, self.listeners.values()))


def gather(database: Database, home: Home, profile: str) -> Gathered:
    """Read everything; a library without a model of sound has what words and plays say.

    Args:
        database: of the library.
        home: has the models of sound, and the plays that were gathered from a broker.
        profile: whose model is read.

    Raises:
        ModelCorrupt: the model of sound is damaged.
        OSError, GatheredDamaged: what was gathered cannot be read.
        DatabaseError: the database cannot be read.
    """
    tracks = sorted(database.tracks.ids({TrackState.PRESENT, TrackState.AWAY}))
    places = {track: item for item, track in enumerate(tracks)}
    sound, scales, model = _sound(home, profile, places)
    tagged, sung = _words(database, places)
    tags, terms = terms_of(dict(_said(database, places, tagged)), len(tracks))
    songs = sung.weights(len(tracks))
    words = of_length_one(np.hstack([tags, np.float32(_LOUD) * songs]))
    terms += ("",) * songs.shape[1]
    household = household_of(home)
    streamed = Streamed(database, home)
    listeners = {}
    for who in sorted({OWNER, *database.plays.listeners(), *database.tallies.listeners(), *streamed.listeners}):
        if who == OWNER or household.shares(who):
            played = streamed.beside(who, database.plays.of(who))
            with suppress(_HadAccount):
                only = played if who == OWNER or household.has_account(who) else _brought(played)
                listeners[who] = plays_of(only, places, database.tallies.of(who))
    opinions = {who: _opinions(database, who, places) for who in listeners}
    apart: frozenset[ListenerId] = frozenset() if household.shares(OWNER) else frozenset({OWNER})
    known = {who: plays for who, plays in listeners.items() if len(plays) or opinions[who]}
    return Gathered(tracks, sound, scales, model, words, terms, known, {who: opinions[who] for who in known}, apart)


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


class Sung:
    """The words that are sung in every item, as they are read: 10 bytes for each word of an item."""

    def __init__(self) -> None:
        self._vocabulary: defaultdict[str, int] = defaultdict()
        self._vocabulary.default_factory = self._vocabulary.__len__
        self._items, self._terms, self._times = array("i"), array("i"), array("H")

    def add(self, item: int, words: Words) -> None:
        """Take the words of an item that was not there yet: of its lyrics, and as a data set counted them."""
        sung = Counter(_WORD.findall(fold(words.lyrics)))
        if words.counted:
            sung |= Counter(dict(words.counted))
        self._items.extend([item] * len(sung))
        self._terms.extend([self._vocabulary[term] for term in sung])
        self._times.extend([min(times, _MOST_TIMES) for times in sung.values()])

    def weights(self, items: int, most: int = MOST_SUNG) -> NDArray[np.float32]:
        """TF-IDF in the words that most items have, up to a quarter of those that sing: rows of length 1 or 0.

        Args:
            items: how many there are.
            most: words that are taken; equals go by name.

        Returns:
            Shape (items, words).
        """
        owners, terms = np.array(self._items, np.intp), np.array(self._terms, np.intp)
        numbers, singing = np.bincount(terms), np.unique(owners).size
        names = list(self._vocabulary)
        telling = np.flatnonzero((numbers >= _FEWEST_TAGGED) & (numbers <= _MOST_SINGING * singing)).tolist()
        chosen = np.array(sorted(telling, key=lambda term: (-numbers[term], names[term]))[:most], np.intp)
        columns = np.full(len(names), -1)
        columns[chosen] = np.arange(chosen.size)
        counts = columns[terms] >= 0
        found = np.zeros((items, chosen.size), np.float32)
        found[owners[counts], columns[terms[counts]]] = np.log1p(np.array(self._times, np.float32)[counts])
        return of_length_one(found * np.log(singing / np.maximum(numbers[chosen], 1)).astype(np.float32))


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


class _HadAccount(Exception):
    """A listener without an account played by way of the server: the account was taken away, and its say with it."""


def _brought(played: Iterable[Play]) -> Iterator[Play]:
    """Plays that were brought from elsewhere, as all must be of who never had an account."""
    for play in played:
        if play.context.source not in _ELSEWHERE:
            raise _HadAccount
        yield play


def _ids(ids: NDArray[np.bytes_]) -> Iterator[TrackId]:
    return (TrackId(track.decode("ascii", "replace")) for track in ids.tolist())


def _words(database: Database, places: Mapping[TrackId, int]) -> tuple[dict[TrackId, tuple[str, ...]], Sung]:
    """Tags of tracks, and what is sung in them."""
    tagged: dict[TrackId, tuple[str, ...]] = {}
    sung = Sung()
    for record in database.words.all():
        if record.track in places:
            tagged[record.track] = record.words.tags
            sung.add(places[record.track], record.words)
    return tagged, sung


def _said(
    database: Database, places: Mapping[TrackId, int], tagged: Mapping[TrackId, tuple[str, ...]]
) -> Iterator[tuple[int, frozenset[str]]]:
    """Genres and tags of every item that has some."""
    for track in database.tracks.all(states={TrackState.PRESENT, TrackState.AWAY}):
        terms = frozenset(_terms([track.genre, *track.genres, *tagged.get(track.id, ())]))
        if terms and track.id in places:
            yield places[track.id], terms


def _terms(texts: Iterable[str]) -> Iterator[str]:
    return (term for text in texts if (term := fold(clean(text, _LONGEST_TERM)).strip()))


def _opinions(database: Database, who: ListenerId, places: Mapping[TrackId, int]) -> dict[int, float]:
    known = ((places.get(track), opinion_of(said)) for track, said in database.opinions.of(who).items())
    return {item: said for item, said in known if item is not None and said}
