"""Going back, and loading anew: long lists are where they were left, with what was searched in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from indexer.core.home import Home
from indexer.core.tracks import TrackId
from tests.conftest import empty_database
from tests.served_library import track_of
from tests.serving import Served, serving
from tests.waiting import wait_until
from tests.web.screen import Screen

TRACKS = 600


@pytest.fixture(scope="module")
def served(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of so many tracks that lists of them, and of their albums, come in several parts; without files."""
    folder = tmp_path_factory.mktemp("long")
    home = Home.resolve(folder / "home")
    with empty_database(database_server, home) as database:
        made = (track_of(number, folder) for number in range(TRACKS))
        database.tracks.upsert(replace(track, id=TrackId(f"{track.id[-8:]:0>64}")) for track in made)
        with serving(home, database.uri) as found:
            yield found


def top(screen: Screen) -> int:
    return int(screen.run("return document.getElementById('main').scrollTop"))


def scroll(screen: Screen, pixels: int) -> str:
    """Scroll the place so far down, and wait for what is there; returns what is seen in the middle."""
    wait_until(lambda: screen.run("return document.getElementById('main').scrollHeight") > pixels + 2_000, "the list")
    screen.run("document.getElementById('main').scrollTop = arguments[0]", pixels)
    wait_until(lambda: seen(screen), "what is there")
    return seen(screen)


def seen(screen: Screen) -> str:
    """The title in the middle of the place, empty while it has not come."""
    return str(
        screen.run(
            "const box = document.getElementById('main').getBoundingClientRect();"
            "const at = document.elementFromPoint(box.left + 150, box.top + box.height / 2);"
            "return (at?.closest('.card') ?? at?.closest('.line'))?.querySelector('.first')?.textContent ?? ''"
        )
    )


@pytest.mark.parametrize(("place", "pixels"), [("tracks", 20_000), ("albums", 4_000)])
def test_a_long_list_is_come_back_to_where_it_was_left(screen: Screen, place: str, pixels: int) -> None:
    screen.log_in()
    screen.go(place)
    left = scroll(screen, pixels)
    screen.click("nav a[href='#/artists']")
    assert screen.one("main h1", containing="Artists")
    assert top(screen) == 0
    screen.click(f"nav a[href='#/{place}']")
    wait_until(lambda: seen(screen), "the list anew")
    assert top(screen) == 0
    screen.driver.back()
    assert screen.one("main h1", containing="Artists")
    screen.driver.back()
    wait_until(lambda: seen(screen) == left, "the place in the list")
    assert top(screen) == pixels
    screen.driver.refresh()
    wait_until(lambda: seen(screen) == left, "the same after loading anew")
    assert top(screen) == pixels
    screen.run("document.getElementById('main').scrollTop = 0")
    wait_until(lambda: seen(screen) not in {"", left}, "another part of the list")
    screen.driver.forward()
    assert screen.one("main h1", containing="Artists")
    screen.driver.back()
    wait_until(lambda: screen.all(".lines .line, .cards .card"), "the list")
    assert top(screen) == 0


def test_what_was_searched_among_albums_is_come_back_to_as_well(screen: Screen) -> None:
    screen.log_in()
    screen.go("albums")
    screen.one("input[type=search]").send_keys("year>2050")
    wait_until(lambda: "Album 51" in screen.texts(".card .first"), "what was found")
    found = scroll(screen, 500)
    screen.click(".card a", containing=found)
    assert screen.one("main h1", containing=found)
    screen.driver.back()
    wait_until(lambda: seen(screen) == found, "the album that was left")
    assert screen.one("input[type=search]").get_property("value") == "year>2050"
    assert top(screen) == 500


def test_what_is_kept_of_a_search_among_tracks_is_the_place_too(screen: Screen) -> None:
    screen.log_in()
    screen.go("tracks")
    screen.one("input[type=search]").send_keys("artist:bass")
    assert screen.one("main p", containing="150 tracks")
    left = scroll(screen, 3_000)
    screen.click("nav a[href='#/artists']")
    assert screen.one("main h1", containing="Artists")
    screen.driver.back()
    wait_until(lambda: seen(screen) == left, "the place in what was found")
    assert top(screen) == 3_000
