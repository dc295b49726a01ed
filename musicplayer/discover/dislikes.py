"""Tracks that a person hid for a seed: known here at once, kept in the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from indexer.core.follow.journal import Note, NoteKind
from indexer.core.follow.orders import hidden_with
from indexer.core.store.records import Matter
from indexer.core.tracks import TrackId

if TYPE_CHECKING:
    from indexer.core.store import Database

Pair = tuple[TrackId, TrackId]


class Ask(Protocol):
    """`DatabaseClient.ask`: does `work` with the database later, and gives its result to `then`."""

    def __call__(
        self,
        work: Callable[[Database], Any],
        then: Callable[[Any], None] | None = None,
        *,
        must_succeed: bool = False,
    ) -> None: ...


def nobody(
    work: Callable[[Database], Any], then: Callable[[Any], None] | None = None, *, must_succeed: bool = False
) -> None:
    """An `Ask` without a database: nothing is kept, nothing comes back."""


class Dislikes(QObject):
    """Hides tracks for one seed and for nothing else: A may be wrong beside B although B is right beside A.

    Signals:
        changed: what is hidden is other than before.
    """

    changed = Signal()

    def __init__(
        self,
        ask: Ask = nobody,
        keep: Callable[[Note], None] = lambda _: None,
        parent: QObject | None = None,
        *,
        untold: Callable[[], Sequence[Note]] = tuple,
    ) -> None:
        """Read through `ask` what is hidden, and have every change of it kept through `keep`.

        `untold` says in any thread what was kept and the database does not have yet.
        """
        super().__init__(parent)
        self._ask = ask
        self._keep = keep
        self._untold = untold
        self._kept: Mapping[TrackId, frozenset[TrackId]] = {}
        self._since: dict[Pair, tuple[int, bool]] = {}
        self._changes = 0

    def hidden(self, seed: TrackId) -> frozenset[TrackId]:
        """The tracks that are not wanted for a seed."""
        hidden = set(self._kept.get(seed, ()))
        for (about, track), (_, is_hidden) in self._since.items():
            if about == seed:
                (hidden.add if is_hidden else hidden.discard)(track)
        return frozenset(hidden)

    def all(self) -> dict[TrackId, frozenset[TrackId]]:
        """The same of every seed."""
        seeds = {*self._kept, *(seed for seed, _ in self._since)}
        return {seed: hidden for seed in seeds if (hidden := self.hidden(seed))}

    def hide(self, seed: TrackId, tracks: Sequence[TrackId]) -> None:
        """Keep tracks out of what sounds like `seed`, until they are restored."""
        self.hide_for_all([seed], tracks)

    def hide_for_all(self, seeds: Sequence[TrackId], tracks: Sequence[TrackId]) -> None:
        """The same for several seeds, told once."""
        if seeds and tracks:
            content = {"seeds": list(seeds), "tracks": list(tracks)}
            self._keep(Note(NoteKind.HIDE, {**content, "at": time.time()}))
            self._change(seeds, tracks, hidden=True)

    def restore(self, seed: TrackId, tracks: Sequence[TrackId]) -> None:
        """Let tracks be among what sounds like `seed` again."""
        self.restore_for_all([seed], tracks)

    def restore_for_all(self, seeds: Sequence[TrackId], tracks: Sequence[TrackId]) -> None:
        """The same for several seeds, told once."""
        if seeds and tracks:
            self._keep(Note(NoteKind.RESTORE, {"seeds": list(seeds), "tracks": list(tracks)}))
            self._change(seeds, tracks, hidden=False)

    def load(self) -> None:
        """Take what the database has, as soon as it answers; what was changed here in the meantime holds."""
        asked = self._changes

        def known(database: Database) -> dict[TrackId, frozenset[TrackId]]:
            return hidden_with(database.feedback.hidden(), self._untold())

        self._ask(known, lambda kept: self._on_loaded(kept, asked))

    def on_news(self, matters: frozenset[Matter]) -> None:
        """Another program wrote something of the owner."""
        if Matter.HIDDEN in matters:
            self.load()

    def forget(self) -> None:
        """This is another library: nothing is hidden in it until it is loaded."""
        self._kept, self._since = {}, {}
        self.changed.emit()

    def _change(self, seeds: Sequence[TrackId], tracks: Sequence[TrackId], *, hidden: bool) -> None:
        self._changes += 1
        self._since |= {(seed, track): (self._changes, hidden) for seed in seeds for track in tracks}
        self.changed.emit()

    def _on_loaded(self, kept: Mapping[TrackId, frozenset[TrackId]], asked: int) -> None:
        """Take what was known when it was looked up, with all changes up to the one that was `asked` after."""
        before = self.all()
        self._kept = kept
        self._since = {pair: change for pair, change in self._since.items() if change[0] > asked}
        if self.all() != before:
            self.changed.emit()
