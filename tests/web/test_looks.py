"""How the page looks: from a phone to a wall, light and dark, without a serious fault for people who cannot see it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

from indexer.core.home import Home
from indexer.core.store import Database
from tests.served_library import make_library
from tests.serving import serving
from tests.waiting import wait_until
from tests.web.screen import Screen
from tests.web.test_listening import start_album

AXE = "4.14.1"
SMALLEST = 44
"""Pixels of what a finger can hit."""

PLACES = (
    "albums",
    "tracks",
    "artists",
    "for-you",
    "playlists",
    "map",
    f"journey/{1:032x}/{10:032x}",
    "now",
    "settings",
)


@pytest.fixture(scope="module")
def axe(shared_folder: Path) -> str:
    """The checker's script, from npm's registry or from `SEGUE_TEST_AXE`, a folder that holds axe.min.js."""
    folder = Path(os.environ.get("SEGUE_TEST_AXE", shared_folder / "axe" / "node_modules" / "axe-core"))
    with FileLock(shared_folder / "axe.lock"):
        if not (folder / "axe.min.js").is_file():
            _fetch(shared_folder / "axe")
    return (folder / "axe.min.js").read_text(encoding="utf-8")


def _fetch(folder: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip(f"axe-core is not here (npm install axe-core@{AXE}, and SEGUE_TEST_AXE names its folder)")
    folder.mkdir(exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"axe-core@{AXE}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"axe-core cannot be fetched: {done.stderr.strip()[:200]}")


def faults(screen: Screen, axe: str) -> list[str]:
    """What the checker calls serious or critical."""
    check = (
        "const done = arguments[0];"
        "axe.run(document, {resultTypes: ['violations']}).then((found) => done(found.violations"
        ".filter((each) => ['serious', 'critical'].includes(each.impact))"
        ".map((each) => `${each.id}: ${each.help}: ${each.nodes[0].html.slice(0, 200)}`)))"
    )
    screen.run(axe)
    found: list[str] = screen.driver.execute_async_script(check)
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(375, 740), (1440, 900)])
def test_no_place_has_a_serious_fault(screen: Screen, axe: str, width: int, height: int, dark: bool) -> None:
    screen.resize(width, height)
    screen.emulate_dark(dark=dark)
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    screen.named("Pause", ".bar").click()
    if screen.one(".bar button.similar").get_attribute("aria-expanded") != "true":
        screen.named("More like this", ".bar").click()
    found = {"panel": faults(screen, axe)}
    if width < 500:
        screen.named("Close", "#panel").click()
    for place in PLACES:
        screen.go(place)
        screen.one("main h1")
        found[place] = faults(screen, axe)
    assert {place: each for place, each in found.items() if each} == {}


def test_the_way_in_has_no_serious_fault(screen: Screen, axe: str) -> None:
    screen.log_in(password="something else")
    assert faults(screen, axe) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_an_address_that_there_is_not_shows_a_page_without_a_serious_fault(
    screen: Screen, axe: str, dark: bool
) -> None:
    screen.emulate_dark(dark=dark)
    screen.log_in()
    screen.driver.get(f"{screen.address}/no/such/place")
    assert screen.one("main h1", containing="nothing at this address")
    assert screen.run("return document.querySelector('main img').naturalWidth") > 0
    assert faults(screen, axe) == []
    screen.click("main a")
    assert screen.one("nav a[aria-current]")


@pytest.mark.parametrize(("width", "height"), [(375, 740), (1440, 900), (3840, 2160)])
def test_nothing_sticks_out_and_fingers_hit(screen: Screen, width: int, height: int) -> None:
    screen.resize(width, height)
    screen.log_in()
    start_album(screen)
    screen.wait_to_play("Song 4")
    screen.named("Pause", ".bar").click()
    for place in PLACES:
        screen.go(place)
        screen.one("main h1")
        assert screen.run("return document.documentElement.scrollWidth <= innerWidth"), place
        assert screen.run(
            "const main = document.getElementById('main'); return main.scrollWidth <= main.clientWidth"
        ), place
        small = screen.run(
            "return [...document.querySelectorAll('button, select, nav a, input:not([type=checkbox])')]"
            ".filter((each) => each.checkVisibility() && !each.closest('label.check'))"
            ".map((each) => [each.getAttribute('aria-label') || each.textContent, each.getBoundingClientRect()])"
            ".filter(([, box]) => Math.round(box.height) < arguments[0]).map(([name, box]) => `${name} ${box.height}`)",
            SMALLEST,
        )
        assert small == [], place


def test_light_and_dark_are_the_systems_unless_chosen(screen: Screen) -> None:
    def ground() -> str:
        return str(screen.run("return getComputedStyle(document.body).backgroundColor"))

    screen.log_in()
    light = ground()
    screen.emulate_dark(dark=True)
    wait_until(lambda: ground() != light, "a dark page")
    dark = ground()
    screen.go("settings")
    screen.click("main .segment", containing="Light")
    wait_until(lambda: ground() == light, "a light page")
    screen.driver.refresh()
    assert ground() == light
    screen.emulate_dark(dark=False)
    screen.go("settings")
    screen.click("main .segment", containing="Dark")
    wait_until(lambda: ground() == dark, "a dark page")


def test_the_shell_opens_without_its_server(screen: Screen, database: Database, home: Home, tmp_path: Path) -> None:
    make_library(database, home, tmp_path / "music")
    with serving(home, database.uri) as passing:
        there = Screen(screen.driver, passing.address)
        there.log_in()
        there.run("return navigator.serviceWorker.ready")
        there.driver.refresh()
        there.one("main h1")
        kept = "return caches.match('./').then(Boolean)"
        wait_until(lambda: there.run(kept), "the shell to be kept")
    there.driver.refresh()
    assert there.one("#offline:not([hidden])").text
    assert len(there.all("nav a")) == 10
    there.driver.get("about:blank")
    there.driver.get_log("browser")
