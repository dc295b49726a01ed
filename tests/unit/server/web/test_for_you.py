"""What is recommended over the network: learnt from each listener's own plays, and told why."""

from __future__ import annotations

import pytest

from indexer.core.discover.ask import asker, open_model
from indexer.core.discover.nearness import NearByTaste
from indexer.core.model.profiles import SONIC
from indexer.core.settings import NearBy, Settings
from indexer.core.taste.folder import load_taste
from tests.served_library import make_taste
from tests.unit.server.web.running import Library, Running

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True, scope="module")
def _taste(library: Library) -> None:
    """A model of taste of the library's own tracks."""
    make_taste(library.home, library.tracks)


def play(running: Running, numbers: range) -> None:
    for number in numbers:
        running.bert.post("/plays", json={"id": f"{number}", "track": running.tracks[number].id, "heard": 6})


def test_recommendations_follow_what_one_listener_plays_and_are_theirs_alone(running: Running) -> None:
    empty = running.bert.get("/for-you").json()
    assert (empty["state"], empty["message"]) == ("too-little", f"Play {empty['needed']} more tracks")
    assert "File ›" not in empty["advice"]
    play(running, range(0, 12, 2))
    page = running.bert.get("/for-you").json()
    assert (page["state"], page["needed"]) == ("ready", 0)
    first = page["shelves"][0]
    assert (first["kind"], first["title"]) == ("for-you", "Picked for you")
    shown = [track["id"] for shelf in page["shelves"] for track in shelf["rows"]]
    assert shown
    why = running.bert.get("/why", params={"track": first["rows"][0]["id"]}).json()["why"]
    assert first["rows"][0]["title"] in why
    assert running.ada.get("/for-you").json()["state"] == "too-little"
    running.bert.post("/opinions", json={"track": shown[0], "thumb": -1})
    after = running.bert.get("/for-you").json()
    assert shown[0] not in [track["id"] for shelf in after["shelves"] for track in shelf["rows"]]


@pytest.mark.parametrize("by", [NearBy.WORDS, NearBy.LISTENERS, NearBy.ALL])
def test_by_every_nearness_the_list_is_that_of_panel_and_command_line(running: Running, by: NearBy) -> None:
    database, home = running.library.database, running.library.home
    chosen = Settings(only_songs=False)
    here = asker(database, open_model(database, home, SONIC), tracks=running.tracks, settings=chosen)
    model = load_taste(home)
    for client, taught in ((running.admin, model), (running.ada, model.for_others(owner_shares=False))):
        here.nearness = NearByTaste(taught, by)
        for seeds in ([0], [7], [1, 2]):
            ids = [running.tracks[number].id for number in seeds]
            there = client.get("/similar", params={"seed": ids, "size": 10, "by": by.value}).json()
            expected = here.answer(ids, 10)
            assert [row["track"]["id"] for row in there["rows"]] == [row.track for row in expected.rows]
            assert there["message"] == expected.message
