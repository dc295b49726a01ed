"""Reads how many stars tags give a track; every program writes them on a scale of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

MOST_STARS = 5.0

OF_SOMEBODY = "rating:"
"""How a name begins that goes on with whose rating it is."""

POPULARIMETER = "popm"
"""Under it stand number and owner of ID3's frame of that name, as `196 somebody@example.org`."""

RATING_NAMES = frozenset({"rating", "fmps_rating", "fmps/rating", "wm/shareduserrating", "rate"})
"""In small letters, without the prefixes of ID3 (`TXXX:`) and MP4; and those that begin with `OF_SOMEBODY`."""

_NUMBER = re.compile(r"\s*(\d{1,4}(?:[.,]\d{1,12})?)\s*(%|/\s*(\d{1,4}))?\s*")
_BYTE = re.compile(r"(\d{1,20})(?: (.*))?", re.DOTALL)
_STAR, _HALF = "★", "½"

_HALF_STARS = {13: 0.5, 54: 1.5, 118: 2.5, 186: 3.5, 242: 4.5}
"""What MediaMonkey and MusicBee write between the bytes for whole stars, 1, 64, 128, 196 and 255."""

_FROM = ((224, 5.0), (160, 4.0), (96, 3.0), (32, 2.0), (1, 1.0))
"""From which byte on Windows shows how many stars; all programs that write 1, 64, 128, 196, 255 agree with it."""

_EVEN = frozenset({51, 102, 153, 204})
"""Fifths of 255: no other way of writing has them."""

_EVEN_WRITERS = ("quodlibet", "musicbrainz", "traktor@")
"""In the owner's address, of programs that divide 255 evenly."""

_SHARED_FROM = ((87, 5.0), (63, 4.0), (38, 3.0), (13, 2.0), (1, 1.0))
"""As Windows reads `WM/SharedUserRating`, in which whole stars are 1, 25, 50, 75, 99."""


def stars(fields: Mapping[str, Sequence[str]]) -> float | None:
    """The rating of a track, above 0 and up to 5; None where it has none, which 0 says, too.

    Where several tags say one, the first of these holds: FMPS_RATING, whose scale is a standard; RATING; RATING of
    somebody; ID3's POPM; WM/SharedUserRating; MP4's rate. Of several people the first with a rating.
    """
    ways: list[tuple[Sequence[str], Callable[[str], float | None]]] = [
        (fields.get("fmps_rating", ()), parse_share),
        (fields.get("fmps/rating", ()), parse_share),
        (fields.get("rating", ()), parse_rating),
        ([*chain.from_iterable(fields[name] for name in fields if name.startswith(OF_SOMEBODY))], parse_share),
        (fields.get(POPULARIMETER, ()), parse_popularimeter),
        (fields.get("wm/shareduserrating", ()), parse_shared),
        (fields.get("rate", ()), parse_rating),
    ]
    found = (parse(text) for texts, parse in ways for text in texts)
    return next((rating for rating in found if rating is not None), None)


def parse_share(text: str) -> float | None:
    """The stars of a number from 0 to 1, as FMPS, Quod Libet and Picard write it; of a larger one as `parse_rating`.

    Source: the Free Music Player Specifications, FMPS_RATING.
    """
    value = _value(text)
    return parse_rating(text) if value is None or value > 1 else _kept(value * MOST_STARS)


def parse_rating(text: str) -> float | None:
    """The stars of a RATING, which has no standard: its scale is told by its size.

    A number below 1 is a share, one up to 5 are stars, one below 10 are tenths, one up to 100 are hundredths, one up to
    255 is a byte as in ID3. `4/5`, `80%` and `★★★★½` say it themselves.
    """
    if _STAR in text:
        return _kept(text.count(_STAR) + (0.5 if _HALF in text else 0.0))
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    value = float(found[1].replace(",", "."))
    if found[3]:
        return _kept(value / int(found[3]) * MOST_STARS) if 0 < value <= int(found[3]) else None
    if found[2]:
        return _kept(value / 100 * MOST_STARS)
    for below, scale in ((1, MOST_STARS), (5 + 1e-9, 1.0), (10, 1 / 2), (100 + 1e-9, 1 / 20)):
        if value < below:
            return _kept(value * scale)
    return parse_popularimeter(str(round(value)))


def parse_popularimeter(text: str) -> float | None:
    """The stars of ID3's POPM, a byte and whose it is: `196 Windows Media Player 9 Series`.

    Source: ID3v2.4.0 frames, section 4.17, which has 1 as the worst, 255 as the best and 0 as unknown, and what
    programs make of it.
    """
    found = _BYTE.fullmatch(text)
    if found is None or not 0 < (value := int(found[1])) <= 255:  # noqa: PLR2004 - a byte
        return None
    owner = (found[2] or "").lower()
    if value in _EVEN or any(name in owner for name in _EVEN_WRITERS):
        return _kept(value / 255 * MOST_STARS)
    return _HALF_STARS.get(value) or _by_range(value, _FROM)


def parse_shared(text: str) -> float | None:
    """The stars of Windows Media's rating, from 1 to 99."""
    value = _value(text)
    return None if value is None or not 0 < value <= 100 else _by_range(value, _SHARED_FROM)  # noqa: PLR2004


def _value(text: str) -> float | None:
    found = _NUMBER.fullmatch(text)
    return float(found[1].replace(",", ".")) if found and not found[2] else None


def _by_range(value: float, ranges: Sequence[tuple[int, float]]) -> float | None:
    return next((rating for least, rating in ranges if value >= least), None)


def _kept(value: float) -> float | None:
    """With two decimals, or None where that is no rating."""
    rounded = round(value, 2)
    return rounded if 0 < rounded <= MOST_STARS else None
