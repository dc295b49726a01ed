"""What became of all that an import read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from indexer.history.reading import LEFT_OUT

_SHOWN_ARTISTS = 10


@dataclass
class Account:
    """What became of all that was read: `read` is the sum of `kept`, `known` and `refused`.

    Attributes:
        files: how many held a history.
        read: plays, tallies and what was refused.
        kept: plays and tallies that were not known before; in a dry run those that would be tried.
        known: those that were told before, in an earlier import or twice in this one.
        matched: plays and tallies whose track is in the library.
        by_artist: of the others, those by an artist who is in the library.
        refused: by reason, those that are left out for being no music too.
        missing: plays and tallies that match nothing, by artist.
        formats: files by format.
        crowds: folders of those that were kept.
        songs: words of songs, which are no part of what is `read`; their refused lines are.
        songs_matched: those of tracks in the library.
        words_kept: tracks that got words they did not have; in a dry run those that would be looked at.
    """

    files: int = 0
    read: int = 0
    kept: int = 0
    known: int = 0
    matched: int = 0
    by_artist: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    crowds: list[str] = field(default_factory=list)
    songs: int = 0
    songs_matched: int = 0
    words_kept: int = 0
    cancelled: bool = False

    @property
    def refused_number(self) -> int:
        """How many are no plays, without those that are sound and left out."""
        return sum(number for code, number in self.refused.items() if code not in LEFT_OUT)

    @property
    def left_out(self) -> int:
        """How many are podcasts, playing now or never played."""
        return sum(self.refused[code] for code in LEFT_OUT)

    @property
    def missing_number(self) -> int:
        """How many plays and tallies have no track in the library."""
        return self.kept + self.known - self.matched

    def most_missed(self) -> list[str]:
        """The artists with the most plays that match nothing."""
        return [artist for artist, _ in self.missing.most_common(_SHOWN_ARTISTS)]

    def summary(self) -> dict[str, float]:
        """Counts by name."""
        return {
            "files": self.files,
            "read": self.read,
            "kept": self.kept,
            "known": self.known,
            "matched": self.matched,
            "missing": self.missing_number,
            "missing_by_known_artists": self.by_artist,
            "refused": self.refused_number,
            "left_out": self.left_out,
            "songs": self.songs,
            "songs_matched": self.songs_matched,
            "words_kept": self.words_kept,
        }
