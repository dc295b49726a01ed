"""The shell's answers from a real database, before any model is built: provisional ones, each recording once."""

from __future__ import annotations

import csv
import time
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.commands.tables import write_neighbours
from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.ask import NotAnalysed, UnknownTrack, asker, compare, open_model, provisional_note, similar
from indexer.core.home import Home
from indexer.core.model import ModelMissing
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.core.plays import OWNER
from indexer.core.settings import SameArtist, Settings
from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import Track, TrackId
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.similar import Similar
from tests.serving import serving
from tests.unit.discover.small_model import write_small_model

COUNT = 12


def analysed(path: Path) -> np.ndarray:
    """No file outside the library is asked about here."""
    raise AssertionError(path)


ask = partial(similar, analyse=analysed)


def heard(number: float) -> np.ndarray:
    """Features of a track that sounds like those with numbers near its own."""
    values = np.full((SONIC.windows, SONIC.dims), number / COUNT, np.float32)
    values[:, 1::2] = np.cos(number)
    values[:, SONIC.columns.index("heard_seconds")] = 10
    return values


def made(number: int, **changes: object) -> Track:
    known = {"artist": f"Artist {number}", "title": f"Song {number}", "seconds": 100.0 + 5 * number}
    track = TrackId(f"{number:032x}")
    return Track(id=track, path=f"/music/{number}.mp3", root="/music", **(known | changes))  # type: ignore[arg-type]


@pytest.fixture
def library(database: Database) -> Database:
    """Twelve tracks: 1 is a live version of 0, 2 a copy of 3 without a name, and 11 was not heard."""
    tracks = [made(number) for number in range(COUNT)]
    tracks[1] = made(1, artist="Artist 0", title="Song 0 (Live)")
    tracks[2] = made(2, artist="", title="", seconds=tracks[3].seconds)
    database.tracks.upsert(tracks)
    values = [heard(number) for number in range(COUNT - 1)]
    values[2] = values[3]
    database.features.upsert(
        FeatureRecord(track.id, SONIC.name, SONIC.version, features)
        for track, features in zip(tracks, values, strict=False)
    )
    return database


def test_before_the_first_build_answers_are_provisional(library: Database, home: Home) -> None:
    model = open_model(library, home, SONIC)
    note = provisional_note(library, model)
    assert note is not None
    assert note.message == "Provisional, 11 of 12 analysed: no similarity model has been built yet."
    answer = ask(library, model, made(5).id, 3)
    assert answer.track is not None
    assert len(answer.neighbours) == 3


def test_each_recording_is_shown_once_unless_all_are_asked_for(library: Database, home: Home) -> None:
    model = open_model(library, home, SONIC)
    shown = _numbers(ask(library, model, made(0).id, COUNT).neighbours)
    assert 1 not in shown, "a version of the track itself"
    assert len({2, 3} & shown) == 1, "the nameless copy or the track, whichever is nearer"
    everything = ask(library, model, made(0).id, COUNT, all_versions=True)
    assert _numbers(everything.neighbours) == set(range(1, COUNT - 1))


def test_files_of_neighbours_hold_the_same_answers(library: Database, home: Home, tmp_path: Path) -> None:
    model = open_model(library, home, SONIC)
    write_neighbours(library, model, 4, tmp_path / "n.csv")
    with (tmp_path / "n.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["query_path"] == "/music/0.mp3"]
    shown = ask(library, model, made(0).id, 4).neighbours
    assert [row["neighbour_path"] for row in rows] == [track.path for track, _ in shown]


def with_much_to_leave_out(database: Database, home: Home) -> list[Track]:
    """A built model of 40 tracks: many of one artist, copies, versions, talk, a mix, and some that were hidden."""
    tracks = [made(number) for number in range(40)]
    tracks[0:12] = [made(number, artist="One of all", title=f"Tune {number}") for number in range(12)]
    tracks[13] = made(13, artist="Artist 12", title="Song 12 (Live)")
    tracks[15] = made(15, artist="", title="", seconds=tracks[14].seconds)
    tracks[16] = made(16, genre="Podcast", genres=("Podcast",))
    tracks[17] = made(17, seconds=9_000.0)
    database.tracks.upsert(tracks)
    chance = np.random.default_rng(1)
    sounds = chance.normal(size=(4, SONIC.dims))[chance.integers(0, 4, 40)] + chance.normal(0, 0.6, (40, SONIC.dims))
    sounds[15] = sounds[14]
    values = np.repeat(sounds[:, np.newaxis], SONIC.windows, axis=1).astype(np.float32)
    values[:, :, SONIC.columns.index("heard_seconds")] = 10
    write_small_model(home, {track.id: sound for track, sound in zip(tracks, values, strict=True)}, key=SONIC.key)
    database.features.upsert(
        FeatureRecord(track.id, SONIC.name, SONIC.version, sound) for track, sound in zip(tracks, values, strict=True)
    )
    database.feedback.hide(tracks[20].id, [tracks[number].id for number in range(21, 30)], 0.0)
    return tracks


def test_the_panel_and_the_shell_give_one_answer_to_one_question(database: Database, home: Home, qtbot: QtBot) -> None:
    tracks = with_much_to_leave_out(database, home)
    catalogue = Catalogue()
    catalogue.upsert(tracks)
    dislikes = Dislikes(lambda work, then=None, **_: then(work(database)) if then else None)
    dislikes.load()
    panel = Similar(home, SONIC.name, catalogue, dislikes=dislikes)
    with qtbot.waitSignal(panel.changed, timeout=60_000):
        panel.start()
    model = open_model(database, home, SONIC)
    lengths = set()
    for choice, track in product(SameArtist, tracks):
        panel.set_same_artist(choice)
        listed = panel.for_track(track.id, 30).rows
        told = ask(database, model, track.id, 30, settings=Settings(same_artist=choice)).neighbours
        assert [found for _, found in told] == list(listed)
        assert [shown.id for shown, _ in told] == [row.track for row in listed]
        lengths.add(len(listed))
    several = [tracks[number].id for number in (0, 12, 20)]
    shell = asker(database, model, settings=Settings(same_artist=SameArtist.HIDE)).answer(several, 30)
    assert shell.rows == panel.for_tracks(several, 30).rows
    panel.shutdown()
    assert len(lengths) > 1, "the rules leave out more for some seeds than for others"
    everything = ask(database, model, tracks[0].id, 100, all_versions=True).neighbours
    assert len(everything) == len(tracks) - 1, "without settings nothing is left out"


def test_pages_and_subsonic_apps_give_the_answer_of_the_shell(database: Database, home: Home) -> None:
    tracks = with_much_to_leave_out(database, home)
    model = open_model(database, home, SONIC)
    with serving(home, database.uri) as served, served.client() as client:
        until = time.monotonic() + 30
        while served.hub.model.more_like.model is None and time.monotonic() < until:
            time.sleep(0.02)  # the model is loaded in another thread
        for track in tracks:
            told = [found for _, found in ask(database, model, track.id, 30, settings=Settings()).neighbours]
            page = client.get("/api/similar", params={"seed": track.id, "size": 30}).json()["rows"]
            assert [row["track"]["id"] for row in page] == [row.track for row in told]
            assert [row["similarity"] for row in page] == pytest.approx([row.closeness for row in told], abs=1e-3)
            wanted = {
                "id": track.id,
                "count": 30,
                "f": "json",
                "v": "1.16.1",
                "c": "test",
                "apiKey": served.keys[OWNER],
            }
            app = client.get("/rest/getSonicSimilarTracks", params=wanted).json()["subsonic-response"]
            assert [match["entry"]["id"] for match in app.get("sonicMatch", [])] == [row.track for row in told]


def test_a_pair_is_explained(library: Database, home: Home) -> None:
    model = open_model(library, home, SONIC)
    found = compare(library, model, SONIC, made(4).id, made(5).id)
    assert (found.one.id, found.other.id) == (made(4).id, made(5).id)
    assert found.explanation.euclidean == pytest.approx(model.between(made(4).id, made(5).id).euclidean)
    assert found.explanation.blocks


def test_what_cannot_be_answered_says_why(library: Database, home: Home) -> None:
    model = open_model(library, home, SONIC)
    with pytest.raises(NotAnalysed, match=r"11\.mp3"):
        ask(library, model, made(11).id, 3)
    with pytest.raises(UnknownTrack, match=r"nothing\.mp3"):
        compare(library, model, SONIC, made(1).id, "nothing.mp3")
    with pytest.raises(ModelMissing):
        open_model(library, home, CLASSIC)


def _numbers(neighbours: list[tuple[Track, object]]) -> set[int]:
    return {int(track.id, 16) for track, _ in neighbours}
