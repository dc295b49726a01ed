"""What happens to the server of a household: a kill, no database, a full disk, a drive that left, silent callers."""

from __future__ import annotations

import random
import socket
import time
from contextlib import ExitStack

import httpx

from indexer.core.store.managed.server import hold, stop
from indexer.core.tracks import TrackId
from tests.faults.away import with_proxy
from tests.faults.disks import DATA_MEGABYTES, fill, small_disk
from tests.faults.fault import Blow, Fault, random_moment
from tests.faults.household import Household
from tests.faults.proxy import Proxy
from tests.faults.world import World
from tests.waiting import wait_until

CUT_SECONDS = 10.0
BACK_SECONDS = 5.0
QUICK_SECONDS = 1.0
HALF_OPEN = 1_000
BOUND_SECONDS = 7.0
"""For what needs a database that is away: the five seconds that it is waited for, and a busy machine."""


def kill_server(world: World, chance: random.Random) -> Blow:
    """While two listeners play, star and edit a playlist at the same time."""
    house = household(world)
    with house.served(world.environment) as server:
        house.live(chance)
        with house.living(chance.randrange(10**9)):
            random_moment(chance, 0.2, 2.0)
            server.process.kill()
            server.process.wait()
    began = time.monotonic()
    with house.served(world.environment):
        seconds = time.monotonic() - began
        lost = house.lost()
        house.live(chance)
    assert not lost, lost
    return Blow(seconds, "", "", unsaid=f"{house.acknowledged()} things are there at the next start")


def kill_database(world: World, chance: random.Random) -> Blow:
    """The managed one, which comes back by itself."""
    house = household(world)
    with house.served(world.environment):
        house.live(chance)
        database = world.server()
        assert database is not None, "no database runs"
        with house.living(chance.randrange(10**9)):
            random_moment(chance, 0.0, 0.5)
            database.kill()
            wait_until(lambda: world.server() not in {None, database} and world.ledger.answers())
            back = time.monotonic()
            wait_until(lambda: house.state().get("connected"), "the server does not find it", seconds=BACK_SECONDS)
            seconds = time.monotonic() - back
            random_moment(chance, 0.2, 0.5)
        lost = house.lost()
    assert not lost, lost
    return Blow(seconds, "", "", unsaid="it is back within seconds")


def cut_database(world: World, chance: random.Random, proxy: Proxy) -> Blow:
    """What is known goes on from memory, what is done is kept, what cannot be had is said so in time."""
    house = household(world)
    seed = chance.choice(house.tracks)
    with house.served(world.environment):
        house.live(chance)
        before = _answers(house, seed)
        proxy.cut()
        try:
            wait_until(lambda: house.state().get("connected") is False, "nobody notices", seconds=20)
            until = time.monotonic() + CUT_SECONDS
            house.live(chance)
            assert _answers(house, seed) == before, "other answers than before"
            queue = house.get("/api/queue", within=BOUND_SECONDS)
            assert queue.status_code == httpx.codes.SERVICE_UNAVAILABLE, queue.text
            said = str(queue.json()["message"])
            wait_until(lambda: house.state().get("trouble"), "the state says nothing of it")
            wait_until(lambda: time.monotonic() > until)
        finally:
            proxy.mend()
        began = time.monotonic()
        wait_until(lambda: _is_whole(house), "not all is as before", seconds=BACK_SECONDS)
        seconds = time.monotonic() - began
        assert house.state()["trouble"] == ""
        lost = house.lost()
    assert not lost, lost
    return Blow(seconds, said, "answers to what needs it; /api/state")


def start_without_database(world: World, chance: random.Random, proxy: Proxy) -> Blow:
    """A server that starts while it is away shows what it knew, and takes plays."""
    house = household(world)
    with house.served(world.environment):
        house.live(chance)
    proxy.cut()
    try:
        began = time.monotonic()
        with house.served(world.environment):
            seconds = time.monotonic() - began
            for listener in house.listeners:
                with house.client(listener) as client:
                    assert house.play(listener, client, chance.choice(house.tracks)).is_success
                    star = client.post("/api/opinions", json={"track": house.tracks[0], "rating": 4})
                    assert star.status_code == httpx.codes.SERVICE_UNAVAILABLE, "who knows what was said of it before?"
                    said = str(star.json()["message"])
            proxy.mend()
            wait_until(lambda: house.state().get("connected"), "the server does not find it")
            house.live(chance)
            lost = house.lost()
    finally:
        if not world.home.server_journal_file.exists():
            proxy.cut()
            proxy.mend()
    assert not lost, lost
    return Blow(seconds, said, "answers to what needs it")


def fill_home(world: World, chance: random.Random) -> Blow:
    """What cannot be written down is refused with a sentence; what was acknowledged stays; then it goes on."""
    house = household(world)
    world.close_player()
    stop(world.home)
    with small_disk(world.root, f"{DATA_MEGABYTES}M"):
        filling = world.root / "filling"
        with house.served(world.environment) as server:
            wait_until(lambda: house.ask("/api/playlists"), "no playlists are shown")
            house.live(chance)
            seed, first = house.tracks[0], house.listeners[0]
            before = _answers(house, seed)
            fill(filling)
            with house.client(first) as client:
                play = house.some_play(seed)
                refused = [
                    client.post("/api/plays", json=play),
                    client.post("/api/plays", json=play),  # as a page that keeps it until it is taken
                    client.post("/api/playlists", json={"name": "more", "tracks": [seed]}),
                    client.post("/api/devices", json={"name": "another"}),
                    client.get(f"/stream/{seed}?profile=opus"),
                ]
                for answer in refused:
                    assert answer.is_server_error, (answer.request.url.path, answer.status_code, answer.text)
                    assert answer.json()["message"], answer.text
                assert str(world.root) not in refused[0].text + refused[2].text, "listeners see where the server has it"
                assert client.get(f"/cover/{seed}").is_success
                assert client.get(f"/stream/{seed}").is_success
                assert _answers(house, seed) == before, "other answers than before"
                filling.unlink()
                began = time.monotonic()
                assert client.post("/api/plays", json=play).is_success
                first.plays.append(play["at"])
                assert client.get(f"/stream/{seed}?profile=opus").is_success
                assert client.post("/api/devices", json={"name": "another"}).is_success
            house.live(chance)
            wait_until(lambda: not world.home.server_journal_file.exists(), "the journal is not told")
            seconds = time.monotonic() - began
            server.process.kill()
            server.process.wait()
        with house.served(world.environment):
            lost = house.lost()
        stop(world.home)
    hold(world.home)
    assert not lost, lost
    return Blow(seconds, str(refused[0].json()["message"]), "answers to what could not be kept")


def hold_half_open(world: World, chance: random.Random) -> Blow:
    """A thousand connections that never say what they want, beside a client that keeps asking."""
    house = household(world)
    slowest = 0.0
    with house.served(world.environment), ExitStack() as stack:
        house.live(chance)
        for number in range(HALF_OPEN):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", house.port), timeout=20))
            one.sendall(b"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            if number % 25 == 0:
                began = time.monotonic()
                answer = house.get("/api/tracks?q=song&size=10", within=QUICK_SECONDS)
                slowest = max(slowest, time.monotonic() - began)
                assert answer.is_success, answer.text
        house.live(chance)
        lost = house.lost()
    assert not lost, lost
    return Blow(slowest, "", "", unsaid="nobody notices")


def unplug_drive(world: World, chance: random.Random) -> Blow:
    """The music is not there: what needs it is refused with a sentence, all else goes on."""
    house = household(world)
    aside = world.music.with_name("unplugged")
    with house.served(world.environment):
        house.live(chance)
        track = chance.choice(house.tracks)
        whole = house.get(f"/stream/{track}").content
        world.music.rename(aside)
        try:
            for path in (f"/stream/{track}", f"/stream/{track}?profile=opus"):
                answer = house.get(path, within=BOUND_SECONDS)
                assert answer.status_code == httpx.codes.NOT_FOUND, answer.status_code
                said = str(answer.json()["message"])
                assert "not there" in said, said
            cover = house.get(f"/cover/{track}")
            assert cover.headers["content-type"] == "image/jpeg"
            house.live(chance)
        finally:
            aside.rename(world.music)
        began = time.monotonic()
        wait_until(
            lambda: house.get(f"/stream/{track}").content == whole, "it is not streamed again", seconds=BACK_SECONDS
        )
        seconds = time.monotonic() - began
        lost = house.lost()
    assert not lost, lost
    return Blow(seconds, said, "answers of streams")


def household(world: World) -> Household:
    """Listeners of the library of a world, whose database runs from now on."""
    hold(world.home)
    world.ledger.note()
    return Household(world.home, [TrackId(track) for track in world.tracks])


def _answers(house: Household, seed: str) -> list[object]:
    """What is shown of the library, without what was played; asserts that all of it is answered."""
    paths = ("/api/tracks?size=200", "/api/tracks?q=a&size=50", "/api/albums?size=50", f"/api/similar?seed={seed}")
    found = [house.get(path) for path in paths]
    assert all(each.is_success for each in found), [each.text for each in found]
    stream = house.get(f"/stream/{seed}")
    assert stream.is_success
    tracks, searched, albums, similar = (each.json() for each in found)
    assert tracks["tracks"], "no track is shown"
    rows = [row["track"]["id"] for row in similar["rows"]]
    return [[row["id"] for row in tracks["tracks"]], searched["total"], albums["total"], rows, len(stream.content)]


def _is_whole(house: Household) -> bool:
    """Whether the database is there for everything, and knows all that it was to be told."""
    is_there = house.state().get("connected") and house.get("/api/queue").is_success
    return bool(is_there) and not house.home.server_journal_file.exists()


_PROMISE = "What was acknowledged is there, once"
SERVER = (
    Fault("server: killed", f"{_PROMISE}; it answers within 5 s of the next start.", kill_server),
    Fault("server: database killed", f"{_PROMISE}; it is found again within 5 s.", kill_database),
    Fault("server: database cut off", f"{_PROMISE}; what is known is answered, what is not is said so in 7 s.",
          with_proxy(cut_database)),
    Fault("server: no database at the start", f"{_PROMISE}; what was known is answered.",
          with_proxy(start_without_database)),
    Fault("server: disk full", f"{_PROMISE}; what cannot be kept is refused; with space again it goes on by itself.",
          fill_home),
    Fault("server: half-open connections", "A thousand of them keep nobody waiting.", hold_half_open),
    Fault("server: drive unplugged", f"{_PROMISE}; its tracks are refused with a sentence.", unplug_drive),
)  # fmt: skip
