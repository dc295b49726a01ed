"""What a listener's plays add up to: by day and hour, by artist and genre over time, in rows of days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from indexer.core.plays import Play
from indexer.core.tracks import Seconds, TrackId

HOURS = 24
NAMED_LINES = 5
"""Artists and genres that are told apart over time; all others are one line."""

_MONTH_DAYS = 30
_YEAR_WEEKS = 53
_MOST_MONTHS = 60
_DAYS_A_WEEK = 7


class Span(StrEnum):
    """How far back a diary looks."""

    MONTH = "month"  # the last thirty days
    YEAR = "year"
    ALL = "all"


class Unit(StrEnum):
    """What one bar of a diary stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Listened:
    """A play that counts, as a diary needs it: when, what, whose music, for how long."""

    at: float
    track: TrackId | None
    artist: str
    seconds: Seconds


@dataclass(frozen=True)
class Total:
    """Of a stretch of time: how many plays, of how many tracks and artists, and how long they took."""

    plays: int = 0
    tracks: int = 0
    artists: int = 0
    seconds: Seconds = 0.0


@dataclass(frozen=True)
class Line:
    """Plays of one artist or genre in each bar; the name is empty for all others together."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Diary:
    """What plays add up to.

    Attributes:
        unit: what a bar stands for.
        starts: the first day of each bar, one after the other, the last one under way.
        counts: plays in each bar.
        hours: plays in each hour of the day, in the span.
        artists, genres: those with most plays in the span, then the others.
        week, month, year, ever: since Monday, the first of the month, the first of the year, and in all.
        streak: days in a row with a play, up to today or yesterday.
        longest: the longest such row there was.
    """

    unit: Unit
    starts: tuple[date, ...] = ()
    counts: tuple[int, ...] = ()
    hours: tuple[int, ...] = (0,) * HOURS
    artists: tuple[Line, ...] = ()
    genres: tuple[Line, ...] = ()
    week: Total = Total()
    month: Total = Total()
    year: Total = Total()
    ever: Total = Total()
    streak: int = 0
    longest: int = 0


def listened_of(plays: Iterable[Play]) -> list[Listened]:
    """The plays that count, of the library or of music that waits for its track."""
    return [
        Listened(
            play.at, play.track, play.named.artist if play.named else "", play.seconds_heard or play.seconds or 0.0
        )
        for play in plays
        if play.finished
    ]


def diary_of(
    listened: Sequence[Listened], names: Mapping[TrackId, tuple[str, str]], now: float, span: Span = Span.MONTH
) -> Diary:
    """Add plays up.

    Args:
        listened: in any order; times that lie after today count in the totals alone.
        names: artist and genre of tracks; what is not named here has no genre, and the artist that its play says.
        now: seconds since 1970.
        span: how far back bars, hours and lines go.
    """
    moments = [_local(each.at) for each in listened]
    days = [moment.date() for moment in moments]
    today = _local(now).date()
    unit, starts = _bars(span, min(days, default=today), today)
    place_of = {start: place for place, start in enumerate(starts)}
    places = [place_of.get(_start(day, unit), -1) for day in days]
    inside = [place for place in places if place >= 0]
    hours = Counter(moment.hour for moment, place in zip(moments, places, strict=True) if place >= 0)
    artists = [_name(each, names, 0) or each.artist for each in listened]
    genres = [_name(each, names, 1) for each in listened]
    counted = Counter(inside)
    streak, longest = _streaks(set(days), today)

    def since(first: date) -> Total:
        return _total(listened, artists, lambda place: days[place] >= first)

    return Diary(
        unit=unit,
        starts=tuple(starts),
        counts=tuple(counted[place] for place in range(len(starts))),
        hours=tuple(hours[hour] for hour in range(HOURS)),
        artists=_lines(artists, places, len(starts)),
        genres=_lines(genres, places, len(starts)),
        week=since(_start(today, Unit.WEEK)),
        month=since(_start(today, Unit.MONTH)),
        year=since(_start(today, Unit.YEAR)),
        ever=_total(listened, artists, lambda _: True),
        streak=streak,
        longest=longest,
    )


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at)  # noqa: DTZ006 - days and hours as the listener lived them


def _bars(span: Span, first: date, today: date) -> tuple[Unit, list[date]]:
    if span is Span.MONTH:
        return Unit.DAY, [today - timedelta(days=back) for back in reversed(range(_MONTH_DAYS))]
    if span is Span.YEAR:
        monday = _start(today, Unit.WEEK)
        return Unit.WEEK, [monday - timedelta(weeks=back) for back in reversed(range(_YEAR_WEEKS))]
    months = 12 * (today.year - first.year) + today.month - first.month + 1
    if months > _MOST_MONTHS:
        return Unit.YEAR, [date(year, 1, 1) for year in range(first.year, today.year + 1)]
    numbers = [12 * today.year + today.month - 1 - back for back in reversed(range(max(months, 1)))]
    return Unit.MONTH, [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _start(day: date, unit: Unit) -> date:
    """The first day of the week, month or year that a day lies in."""
    if unit is Unit.DAY:
        return day
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday()) if day.toordinal() > _DAYS_A_WEEK else day
    return day.replace(day=1) if unit is Unit.MONTH else day.replace(month=1, day=1)


def _name(each: Listened, names: Mapping[TrackId, tuple[str, str]], which: int) -> str:
    return names.get(each.track, ("", ""))[which] if each.track is not None else ""


def _lines(names: Sequence[str], places: Sequence[int], bars: int) -> tuple[Line, ...]:
    """Those with most plays, by name where they have as many; what has no name is among the others."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * bars)
    for name, place in zip(names, places, strict=True):
        if place >= 0:
            counts[name][place] += 1
    first = sorted((name for name in counts if name), key=lambda name: (-sum(counts[name]), name))[:NAMED_LINES]
    rest = [counts[name] for name in counts if name not in first]
    lines = [Line(name, tuple(counts[name])) for name in first]
    return (*lines, Line("", tuple(map(sum, zip(*rest, strict=True))))) if rest else tuple(lines)


def _total(listened: Sequence[Listened], artists: Sequence[str], belongs: Callable[[int], bool]) -> Total:
    chosen = [place for place in range(len(listened)) if belongs(place)]
    return Total(
        len(chosen),
        len({listened[place].track for place in chosen} - {None}),
        len({artists[place] for place in chosen} - {""}),
        sum(listened[place].seconds for place in chosen),
    )


def _streaks(days: set[date], today: date) -> tuple[int, int]:
    """The row of days that is not broken yet, and the longest one."""
    longest = run = 0
    before: date | None = None
    current = 0
    for day in sorted(day for day in days if day <= today):
        run = run + 1 if before is not None and day - before == timedelta(days=1) else 1
        longest, before = max(longest, run), day
    if before is not None and today - before <= timedelta(days=1):
        current = run
    return current, longest
