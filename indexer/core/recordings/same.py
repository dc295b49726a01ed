"""Tells whether two entries of a library are the same recording, so that an answer shows it once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import isfinite
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.core.recordings.artists import credits_of, is_somebody
from indexer.core.text import fold, identity
from indexer.core.tracks import Seconds, TrackId

_VERSION_WORD = (
    r"live|remaster(?:ed)?|version|edit|mono|stereo|demo|acoustic|bonus|explicit|clean|original|deluxe|single|radio|"
    r"feat|ft|featuring|with|album|anniversary|reissue|digital|session|unplugged"
)
_BRACKETED = re.compile(rf"\s*[(\[][^)\]]*\b(?:{_VERSION_WORD})\b[^)\]]*[)\]]")
_DASHED = re.compile(rf"\s+[-–—:]\s+[^-–—]*\b(?:{_VERSION_WORD})\b.*$")
_FEATURING = re.compile(r"\s+(?:feat|ft|featuring)\b\.?.*$")
_NOT_LETTERS = re.compile(r"[\W_]+")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_NUMERAL = re.compile(r"\d+|x{0,3}(?:ix|iv|v?i{0,3})|[a-z]")

_TELLS_NOTHING = frozenset(
    fold(
        """
        intro introduction introduccion introdução einleitung inledning wstęp auftakt entrada outro outtro interlude
        interludio interludium intermezzo intermission intermède entr acte zwischenspiel prelude preludio präludium
        preludium vorspiel nachspiel prologue prolog prologo epilogue epilog epilogo overture ouverture ouvertüre
        obertura opening ending end ende finale final coda reprise skit segue theme thème thema tema main title titles
        credits medley jam bonus hidden silence stille silencio silenzio pause break spoken word words
        untitled unknown unnamed unbenannt unbekannt namenlos ohne titel sans titre senza titolo sin título sem zonder
        nome inconnu desconocido sconosciuto без названия неизвестно интро аутро вступление пролог эпилог интерлюдия
        прелюдия увертюра финал трек дорожка часть аллегро анданте адажио 無題 タイトル イントロ アウトロ
        インタールード プロローグ エピローグ トラック 第 楽章 第一楽章 第二楽章 第三楽章 乐章 第一乐章 第二乐章
        未知 未命名 无题 前奏 尾声 序曲 音轨 제목 없음 인트로 아웃트로 트랙 مقدمة عنوان بدون
        track tracks piste plage pista traccia faixa spår spor spur raita utwór kappale nummer numero numéro number
        nr no part pt teil partie parte vol volume cd disc disk
        side seite face chapter kapitel chapitre capítulo capitolo act akt atto scene szene scène scena movement mvt
        satz mouvement movimento section take version audio demo recording st nd rd th
        allegro allegretto adagio adagietto andante andantino largo larghetto lento grave presto prestissimo vivace
        vivo moderato maestoso cantabile sostenuto tranquillo agitato animato scherzo scherzando rondo rondeau menuett
        menuetto minuet minuetto menuet gavotte gigue sarabande courante allemande bourrée aria arioso recitativo
        recitative fugue fuga fuge toccata sinfonia sonata suite etude étude waltz walzer valse march marsch marcia
        nocturne variation variations variationen variazione chorus coro choral chorale kyrie credo sanctus benedictus
        agnus dei con e ma non troppo molto poco assai moto brio fuoco spirito mosso quasi più meno and und et y
        """
    ).split()
)
"""Words, folded, of titles that many tracks of one artist bear: a title of nothing else and numbers tells no songs
apart. Names of movements are among them, for they recur in every work."""

_COUNTED = frozenset(
    {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
    | {"eins", "zwei", "drei", "vier", "uno", "due", "tre", "dos", "tres"}
)
"""Numbers in words; "Part One" tells nothing, "One" is a song."""

SAME_SOUND = 0.3
"""Distance of two vectors of unit length below which they stem from one recording, encoded twice.

Of 265 recordings the nearest other one lay 0.49 to 1.22 away, in the median 1.01. Of copies of 20 of them, at 64 kb/s
in mp3, in Ogg Vorbis, 6 dB quieter and 1 % faster, the median lay 0.18 to 0.25 away: 85 % are nearer than this
(`python -m tests.benchmarks versions --home HOME`). A wider limit would find a few more and hide, in a library of
hundreds of thousands of clips of one length, recordings that are only much alike."""

NEAR = 0.6
"""In lists, whose vectors were drawn to their nearest, copies are nearer than this; what is not need not be measured.
Of the same copies the farthest lay at 0.47."""

FAR = 0.9
"""Two tracks of one artist and one telling title are different songs where they lie farther apart than this, unless
they are of one album and one length. Halves of 29 recordings lay up to 0.65 from the whole, dull copies of one channel
up to 0.70, copies with echoes and 4 % faster up to 0.74; 0.3 % of all other recordings lie so near (`python -m
tests.benchmarks versions --home HOME --clips 29`). Concerts lie farther off than echoes do."""

FAR_FOR_A_VERSION = 1.2
"""The same where one title says that it is another version, a live one for instance: that is more to go by."""

SAME_LENGTH = 1.0
"""Seconds by which the lengths of one recording, encoded twice, may differ."""

Recording = tuple[str, str]
"""An artist and a title by which a track may be another recording of the same."""

Apart = Callable[[TrackId, Sequence[TrackId]], Collection[float]]
"""How far the sound of a track is from that of others, by Euclidean distance: `SimilarityModel.apart`."""


class Named(Protocol):
    """What of a track tells recordings apart without their sound."""

    @property
    def artist(self) -> str: ...
    @property
    def artists(self) -> tuple[str, ...]: ...
    @property
    def title(self) -> str: ...
    @property
    def album(self) -> str: ...
    @property
    def seconds(self) -> Seconds | None: ...


@dataclass(frozen=True, slots=True)
class Song:
    """A track and its names; one that is not known is no name that two songs could share."""

    track: TrackId
    artist: str = ""
    title: str = ""
    album: str = ""
    seconds: Seconds | None = None
    artists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says, without what is said of the version.

    Attributes:
        title: in plain letters; empty where it tells nothing.
        is_version: whether it is said to be another version.
    """

    title: str
    is_version: bool


def is_same(one: Named, other: Named, distance: float | None) -> bool:
    """Whether two tracks are the same recording, or versions of it that a list should hold once.

    Sound alone tells it of two of one length. Names alone do not, for albums begin with "Intro" again and again: where
    artist and title are the same and telling, the sound has to bear it out, unless album and length are the same, too.

    Args:
        one: a track.
        other: another one.
        distance: how far apart their sound is; None, or not finite, where it was not analysed.
    """
    known = distance if distance is not None and isfinite(distance) else None
    if known is not None and sounds_same(one, other, known):
        return True
    if not share_names(one, other):
        return False
    return known is None or known <= _far(one, other) or _is_of_one_place(one, other)


def sounds_same(one: Named, other: Named, distance: float) -> bool:
    """Whether two tracks are of one length and near enough to be one recording, encoded twice, whatever their names."""
    return distance < SAME_SOUND and of_one_length(one.seconds, other.seconds)


def may_be_same(one: Named, other: Named) -> bool:
    """Whether the sound of two tracks could make them the same recording."""
    return of_one_length(one.seconds, other.seconds) or share_names(one, other)


def share_names(one: Named, other: Named) -> bool:
    """Whether two tracks have an artist and a title in common that tells something."""
    return not names_of(one).isdisjoint(names_of(other))


def names_of(track: Named) -> frozenset[Recording]:
    """What a track may be a recording of: each of its artists with the title without "(live)" and the like.

    Empty where either is unknown, or the title tells nothing: two of these are not the same for that.
    """
    return _names(track.artist, track.artists, track.title)


def artists_of(track: Named) -> frozenset[str]:
    """The artists of a track and their guests, as compared with those of others; empty where they are not known."""
    return _everyone(track.artist, track.artists)


def of_one_length(length: Seconds | None, other_length: Seconds | None) -> bool:
    """Whether two tracks are as long as each other; not where nobody knows."""
    return length is not None and other_length is not None and abs(length - other_length) <= SAME_LENGTH


def same_among(tracks: Sequence[Named], distances: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which of some tracks are the same recording, by the same rule as `is_same`.

    Args:
        tracks: n of them.
        distances: shape (n, n), how far apart their sound is, not finite where it was not analysed.

    Returns:
        Shape (n, n), True on the diagonal.
    """
    seconds = np.array([np.nan if track.seconds is None else track.seconds for track in tracks], dtype=np.float32)
    found: NDArray[np.bool_] = np.abs(seconds[:, np.newaxis] - seconds) <= SAME_LENGTH
    found &= distances < SAME_SOUND
    for one, other in _pairs(tracks):
        if is_same(tracks[one], tracks[other], float(distances[one, other])):
            found[one, other] = found[other, one] = True
    np.fill_diagonal(found, val=True)
    return found


class Recordings:
    """Goes down a list of neighbours and lets every recording through once, and none of the seed."""

    def __init__(self, seed: Song | None, apart: Apart) -> None:
        """Begin a list.

        Args:
            seed: what is asked about, None for what is not in the library.
            apart: measures a track and others.
        """
        self._apart = apart
        self._named: dict[Recording, list[Song]] = {}
        self._told: list[tuple[Song, float | None]] = []
        if seed is not None:
            self.tell(seed, 0.0)

    def admits(self, song: Song, distance: float | None) -> bool:
        """Whether a song is no recording of a seed, nor of one admitted before.

        Args:
            song: the next neighbour.
            distance: Euclidean, from the seed, as lists have it; None in a list of several seeds.
        """
        if self._is_told_by_name(song) or self._is_copy(song, distance):
            return False
        self.tell(song, distance)
        return True

    def tell(self, song: Song, distance: float | None) -> None:
        """Let no further recording of a song through, a second seed for one."""
        for name in names_of(song):
            self._named.setdefault(name, []).append(song)
        self._told.append((song, distance))

    def _is_told_by_name(self, song: Song) -> bool:
        named = {other.track: other for name in names_of(song) for other in self._named.get(name, ())}
        return bool(named) and self._is_any_of(song, list(named.values()))

    def _is_copy(self, song: Song, distance: float | None) -> bool:
        """Whether it sounds like one told before; distances from the seed rule out many without measuring."""
        near = [
            other
            for other, from_seed in self._told
            if _may_be_near(distance, from_seed) and of_one_length(song.seconds, other.seconds)
        ]
        return bool(near) and self._is_any_of(song, near)

    def _is_any_of(self, song: Song, others: Sequence[Song]) -> bool:
        distances = self._apart(song.track, [other.track for other in others])
        return any(is_same(song, other, float(far)) for other, far in zip(others, distances, strict=True))


def _may_be_near(distance: float | None, other: float | None) -> bool:
    """Whether two can be copies by their distances from a seed; by the triangle inequality, else nobody knows."""
    return distance is None or other is None or abs(distance - other) < NEAR


def _far(one: Named, other: Named) -> float:
    is_version = _title(one.title).is_version or _title(other.title).is_version
    return FAR_FOR_A_VERSION if is_version else FAR


def _is_of_one_place(one: Named, other: Named) -> bool:
    """Whether album and length are known and the same."""
    album = identity(one.album)
    return bool(album) and album == identity(other.album) and of_one_length(one.seconds, other.seconds)


def _pairs(tracks: Sequence[Named]) -> Iterator[tuple[int, int]]:
    """Places of those tracks that share names."""
    places: dict[Recording, list[int]] = {}
    for place, track in enumerate(tracks):
        for name in names_of(track):
            places.setdefault(name, []).append(place)
    for alike in places.values():
        yield from combinations(alike, 2)


@lru_cache(maxsize=20_000)
def _names(artist: str, artists: tuple[str, ...], title: str) -> frozenset[Recording]:
    plain = _title(title).title
    return frozenset((name, plain) for name in _somebodies(credits_of(artist, artists).main)) if plain else frozenset()


@lru_cache(maxsize=20_000)
def _everyone(artist: str, artists: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_somebodies(credits_of(artist, artists).everyone))


def _somebodies(names: Iterable[str]) -> Iterator[str]:
    return filter(is_somebody, map(identity, names))


@lru_cache(maxsize=20_000)
def _title(title: str) -> Title:
    folded = fold(title)
    plain = _without_version(folded)
    letters = _letters(plain)
    return Title(letters if _tells(letters) else "", plain != folded)


def _tells(letters: str) -> bool:
    """Whether a title is more than numbers and words that many titles are."""
    words = [word for word in _WORDS.findall(letters) if not _NUMERAL.fullmatch(word)]
    named = [word for word in words if word not in _COUNTED]
    return any(word not in _TELLS_NOTHING for word in named or words)


def _without_version(title: str) -> str:
    plain = _FEATURING.sub("", _DASHED.sub("", _BRACKETED.sub("", title)))
    return plain if plain.strip() else title


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub(" ", text).strip()
