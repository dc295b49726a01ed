"""Turns counts, times and keys into words and digits, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from indexer.core.language import mark, number, tr
from indexer.core.tracks import Seconds

MINUS = "\N{MINUS SIGN}"
_KILOBYTE, _MEGABYTE = 1e3, 1e6
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_WHOLE_RATE = 10
_NEARLY_ALL = 99
_ALL = 100
_TEENS = (11, 12, 13)
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def clock(seconds: Seconds | None) -> str:
    """`3:07` or `1:02:03`; a dash while the length is unknown."""
    if seconds is None or seconds < 0:
        return "–"
    whole = int(seconds)
    hours, rest = divmod(whole, _HOUR)
    minutes, left = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def size(count: float) -> str:
    """`312 kB`, `4.7 MB`: bytes in thousands."""
    if count < _MEGABYTE:
        return tr("{number} kB", number=number(max(1.0, count / _KILOBYTE) if count else 0))
    return tr("{number} MB", number=number(count / _MEGABYTE, 1))


def span(seconds: Seconds) -> str:
    """A long time in its two largest units: `5 d 3 h`, `2 h 40 min`, `48 s`."""
    whole = round(seconds)
    if whole >= _DAY:
        return tr("{days} d {hours} h", days=number(whole // _DAY), hours=whole % _DAY // _HOUR)
    if whole >= _HOUR:
        return tr("{hours} h {minutes} min", hours=whole // _HOUR, minutes=whole % _HOUR // _MINUTE)
    if whole >= _MINUTE:
        return tr("{minutes} min", minutes=(whole + _MINUTE // 2) // _MINUTE)
    return tr("{seconds} s", seconds=whole)


def percent(share: float) -> str:
    """A share of 0..1 in per cent, rounded down so that only a perfect match reads 100 %; above 99 with a decimal."""
    shown = min(max(share, 0.0), 1.0) * _ALL
    decimals = 1 if _NEARLY_ALL <= shown < _ALL else 0
    return per_cent(floor(shown * 10**decimals) / 10**decimals, decimals)


def per_cent(value: float, decimals: int = 0) -> str:
    """`99.2%`: a value of 0..100 with its sign, as the language writes it."""
    return tr("{share}%", share=number(value, decimals))


def isolated(text: str) -> str:
    """`text` between marks that keep its direction to itself, so that a name in Hebrew does not turn its neighbours."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def ordinal(place: int) -> str:
    """`1st`, `22nd`, `113th`, as the language writes a place in an order."""
    shown = number(place)
    if place % 100 in _TEENS:
        return tr("{place}th", place=shown)
    if place % 10 == 1:
        return tr("{place}st", place=shown)
    if place % 10 == 2:  # noqa: PLR2004
        return tr("{place}nd", place=shown)
    return tr("{place}rd", place=shown) if place % 10 == 3 else tr("{place}th", place=shown)  # noqa: PLR2004


def rate(per_second: float | None) -> str:
    """Files per second, with a decimal only where it says something."""
    if per_second is None or per_second <= 0:
        return ""
    return tr("{rate}/s", rate=number(per_second, 0 if per_second >= _WHOLE_RATE else 1))


def time_left(seconds: Seconds | None) -> str:
    return "" if seconds is None or seconds < 0 else tr("{time} left", time=span(max(seconds, 1)))


def sentence(message: str, advice: str = "") -> str:
    """What happened and what to do about it, as one line."""
    return f"{message} {advice}".strip()


def listed(words: Sequence[str]) -> str:
    """`timbre`, `timbre and harmony`, `timbre, harmony and rhythm`."""
    *most, last = words
    return tr("{most} and {last}", most=", ".join(most), last=last) if most else last


_KEYS = (
    mark("C major"), mark("C♯ major"), mark("D major"), mark("D♯ major"), mark("E major"), mark("F major"),
    mark("F♯ major"), mark("G major"), mark("G♯ major"), mark("A major"), mark("A♯ major"), mark("B major"),
    mark("C minor"), mark("C♯ minor"), mark("D minor"), mark("D♯ minor"), mark("E minor"), mark("F minor"),
    mark("F♯ minor"), mark("G minor"), mark("G♯ minor"), mark("A minor"), mark("A♯ minor"), mark("B minor"),
)  # fmt: skip
"""What `key_name` is given."""


def key_name(key: str | None) -> str:
    """`A minor` as the language calls it; empty for none."""
    return tr(key) if key else ""


def short_key(key: str | None) -> str:
    """`Am` for A minor, `C` for C major; whole in a language with names of its own, where B may be another note."""
    name = key_name(key)
    if not key or name != key:
        return name
    note, _, mode = key.partition(" ")
    return f"{note}m" if mode == "minor" else note
