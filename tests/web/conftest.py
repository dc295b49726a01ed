"""A real browser before a real server: headless Chromium on the page of a small library."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver

from indexer.core.home import Home
from tests.conftest import empty_database
from tests.served_library import make_library
from tests.serving import Served, serving
from tests.web.screen import Screen

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
    "--hide-scrollbars",
    "--lang=en-GB",
)


@pytest.fixture(scope="module")
def served(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of 24 tracks of six seconds, with a model of them; ada is its owner, bert another listener."""
    folder = tmp_path_factory.mktemp("web")
    home = Home.resolve(folder / "home")
    with empty_database(database_server, home) as database:
        make_library(database, home, folder / "music")
        with serving(home, database.uri) as found:
            yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[webdriver.Chrome]:
    """The browser that is installed here."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("Chromium or its chromedriver is not here (apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in OPTIONS:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield browser
    browser.quit()


@pytest.fixture
def screen(chromium: webdriver.Chrome, served: Served) -> Iterator[Screen]:
    """A browser that nobody used before, at the width of a desk; it must not complain about the page."""
    chromium.get("about:blank")
    chromium.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": served.address, "storageTypes": "all"})
    found = Screen(chromium, served.address)
    found.resize(1440, 900)
    found.emulate_dark(dark=False)
    chromium.get_log("browser")
    yield found
    chromium.get("about:blank")
    assert found.complaints() == []
