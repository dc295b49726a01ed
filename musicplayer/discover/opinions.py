"""What the listener says of tracks: known here at once, kept in the database, taken back on wish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.plays import Opinion, Thumb
from indexer.core.store.records import Matter
from indexer.core.tracks import TrackId
from musicplayer.discover.dislikes import Ask, nobody

_LATER = 0.001
"""Seconds that an opinion is later than the one before, whatever the clock says: the later one stays."""


class Opinions(QObject):
    """Thumbs, stars and favourites of the listener at the desktop.

    Signals:
        changed: frozenset of TrackId that other things are said of than before.
    """

    changed = Signal(object)

    def __init__(
        self, ask: Ask = nobody, keep: Callable[[Note], None] = lambda _: None, parent: QObject | None = None
    ) -> None:
        """Read through `ask` what was said before, and have all that is said kept through `keep`."""
        super().__init__(parent)
        self._ask = ask
        self._keep = keep
        self._kept: Mapping[TrackId, Opinion] = {}
        self._since: dict[TrackId, Opinion] = {}

    def of(self, track: TrackId) -> Opinion:
        """What is said of a track; an empty opinion where nothing is."""
        return self._since.get(track) or self._kept.get(track) or Opinion(track)

    def all(self) -> dict[TrackId, Opinion]:
        """Everything that is said, without what says nothing."""
        return {track: said for track, said in {**self._kept, **self._since}.items() if not said.is_empty}

    def is_disliked(self, track: TrackId) -> bool:
        """Whether the thumb is down."""
        return self.of(track).thumb is Thumb.DOWN

    def set_thumb(self, tracks: Iterable[TrackId], thumb: Thumb) -> tuple[Opinion, ...]:
        """Say what is thought of tracks in general; returns what was said before, for `put_back`."""
        return self._say(tracks, lambda said: replace(said, thumb=thumb))

    def set_rating(self, tracks: Iterable[TrackId], stars: float | None) -> tuple[Opinion, ...]:
        """Give tracks 0 to 5 stars, or None for no opinion; returns what was said before, for `put_back`."""
        return self._say(tracks, lambda said: replace(said, rating=stars))

    def set_favourite(self, tracks: Iterable[TrackId], *, favourite: bool) -> tuple[Opinion, ...]:
        """Make tracks favourites, or no longer; returns what was said before, for `put_back`."""
        return self._say(tracks, lambda said: replace(said, favourite=favourite))

    def put_back(self, before: Sequence[Opinion]) -> None:
        """Say again what was said before."""
        said = {opinion.track: opinion for opinion in before}
        self._say(said, lambda opinion: said[opinion.track])

    def load(self) -> None:
        """Take what the database has, as soon as it answers; what was said here later than there holds."""
        self._ask(lambda database: database.opinions.said(), self._on_loaded)

    def on_news(self, matters: frozenset[Matter]) -> None:
        """Another program wrote something of the owner."""
        if Matter.OPINIONS in matters:
            self.load()

    def forget(self) -> None:
        """This is another library, or all was erased: nothing is said in it until it is loaded."""
        before = frozenset(self.all())
        self._kept, self._since = {}, {}
        self.changed.emit(before)

    def _say(self, tracks: Iterable[TrackId], change: Callable[[Opinion], Opinion]) -> tuple[Opinion, ...]:
        before = tuple(self.of(track) for track in dict.fromkeys(tracks))
        now = time.time()
        for said in before:
            opinion = replace(change(said), at=max(now, said.at + _LATER))
            self._since[said.track] = opinion
            self._keep(Note(NoteKind.OPINION, opinion.as_record()))
        if before:
            self.changed.emit(frozenset(said.track for said in before))
        return before

    def _on_loaded(self, kept: Mapping[TrackId, Opinion]) -> None:
        before = self.all()
        self._kept = kept
        self._since = {
            track: said for track, said in self._since.items() if track not in kept or kept[track].at < said.at
        }
        now = self.all()
        changed = {track for track in {*before, *now} if _meant(before.get(track)) != _meant(now.get(track))}
        if changed:
            self.changed.emit(frozenset(changed))


def _meant(said: Opinion | None) -> Opinion | None:
    """An opinion without when it was said."""
    return None if said is None else replace(said, at=0.0)
