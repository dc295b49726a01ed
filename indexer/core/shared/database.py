"""The library of another machine where a player expects its database: the same stores, which ask the server.

Whatever a server does not do for a listener is refused in one sentence, so that nothing seems done and is not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from indexer.core.shared.asking import Asking
from indexer.core.shared.glance import Looks
from indexer.core.shared.library import (
    NoFiles,
    NoFolders,
    NoHeirs,
    NoProblems,
    SharedFeatures,
    SharedGenres,
    SharedSounds,
    SharedTracks,
    SharedTransfer,
    SharedWords,
)
from indexer.core.shared.listener import (
    NoImpressions,
    NoQueues,
    NoTallies,
    SharedFeedback,
    SharedNews,
    SharedOpinions,
    SharedPlaylists,
    SharedPlays,
)
from indexer.core.shared.server import Server
from indexer.core.store.codec import Document
from indexer.core.store.connection import Connection
from indexer.core.store.database import Census, Database
from indexer.core.store.faults import DatabaseError
from indexer.core.tracks import TrackId

Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


class SharedDatabase(Database):
    """The library of a server, of the listener whose key is shown there; for one thread.

    Every method raises what `Asking` does; what is not overridden in a store is done where the music is, and raises
    DatabaseError.
    """

    def __init__(self, server: Server) -> None:
        """Ask a server, from the first call on."""
        connection, self._asking = Elsewhere(server), Asking(server)
        super().__init__(connection)
        looks = self._looks = Looks(self._asking)
        self.tracks = SharedTracks(connection, looks)
        self.files = NoFiles(connection)
        self.folders = NoFolders(connection)
        self.genres = SharedGenres(connection, looks)
        self.features = SharedFeatures(connection, looks)
        self.heirs = NoHeirs(connection)
        self.news = SharedNews(connection, looks)
        self.plays = SharedPlays(connection, self.heirs, self.news, looks)
        self.tallies = NoTallies(connection, self.heirs, self.news)
        self.queues = NoQueues(connection, self.news)
        self.playlists = SharedPlaylists(connection, self.news, looks)
        self.feedback = SharedFeedback(connection, self.heirs, self.news, looks)
        self.opinions = SharedOpinions(connection, self.heirs, self.news, looks)
        self.impressions = NoImpressions(connection)
        self.problems = NoProblems(connection)
        self.sounds = SharedSounds(connection, looks)
        self.words = SharedWords(connection, looks)
        self.transfer = SharedTransfer(connection, looks)
        self.census = SharedCensus(connection, looks)

    def analysed(self, key: str) -> set[TrackId]:
        """As the server counts them."""
        return self.features.analysed(key)

    def analysed_number(self, key: str) -> int:
        """Likewise."""
        return self.features.count(key)

    def ping(self) -> None:
        """Return when the server has answered, with what it says of the library."""
        self._looks.forget()
        self._looks.now()

    def close(self) -> None:
        """Hang up; doing it twice does no harm."""
        self._asking.close()


def open_shared(server: Server) -> SharedDatabase:
    """The library of a server that answers, and lets the listener of its key in.

    Raises:
        DatabaseUnavailable: it does not answer.
        DatabaseError: it does not know the key, or is no Segue that shares its library.
    """
    database = SharedDatabase(server)
    try:
        database.ping()
    except DatabaseError:
        database.close()
        raise
    log.info("connected to the server of a shared library")
    return database


class SharedCensus(Census):
    """How much there is, as far as the server says so."""

    def __init__(self, connection: Connection, looks: Looks) -> None:
        super().__init__(connection)
        self._looks = looks

    def counts(self) -> dict[str, int]:
        """Tracks and features."""
        now = self._looks.now()
        return {"tracks": now.present + now.away, "features": now.analysed}

    def problems(self) -> dict[str, int]:
        """None are known here."""
        return {}

    def server(self) -> str:
        """No database at all."""
        return "a server of Segue"


class Elsewhere(Connection):
    """In place of a connection to a database: there is none, and whoever wants one is told where it is done."""

    def __init__(self, server: Server) -> None:
        """Connect to nothing; addresses are without the key."""
        self.uri = server.address
        self.address = server.address
        self.name = "shared"

    def collection(self, name: str) -> NoReturn:
        """Refuse."""
        raise _elsewhere()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Nothing of a driver's is in the block."""
        yield

    def once_more(self, operation: Callable[[], Answer]) -> Answer:
        """Refuse."""
        raise _elsewhere()

    def read(self, name: str, query: Mapping[str, Any], **options: Any) -> NoReturn:
        """Refuse, at once and not where it would be consumed."""
        raise _elsewhere()

    def replace(self, name: str, document: Document) -> None:
        """Refuse."""
        raise _elsewhere()

    def ping(self) -> None:
        """There is nothing to wait for."""

    def server_version(self) -> str:
        """Refuse."""
        raise _elsewhere()

    def close(self) -> None:
        """There is nothing to hang up."""


def _elsewhere() -> DatabaseError:
    return DatabaseError("shared-elsewhere")
