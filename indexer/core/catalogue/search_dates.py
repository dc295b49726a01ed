"""Times in the search language: `added<7d` by age, `added>2024` by the calendar."""

from __future__ import annotations

import dataclasses
import math
import re
import time
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

_AGE = re.compile(r"(\d{1,4})([hdwmy])")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_YEARS = re.compile(r"(\d{4})-(\d{4})")
_UNIT = {"h": 3_600, "d": 86_400, "w": 7 * 86_400, "m": 30 * 86_400, "y": 365 * 86_400}
_DECEMBER = 12


@dataclass(frozen=True)
class DateTerm:
    """Tracks whose time in `field` lies in [low, high); what never happened never does.

    Attributes:
        field: a column of seconds since 1970, 0 or less where nothing happened.
        low: seconds since 1970; with `ages`, seconds before the moment of the search.
        high: the same.
        ages: whether the limits are ages, so that what is found changes with the days.
        negated: find the others.
        said: what was typed for it.
    """

    field: str
    low: float
    high: float
    ages: bool = False
    negated: bool = False
    said: str = dataclasses.field(default="", compare=False)

    def hits(self, times: NDArray[np.float64], now: float | None = None) -> NDArray[np.bool_]:
        """Return shape (rows,): where the time fits."""
        values = (time.time() if now is None else now) - times if self.ages else times
        found: NDArray[np.bool_] = (times > 0) & (values >= self.low) & (values < self.high)
        return found


def date_term(field: str, operator: str, value: str) -> DateTerm | None:
    """Read what is compared with a time; None for what is neither an age nor a date."""
    age = _AGE.fullmatch(value.lower())
    if age is not None:
        return DateTerm(field, *_ages(operator, int(age[1]) * _UNIT[age[2]]), ages=True)
    period = _period(value)
    return None if period is None else DateTerm(field, *_times(operator, *period))


def _ages(operator: str, age: float) -> tuple[float, float]:
    """Younger than `age` unless older is asked for; a clock that was set back makes ages below zero."""
    return (age, math.inf) if operator in {">", ">="} else (-math.inf, age)


def _times(operator: str, start: float, end: float) -> tuple[float, float]:
    return {
        ">": (end, math.inf),
        ">=": (start, math.inf),
        "<": (-math.inf, start),
        "<=": (-math.inf, end),
    }.get(operator, (start, end))


def _period(text: str) -> tuple[float, float] | None:
    """First second of a year, month or day and of the next one; of years from one to another."""
    years, date = _YEARS.fullmatch(text), _DATE.fullmatch(text)
    try:
        if years is not None:
            return _at(int(years[1])), _at(int(years[2]) + 1)
        if date is None:
            return None
        year, month, day = int(date[1]), int(date[2] or 0), int(date[3] or 0)
        if day:
            start = _at(year, month, day)
            return start, start + _UNIT["d"]
        if date[2]:
            return _at(year, month), _at(year + month // _DECEMBER, month % _DECEMBER + 1)
        return _at(year), _at(year + 1)
    except (ValueError, OverflowError, OSError):
        return None


def _at(year: int, month: int = 1, day: int = 1) -> float:
    return datetime(year, month, day).timestamp()  # noqa: DTZ001 - the calendar of the reader
