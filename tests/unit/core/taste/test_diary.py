"""What plays add up to, whatever plays there are."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Named, Play
from indexer.core.taste.diary import Listened, Span, Unit, diary_of, listened_of
from indexer.core.tracks import TrackId

NOON = datetime(2026, 3, 18, 12, 30)  # noqa: DTZ001 - a Wednesday, as a listener has it
A, B = TrackId("a"), TrackId("b")
NAMES = {A: ("Moloko", "Pop"), B: ("Basement Jaxx", "House")}


def at(days_ago: float, track: TrackId | None = A, artist: str = "") -> Listened:
    return Listened((NOON - timedelta(days=days_ago)).timestamp(), track, artist, 100.0)


def test_plays_fall_into_days_hours_and_totals() -> None:
    diary = diary_of([at(0), at(0, B), at(1), at(2), at(10), at(40), at(400)], NAMES, NOON.timestamp())
    assert (diary.unit, len(diary.starts), diary.starts[-1]) == (Unit.DAY, 30, NOON.date())
    assert diary.counts[-3:] == (1, 1, 2)
    assert diary.counts[-11] == 1
    assert diary.hours[12] == 5
    assert (diary.week.plays, diary.month.plays, diary.year.plays, diary.ever.plays) == (4, 5, 6, 7)
    assert (diary.week.tracks, diary.week.artists, diary.week.seconds) == (2, 2, 400.0)
    assert (diary.streak, diary.longest) == (3, 3)
    assert [(line.name, line.total) for line in diary.artists] == [("Moloko", 4), ("Basement Jaxx", 1)]


def test_a_row_of_days_is_broken_by_a_day_and_not_by_a_morning() -> None:
    assert diary_of([at(1), at(2)], NAMES, NOON.timestamp()).streak == 2
    broken = diary_of([at(2), at(3), at(4)], NAMES, NOON.timestamp())
    assert (broken.streak, broken.longest) == (0, 3)


def test_music_that_waits_for_its_track_counts_by_the_artist_it_names() -> None:
    waiting = Play("0" * 24, NOON.timestamp(), named=Named(artist="Röyksopp", title="Eple", seconds=200.0))
    skipped = Play("1" * 24, NOON.timestamp(), track=A, finished=False)
    diary = diary_of(listened_of([waiting, skipped]), NAMES, NOON.timestamp(), Span.ALL)
    assert [(line.name, line.counts) for line in diary.artists] == [("Röyksopp", (1,))]
    assert [(line.name, line.total) for line in diary.genres] == [("", 1)]
    assert diary.unit is Unit.MONTH


def test_many_years_are_told_by_year() -> None:
    diary = diary_of([at(0), at(365 * 12)], NAMES, NOON.timestamp(), Span.ALL)
    assert diary.unit is Unit.YEAR
    assert (diary.starts[0].year, diary.counts[0], diary.counts[-1]) == (2014, 1, 1)


@given(
    st.lists(
        st.builds(
            Listened,
            st.floats(0, 4_102_444_800),
            st.sampled_from([None, A, B]),
            st.sampled_from(["", *"cdefghijk"]),
            st.floats(0, 1e5),
        ),
        max_size=40,
    ),
    st.sampled_from(Span),
)
def test_every_line_has_all_bars_and_all_lines_have_all_plays(listened: list[Listened], span: Span) -> None:
    diary = diary_of(listened, NAMES, NOON.timestamp(), span)
    assert len(diary.counts) == len(diary.starts) == len(set(diary.starts))
    assert list(diary.starts) == sorted(diary.starts)
    for lines in (diary.artists, diary.genres):
        assert all(len(line.counts) == len(diary.starts) for line in lines)
        sums = [sum(counts) for counts in zip(*(line.counts for line in lines), strict=True)]
        assert not lines or sums == list(diary.counts)
    assert sum(diary.hours) == sum(diary.counts) <= diary.ever.plays == len(listened)
    assert 0 <= diary.streak <= diary.longest
