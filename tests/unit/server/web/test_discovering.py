"""What to hear next, over the network: the lists of the panel and the command line, without what this listener hid."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from indexer.core.discover.ask import asker, open_model
from indexer.core.discover.genre_hues import slot_of
from indexer.core.discover.map_frame import AIR, MOST_APART, WORTH_TURNING
from indexer.core.model.profiles import SONIC
from indexer.core.settings import Settings
from tests.served_library import COUNT
from tests.unit.server.web.running import Running

pytestmark = pytest.mark.database


def listed(answer: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [row["track"]["id"] for row in answer["rows"]]


def test_more_like_this_is_the_list_of_the_command_line(running: Running) -> None:
    database = running.library.database
    here = asker(database, open_model(database, running.library.home, SONIC), settings=Settings(only_songs=False))
    for seeds in ([0], [5], [1, 2], [3, 8, 13]):
        ids = [running.tracks[number].id for number in seeds]
        there = running.bert.get("/similar", params={"seed": ids, "size": 10}).json()
        expected = here.answer(ids, 10)
        assert listed(there) == [row.track for row in expected.rows]
        assert there["state"] == "ready"
        assert [row["similarity"] for row in there["rows"]] == pytest.approx(
            [row.closeness for row in expected.rows], abs=1e-4
        )


def test_what_a_listener_hides_is_hidden_from_that_listener_alone(running: Running) -> None:
    seed = running.tracks[0].id
    asked = {"seed": seed, "size": 10}
    before = listed(running.ada.get("/similar", params=asked).json())
    hidden = running.bert.post("/hide", json={"seed": seed, "track": before[0]})
    assert hidden.json() == {"seed": seed, "track": before[0], "hidden": True}
    assert before[0] not in listed(running.bert.get("/similar", params=asked).json())
    assert listed(running.ada.get("/similar", params=asked).json()) == before
    running.bert.post("/hide", json={"seed": seed, "track": before[0], "hidden": False})
    assert listed(running.bert.get("/similar", params=asked).json()) == before


def test_another_nearness_that_is_not_learnt_yet_is_said_to_be_by_sound(running: Running) -> None:
    asked = {"seed": running.tracks[0].id, "size": 5}
    by_sound = running.ada.get("/similar", params={**asked, "by": "sound"}).json()
    by_all = running.ada.get("/similar", params={**asked, "by": "all"}).json()
    assert listed(by_all) == listed(by_sound)
    assert (bool(by_all["message"]), bool(by_sound["message"])) == (True, False)


def test_the_radio_goes_on_without_what_was_played_or_is_disliked(running: Running) -> None:
    seed, ids = running.tracks[0].id, [track.id for track in running.tracks]
    disliked = ids[9]
    running.bert.post("/opinions", json={"track": disliked, "thumb": -1})
    played = [seed]
    while True:
        answer = running.bert.get("/radio", params={"seed": seed, "not": played, "size": 5}).json()
        if not answer["rows"]:
            break
        came = [track["id"] for track in answer["rows"]]
        assert not set(came) & {*played, disliked}
        played += came
    assert answer["state"] == "used-up"
    assert len(played) == len(set(played)) == COUNT - 1


def test_a_journey_goes_from_one_end_to_the_other(running: Running) -> None:
    start, end = running.tracks[0].id, running.tracks[5].id
    way = running.ada.get("/journey", params={"from": start, "to": end, "size": 6}).json()
    ids = [track["id"] for track in way["rows"]]
    assert (way["state"], len(set(ids)), ids[0], ids[-1]) == ("ready", 6, start, end)
    by = next(track.id for track in running.tracks if track.id not in ids)
    over = running.ada.get("/journey", params={"from": start, "to": end, "size": 6, "by": [by]}).json()
    assert by in [track["id"] for track in over["rows"]][1:-1]
    nowhere = running.ada.get("/journey", params={"from": start, "to": start}).json()
    assert (nowhere["state"], nowhere["rows"]) == ("none", [])
    assert nowhere["message"]


def test_the_map_names_its_points_when_asked(running: Running) -> None:
    drawn = running.ada.get("/map").json()
    places = np.frombuffer(base64.b64decode(drawn["places"]), "<u2").reshape(-1, 2)
    classes = np.frombuffer(base64.b64decode(drawn["classOf"]), np.uint8)
    assert drawn["count"] == len(places) == len(classes) == COUNT
    assert {each["name"]: each["hue"] for each in drawn["classes"]} == {
        "Jazz": slot_of("Jazz"),
        "Rock": slot_of("Rock"),
    }
    assert (places.min(axis=0).tolist(), places.max(axis=0).tolist()) == ([0, 0], [65_535, 65_535])
    assert max(drawn["extent"]) == pytest.approx(1.0, abs=0.2)
    assert drawn["frame"] == {"air": AIR, "apart": MOST_APART, "worth": WORTH_TURNING}
    named = running.ada.get("/map/points", params={"version": drawn["version"], "point": ["3", "0"]}).json()["rows"]
    for point, track in zip((3, 0), named, strict=True):
        found = running.ada.get("/map/point", params={"track": track["id"]}).json()
        assert found == {"version": drawn["version"], "point": point}
        assert drawn["classes"][classes[point]]["name"] == track["genre"]
    for wrong in ({"version": "another", "point": "0"}, {"version": drawn["version"], "point": str(COUNT)}):
        assert running.ada.get("/map/points", params=wrong).status_code in {400, 404}


def test_without_plays_there_is_nothing_for_anybody_and_it_is_said_why(running: Running) -> None:
    page = running.bert.get("/for-you").json()
    assert (page["state"], page["needed"], page["shelves"]) == ("too-little", 5, [])
    assert "5" in page["message"]
    assert running.bert.get("/why", params={"track": running.tracks[0].id}).json()["why"] == ""
