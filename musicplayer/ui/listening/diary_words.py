"""What the page Listening says of a diary: bars with their labels and readings, and figures in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale

from indexer.core.language import number, tr, trn
from indexer.core.phrases import isolated, listed, span
from indexer.core.taste.diary import HOURS, Diary, Line, Total, Unit
from musicplayer.ui.listening.plots import OTHERS, Bars, Series

_WEEK = 7
_NO_BREAK = "\N{NO-BREAK SPACE}"
_QUARTER = 3
_MOST_READ = 3


def days_bars(diary: Diary) -> Bars:
    """Plays in each day, week, month or year."""
    readings = tuple(
        f"{_reading(start, diary.unit)}: {_plays(count)}"
        for start, count in zip(diary.starts, diary.counts, strict=True)
    )
    return Bars((Series("", diary.counts),), _labels(diary), readings, _plays(sum(diary.counts)))


def hours_bars(diary: Diary) -> Bars:
    """Plays in each hour of the day."""
    hours = range(HOURS)
    labels = tuple(f"{hour:02}:00" if hour % _QUARTER == 0 else "" for hour in hours)
    readings = tuple(f"{hour:02}:00 – {hour + 1:02}:00: {_plays(diary.hours[hour])}" for hour in hours)
    most = max(hours, key=lambda hour: diary.hours[hour])
    about = tr("Most between {start} and {end}", start=f"{most:02}:00", end=f"{most + 1:02}:00")
    return Bars((Series("", diary.hours),), labels, readings, about if any(diary.hours) else "")


def lines_bars(diary: Diary, lines: Sequence[Line], hue_of: Callable[[str], int] | None = None) -> Bars:
    """Plays of the artists or genres that were played most, over time; `hue_of` gives a name the hue that it has."""
    series = tuple(
        Series(
            line.name or tr("Others"), line.counts, (hue_of(line.name) if hue_of else place) if line.name else OTHERS
        )
        for place, line in enumerate(lines)
    )
    readings = tuple(_stack(diary, series, bar) for bar in range(len(diary.starts)))
    named = [line.name for line in lines if line.name]
    about = tr("Most played: {names}", names=listed([isolated(name) for name in named[:_MOST_READ]])) if named else ""
    return Bars(series, _labels(diary), readings, about)


def total_words(total: Total) -> tuple[str, str]:
    """How many plays, and of how much."""
    tracks = trn("{number} track", "{number} tracks", total.tracks)
    artists = trn("{number} artist", "{number} artists", total.artists)
    told = [tracks, artists] if total.plays else [_plays(0)]
    if total.seconds:  # imports mostly do not say how long was listened
        told.append(span(total.seconds).replace(" ", _NO_BREAK))
    return number(total.plays), " · ".join(told)


def streak_words(diary: Diary) -> tuple[str, str]:
    """Days in a row, and the longest such row."""
    longest = trn("longest: {number} day", "longest: {number} days", diary.longest)
    return number(diary.streak), trn(
        "day in a row · {longest}", "days in a row · {longest}", diary.streak, longest=longest
    )


def kept_words(kept: Mapping[str, Any]) -> str:
    """What is kept about the listener, as one sentence for each kind."""
    lines = [
        trn("{number} play (skips included)", "{number} plays (skips included)", kept["plays"]),
        trn("{number} imported play count", "{number} imported play counts", kept["tallies"]),
        trn("{number} track with your opinion", "{number} tracks with your opinion", kept["opinions"]),
        trn("{number} list that you were shown", "{number} lists that you were shown", kept["lists_shown"]),
        trn("{number} hidden suggestion", "{number} hidden suggestions", kept["hidden"]),
    ]
    return "\n".join(f"•  {line}" for line in lines)


def _plays(count: int) -> str:
    return trn("{number} play", "{number} plays", count)


def _stack(diary: Diary, series: Sequence[Series], bar: int) -> str:
    parts = [(each.values[bar], each.name) for each in series if each.values[bar]]
    most = [f"{isolated(name)} {number(count)}" for count, name in sorted(parts, reverse=True)]
    return f"{_reading(diary.starts[bar], diary.unit)}: {', '.join(most) or _plays(0)}"


def _labels(diary: Diary) -> tuple[str, ...]:
    return tuple(_label(start, diary.unit, place) for place, start in enumerate(diary.starts))


def _label(start: date, unit: Unit, place: int) -> str:
    locale = QLocale()
    month = locale.standaloneMonthName(start.month, QLocale.FormatType.ShortFormat)
    if unit is Unit.DAY:
        month = locale.monthName(start.month, QLocale.FormatType.ShortFormat)  # after a day it may be written otherwise
        return "" if start.weekday() else tr("{day} {month}", day=start.day, month=month)
    if unit is Unit.WEEK:
        return month if start.day <= _WEEK else ""
    if unit is Unit.MONTH:
        named = not place or start.month % _QUARTER == 1
        return str(start.year) if start.month == 1 else month if named else ""
    return str(start.year)


def _reading(start: date, unit: Unit) -> str:
    locale = QLocale()
    if unit is Unit.DAY:
        return locale.toString(_day(start), QLocale.FormatType.LongFormat)
    if unit is Unit.WEEK:
        return tr("Week of {day}", day=locale.toString(_day(start), QLocale.FormatType.ShortFormat))
    return locale.toString(_day(start), "MMMM yyyy") if unit is Unit.MONTH else str(start.year)


def _day(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
