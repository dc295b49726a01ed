"""Playlists over the network: changed by whose they are, seen by others where they are shared."""

from __future__ import annotations

import pytest

from tests.unit.server.web.running import Running

pytestmark = pytest.mark.database


def test_a_list_is_made_changed_heard_and_taken_away(running: Running) -> None:
    ask, ids = running.bert, [track.id for track in running.tracks]
    made = ask.post("/playlists", json={"name": "Evening", "tracks": ids[:3], "comment": "slow"}).json()
    assert (made["name"], made["tracks"], made["seconds"], made["own"]) == ("Evening", 3, 18.0, True)
    path = f"/playlists/{made['id']}"
    ask.put(path, json={"tracks": [ids[2], ids[0]], "add": [ids[5], ids[5]]})
    found = ask.get(path).json()
    assert [track["id"] for track in found["rows"]] == [ids[2], ids[0], ids[5], ids[5]]
    assert (found["name"], found["comment"]) == ("Evening", "slow")
    assert ask.put(path, json={"name": "Night", "tracks": []}).json()["tracks"] == 0
    assert [each["name"] for each in ask.get("/playlists").json()["playlists"]] == ["Night"]
    assert ask.post("/playlists", json={"name": "x", "tracks": ["f" * 32]}).status_code == 404
    assert ask.delete(path).status_code == 204
    assert ask.get(path).status_code == 404


def test_others_see_what_is_shared_and_change_nothing(running: Running) -> None:
    made = running.ada.post("/playlists", json={"name": "Mine", "tracks": [running.tracks[0].id]}).json()
    path = f"/playlists/{made['id']}"
    assert running.bert.get(path).status_code == 404
    assert running.bert.put(path, json={"name": "Theirs"}).status_code == 404
    assert running.bert.get("/playlists").json()["playlists"] == []
    running.ada.put(path, json={"shared": True})
    seen = running.bert.get(path).json()
    assert (seen["name"], seen["own"], len(seen["rows"])) == ("Mine", False, 1)
    assert seen["owner"].startswith("ada")
    assert running.bert.put(path, json={"name": "Theirs"}).status_code == 403
    assert running.bert.delete(path).status_code == 403
    assert running.ada.get(path).json()["name"] == "Mine"
    running.ada.put(path, json={"shared": False})
    assert running.bert.get(path).status_code == 404


def test_who_may_not_share_does_not(running: Running) -> None:
    running.admin.put(f"/listeners/{running.bert_id}", json={"maySharePlaylists": False})
    assert running.bert.post("/playlists", json={"name": "Mine", "shared": True}).status_code == 403
    made = running.bert.post("/playlists", json={"name": "Mine"}).json()
    assert running.bert.put(f"/playlists/{made['id']}", json={"shared": True}).status_code == 403
