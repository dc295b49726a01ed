"""Tells songs from what else lies in a library: talk, mixes and jingles, by length, genre, folder and name.

One sign is enough where it is plain: a genre of talk, a file of an audiobook, two hours. A folder's or a track's name
says "mix" of a mix only where the track is long. Length alone makes nothing of what a symphony's movement, a piece of
ambient music or a concert can last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import repeat
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.columns import TextColumn
from indexer.core.catalogue.fields import names_in
from indexer.core.catalogue.folders import FolderColumn
from indexer.core.settings import Settings
from indexer.core.text import fold
from indexer.core.tracks import Seconds, TrackId

Kinds = NDArray[np.int8]

_TALK_ENDINGS = (".m4b", ".aax", ".aa", ".M4B", ".AAX", ".AA")
_TALK_GENRES = frozenset(
    fold(name)
    for name in (
        "audiobook", "audiobooks", "audio book", "audio books", "books & spoken", "spoken & audio", "audio drama",
        "audio theatre", "audio theater", "radio theater", "radio theatre", "radio drama", "radio play", "podcast",
        "podcasts", "speech", "speeches", "spoken", "spoken word", "talk", "talk radio", "lecture", "lectures",
        "sermon", "sermons", "interview", "interviews", "Hörbuch", "Hörbücher", "Hoerbuch", "Hörspiel", "Hörspiele",
        "Hoerspiel", "livre audio", "livres audio", "audiolibro", "audiolibros", "luisterboek", "language course",
        "language courses",
    )
)  # fmt: skip
_TALK_WORDS = re.compile(
    r"(?<!\w)(?:audio ?book(?:s|i|ow)?|podcasts?|(?:\w*h(?:o|oe)rb(?:u|ue)ch|audiobok|ljudbok|lydbo[gk])(?:er|en)?"
    r"|\w*h(?:o|oe)rspiele?|livres? audio|audio ?livres?|audiolivros?|audiolibr[oi]s?|luisterboek(?:en)?|ljudbocker"
    r"|lyd(?:boger|boker)|aanikirja[t]?|audiokni[gh]\w*|hangoskonyv\w*|sesli kitap\w*|аудиокни\w+|подкаст\w*"
    r"|радиоспектакл\w+)(?!\w)|オーディオブック|ポッドキャスト|有声[书書]|有聲書|有声读物|播客|오디오북|팟캐스트"
)
"""Words in many languages, folded, that say so wherever they stand in the name of a folder or a genre."""

_MIX_GENRES = frozenset({"mix", "mixes", "dj mix", "dj mixes", "dj set", "dj sets", "mixtape", "mixtapes", "megamix"})
_MIX_FOLDERS = _MIX_GENRES | {"sets", "live sets", "radio shows", "full albums"}
_MIX_NAME = re.compile(
    r"(?<!\w)(?:(?:dj|live)[ -]?set|dj[ -]?mix|mega ?mix|mix ?tape|mixed by|full (?:album|ep)|radio ?show|mix session"
    r"|(?:in the|continuous|non-?stop|guest|essential|live) mix|mix(?: \d+)?$)(?!\w)|^mix(?!\w)"
)
_JINGLE_GENRES = frozenset(
    {"jingle", "jingles", "sound clip", "sound clips", "sound effect", "sound effects", "sfx", "ringtone", "ringtones"}
)
_JINGLE_FOLDERS = _JINGLE_GENRES | {"fx", "soundeffects", "samples", "klingeltone", "idents", "station ids"}
_TALK_FOLDERS = frozenset({"lectures", "sermons", "speeches", "spoken word", "radio plays", "audio dramas"})
_BETWEEN_WORDS = re.compile(r"[ _-]+")
_JINGLE_UP_TO: Seconds = 60.0


class Kind(IntEnum):
    """What a track is; whatever no rule knows is a song."""

    SONG = 0
    TALK = 1  # an audiobook, a podcast, a play
    MIX = 2  # a mix of many songs, an album in one file
    JINGLE = 3  # too short for a song


@dataclass(frozen=True, slots=True)
class SongRules:
    """From where on a length says something.

    Attributes:
        on: off, everything is a song.
        shortest: what is shorter is a jingle; 0 for none.
        named: from this length on, a name, genre or folder that says "mix" is believed.
        talk_from: from this length on, what sounds like speech is talk; a rapper's words alone are shorter.
        longest: what is longer is a mix, whatever it is called; a CD holds 80 minutes.
        folders: further names of folders and genres, folded, that hold no songs.
    """

    on: bool = True
    shortest: Seconds = 20.0
    named: Seconds = 25 * 60.0
    talk_from: Seconds = 10 * 60.0
    longest: Seconds = 80 * 60.0
    folders: frozenset[str] = frozenset()


def song_rules(settings: Settings) -> SongRules:
    """What the settings call a song."""
    return SongRules(
        settings.only_songs,
        shortest=settings.shortest_song,
        named=60.0 * settings.named_mix,
        talk_from=60.0 * settings.talk_from,
        longest=60.0 * settings.longest_song,
        folders=words_in(settings.no_song_folders),
    )


class Fits:
    """Says of rows whether they may be offered beside some seeds, and counts those that may not.

    Attributes:
        left_out: how many were asked about that may not.
    """

    def __init__(self, kinds: Kinds, wanted: Iterable[Kind]) -> None:
        self._kinds = kinds
        self._wanted = frozenset({Kind.SONG, *wanted})
        self.left_out = 0

    def __call__(self, row: int) -> bool:
        fits = row >= len(self._kinds) or int(self._kinds[row]) in self._wanted
        self.left_out += not fits
        return fits


class SongSense:
    """Knows of every track of a catalogue what it is, by rules that can be changed."""

    def __init__(self, catalogue: Catalogue, rules: SongRules = SongRules()) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._kinds: Kinds | None = None
        self._of_changes = -1
        self._names = _Remembered(lambda name: bool(_MIX_NAME.search(fold(name))))
        self._endings = _Endings()
        self._speaking: dict[tuple[frozenset[str], re.Pattern[str] | None], _Speaking] = {}

    @property
    def rules(self) -> SongRules:
        return self._rules

    def set_rules(self, rules: SongRules) -> None:
        if rules != self._rules:
            self._rules, self._kinds = rules, None

    def kinds(self) -> Kinds:
        """What each row is, shape (rows,); worked out anew when tracks have changed."""
        if self._kinds is None or self._of_changes != self._catalogue.changes:
            self._of_changes = self._catalogue.changes
            self._kinds = self._worked_out()
        return self._kinds

    def kind_of(self, track: TrackId) -> Kind:
        row = self._catalogue.row_of(track)
        return Kind.SONG if row is None else Kind(int(self.kinds()[row]))

    def fits(self, seeds: Iterable[TrackId]) -> Fits:
        """What may be offered beside these seeds: songs, and what is of the kind of a seed."""
        return Fits(self.kinds(), map(self.kind_of, seeds))

    def fitting(self, seeds: Iterable[TrackId]) -> Callable[[TrackId], bool]:
        """The same as a question about tracks of the catalogue."""
        fits, row_of = self.fits(seeds), self._catalogue.row_of
        return lambda track: (row := row_of(track)) is not None and fits(row)

    def _worked_out(self) -> Kinds:
        """Texts are looked at once per different one, and numbers all at once."""
        catalogue, rules = self._catalogue, self._rules
        kinds = np.zeros(catalogue.row_count, np.int8)
        if not rules.on:
            return kinds
        seconds = catalogue.numbers("seconds").array
        kinds[seconds < rules.shortest] = Kind.JINGLE
        is_called_jingle = self._lies_in(_JINGLE_FOLDERS) | self._genre_is(_JINGLE_GENRES)
        kinds[(seconds <= _JINGLE_UP_TO) & is_called_jingle] = Kind.JINGLE
        kinds[seconds > rules.longest] = Kind.MIX
        kinds[self._is_called_mix(np.flatnonzero(seconds >= rules.named))] = Kind.MIX
        talk = self._endings.of(catalogue.texts("path")) | self._genre_is(_TALK_GENRES)
        talk |= self._any_genre_says(rules.folders, _TALK_WORDS)
        talk |= (catalogue.numbers("speech").array > 0) & (seconds >= rules.talk_from)
        kinds[talk | self._lies_in(rules.folders | _TALK_FOLDERS, _TALK_WORDS)] = Kind.TALK
        return kinds

    def _is_called_mix(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of the rows, which are long, whose names, genre or folder say that they are mixes."""
        catalogue = self._catalogue
        said = self._genre_is(_MIX_GENRES)[rows] | self._lies_in(_MIX_FOLDERS)[rows]
        for name in ("title", "album"):
            said |= self._names.of_rows(catalogue.texts(name), rows)
        return rows[said]

    def _any_genre_says(self, names: frozenset[str], pattern: re.Pattern[str]) -> NDArray[np.bool_]:
        """Whether one of the genres of each row has one of these names, or the pattern is found in it."""
        said = np.zeros(self._catalogue.row_count, np.bool_)
        for column in (self._catalogue.texts("genre"), self._catalogue.texts("genres")):
            parts = (map(fold, names_in(value)) for value in column.values)
            known = [any(part in names or pattern.search(part) for part in genres) for genres in parts]
            said |= np.array(known, np.bool_)[column.codes]
        return said

    def _genre_is(self, names: frozenset[str]) -> NDArray[np.bool_]:
        """Whether the first genre of each row, which is what it is above all, has one of these names."""
        genres = self._catalogue.texts("genre")
        known = np.fromiter((folded in names for folded in genres.folded), np.bool_, len(genres.values))
        found: NDArray[np.bool_] = known[genres.codes]
        return found

    def _lies_in(self, names: frozenset[str], pattern: re.Pattern[str] | None = None) -> NDArray[np.bool_]:
        """Whether a folder above each row has one of these names, or one in which the pattern is found.

        A folder that is called as the artist or the album of the track is their name and says nothing.
        """
        folders = self._catalogue.folders()
        key = (names, pattern)
        if key not in self._speaking or not self._speaking[key].is_of(folders):
            self._speaking[key] = _Speaking(folders, names, pattern)
        known, parts = self._speaking[key].followed()
        codes = folders.codes
        found: NDArray[np.bool_] = known[codes]
        rows = np.flatnonzero(found)
        found[rows[self._are_names_of_music(rows, codes[rows], parts)]] = False
        return found

    def _are_names_of_music(
        self, rows: NDArray[np.intp], folders: NDArray[np.int32], speaking: dict[int, set[str]]
    ) -> NDArray[np.bool_]:
        """Whether the folders that speak are all called as the artist or album of the row; once per different one."""
        texts = [self._catalogue.texts(name) for name in ("artist", "album_artist", "album")]
        keys = np.stack([folders, *(text.codes[rows] for text in texts)], axis=1)
        different, places = np.unique(keys, axis=0, return_inverse=True)
        answers = [
            speaking[folder] <= {fold(text.values[code]) for text, code in zip(texts, names, strict=True)}
            for folder, *names in different.tolist()
        ]
        return np.array(answers, np.bool_)[places.ravel()]


class _Speaking:
    """Which folders have a name that says what is in them; each is looked at once."""

    def __init__(self, folders: FolderColumn, names: frozenset[str], pattern: re.Pattern[str] | None) -> None:
        self._folders = folders
        self._names = names
        self._pattern = pattern
        self._known = np.empty(0, np.bool_)
        self._parts: dict[int, set[str]] = {}

    def is_of(self, folders: FolderColumn) -> bool:
        return folders is self._folders

    def followed(self) -> tuple[NDArray[np.bool_], dict[int, set[str]]]:
        """For each folder whether it speaks, and by its number what of its path does."""
        values = self._folders.values
        first = len(self._known)
        found = {code: parts for code in range(first, len(values)) if (parts := self._said(values[code]))}
        self._parts.update(found)
        self._known = np.concatenate((self._known, np.zeros(len(values) - first, np.bool_)))
        self._known[list(found)] = True
        return self._known, self._parts

    def _said(self, folder: str) -> set[str]:
        parts = map(fold, PurePath(folder).parts)
        return {part for part in parts if self._says(part) or self._says(_BETWEEN_WORDS.sub(" ", part))}

    def _says(self, name: str) -> bool:
        return name in self._names or (self._pattern is not None and self._pattern.search(name) is not None)


class _Endings:
    """Whether the name of each row's file ends as those of talk do; each path is looked at once."""

    def __init__(self) -> None:
        self._column: TextColumn | None = None
        self._answers = np.empty(0, np.bool_)

    def of(self, paths: TextColumn) -> NDArray[np.bool_]:
        """The answers for all rows."""
        if paths is not self._column:
            self._column, self._answers = paths, np.empty(0, np.bool_)
        fresh = paths.values[len(self._answers) :]
        if fresh:
            answers = np.fromiter(map(str.endswith, fresh, repeat(_TALK_ENDINGS)), np.bool_, len(fresh))
            self._answers = np.concatenate((self._answers, answers))
        found: NDArray[np.bool_] = self._answers[paths.codes]
        return found


class _Remembered:
    """What a question about a text says, asked once for each different text."""

    def __init__(self, ask: Callable[[str], bool]) -> None:
        self._ask = ask
        self._by_text: dict[str, bool] = {}

    def of_rows(self, column: TextColumn, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """The answers for some rows, shape as theirs; the texts of others are not looked at."""
        codes, places = np.unique(column.codes[rows], return_inverse=True)
        answers = [self._asked(column.values[code]) for code in codes.tolist()]
        return np.array(answers, np.bool_)[places.ravel()]

    def _asked(self, text: str) -> bool:
        answer = self._by_text.get(text)
        if answer is None:
            answer = self._by_text[text] = self._ask(text)
        return answer


def words_in(text: str) -> frozenset[str]:
    """Names of folders and genres from a line of text, parted by commas, folded."""
    return frozenset(filter(None, (fold(name).strip() for name in text.split(","))))
