"""What listeners do on the page: every play once, opinions, queues, and none of it anybody else's business."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from indexer.core.store.records import SoundRecord
from indexer.core.tracks import Words
from tests.unit.server.web.running import Running
from tests.waiting import wait_until

pytestmark = pytest.mark.database


def test_a_play_is_one_however_often_it_is_told(running: Running) -> None:
    track = running.tracks[2].id
    told = {
        "id": "one", "track": track, "at": time.time() - 60, "heard": 5, "source": "radio",
        "seed": running.tracks[0].id, "position": 3, "session": "s", "client": "phone",
    }  # fmt: skip
    for _ in range(3):
        answer = running.bert.post("/plays", json=told)
        assert answer.json() == {"track": track, "counted": True, "plays": 1}
    running.bert.post("/plays", json={**told, "id": "two", "heard": 1})
    running.ada.post("/plays", json={**told, "heard": 6})
    plays = running.library.database.plays
    wait_until(lambda: len(list(plays.of(running.bert_id))) == 2 and list(plays.of(running.ada_id)))
    first, second = sorted(plays.of(running.bert_id), key=lambda play: not play.finished)
    assert (first.track, first.seconds_heard, first.listener) == (track, 5, running.bert_id)
    assert (first.context.source.value, first.context.position, first.context.client) == ("radio", 3, "phone")
    assert (second.finished, second.skipped) == (False, True)
    assert [play.seconds_heard for play in plays.of(running.ada_id)] == [6]
    assert running.bert.get(f"/tracks/{track}").json()["plays"] == 1


def test_a_clock_that_is_wrong_makes_no_plays_of_other_centuries(running: Running) -> None:
    for number, at in enumerate((0, 1e9, 9e10)):
        running.bert.post("/plays", json={"id": str(number), "track": running.tracks[0].id, "heard": 6, "at": at})
    wait_until(lambda: len(list(running.library.database.plays.of(running.bert_id))) == 3)
    assert all(abs(play.at - time.time()) < 86_400 for play in running.library.database.plays.of(running.bert_id))


def test_what_was_played_long_away_from_the_network_keeps_its_time_and_where_it_came_from(running: Running) -> None:
    now, days = round(time.time()), (399, 100, 30, 8)
    for away, source in zip(days, ("file", "unknown", "map", "journey"), strict=True):
        told = {"id": str(away), "track": running.tracks[0].id, "heard": 6, "at": now - away * 86_400, "source": source}
        assert running.bert.post("/plays", json=told).is_success
    plays = running.library.database.plays
    wait_until(lambda: len(list(plays.of(running.bert_id))) == 4)
    assert [play.at for play in plays.of(running.bert_id)] == [now - away * 86_400 for away in days]
    assert [play.context.source.value for play in plays.of(running.bert_id)] == ["file", "unknown", "map", "journey"]
    for source in ("import", "subsonic", "elsewhere"):
        told = {"id": source, "track": running.tracks[0].id, "heard": 6, "source": source}
        assert running.bert.post("/plays", json=told).status_code == 400, source


def test_opinions_are_joined_field_by_field(running: Running) -> None:
    track = running.tracks[1].id

    def say(**what: object) -> object:
        return running.bert.post("/opinions", json={"track": track, **what}).json()

    assert say(rating=4.6) == {"track": track, "thumb": 0, "rating": 4.5, "favourite": False}
    assert say(favourite=True) == {"track": track, "thumb": 0, "rating": 4.5, "favourite": True}
    assert say(thumb=1, rating=0) == {"track": track, "thumb": 1, "rating": None, "favourite": True}
    wait_until(
        lambda: (
            running.library.database.opinions.of(running.bert_id).get(track)
            and running.library.database.opinions.of(running.bert_id)[track].thumb == 1
        )
    )
    shown = running.bert.get(f"/tracks/{track}").json()
    assert (shown["thumb"], shown["rating"], shown["favourite"]) == (1, None, True)


def test_of_two_opinions_the_later_one_holds_whichever_is_told_last(running: Running) -> None:
    ask, now = running.bert, round(time.time())
    track, other = (running.tracks[number].id for number in (1, 2))

    def say(**what: object) -> dict[str, object]:
        answer = ask.post("/opinions", json={"track": track, **what})
        assert answer.is_success
        return dict(answer.json())

    def held() -> list[tuple[int, float | None, float]]:
        own = ask.get("/library/own").json()["opinions"]
        return [(each["thumb"], each["rating"], each["at"]) for each in own if each["track"] == track]

    assert say(thumb=1, rating=4, favourite=False, at=now - 100)["thumb"] == 1
    assert say(thumb=-1, rating=1, favourite=True, at=now - 200)["rating"] == 4, "it is older"
    wait_until(lambda: held() == [(1, 4, now - 100)])
    say(thumb=0, rating=0, favourite=False, at=now - 50)
    assert say(thumb=1, rating=5, favourite=True, at=now - 60)["favourite"] is False, "it was taken back later"
    wait_until(lambda: held() == [(0, None, now - 50)])
    say(thumb=1, rating=3, at=now + 86_400)
    wait_until(lambda: [thumb for thumb, _, _ in held()] == [1])
    assert held()[0][2] <= time.time() + 60
    assert say(thumb=-1)["thumb"] == -1, "what is said now holds, although the clock of another device was ahead"
    wait_until(lambda: [thumb for thumb, _, _ in held()] == [-1])
    for wrong in (-1, 1e15, "now", True):
        assert ask.post("/opinions", json={"track": other, "thumb": 1, "at": wrong}).status_code == 400
    assert running.ada.get("/library/own").json()["opinions"] == []


def test_hidden_is_since_when_it_was_hidden(running: Running) -> None:
    one, two = (running.tracks[number].id for number in (1, 2))
    for wrong in (-1, 1e15, "now"):
        assert running.bert.post("/hide", json={"seed": one, "track": two, "at": wrong}).status_code == 400
    hidden = {"seed": one, "track": two, "at": time.time() - 500}
    assert running.bert.post("/hide", json=hidden).is_success
    wait_until(lambda: running.library.database.feedback.hidden(running.bert_id) == {one: frozenset({two})})


def test_the_queue_goes_along_without_what_left_the_library(running: Running) -> None:
    ids = [track.id for track in running.tracks[:3]]
    kept = running.bert.put("/queue", json={"tracks": ["gone", *ids], "index": 2, "seconds": 3.5, "client": "phone"})
    assert kept.status_code == 204
    queue = running.bert.get("/queue").json()
    assert ([track["id"] for track in queue["tracks"]], queue["index"], queue["seconds"]) == (ids, 1, 3.5)
    assert running.ada.get("/queue").json()["tracks"] == []
    assert running.bert.put("/queue", json={"tracks": ids, "index": 9}).status_code == 204
    assert running.bert.get("/queue").json()["index"] is None


def test_words_and_shapes_of_a_track(running: Running) -> None:
    track = running.tracks[0].id
    running.library.database.words.keep({track: Words(lyrics="one\ntwo")})
    waveform = np.arange(20, dtype=np.uint8).reshape(10, 2)
    running.library.database.sounds.upsert([SoundRecord(track, 1, waveform, -14.25, 0.9, 6.0)])
    assert running.bert.get(f"/lyrics/{track}").json() == {"track": track, "lines": ["one", "two"]}
    beside = Path(running.tracks[1].path).with_suffix(".lrc")
    beside.write_text("[offset:500]\n[01:02]one\n[00:00.2]none", "utf-8")
    timed = running.bert.get(f"/lyrics/{running.tracks[1].id}").json()
    assert timed["lines"] == ["[00:00.000]none", "[01:01.500]one"]
    shape = running.bert.get(f"/waveform/{track}").json()
    assert (shape["loudness"], shape["peak"], shape["seconds"]) == (-14.25, 0.9, 6.0)
    assert shape["peaks"]
    assert running.bert.get(f"/waveform/{running.tracks[1].id}").json()["peaks"] == ""


def test_what_one_listener_does_is_seen_by_nobody_else(running: Running) -> None:
    """Every endpoint says the same to a listener before and after another one did everything there is to do."""
    track, other = running.tracks[0].id, running.tracks[4].id
    before = everything(running.bert, track)
    ada = running.ada
    ada.post("/plays", json={"id": "p", "track": track, "heard": 6})
    ada.post("/opinions", json={"track": track, "thumb": 1, "rating": 5, "favourite": True})
    ada.post("/hide", json={"seed": track, "track": other})
    ada.put("/queue", json={"tracks": [track, other], "index": 0})
    ada.post("/playlists", json={"name": "Mine", "tracks": [track]})
    ada.post("/devices", json={"name": "phone"})
    assert everything(running.ada, track) != before
    assert everything(running.bert, track) == before


def everything(client: httpx.Client, track: str) -> dict[str, object]:
    album, artist = (client.get(f"/tracks/{track}").json()[name] for name in ("albumId", "artistId"))
    genre = client.get("/genres").json()["genres"][1]["id"]
    paths = (
        "/tracks", "/tracks?order=plays&descending=1", "/tracks?q=rating:5", "/tracks?q=played<1d", f"/tracks/{track}",
        "/albums?order=plays&descending=1", f"/albums/{album}", "/artists", f"/artists/{artist}", "/genres",
        f"/genres/{genre}?order=last_played&descending=1", f"/similar?seed={track}", f"/lyrics/{track}",
        f"/waveform/{track}", "/for-you", f"/why?track={track}", "/queue", "/map", f"/map/point?track={track}",
        f"/journey?from={track}&to={track}", "/devices", "/playlists",
    )  # fmt: skip
    answers = {path: client.get(path) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    return {path: answer.json() for path, answer in answers.items()}
