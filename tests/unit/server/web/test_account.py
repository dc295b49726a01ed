"""Accounts and devices over the network: admins change everybody's, everybody their own."""

from __future__ import annotations

import httpx
import pytest

from tests.serving import PASSWORD
from tests.unit.server.web.running import Running

pytestmark = pytest.mark.database


def test_who_asks_is_told_who_they_are_and_what_there_is(running: Running) -> None:
    owner, guest = running.admin.get("/state").json(), running.bert.get("/state").json()
    assert (owner["listener"]["name"], owner["listener"]["admin"]) == ("owner", True)
    assert (guest["listener"]["id"], guest["listener"]["admin"]) == (running.bert_id, False)
    assert owner["library"] == guest["library"]
    assert owner["library"]["tracks"] == len(running.tracks)
    assert owner["similar"] == {"state": "ready", "provisional": False, "by": "sound"}
    assert (owner["desktop"], guest["desktop"]) == (False, False)


def test_admins_alone_see_and_change_accounts(running: Running) -> None:
    new = {"name": "cleo", "password": PASSWORD}
    for answer in (
        running.bert.get("/listeners"),
        running.bert.post("/listeners", json=new),
        running.bert.put(f"/listeners/{running.bert_id}", json={"admin": True}),
        running.bert.delete("/listeners/owner"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "api-not-allowed")
    made = running.admin.post("/listeners", json=new).json()
    assert (made["name"], made["admin"]) == ("cleo", False)
    changed = running.admin.put(f"/listeners/{made['id']}", json={"name": "Cleo", "mayDownload": False}).json()
    assert (changed["name"], changed["mayDownload"], changed["maySharePlaylists"]) == ("Cleo", False, True)
    names = [each["name"] for each in running.admin.get("/listeners").json()["listeners"]]
    assert (names[0], names[-1]) == ("owner", "Cleo")
    assert running.admin.delete(f"/listeners/{made['id']}").status_code == 204
    assert running.admin.delete(f"/listeners/{made['id']}").status_code == 404


@pytest.mark.parametrize("wrong", [{"name": "OWNER"}, {"name": " "}, {"password": "short"}])
def test_an_account_that_cannot_be_is_refused_with_a_sentence(running: Running, wrong: dict[str, str]) -> None:
    refused = running.admin.post("/listeners", json={"name": "cleo", "password": PASSWORD, **wrong})
    assert refused.status_code == 400
    assert refused.json()["message"]
    last = running.admin.put("/listeners/owner", json={"admin": False})
    assert last.status_code == 400


def test_the_key_of_a_device_is_told_once_and_ends_when_its_listener_says_so(running: Running) -> None:
    made = running.bert.post("/devices", json={"name": "phone"}).json()
    assert made["key"]
    listed = running.bert.get("/devices").json()["devices"]
    assert [(each["name"], "key" in each) for each in listed] == [("test", False), ("phone", False)]
    assert [each["name"] for each in running.ada.get("/devices").json()["devices"]] == ["test"]
    with httpx.Client(base_url=running.bert.base_url, headers={"Authorization": f"Bearer {made['key']}"}) as phone:
        assert phone.get("/state").json()["listener"]["id"] == running.bert_id
        assert running.ada.delete(f"/devices/{made['id']}").status_code == 404
        assert phone.get("/state").status_code == 200
        assert running.bert.delete(f"/devices/{made['id']}").status_code == 204
        assert phone.get("/state").status_code == 401


def test_a_password_is_changed_by_who_shows_the_one_before(running: Running) -> None:
    wrong = running.bert.post("/password", json={"old": "not this one", "new": "another password"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "api-wrong-password")
    assert running.bert.post("/password", json={"old": PASSWORD, "new": "short"}).status_code == 400
    assert running.bert.post("/password", json={"old": PASSWORD, "new": "another password"}).status_code == 204
    assert running.bert.post("/password", json={"old": PASSWORD, "new": PASSWORD}).status_code == 400
    assert running.bert.get("/state").status_code == 200
