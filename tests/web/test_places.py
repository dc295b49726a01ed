"""The places of the page: what they show of a real library, and that what is done there is kept."""

from __future__ import annotations

import time

import pytest
from selenium.webdriver.common.keys import Keys

from indexer.core.plays import OWNER
from indexer.core.serving import Desktop, Pressed
from tests.serving import Served
from tests.waiting import wait_until
from tests.web.screen import Screen
from tests.web.test_listening import start_album


def test_only_who_knows_the_password_comes_in(screen: Screen) -> None:
    screen.driver.get(f"{screen.address}/")
    assert screen.driver.current_url.endswith("/login")
    screen.log_in(password="something else")
    assert screen.all("[role=alert]")
    assert screen.one("input[name=name]").get_property("value") == "ada"
    screen.log_in()
    assert len(screen.all("nav a")) == 10
    screen.go("settings")
    screen.click("main button", containing="Sign out")
    wait_until(lambda: screen.driver.current_url.endswith("/login"), "the way out")
    screen.driver.get(f"{screen.address}/")
    assert screen.driver.current_url.endswith("/login")


def test_tracks_are_searched_sorted_and_walked_by_keys(screen: Screen) -> None:
    screen.log_in()
    screen.go("tracks")
    assert screen.one("main p", containing="24 tracks")
    screen.click(".head .title button")
    titles = ".lines .first"
    wait_until(lambda: screen.texts(titles)[:2] == ["Song 0", "Song 1"], "tracks by title")
    screen.one("input[type=search]").send_keys("artist:bass year>2003")
    wait_until(lambda: screen.texts(titles) == ["Song 17", "Song 21"], "what the search finds")
    assert "artist%3Abass" in screen.driver.current_url
    screen.one(".lines .name").send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    screen.wait_to_play("Song 21")
    screen.retype("input[type=search]", "year>>")
    assert screen.one("main .notice").text


def test_a_part_of_a_list_that_does_not_come_is_not_asked_for_without_end(screen: Screen) -> None:
    screen.log_in()
    screen.run(
        """import(new URL("static/js/virtual.js", document.baseURI)).then(({ Parts }) => {
            window.askings = 0;
            const parts = new Parts(async () => {
                window.askings += 1;
                await new Promise((passed) => setTimeout(passed, 1));
                throw new Error("away");
            });
            parts.onarrive = () => parts.at(0);
            parts.at(0);
        });"""
    )
    wait_until(lambda: screen.run("return window.askings") is not None, "a first request")
    time.sleep(0.2)  # as long as a hundred more would take
    assert screen.run("return window.askings") == 1


def test_an_artist_leads_to_albums_and_a_genre_to_tracks(screen: Screen) -> None:
    screen.log_in()
    screen.go("artists")
    screen.click(".card a", containing="Cora Chorus")
    assert screen.one("h1", containing="Cora Chorus")
    assert screen.all(".shelf .card")
    screen.go("genres")
    screen.click(".card a", containing="Jazz")
    wait_until(lambda: len(screen.all(".lines .name")) == 12, "the tracks of a genre")


def test_what_is_like_the_music_follows_it_unless_pinned(screen: Screen) -> None:
    screen.log_in()
    start_album(screen, "Album 1")
    screen.wait_to_play("Song 4")
    assert screen.one("#panel .seed", containing="Song 4")
    wait_until(lambda: len(screen.all("#panel .similar-rows li")) > 5, "similar tracks")
    screen.named("Pin", "#panel").click()
    screen.one("main").send_keys("n")
    screen.wait_to_play("Song 5")
    assert "Song 4" in screen.one("#panel .seed").text
    screen.named("Pin", "#panel").click()
    assert screen.one("#panel .seed", containing="Song 5")
    first = screen.one("#panel .similar-rows .first").text
    screen.click("#panel .similar-rows .name")
    screen.named("Queue", ".bar").click()
    wait_until(
        lambda: screen.texts("#panel .lines-of-queue .first")[-1:] == [first], "the track at the end of the queue"
    )


def test_a_track_that_is_hidden_for_a_seed_is_gone_until_undone(screen: Screen) -> None:
    screen.log_in()
    start_album(screen, "Album 1")
    screen.wait_to_play("Song 4")
    screen.named("Pause", ".bar").click()
    first = screen.one("#panel .similar-rows .first").text
    screen.click("#panel .similar-rows .tool")
    screen.click("[role=menuitem]", containing="Hide here")
    wait_until(lambda: first not in screen.texts("#panel .similar-rows .first"), "the list without it")
    screen.click("#said button", containing="Undo")
    wait_until(lambda: first in screen.texts("#panel .similar-rows .first"), "the list with it")


def test_a_heart_is_kept_by_its_listener_alone(screen: Screen, served: Served) -> None:
    screen.log_in("bert")
    screen.go("tracks")
    title = screen.one(".lines .first").text
    screen.click(".lines .line .acts button")
    assert screen.one(".lines .line .acts button[aria-pressed=true]", containing="Favourite")
    hearts = {}
    for listener in served.keys:
        with served.client(listener) as client:
            found = client.get("/api/tracks", params={"q": f'title:"{title}"'}).json()["tracks"]
            hearts[listener] = found[0]["favourite"]
    assert sorted(hearts.values()) == [False, True]
    assert hearts["owner"] is False


def test_opinions_stay_shown_when_others_follow_here_and_elsewhere(screen: Screen, served: Served) -> None:
    screen.log_in()
    start_album(screen, "Album 1")
    screen.wait_to_play("Song 4")
    screen.named("Thumb up", ".bar").click()
    with served.client(OWNER) as client:
        (track,) = client.get("/api/tracks", params={"q": 'title:"Song 4"'}).json()["tracks"]
        client.post("/api/opinions", json={"track": track["id"], "favourite": True}).raise_for_status()
    assert screen.one(".bar button[aria-pressed=true]", containing="Favourite")
    screen.go("now")
    for pressed in ("Thumb up", "Favourite"):
        assert screen.one(".now button[aria-pressed=true]", containing=pressed)


def test_on_a_phone_the_panel_makes_way_for_another_place(screen: Screen) -> None:
    screen.resize(375, 812)
    screen.log_in()
    screen.named("Queue", ".bar").click()
    wait_until(lambda: screen.one("#panel").is_displayed(), "the panel")
    screen.click("nav a[href='#/artists']")
    assert screen.one("main h1", containing="Artists")
    assert not screen.run("return document.getElementById('panel').checkVisibility()")


def test_a_journey_is_planned_and_queued(screen: Screen) -> None:
    screen.log_in()
    screen.go(f"journey/{1:032x}/{10:032x}")
    assert screen.one("main .notice", containing="12 tracks").text  # four artists are too few for so many
    screen.retype("main input[type=number]", "5" + Keys.ENTER)
    wait_until(lambda: len(screen.all(".lines .name")) == 5, "the stops")
    titles = screen.texts(".lines .first")
    assert (titles[0], titles[-1]) == ("Song 0", "Song 9")
    fields = screen.all(".journey [role=combobox]")
    fields[1].send_keys("Song 5")
    screen.click("[role=option]", containing="Song 5")
    screen.click(".journey button", containing="Plan journey")
    wait_until(lambda: "Song 5" in screen.texts(".lines .first"), "the way over it")
    screen.named("Play all", "main").click()
    screen.wait_to_play("Song 0")


def test_a_click_on_the_map_plays(screen: Screen) -> None:
    screen.log_in()
    screen.go("map")
    canvas = screen.one(".map canvas")
    wait_until(lambda: canvas.size["height"] > 100, "the map")
    canvas.send_keys("+", Keys.ARROW_LEFT, Keys.ENTER)
    screen.wait_to_play("Song")
    assert screen.one(".map-told", containing="Song")


def test_a_key_of_a_device_is_shown_once_and_taken_back(screen: Screen, served: Served) -> None:
    screen.log_in()
    screen.go("settings")
    screen.click("main button", containing="New device")
    screen.one("dialog input").send_keys("Kitchen" + Keys.ENTER)
    key = screen.one("dialog input.key").get_property("value")
    with served.client(None) as client:
        asked = {"Authorization": f"Bearer {key}"}
        assert client.get("/api/state", headers=asked).json()["listener"]["name"] == "ada"
        screen.named("Close", "dialog").click()
        screen.named("Take back the key of Kitchen").click()
        screen.click("dialog button", containing="Take back")
        wait_until(lambda: client.get("/api/state", headers=asked).status_code == 401, "the key to end")


def test_the_desktop_player_is_offered_while_there_is_one_that_the_listener_may_use(
    screen: Screen, served: Served
) -> None:
    remote, pressed = served.hub.remote, list[Pressed]()

    def offered() -> bool:
        return screen.all("nav a[href='#/remote']")[0].is_displayed()

    screen.log_in()
    screen.go("remote")
    assert screen.one("main .notice", containing="does not run")
    assert not offered()
    remote.press = pressed.append
    served.loop.call_soon_threadsafe(remote.take, Desktop(playing=True))
    wait_until(offered, "the way to the desktop player")
    screen.go("settings")
    screen.click("main button", containing="Sign out")
    screen.log_in("bert")
    screen.go("remote")
    assert screen.one("main .notice", containing="may not")
    assert not offered()
    screen.go("settings")
    screen.click("main button", containing="Sign out")
    screen.log_in()
    wait_until(offered, "the way to the desktop player")
    remote.press = None
    served.loop.call_soon_threadsafe(remote.take, Desktop())
    wait_until(lambda: not offered(), "no way any more")


@pytest.mark.parametrize(("language", "word"), [("de-AT,en;q=0.5", "Alben"), ("fr,en", "Albums")])
def test_the_page_speaks_the_language_of_its_reader(screen: Screen, language: str, word: str) -> None:
    screen.driver.execute_cdp_cmd("Network.enable", {})
    screen.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})
    try:
        screen.log_in()
        screen.go("albums")
        assert screen.one("h1", containing=word)
        assert screen.one("nav a[aria-current]", containing=word)
    finally:
        screen.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})


def test_a_playlist_is_made_changed_shared_and_deleted(screen: Screen, served: Served) -> None:
    screen.log_in()
    screen.go("tracks")
    screen.click(".lines .line .acts button:last-child")
    screen.click("[role=menuitem]", containing="Add to playlist")
    screen.click("dialog button", containing="New playlist")
    screen.one("dialog input").send_keys("Evening" + Keys.ENTER)
    assert screen.one("#said", containing="Evening")
    screen.click(".lines .line:nth-child(2) .acts button:last-child")
    screen.click("[role=menuitem]", containing="Add to playlist")
    screen.click("dialog button", containing="Evening")
    screen.go("playlists")
    screen.click(".card a", containing="Evening")
    wait_until(lambda: len(screen.all(".lines .name")) == 2, "both tracks")
    screen.named("Rename", "main").click()
    screen.retype("dialog input", "<i>Night</i>" + Keys.ENTER)
    assert screen.one("h1", containing="<i>Night</i>")
    screen.named("Share with everyone here", "main").click()
    assert screen.one("main button[aria-pressed=true]", containing="Share with everyone here")
    for listener in served.keys:
        with served.client(listener) as client:
            (found,) = client.get("/api/playlists").json()["playlists"]
            assert (found["name"], found["tracks"], found["own"]) == ("<i>Night</i>", 2, listener == "owner")
    screen.named("Delete playlist", "main").click()
    screen.click("dialog button.primary", containing="Delete")
    assert screen.one("main .notice", containing="no playlist")
