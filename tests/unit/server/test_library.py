"""The served library follows a real database, and what sounds alike follows with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.core.discover.ask import asker, open_model
from indexer.core.follow.journal import Note, NoteKind
from indexer.core.home import Home
from indexer.core.model.profiles import SONIC
from indexer.core.settings import Settings
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import TrackId, TrackState
from musicplayer.server.library import DatabaseAway, SharedLibrary
from musicplayer.server.model import ModelKeeper
from tests.plays import play_of
from tests.served_library import COUNT, make_library, track_of
from tests.waiting import until

pytestmark = pytest.mark.database


def with_library(
    database: Database, home: Home, work: Callable[[SharedLibrary, ModelKeeper], Coroutine[Any, Any, None]]
) -> None:
    """Do something with a library that is followed."""

    async def run() -> None:
        library = SharedLibrary(home, Settings(database_uri=database.uri))
        keeper = ModelKeeper(home, Settings(), library, lambda: None)
        library.start()
        task = asyncio.create_task(keeper.run())
        try:
            await work(library, keeper)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            library.close()

    asyncio.run(run())


def test_tracks_albums_and_artists_have_names_that_last(database: Database, home: Home, tmp_path: Path) -> None:
    tracks = make_library(database, home, tmp_path / "music")
    told: list[str] = []

    async def look(library: SharedLibrary, _: ModelKeeper) -> None:
        library.on_change = told.append
        await until(lambda: len(library.catalogue) == COUNT)
        assert library.track(tracks[3].id).title == "Song 3"  # type: ignore[union-attr]
        assert library.track(TrackId("f" * 32)) is None
        await library.renew()
        view = library.view
        assert len(view.albums) == COUNT // 4
        ids = view.album_ids
        assert len(set(ids)) == COUNT // 4
        assert [view.album_number(identity) for identity in ids] == list(range(len(ids)))
        row = library.row_of(tracks[5].id)
        assert row is not None
        artist = view.artist_of(row)
        assert artist is not None
        assert view.artists.labels[artist] == tracks[5].artist
        assert view.artist_number(view.artist_ids[artist]) == artist
        assert view.album_number("al-0") is None

        database.tracks.upsert([replace(tracks[0], title="Another name")])
        await until(lambda: library.track(tracks[0].id).title == "Another name")  # type: ignore[union-attr]
        assert library.view.album_ids == ids
        database.tracks.set_state([tracks[1].id], TrackState.GONE)
        await until(lambda: library.track(tracks[1].id) is None)
        assert library.stretch_of(tracks[1].id) is None

    with_library(database, home, look)
    assert {"connected", "library"} <= set(told)
    assert home.catalogue_snapshot.exists()


def test_a_view_follows_the_library_and_stays_whole_while_it_is_read(
    database: Database, home: Home, tmp_path: Path
) -> None:
    tracks = make_library(database, home, tmp_path / "music")

    async def look(library: SharedLibrary, _: ModelKeeper) -> None:
        await until(lambda: len(library.catalogue) == COUNT)
        await asyncio.gather(*(library.renew() for _ in range(20)))
        before = library.view
        database.tracks.upsert([replace(track, album="All on one") for track in tracks])
        await until(lambda: library.track(tracks[0].id).album == "All on one")  # type: ignore[union-attr]
        assert library.view is before
        assert len(before.albums) == len(before.album_ids) == COUNT // 4
        for _ in range(200):
            await library.renew()
            if library.view is not before:
                break
            await asyncio.sleep(0.02)  # views are made now and then
        assert {library.view.albums.titles[album] for album in range(len(library.view.albums))} == {"All on one"}
        assert len(before.albums) == COUNT // 4

    with_library(database, home, look)


def test_answers_are_those_of_the_command_line_and_follow_what_comes_and_goes(
    database: Database, home: Home, tmp_path: Path
) -> None:
    tracks = make_library(database, home, tmp_path / "music")
    seed = tracks[4].id
    model = open_model(database, home, SONIC)
    expected = [row.track for row in asker(database, model, settings=Settings()).answer([seed], 10).rows]

    async def look(library: SharedLibrary, keeper: ModelKeeper) -> None:
        def answer() -> list[TrackId]:
            return [row.track for row in keeper.more_like.answer([seed], 10).rows]

        await until(lambda: len(library.catalogue) == COUNT and keeper.more_like.model is not None)
        assert answer() == expected
        database.tracks.set_state([expected[0]], TrackState.GONE)
        await until(lambda: expected[0] not in answer())
        new = replace(track_of(COUNT, tmp_path), artist="Somebody New")
        sound = np.array(database.features.get(SONIC.key, [seed])[seed])
        sound += np.random.default_rng(3).normal(0, 0.4, sound.shape[1]).astype(np.float32)  # near, and no copy of it
        database.tracks.upsert([new])
        database.features.upsert([FeatureRecord(new.id, SONIC.name, SONIC.version, sound)])
        await until(lambda: new.id in answer())

    with_library(database, home, look)


def test_what_left_the_library_counts_no_more_until_it_comes_back(
    database: Database, home: Home, tmp_path: Path
) -> None:
    tracks = make_library(database, home, tmp_path / "music")

    async def look(library: SharedLibrary, _: ModelKeeper) -> None:
        await until(lambda: (library.counts.tracks, library.counts.analysed) == (COUNT, COUNT))
        database.tracks.set_state([tracks[1].id], TrackState.GONE)
        await until(lambda: (library.counts.tracks, library.counts.analysed) == (COUNT - 1, COUNT - 1))
        database.tracks.set_state([tracks[1].id], TrackState.PRESENT)
        await until(lambda: (library.counts.tracks, library.counts.analysed) == (COUNT, COUNT))

    with_library(database, home, look)


def test_without_a_built_model_one_stands_in(database: Database, home: Home, tmp_path: Path) -> None:
    tracks = make_library(database, home, tmp_path / "music", built=False)

    async def look(library: SharedLibrary, keeper: ModelKeeper) -> None:
        await until(lambda: keeper.more_like.model is not None and len(keeper.more_like.model) == COUNT)
        assert keeper.more_like.answer([tracks[0].id], 5).provisional

    with_library(database, home, look)


def test_what_is_kept_reaches_the_database_once(database: Database, home: Home, tmp_path: Path) -> None:
    tracks = make_library(database, home, tmp_path / "music")
    play = play_of(tracks[0].id)

    async def listen(library: SharedLibrary, _: ModelKeeper) -> None:
        library.keep(Note(NoteKind.PLAY, play.as_record(), play.id), Note(NoteKind.PLAY, play.as_record(), play.id))
        assert home.server_journal_file.exists()
        await until(lambda: not library.open_notes())
        assert await library.ask(lambda data: len(list(data.plays.of()))) == 1

    with_library(database, home, listen)


def test_a_database_that_does_not_answer_is_said_to_be_away(home: Home) -> None:
    async def ask() -> None:
        library = SharedLibrary(home, Settings(database_uri="mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200"))
        library.start()
        with pytest.raises(DatabaseAway):
            await library.ask(lambda database: database.plays.counts(), wait=0.3)
        library.close()

    asyncio.run(ask())
