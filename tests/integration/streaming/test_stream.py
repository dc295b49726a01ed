"""Processes that take what is played from a broker: each play once, each listener's list after it, others take over."""

from __future__ import annotations

from indexer.core.plays import ListenerId
from tests.integration.streaming.conftest import Stream, evening, note_of_play
from tests.waiting import wait_until


def test_what_is_played_is_kept_once_and_its_listener_is_recommended_something_before_it_is_done(
    stream: Stream,
) -> None:
    played = evening("ann", 0, 6, 12, 18, 24, 30, 36)
    process = stream.start()
    stream.tell(*map(note_of_play, played), *map(note_of_play, played))
    made = stream.wait_for("ann", played[-1].id)
    assert len(made.picks) == 10
    assert [play.id for play in stream.database.plays.of(ListenerId("ann"))] == [play.id for play in played]
    wait_until(lambda: stream.lag() == 0, "all is done and settled", seconds=60)
    assert stream.end(process) == 0
    assert not list((stream.home.data / "stream").glob("*.json"))
