"""A running server of a small library, and listeners who ask it, new ones for every test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from indexer.core.home import Home
from indexer.core.plays import OWNER, ListenerId
from indexer.core.store import Database
from indexer.core.tracks import Track
from tests.serving import PASSWORD, Served, serving
from tests.waiting import wait_until


@dataclass(frozen=True)
class Library:
    """A library that is served.

    Attributes:
        served: the server.
        database: in which the library is, beside the server.
        home: of both.
        tracks: of the library.
    """

    served: Served
    database: Database
    home: Home
    tracks: list[Track]


@dataclass(frozen=True)
class Running:
    """What asks it.

    Attributes:
        admin: who asks as the owner of the library, for all tests.
        ada, bert: two listeners of this test, who have done nothing yet; `ada_id` and `bert_id` are their ids.
        nobody: without an account.
        library: what is asked.
    """

    admin: httpx.Client
    ada: httpx.Client
    bert: httpx.Client
    nobody: httpx.Client
    ada_id: ListenerId
    bert_id: ListenerId
    library: Library

    @property
    def tracks(self) -> list[Track]:
        """Of the library."""
        return self.library.tracks


@contextmanager
def served_library(database: Database, home: Home, tracks: list[Track]) -> Iterator[Library]:
    """Serve a library that is in the database, once it was read and its model answers.

    Its tracks are shorter than songs.
    """
    with serving(home, database.uri, names=("owner",), only_songs=False) as served:
        hub = served.hub
        wait_until(lambda: len(hub.library.catalogue) == len(tracks) and hub.model.more_like.model is not None)
        yield Library(served, database, home, tracks)


@contextmanager
def asking(library: Library) -> Iterator[Running]:
    """Two new listeners ask."""
    served = library.served
    ada, bert = (_new_listener(served, name) for name in ("ada", "bert"))
    with (
        served.client(OWNER) as admin, served.client(ada) as one, served.client(bert) as other,
        served.client(None) as nobody,
    ):  # fmt: skip
        for client in (admin, one, other, nobody):
            client.base_url = httpx.URL(f"{served.address}/api")
        yield Running(admin, one, other, nobody, ada, bert, library)


def _new_listener(served: Served, name: str) -> ListenerId:
    accounts = served.hub.accounts
    made = accounts.add(f"{name} {secrets.token_hex(4)}", PASSWORD)
    served.keys[made.id] = accounts.new_device(made.id, "test")[1]
    return made.id
