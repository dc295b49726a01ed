"""Tells the catalogue what the other listeners of a home played, so that `listener:anna` in a search finds it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.files.json_files import read_object
from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.text import fold
from indexer.core.tracks import TrackId
from musicplayer.library.database_client import DatabaseClient

if TYPE_CHECKING:
    from indexer.core.store import Database

Played = dict[ListenerId, Collection[TrackId]]


class Heard(QObject):
    """Asks the database, in its own thread, once it is connected and when somebody else played something.

    Only listeners with an account are asked for, who are a household; the owner's plays are in the catalogue anyway.

    Signals:
        changed: the catalogue knows of other plays.
    """

    changed = Signal()

    def __init__(self, home: Home, catalogue: Catalogue, client: DatabaseClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._catalogue = catalogue
        self._client = client
        self._played: Played = {}
        client.connected.connect(self._ask_all)
        client.others_played.connect(self._ask)

    def _ask_all(self) -> None:
        self._played = {}
        self._ask(frozenset(listeners_of(self._home)))

    def _ask(self, listeners: frozenset[ListenerId]) -> None:
        wanted = listeners & listeners_of(self._home).keys()

        def counted(database: Database) -> Played:
            return {listener: list(database.plays.counts(listener)) for listener in wanted}

        if wanted:
            self._client.ask(counted, self._take)

    def _take(self, played: Played) -> None:
        self._played |= played
        names = listeners_of(self._home)
        self._catalogue.set_heard({names[who]: tracks for who, tracks in self._played.items() if who in names})
        self.changed.emit()


def listeners_of(home: Home) -> dict[ListenerId, str]:
    """The folded names of the listeners who have an account in a home, but for the owner; reads a small file."""
    found = read_object(home.accounts_file).get("accounts") if home.accounts_file.exists() else None
    accounts = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return {
        ListenerId(str(each.get("id"))): fold(str(each.get("name"))) for each in accounts if each.get("id") != OWNER
    }
