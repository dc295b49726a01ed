"""Every listening at a client is one play, however it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import ListenerId, Play, PlaySource
from indexer.core.tracks import TrackId
from musicplayer.server.client_plays import MOST_CLIENTS, ClientPlays, Report

ONE, OTHER, LONG = TrackId("a" * 32), TrackId("b" * 32), TrackId("c" * 32)
LENGTHS = {ONE: 200.0, OTHER: 20.0, LONG: 2_000.0}
BEGIN = 1_800_000_000.0


class Evening:
    """Clients of a listener, the time, and what was counted."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.plays: list[Play] = []
        self.clients = self.restarted()

    def restarted(self) -> ClientPlays:
        """The server begins anew: it knows the plays alone."""
        self.clients = ClientPlays(
            ListenerId("ann"), lambda track: LENGTHS.get(track, 0.0), lambda: self.plays, lambda: self.now
        )
        return self.clients

    def after(self, seconds: float) -> Evening:
        self.now += seconds
        return self

    def begin(self, track: TrackId = ONE, client: str = "phone") -> None:
        self.plays += self.clients.begin(track, client)

    def submit(self, track: TrackId = ONE, client: str = "phone", at: float | None = None) -> None:
        self.plays += self.clients.submit(track, client, at)

    def report(
        self, report: Report, position: float, track: TrackId = ONE, client: str = "phone", *, counts: bool = True
    ) -> None:
        self.plays += self.clients.report(track, client, report, position, counts=counts)

    def kinds(self) -> list[tuple[bool, bool]]:
        return [(play.finished, play.skipped) for play in self.plays]


@pytest.fixture
def evening() -> Evening:
    return Evening()


def test_a_submission_is_a_play_from_when_it_was_told_to_begin(evening: Evening) -> None:
    evening.begin()
    evening.after(150).submit()
    (play,) = evening.plays
    assert (play.track, play.at, play.seconds_heard, play.seconds) == (ONE, BEGIN, 150.0, 200.0)
    assert (play.finished, play.skipped, play.listener) == (True, False, "ann")
    assert (play.context.source, play.context.client) == (PlaySource.SUBSONIC, "phone")


def test_a_submission_that_is_sent_again_is_one_play_even_over_a_restart(evening: Evening) -> None:
    evening.submit(at=BEGIN - 3_600)
    evening.after(4).submit(at=BEGIN - 3_600)
    evening.restarted()
    evening.after(4).submit(at=BEGIN - 3_600)
    assert len(evening.plays) == 1
    evening.after(4).submit()
    evening.after(4).submit()
    evening.restarted()
    evening.after(4).submit()
    assert len(evening.plays) == 2


def test_one_client_that_retries_does_not_hide_what_another_played(evening: Evening) -> None:
    evening.submit(client="phone")
    evening.submit(client="kitchen")
    assert len(evening.plays) == 2
    assert len({play.id for play in evening.plays}) == 2


def test_a_track_on_repeat_is_played_as_often_as_it_was_heard(evening: Evening) -> None:
    for _ in range(3):
        evening.begin()
        evening.after(120).submit()
        evening.after(80)
    assert [play.at for play in evening.plays] == [BEGIN, BEGIN + 200, BEGIN + 400]
    for _ in range(3):
        evening.after(200).submit()
    assert len(evening.plays) == 6


def test_what_was_heard_without_a_network_is_submitted_later_with_its_times(evening: Evening) -> None:
    for number in range(10):
        evening.submit(at=BEGIN - 7_200 + 200 * number)
    assert [play.at for play in evening.plays] == [BEGIN - 7_200 + 200 * number for number in range(10)]
    assert len({play.context.session for play in evening.plays}) == 1


@pytest.mark.parametrize("at", [BEGIN / 1_000, BEGIN + 86_400, 0.0, -5.0])
def test_a_time_that_cannot_be_is_left_out(evening: Evening, at: float) -> None:
    evening.submit(at=at)
    assert BEGIN - 200 <= evening.plays[0].at <= BEGIN


def test_reports_tell_what_was_heard_without_what_was_leapt_over_or_rested(evening: Evening) -> None:
    evening.report(Report.STARTING, 0)
    evening.after(10).report(Report.PLAYING, 10)
    evening.after(10).report(Report.PAUSED, 20)
    evening.after(300).report(Report.PLAYING, 20)
    evening.after(1).report(Report.PLAYING, 150)  # leapt
    evening.after(50).report(Report.STOPPED, 200)
    (play,) = evening.plays
    assert play.seconds_heard == pytest.approx(71)
    assert (play.at, play.finished, play.skipped) == (BEGIN, False, False)


def test_a_track_that_is_left_early_is_a_skip_and_one_that_runs_out_is_finished(evening: Evening) -> None:
    evening.report(Report.STARTING, 0)
    evening.after(5).report(Report.STOPPED, 5)
    evening.report(Report.STARTING, 0, OTHER)
    evening.after(20).report(Report.STOPPED, 20, OTHER)
    evening.report(Report.STARTING, 0, LONG)
    evening.after(500).report(Report.STARTING, 0, ONE)  # without a word of its end
    assert evening.kinds() == [(False, True), (True, False), (True, False)]
    assert evening.plays[-1].seconds_heard == 500
    assert len({play.context.session for play in evening.plays}) == 1


def test_the_end_that_is_reported_again_or_too_late_ends_nothing_else(evening: Evening) -> None:
    evening.report(Report.STARTING, 0)
    evening.after(100).report(Report.STOPPED, 100)
    evening.after(2).report(Report.STOPPED, 100)
    evening.report(Report.STARTING, 0)
    evening.after(150).report(Report.STARTING, 0, OTHER)
    evening.after(1).report(Report.STOPPED, 150)
    assert [each.track for each in evening.clients.playing()] == [OTHER]
    evening.after(19).report(Report.STOPPED, 20, OTHER)
    assert [play.track for play in evening.plays] == [ONE, ONE, OTHER]


def test_a_track_that_begins_anew_after_some_seconds_is_another_listening(evening: Evening) -> None:
    evening.report(Report.STARTING, 0)
    evening.after(3).report(Report.STARTING, 0)
    evening.after(200).report(Report.STOPPED, 200)
    assert evening.kinds() == [(False, True), (True, False)]


@pytest.mark.parametrize("first", ["submitted while it plays", "reported to its end"])
def test_what_is_reported_and_submitted_counts_once(evening: Evening, first: str) -> None:
    evening.begin()
    for _ in range(2):
        evening.report(Report.STARTING, 0)
        if first == "submitted while it plays":
            evening.after(110).submit()
            evening.submit()
            evening.after(90).report(Report.STOPPED, 200)
        else:
            evening.after(200).report(Report.STOPPED, 200)
            evening.submit()
            evening.after(3).submit()
    assert [play.at for play in evening.plays] == [BEGIN, pytest.approx(BEGIN + 200, abs=4)]
    assert evening.kinds() == [(True, False)] * 2


def test_a_client_that_counts_by_itself_is_believed(evening: Evening) -> None:
    evening.report(Report.STARTING, 0, counts=False)
    evening.after(120).report(Report.PLAYING, 120, counts=False)
    evening.submit()
    evening.after(80).report(Report.STOPPED, 200, counts=False)
    evening.report(Report.STARTING, 0, OTHER, counts=False)
    evening.after(20).report(Report.STOPPED, 20, OTHER, counts=False)
    assert [play.track for play in evening.plays] == [ONE]
    evening.after(1).submit(OTHER)
    assert [play.track for play in evening.plays] == [ONE, OTHER]


def test_an_end_whose_beginning_nobody_knows_is_still_a_play(evening: Evening) -> None:
    evening.report(Report.STOPPED, 180)
    assert [(play.at, play.seconds_heard, play.finished) for play in evening.plays] == [(BEGIN - 180, 180, True)]


def test_what_plays_is_forgotten_after_its_length(evening: Evening) -> None:
    evening.begin(ONE, "phone")
    evening.after(10).report(Report.STARTING, 30, LONG, "kitchen")
    kitchen, phone = evening.after(50).clients.playing()
    assert (kitchen.track, kitchen.client, kitchen.position) == (LONG, "kitchen", 80)
    assert (phone.track, phone.began, phone.position) == (ONE, BEGIN, 60)
    assert [each.client for each in evening.after(150).clients.playing()] == ["kitchen"]
    evening.report(Report.PAUSED, 230, LONG, "kitchen")
    assert [(each.is_paused, each.position) for each in evening.after(600).clients.playing()] == [(True, 230)]
    assert not evening.after(86_400).clients.playing()
    assert not evening.plays


def test_a_client_that_was_killed_has_not_heard_what_it_was_silent_about(evening: Evening) -> None:
    evening.report(Report.STARTING, 0)
    evening.after(5).report(Report.PLAYING, 5)
    evening.after(86_400).report(Report.STARTING, 0, OTHER)
    assert evening.plays[0].seconds_heard == 5


def test_clients_without_end_take_no_memory_without_end(evening: Evening) -> None:
    for number in range(10 * MOST_CLIENTS):
        evening.begin(LONG, f"client {number}")
    assert len(evening.clients.playing()) <= MOST_CLIENTS


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*Report, "begin", "submit"]),
        st.sampled_from([ONE, OTHER, TrackId("d" * 32)]),
        st.floats(0, 300),
        st.floats(0, 400),
        st.sampled_from([0.0, 0.5, 1.0, 2.0, float("nan"), float("inf"), -1.0]),
    ),
    max_size=30,
)


@given(STEPS)
def test_whatever_a_client_says_nobody_hears_more_than_time_allows(
    steps: list[tuple[Report | str, TrackId, float, float, float]],
) -> None:
    evening = Evening()
    for what, track, passed, position, rate in steps:
        evening.after(passed)
        if what == "begin":
            evening.begin(track)
        elif what == "submit":
            evening.submit(track)
        else:
            evening.plays += evening.clients.report(track, "phone", Report(what), position, rate=rate)
        evening.clients.playing()
    assert all(0 <= (play.seconds_heard or 0) < 1e6 for play in evening.plays)
    assert all(not (play.finished and play.skipped) for play in evening.plays)
