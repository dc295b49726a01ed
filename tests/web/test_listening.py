"""Listening in a browser: what plays, what comes next, what the server hears of it."""

from __future__ import annotations

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from indexer.core.plays import OWNER
from tests.serving import Served
from tests.waiting import wait_until
from tests.web.screen import Screen


def plays_of(served: Served) -> dict[str, int]:
    """How often each track was played, as the server counts it for who asks."""
    with served.client(OWNER) as client:
        tracks = client.get("/api/tracks", params={"size": 100}).json()["tracks"]
    return {track["title"]: track["plays"] for track in tracks}


def start_album(screen: Screen, title: str = "Album 1") -> None:
    screen.go("albums")
    screen.click(f".card button[aria-label='Play {title}']")


def test_an_album_plays_from_its_card_and_goes_on_by_itself(screen: Screen, served: Served) -> None:
    before = plays_of(served)
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    assert screen.driver.title.startswith("Song 4")
    assert "Song 4" in screen.one("#announced").get_property("textContent")
    session = screen.run("return [navigator.mediaSession.metadata.title, navigator.mediaSession.playbackState]")
    assert session == ["Song 4", "playing"]
    screen.wait_to_play("Song 5")
    wait_until(lambda: plays_of(served)["Song 4"] == before["Song 4"] + 1, "the play at the server")
    screen.named("Pause", ".bar").click()
    wait_until(lambda: not screen.is_playing())


def test_keys_and_buttons_steer(screen: Screen) -> None:
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    screen.one("main").send_keys("n")
    screen.wait_to_play("Song 5")
    screen.one("main").send_keys(" ")
    wait_until(lambda: not screen.is_playing(), "a pause")
    slider = screen.one(".bar [role=slider]")
    slider.send_keys(Keys.HOME)
    wait_until(lambda: screen.position() == 0, "the beginning")
    slider.send_keys(Keys.ARROW_RIGHT)
    wait_until(lambda: screen.position() == 5, "five seconds on")
    screen.one("main").send_keys("?")
    assert "Mute" in screen.one("dialog").text
    screen.one("dialog").send_keys(Keys.ESCAPE)
    wait_until(lambda: not screen.all("dialog"), "the dialog to close")


def test_what_plays_is_looked_up_once_however_often_it_was_shown_large(screen: Screen) -> None:
    screen.log_in()
    for place in ("now", "albums", "now", "albums"):
        screen.go(place)
        screen.one(".now" if place == "now" else ".cards")
    screen.run("performance.clearResourceTimings()")
    start_album(screen, "Album 5")
    screen.wait_to_play("Song 20")
    names = "return performance.getEntriesByType('resource').map(({ name }) => name)"

    def shapes() -> list[str]:
        return [name for name in screen.run(names) if "/waveform/" in name]

    wait_until(shapes, "the waveform")
    asked = shapes()
    assert len(asked) == len(set(asked))


def test_a_click_on_the_waveform_seeks(screen: Screen) -> None:
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    screen.named("Pause", ".bar").click()
    slider = screen.one(".bar [role=slider]")
    ActionChains(screen.driver).move_to_element_with_offset(slider, slider.size["width"] // 4, 0).click().perform()
    wait_until(lambda: screen.position() in {4, 5}, "three quarters of six seconds")


def test_the_queue_is_reordered_saved_and_found_again(screen: Screen) -> None:
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    screen.named("Pause", ".bar").click()
    screen.named("Queue", ".bar").click()
    lines = "#panel .lines-of-queue .first"
    wait_until(lambda: screen.texts(lines) == ["Song 4", "Song 5", "Song 6", "Song 7"], "the queue")
    screen.one("#panel .name", containing="Song 7").send_keys(Keys.ALT + Keys.ARROW_UP)
    wait_until(lambda: screen.texts(lines) == ["Song 4", "Song 5", "Song 7", "Song 6"], "another order")
    handle = screen.all("#panel .handle")[2]
    ActionChains(screen.driver).click_and_hold(handle).move_by_offset(0, 30).move_by_offset(0, 30).release().perform()
    wait_until(lambda: screen.texts(lines) == ["Song 4", "Song 5", "Song 6", "Song 7"], "the order of before")
    screen.one("#panel .name", containing="Song 7").send_keys(Keys.ALT + Keys.ARROW_UP)
    wait_until(lambda: screen.texts(lines) == ["Song 4", "Song 5", "Song 7", "Song 6"], "the other order")
    screen.one("#panel .name", containing="Song 6").send_keys(Keys.DELETE)
    wait_until(lambda: screen.texts(lines) == ["Song 4", "Song 5", "Song 7"], "a shorter queue")
    screen.one(".bar [role=slider]").send_keys(Keys.HOME, Keys.ARROW_RIGHT)
    start = screen.run("return performance.now()")
    wait_until(lambda: screen.run("return performance.now()") > start + 1_500, "the queue to be kept at the server")
    screen.driver.refresh()
    wait_until(lambda: screen.texts(lines) == ["Song 4", "Song 5", "Song 7"], "the queue of before")
    assert screen.playing() == "Song 4"
    assert not screen.is_playing()


def test_a_page_that_is_loaded_anew_rests_where_it_played(screen: Screen) -> None:
    screen.log_in()
    start_album(screen, "Album 3")
    screen.wait_to_play("Song 12")
    wait_until(lambda: screen.position() >= 2, "a place in the track, far from its end")
    screen.driver.refresh()
    wait_until(lambda: screen.playing() == "Song 12" and screen.position() >= 2, "the place of before")
    assert not screen.is_playing()


def test_a_play_without_a_network_is_told_once_when_it_is_back(screen: Screen, served: Served) -> None:
    before = plays_of(served)
    screen.log_in()
    start_album(screen, "Album 2")
    screen.wait_to_play("Song 8")
    wait_until(lambda: screen.position() >= 4, "most of the track")
    screen.offline(True)
    screen.one("main").send_keys("n")
    kept = "return Object.keys(localStorage).filter((key) => key.startsWith('segue.play.')).length"
    wait_until(lambda: screen.run(kept) >= 1, "a play that waits")
    assert plays_of(served)["Song 8"] == before["Song 8"]
    screen.offline(False)
    screen.one("main").send_keys(" ")
    wait_until(lambda: plays_of(served)["Song 8"] == before["Song 8"] + 1, "the play at the server")
    screen.driver.refresh()
    wait_until(lambda: screen.all("nav a"), "the page")
    wait_until(lambda: screen.run(kept) <= 1, "nothing to wait")
    assert plays_of(served)["Song 8"] == before["Song 8"] + 1


def test_the_radio_fills_the_queue(screen: Screen) -> None:
    screen.log_in()
    start_album(screen, "Album 3")
    screen.wait_to_play("Song 12")
    screen.named("Pause", ".bar").click()
    screen.named("Queue", ".bar").click()
    for _ in range(3):
        screen.one("#panel .lines-of-queue .line:last-child .name").send_keys(Keys.DELETE)
    screen.named("Radio", ".bar").click()
    wait_until(lambda: len(screen.texts("#panel .lines-of-queue .first")) >= 3, "what the radio found")
    assert screen.named("Radio", ".bar").get_attribute("aria-pressed") == "true"


def test_for_you_changes_on_an_open_page_while_one_listens(screen: Screen, served: Served) -> None:
    screen.log_in()
    screen.go("for-you")
    assert screen.one("main h1", containing="For you")
    wait_until(lambda: screen.all("main .notice") or screen.all("main .shelf"), "an answer")
    before = screen.one("main .shelves").text
    with served.client(OWNER) as elsewhere:
        tracks = elsewhere.get("/api/tracks", params={"size": 24}).json()["tracks"]
        for number, track in enumerate(tracks[:16]):
            told = {"id": f"elsewhere-{number}", "track": track["id"], "heard": 6.0, "source": "album"}
            assert elsewhere.post("/api/plays", json=told).status_code == 200
    wait_until(lambda: screen.one("main .shelves").text != before, "another page of recommendations", seconds=90)


def test_equal_loudness_is_switched_while_it_plays_and_the_seam_holds(screen: Screen) -> None:
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    screen.go("settings")
    screen.click("main label.check")
    before = screen.position()
    wait_until(lambda: screen.position() > before or screen.playing() != "Song 4", "the music to go on")
    screen.wait_to_play("Song 5")
    screen.driver.refresh()
    screen.go("settings")
    assert screen.one("main label.check input").is_selected()
