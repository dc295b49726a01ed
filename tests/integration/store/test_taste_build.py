"""`indexer taste build` as it is typed, with a real database, real arrays, and Spark where listeners are many."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from indexer.analysis.control import Control
from indexer.cli import app
from indexer.core.events import Event, Notice, Progress
from indexer.core.home import Home
from indexer.core.model import ModelCorrupt
from indexer.core.model.folder import current_model_folder, write_model
from indexer.core.plays import OWNER, ListenerId, Named, Opinion, PlayContext, PlaySource, Tally, Thumb
from indexer.core.store import Database
from indexer.core.store.address import URI_VARIABLE
from indexer.core.store.kept import erase_kept
from indexer.core.taste.folder import load_taste
from indexer.core.taste.model import APART, SOUND, TASTE, WORDS, ReasonCode
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Track, TrackId, TrackState, Words
from indexer.history.build import LISTENERS, SESSIONS, build_taste
from musicplayer.server.accounts.accounts import Accounts
from tests.conftest import REPOSITORY
from tests.plays import play_of
from tests.unit.core.catalogue.tracks import track
from tests.unit.core.model import states

pytestmark = pytest.mark.database

COUNT = 60
KINDS = 6
NOW = 1_790_000_000.0


@pytest.fixture
def typed(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv(URI_VARIABLE, database.uri)
    monkeypatch.setenv("SEGUE_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "500")
    return CliRunner()


@pytest.fixture
def tracks(database: Database, home: Home) -> list[Track]:
    """A library with a model of sound of six kinds of music, each with a genre."""
    tracks = [track(number, genre=f"Genre {number % KINDS}") for number in range(COUNT)]
    database.tracks.upsert(tracks)
    with_sound(home, tracks)
    return tracks


def with_sound(home: Home, tracks: list[Track]) -> None:
    arrays = states.arrays(states.vectors(len(tracks), clusters=KINDS), [each.id for each in tracks], 10)
    write_model(home, states.manifest(arrays), arrays.by_name(), arrays.transform)


def listen(
    database: Database,
    tracks: list[Track],
    count: int,
    listener: ListenerId = OWNER,
    seed: int = 0,
    source: PlaySource = PlaySource.UNKNOWN,
) -> None:
    """Evenings of one kind of music each, of the kinds 0 and 1."""
    draw = random.Random(seed)
    evenings = [(NOW - evening * DAY, evening % 2) for evening in range(count // 5)]
    database.plays.add(
        play_of(
            tracks[draw.randrange(COUNT // KINDS) * KINDS + kind].id,
            at + 300 * turn,
            listener=listener,
            context=PlayContext(source),
        )
        for at, kind in evenings
        for turn in range(5)
    )


def run(typed: CliRunner, *arguments: str, code: int = 0) -> Result:
    result = typed.invoke(app, ["taste", "build", *arguments])
    assert result.exit_code == code, result.output
    return result


def test_what_is_played_and_tagged_becomes_a_model(
    typed: CliRunner, database: Database, home: Home, tracks: list[Track]
) -> None:
    listen(database, tracks, 100)
    listen(database, tracks, 50, ListenerId("guest"), seed=1)
    database.opinions.save([Opinion(tracks[2].id, Thumb.DOWN, at=NOW)])
    database.tallies.save(
        [Tally(id="a" * 24, origin="elsewhere", named=Named(artist="A"), plays=7, last_at=NOW, track=tracks[0].id)]
    )
    database.words.keep({tracks[3].id: Words(tags=("Dreamy",)), tracks[4].id: Words(tags=("dreamy",))})
    told: dict[str, Any] = json.loads(run(typed, "--json").stdout)
    assert told["listeners"] == 2
    assert told["figures"]["plays"] == 157
    assert told["chosen"] == "default"
    model = load_taste(home)
    assert len(model) == COUNT
    assert dict(model.solve.parts) == {LISTENERS: 2, SESSIONS: 30}
    assert dict(model.solve.blocks) == {SOUND: 12, WORDS: KINDS}
    plays = model.plays_of(database.plays.of(), database.tallies.of())
    taste = model.for_listener(plays, model.opinions_of(database.opinions.of()), NOW + DAY)
    assert taste.disliked.nonzero()[0].tolist() == [model.places[tracks[2].id]]
    kinds = np.array([int(each, 16) % KINDS for each in model.tracks()])
    assert taste.scores[kinds <= 1].mean() > taste.scores[kinds > 1].mean() + 1
    best = int(np.argmax(np.where(taste.heard, -np.inf, taste.scores)))
    reason = model.explain(taste, best)
    assert reason.track in {each.id for each in tracks}
    assert reason.code is not ReasonCode.NONE


def test_listeners_with_accounts_are_learnt_of_where_an_admin_lets_it(
    typed: CliRunner, database: Database, home: Home, tracks: list[Track]
) -> None:
    accounts = Accounts(home.accounts_file)
    accounts.create_first(accounts.first_token or "", "Otto", "a long password")
    ann, ben = (accounts.add(name, "another password").id for name in ("Ann", "Ben"))
    accounts.update(ann, household_taste=True)
    for number, who in enumerate((OWNER, ann, ben)):
        listen(database, tracks, 25, who, seed=number, source=PlaySource.WEB)
    run(typed)
    assert load_taste(home).solve.parts == ((LISTENERS, 1), (SESSIONS, 5), (APART, 6))
    assert load_taste(home).manifest.listeners == 2
    accounts.update(OWNER, household_taste=True)
    run(typed)
    assert load_taste(home).solve.parts == ((LISTENERS, 2), (SESSIONS, 10))
    accounts.remove(ann)
    accounts.remove(ben)
    run(typed)
    assert load_taste(home).manifest.listeners == 1  # what they played is kept, and teaches nobody


def test_the_next_build_takes_its_place_and_says_what_was_done(
    typed: CliRunner, database: Database, home: Home, tracks: list[Track]
) -> None:
    run(typed)
    before = load_taste(home)
    listen(database, tracks, 300)
    said = run(typed).stdout
    assert "300 plays" in said
    assert "NDCG@100" in said
    after = load_taste(home)
    assert after.version != before.version
    assert after.manifest.figures["asked"] == 4
    kept = json.loads(run(typed, "--json").stdout)  # settings stay until there are many plays more
    assert kept["figures"]["ndcg"] == after.manifest.figures["ndcg"]


def test_a_library_without_a_model_of_sound_has_what_words_and_plays_say(
    typed: CliRunner, database: Database, home: Home
) -> None:
    tracks = [track(number, genre=f"Genre {number % KINDS}") for number in range(COUNT)]
    gone = track(COUNT, state=TrackState.GONE)
    database.tracks.upsert([*tracks, gone])
    listen(database, tracks, 20)
    lines = run(typed, "--events").stdout.splitlines()
    assert "taste-without-sound" in {json.loads(line).get("code") for line in lines}
    model = load_taste(home)
    assert dict(model.solve.blocks) == {WORDS: KINDS}
    assert gone.id not in model.places


def test_what_is_sung_is_part_of_words(typed: CliRunner, database: Database, home: Home) -> None:
    tracks = [track(number) for number in range(COUNT)]
    database.tracks.upsert(tracks)
    subjects = ("sea", "road", "fire", "snow", "city", "rain")
    database.words.keep({each.id: Words(f"The {subjects[at % KINDS]}\nsings") for at, each in enumerate(tracks[:30])})
    database.words.keep_counted(
        {each.id: Words(counted=(("the", 9), (subjects[at % KINDS], 2))) for at, each in enumerate(tracks) if at >= 30}
    )
    database.plays.add(play_of(tracks[at].id, NOW - at * 7 * DAY) for at in (0, 6, 30))
    run(typed)
    model = load_taste(home)
    assert dict(model.solve.blocks) == {WORDS: KINDS}
    place = [model.places[each.id] for each in tracks]
    words = model.content(WORDS)
    assert np.array_equal(words[place[0]], words[place[36]])
    assert words[place[0]] @ words[place[1]] == 0
    taste = model.for_listener(model.plays_of(database.plays.of(), []), {}, NOW)
    assert model.explain(taste, place[42]).code is ReasonCode.SUNG


def test_a_library_without_tracks_is_told(typed: CliRunner) -> None:
    assert "no tracks" in run(typed, code=1).output


def test_a_damaged_model_of_sound_is_told_and_taste_stays(
    typed: CliRunner, database: Database, home: Home, tracks: list[Track]
) -> None:
    listen(database, tracks, 20)
    run(typed)
    before = load_taste(home).version
    (current_model_folder(home, "sonic") / "vectors.npy").write_bytes(b"broken")
    assert "damaged" in run(typed, code=1).output
    with pytest.raises(ModelCorrupt):
        build_taste(database, home, "sonic", on_event=lambda _: None, control=Control())
    assert load_taste(home).version == before


def test_an_address_where_no_database_is_is_told(typed: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URI_VARIABLE, "mongodb://127.0.0.1:9/nowhere?serverSelectionTimeoutMS=300")
    said = run(typed, code=1).output
    assert "Traceback" not in said
    assert "127.0.0.1:9" in said


def test_a_cancelled_build_leaves_what_was_there(database: Database, home: Home, tracks: list[Track]) -> None:
    listen(database, tracks, 20)
    built = build_taste(database, home, "sonic", on_event=lambda _: None, control=Control())
    assert built is not None
    control = Control()
    control.cancel()
    assert build_taste(database, home, "sonic", on_event=lambda _: None, control=control) is None
    assert load_taste(home).version == built.id


def test_what_is_erased_while_taste_is_learnt_is_in_no_model(
    database: Database, home: Home, tracks: list[Track]
) -> None:
    listen(database, tracks, 20)
    erased: list[int] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Progress) and event.done and not erased:  # everything was read, nothing is written
            erased.append(erase_kept(database, OWNER)["plays"])

    manifest = build_taste(database, home, "sonic", on_event=on_event, control=Control())
    assert erased == [20]
    assert manifest is not None
    assert load_taste(home).manifest.figures["plays"] == 0
    assert [each.name for each in (home.models / TASTE).iterdir() if each.is_dir()] == [manifest.id]


def test_a_build_that_is_killed_leaves_the_model_before(
    typed: CliRunner, database: Database, home: Home, tracks: list[Track]
) -> None:
    listen(database, tracks, 300)
    run(typed)
    chance = random.Random(4)
    ended = []
    for _ in range(3):
        command = [sys.executable, "-m", "indexer", "taste", "build", "--events"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as building:
            assert building.stdout is not None
            while '"done": 3' not in building.stdout.readline() and building.poll() is None:
                pass  # until the solve begins, and soon the writing
            time.sleep(chance.uniform(0.0, 0.08))  # reason: the moment is what is tried
            building.kill()
        ended.append(building.returncode)
        model = load_taste(home)  # whole, whichever it is
        assert len(model) == COUNT
    assert any(code != 0 for code in ended)
    run(typed)
    assert not [path for path in (home.models / TASTE).iterdir() if "unfinished" in path.name]


@pytest.mark.spark
def test_more_listeners_than_can_be_rows_are_learnt_by_spark(
    database: Database, home: Home, tracks: list[Track]
) -> None:
    draw = random.Random(1)
    listen(database, tracks, 50)
    plays = []
    for number in range(60):
        kind = number % KINDS
        own = draw.sample(range(kind, COUNT, KINDS), 5)
        plays += [play_of(tracks[item].id, NOW - item * DAY, listener=ListenerId(f"{number}")) for item in own]
    database.plays.add(plays)
    events: list[Event] = []
    manifest = build_taste(
        database, home, "sonic", master="local[2]", most_rows=50, on_event=events.append, control=Control()
    )
    assert manifest is not None
    assert manifest.listeners == 61
    model = load_taste(home)
    assert dict(model.solve.blocks)[LISTENERS] == 64
    assert dict(model.solve.parts) == {LISTENERS: 1, SESSIONS: 10}
    assert not [event for event in events if isinstance(event, Notice)]
    lone = replace(play_of(tracks[3].id, NOW), listener=OWNER)
    scores = model.for_listener(model.plays_of([lone]), {}, NOW).scores
    kinds = np.array([int(each, 16) % KINDS for each in model.tracks()])
    assert set(kinds[np.argsort(-scores)[: COUNT // KINDS]].tolist()) == {3}
    assert TrackId(f"{3:032x}") in model.places
