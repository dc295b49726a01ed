"""The step of the tour that needs a broker: a play is told to it, and For you begins with what is told back."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from indexer.core.beside import environment, indexer_command
from indexer.core.errors import SegueError
from indexer.core.files.settings_file import setting
from indexer.core.home import HOME_VARIABLE, Home
from indexer.core.kafka.address import ADDRESS_VARIABLE, kafka_address
from indexer.core.taste.live import LiveList
from indexer.core.taste.shelves import ShelfKind
from indexer.core.tracks import TrackId
from musicplayer.tour.hands import StepLeftOut, check, click, wait_until
from musicplayer.tour.tour import Tour

_STREAM_SECONDS = 60
_SHOWN_SECONDS = 20
_END_SECONDS = 10


@contextmanager
def topics_of_its_own(home: Home) -> Iterator[None]:
    """Where a broker is set, have the tour use topics that nobody else knows, and take them away at the end.

    What is played in a tour is not what the listeners of that broker play.
    """
    before = os.environ.get(ADDRESS_VARIABLE)
    if not _has_broker(home):
        yield
        return
    own = urlsplit(before or setting(home, "kafka"))._replace(path=f"/segue-tour-{secrets.token_hex(4)}").geturl()
    os.environ[ADDRESS_VARIABLE] = own
    try:
        yield
    finally:
        os.environ.pop(ADDRESS_VARIABLE)
        if before is not None:
            os.environ[ADDRESS_VARIABLE] = before
        _drop(own)


def told_by_a_broker(tour: Tour) -> str:
    """Go on to the next track: the play is told, `indexer stream` counts it, and For you begins with its list."""
    if not _has_broker(tour.segue.preferences.home):
        raise StepLeftOut(f"no broker is set ({ADDRESS_VARIABLE})")
    came: list[LiveList] = []
    tour.segue.live.came.connect(came.append)
    tour.go("for-you")
    with _stream(tour) as stream:
        wait_until(
            lambda: bool(came) or stream.poll() is not None, "what was played so far is counted", _STREAM_SECONDS
        )
        check(stream.poll() is None, "indexer stream ended")
        acted, began = time.time(), time.monotonic()
        click(tour.window.transport.next)

        def is_shown() -> bool:
            return bool(came) and came[-1].at >= acted and _first(tour)[: len(came[-1].tracks)] == came[-1].tracks

        wait_until(is_shown, "For you begins with the list of the last play", _SHOWN_SECONDS)
        milliseconds = 1_000 * (time.monotonic() - began)
    return f"{milliseconds:.0f} ms after a play For you begins with {tour.name(_first(tour)[0])}, as the stream told"


def _has_broker(home: Home) -> bool:
    try:
        return kafka_address(home) is not None
    except SegueError:
        return False  # the window says what is wrong with it


@contextmanager
def _stream(tour: Tour) -> Iterator[subprocess.Popen[bytes]]:
    """The real `indexer stream` beside the window."""
    settings, home = tour.segue.preferences.settings, tour.segue.preferences.home
    variables = {**environment(settings.database_uri), HOME_VARIABLE: str(home.root)}
    stream = subprocess.Popen(
        [*indexer_command(), "stream"], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield stream
    finally:
        stream.terminate()
        try:
            stream.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            stream.kill()
            stream.wait()


def _first(tour: Tour) -> tuple[TrackId, ...]:
    """What is on the shelf For you."""
    parts = tour.window.extras.foryou.page.parts
    part = next((part for key, part in parts.items() if key[0] is ShelfKind.FOR_YOU), None)
    return () if part is None else part.model.tracks


def _drop(address: str) -> None:
    from indexer.core.kafka.address import Address  # noqa: PLC0415
    from indexer.core.kafka.broker import drop_topics  # noqa: PLC0415 - only where a broker is set

    try:
        drop_topics(Address.of(address))
    except SegueError as error:
        sys.stdout.write(f"the topics of the tour are left at the broker: {error.english}\n")
