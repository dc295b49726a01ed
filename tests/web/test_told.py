"""A play on one device changes For you on the others at once: broker, stream, server, page and player are real."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from selenium import webdriver

from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.store import Database
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Track, TrackId
from indexer.streaming.figures import figures_of
from musicplayer.server.accounts.accounts import Accounts
from tests.brokers import Broker, needed
from tests.faults.watched import Record, Watched, indexer, player
from tests.faults.world import says
from tests.plays import play_of
from tests.served import served
from tests.served_library import make_library, make_taste
from tests.serving import PASSWORD
from tests.waiting import wait_until
from tests.web.screen import Screen

pytestmark = pytest.mark.database

BOUND_SECONDS = 20.0
"""Not what it may take, but what a busy machine may; what it took is printed."""

QUIET_SECONDS = 1.5


@dataclass
class Evening:
    """Everything that runs, and the page of the owner."""

    screen: Screen
    desktop: Watched
    page: httpx.Client
    tracks: list[Track]
    pictures: Path

    def shown(self) -> list[str]:
        """Titles on the first shelf of the page."""
        return self.screen.run(
            "return [...(document.querySelector('main .shelf')?.querySelectorAll('li') ?? [])]"
            ".map((each) => each.innerText.trim().split('\\n')[0])"
        )

    def desk(self) -> list[TrackId]:
        """The first shelf of the window."""
        said: list[Record] = [record for record in self.desktop.records if record.get("say") == "foryou"]
        return list(said[-1]["tracks"]) if said else []

    def title(self, track: str) -> str:
        return next(each.title for each in self.tracks if each.id == track)

    def take_pictures(self, name: str) -> None:
        """Both, light and dark."""
        for theme in ("light", "dark"):
            self.screen.emulate_dark(dark=theme == "dark")
            self.screen.driver.save_screenshot(str(self.pictures / f"page-{name}-{theme}.png"))
            before = len(self.desktop.records)
            self.desktop.tell(f"picture {theme} {self.pictures / f'window-{name}-{theme}.png'}")
            assert self.desktop.wait_for(says("picture"), after=before)["saved"]

    def asked(self) -> int:
        """How often the page has asked what is recommended."""
        names = "performance.getEntriesByType('resource').map(({ name }) => name)"
        return int(self.screen.run(f"return {names}.filter((name) => name.endsWith('/for-you')).length"))

    def rest(self) -> None:
        """Until the page has asked nothing for a while."""
        asked, since = self.asked(), time.monotonic()
        while time.monotonic() < since + QUIET_SECONDS:
            if self.asked() != asked:
                asked, since = self.asked(), time.monotonic()

    def timed(self, act: Callable[[], object], seen: Callable[[], object], what: str) -> None:
        """Do something, wait until it is seen elsewhere, and print how long that took."""
        began = time.monotonic()
        act()
        wait_until(seen, what, seconds=BOUND_SECONDS)
        print(f"{what}: {1_000 * (time.monotonic() - began):.0f} ms")  # noqa: T201 - what `-s` is for


@pytest.fixture
def evening(
    database: Database, home: Home, tmp_path: Path, chromium: webdriver.Chrome, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Evening]:
    """A home whose owner has a taste, looked at from two places.

    The broker is the one that lets who reads wait, as most do: by the other, idle readers take all of two cores.
    """
    needed("tansu")
    tracks = make_library(database, home, tmp_path / "music")
    make_taste(home, tracks)
    now = time.time()
    database.plays.add([play_of(tracks[6 * number % 24 + 1].id, now - (5 + number) * DAY) for number in range(4)])
    database.plays.add([play_of(tracks[number].id, now - (9 + number) * DAY) for number in range(0, 8, 2)])
    Settings(database_uri=database.uri, watch_folders=False, only_songs=False).save(home)
    accounts = Accounts(home.accounts_file)
    ada = accounts.create_first(str(accounts.first_token), "ada", PASSWORD)
    key = accounts.new_device(ada.id, "a test")[1]
    broker, root = Broker(tmp_path / "broker", "tansu"), Path(str(home.root))
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    with ExitStack() as way_down:
        broker.start()
        way_down.callback(broker.stop)
        monkeypatch.setenv("SEGUE_KAFKA", broker.address)
        stream = indexer(root, "stream")
        way_down.callback(stream.close)
        server = way_down.enter_context(served(home, uri=database.uri))
        desktop = player(root)
        way_down.callback(desktop.close)
        desktop.wait_for(says("ready"))
        desktop.tell("foryou")
        page = way_down.enter_context(
            httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {key}"}, timeout=20)
        )
        screen = Screen(chromium, server.address.rstrip("/"))
        screen.resize(1440, 900)
        screen.log_in()
        screen.go("for-you")
        made = Evening(screen, desktop, page, tracks, pictures)
        wait_until(made.shown, "shelves of the page")
        wait_until(made.desk, "shelves of the window")
        wait_until(lambda: any(each["places"] and each["is_ready"] for each in figures_of(home)), "the stream's share")
        yield made
        chromium.get("about:blank")


def test_a_play_on_one_device_changes_what_the_other_recommends(evening: Evening) -> None:
    evening.take_pictures("before")
    for turn in ("first", "second"):  # of the first one everything is made ready, too
        _play_at_the_desk(evening, turn)
        _play_in_the_page(evening, turn)
    evening.take_pictures("after")


def _play_at_the_desk(evening: Evening, turn: str) -> None:
    evening.rest()
    track, shown, asked = evening.desk()[0], evening.shown(), evening.asked()
    evening.timed(
        lambda: evening.desktop.tell(f"heard {track} 6.0"),
        lambda: evening.shown() != shown,
        f"{turn} play on the desktop, seen in the page",
    )
    _goes_everywhere(evening, track)
    print(f"the page asked {evening.asked() - asked} times")  # noqa: T201 - what `-s` is for


def _play_in_the_page(evening: Evening, turn: str) -> None:
    evening.rest()
    track, desk, asked = evening.desk()[0], evening.desk(), evening.asked()
    told = {"id": secrets.token_hex(12), "track": track, "heard": 6.0, "source": "web"}
    evening.timed(
        lambda: evening.page.post("/api/plays", json=told).raise_for_status(),
        lambda: evening.desk() != desk,
        f"{turn} play in the page, seen in the window",
    )
    _goes_everywhere(evening, track)
    print(f"the page asked {evening.asked() - asked} times")  # noqa: T201 - likewise


def _goes_everywhere(evening: Evening, track: TrackId) -> None:
    """What was heard just now is recommended nowhere."""
    wait_until(lambda: track not in evening.desk(), "the window to follow", seconds=BOUND_SECONDS)
    wait_until(lambda: evening.title(track) not in evening.shown(), "the page to follow", seconds=BOUND_SECONDS)
    evening.rest()
