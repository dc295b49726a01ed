"""The one door to the database: opens an address or the managed server, and hands out the stores."""

from __future__ import annotations

import contextlib
import logging
import os
from collections import Counter
from types import TracebackType
from typing import Self

from indexer.core.home import Home
from indexer.core.sentences.told import told
from indexer.core.store import schema
from indexer.core.store.address import MANAGED, URI_VARIABLE
from indexer.core.store.collections import COLLECTIONS
from indexer.core.store.connection import Connection
from indexer.core.store.facts import PROBLEMS, ChoiceStore, FileStore, FolderStore, GenreStore, ModelStore, ProblemStore
from indexer.core.store.faults import DatabaseError
from indexer.core.store.features import FeatureStore
from indexer.core.store.heirs import HeirStore
from indexer.core.store.managed.server import ManagedServer, attach
from indexer.core.store.news import NewsStore
from indexer.core.store.opinions import FeedbackStore, ImpressionStore, OpinionStore
from indexer.core.store.playlists import PlaylistStore, QueueStore
from indexer.core.store.plays import PlayStore, TallyStore
from indexer.core.store.restoring import RestoringStore
from indexer.core.store.sounds import SoundStore
from indexer.core.store.tracks import TrackStore
from indexer.core.store.transfer import TransferStore
from indexer.core.store.words import WordStore
from indexer.core.tracks import Seconds, TrackId, TrackState

log = logging.getLogger(__name__)

_ADVICE_OWN_SERVER = told("database-of-others", variable=URI_VARIABLE)


class Database:
    """An open database; safe to share between threads, not between processes.

    Every method of every store raises DatabaseUnavailable when the server does not answer, and DatabaseError when
    it refuses. A managed server that died comes back by itself within seconds on the same address.
    """

    def __init__(self, connection: Connection, server: ManagedServer | None = None) -> None:
        self._connection = connection
        self._server = server
        self.tracks = TrackStore(connection)
        self.words = WordStore(connection)
        self.files = FileStore(connection)
        self.folders = FolderStore(connection)
        self.genres = GenreStore(connection)
        self.features = FeatureStore(connection)
        self.models = ModelStore(connection)
        self.heirs = HeirStore(connection)
        self.news = NewsStore(connection)
        self.plays = PlayStore(connection, self.heirs, self.news)
        self.tallies = TallyStore(connection, self.heirs, self.news)
        self.queues = QueueStore(connection, self.news)
        self.playlists = PlaylistStore(connection, self.news)
        self.feedback = FeedbackStore(connection, self.heirs, self.news)
        self.opinions = OpinionStore(connection, self.heirs, self.news)
        self.impressions = ImpressionStore(connection)
        self.problems = ProblemStore(connection)
        self.sounds = SoundStore(connection)
        self.choices = ChoiceStore(connection)
        self.transfer = TransferStore(connection)
        self.restoring = RestoringStore(connection)
        self.census = Census(connection)

    @property
    def uri(self) -> str:
        """The address with its credentials; not for logs, command lines or messages."""
        return self._connection.uri

    @property
    def address(self) -> str:
        """Host and port, to show."""
        return self._connection.address

    @property
    def name(self) -> str:
        return self._connection.name

    @property
    def is_managed(self) -> bool:
        """Whether the server is ours, started and ended with its users."""
        return self._server is not None

    def analysed(self, key: str) -> set[TrackId]:
        """The tracks that count for a profile: they have features, and are in the library, if only away.

        Features of tracks that left are kept, in case they come back; they make them part of nothing.
        """
        return self.features.analysed(key) - self._gone()

    def analysed_number(self, key: str) -> int:
        """How many `analysed` gives, which costs next to nothing for as long as no track has left."""
        analysed, gone = self.features.count(key), self._gone()
        return analysed - len(self.features.analysed(key) & gone) if analysed and gone else analysed

    def uncomparable_number(self, key: str) -> int:
        """How many tracks have nothing of a profile, and a problem that says why they never will."""
        paths = self.problems.hindered()
        if not paths:
            return 0
        hindered = self.tracks.at(paths)
        return len(hindered) - len(self.features.written_since(key, hindered, -1))

    def _gone(self) -> set[TrackId]:
        return self.tracks.ids((TrackState.GONE,)) if self.tracks.count(TrackState.GONE) else set()

    def ping(self) -> None:
        """Return when the server has answered.

        Raises:
            DatabaseUnavailable: it did not within 5 s.
        """
        self._connection.ping()

    def close(self) -> None:
        """Close the connection and give back the claim on a managed server; doing it twice does no harm."""
        self._connection.close()
        if self._server is not None:
            self._server.release()
            self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_database(home: Home, *, uri: str | None = None, wait: Seconds = 30.0) -> Database:
    """Open the database, ready to use: its server runs, its indexes exist, its schema is current.

    Args:
        home: the home whose managed server is used where no address is given.
        uri: address of a MongoDB server, or "managed"; else what SEGUE_MONGODB_URI says; else a managed server.
        wait: seconds that a managed server may take to start.

    Raises:
        DatabaseUnavailable: the server does not answer, or cannot be started.
        DatabaseError: it refuses, or the database is newer than this program; or the library of this home is on another
            machine, whose server alone knows its database.
    """
    if home.server_file.exists():
        raise DatabaseError("shared-elsewhere")
    chosen = uri or os.environ.get(URI_VARIABLE)
    if chosen == MANAGED:
        chosen = None
    with contextlib.ExitStack() as undo:
        server = None if chosen else attach(home, wait=wait)
        if server is not None:
            undo.callback(server.release)
        if server is None:
            connection = Connection(str(chosen), _ADVICE_OWN_SERVER)
        else:
            connection = Connection(server.uri, server.advice, server.explain)
        undo.callback(connection.close)
        connection.ping()
        schema.migrate(connection)
        undo.pop_all()
        log.info("connected to %s", "the server at the given address" if server is None else "the managed server")
        return Database(connection, server)


class Census:
    """How much there is in the database, and what kind of server keeps it; no contents."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self) -> dict[str, int]:
        """Documents by collection."""
        with self._connection.errors():
            return {name: self._connection.collection(name).count_documents({}) for name in COLLECTIONS}

    def problems(self) -> dict[str, int]:
        """Problems by kind."""
        records = self._connection.read(PROBLEMS, {}, projection={"kind": 1})
        return dict(Counter(str(record.get("kind", "?")) for record in records))

    def server(self) -> str:
        """The version that the server says it is compatible with."""
        return self._connection.server_version()
