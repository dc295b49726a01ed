"""Tells the single artists in a name in which several are written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.core.text import identity

_GUESTS = re.compile(
    r"\s*[(\[{]\s*(?:(?:feat(?:uring)?|ft)\b\.?:?|with\s|w/)\s*(?P<inside>[^)\]}]+)[)\]}]?"
    r"|\s+(?:(?:feat(?:uring)?|ft)(?:\.:?\s*|:?\s+)|w/\s+)",
    re.IGNORECASE,
)
"""Where guests are named: "A feat. B", "A (with B)"."""

_LISTS = (re.compile(r"\s*(?<!&amp)(?<!&quot)(?<!&apos)(?<!&#39)[;\uff1b]\s+|\s*\0\s*"), re.compile(r"\s+[/\uff0f]\s+"))
"""Between names that stand side by side; the first part more than the second."""

_SIGNS = re.compile(r"[;\uff1b/\uff0f]")
_WITH = re.compile(r"\s+with\s+", re.IGNORECASE)
"""What parts names and is found in single ones, too: "AC/DC", "Dance with the Dead"."""

_HINT = re.compile("[;/\0\uff1b\uff0f]|f(?:ea)?t|with", re.IGNORECASE)
"""Without one of these there is nothing to part; most names have none."""

_SHORTEST_PART = 2
"""Letters of a name that stands between `_SIGNS`."""

_VARIOUS = """
va|v.a.|v/a|various|various artists|various artist|[various artists]|verschiedene interpreten|verschiedene künstler
diverse|diverse interpreten|artistes divers|artistes variés|multi-interprètes|varios artistas|varios intérpretes
artisti vari|vari artisti|vários artistas|diverse artiesten|diverse artister|разные исполнители|различные исполнители
сборник|ヴァリアス・アーティスト|オムニバス|群星|合辑|여러 아티스트
"""
_UNKNOWN = """
unknown|unknown artist|[unknown]|<unknown>|(unknown)|[no artist]|[anonymous]|[traditional]|unbekannt
unbekannter interpret|unbekannter künstler|artiste inconnu|artista desconocido|artista desconhecido
artista sconosciuto|onbekende artiest|неизвестный исполнитель|неизвестен|不明なアーティスト
未知艺术家|알 수 없는 아티스트
"""


def _identities(lines: str) -> frozenset[str]:
    return frozenset(identity(name) for line in lines.split("\n") for name in line.split("|") if name)


VARIOUS_NAMES = _identities(_VARIOUS)
"""What an album artist is called that is none, as identities."""

_NO_NAMES = VARIOUS_NAMES | _identities(_UNKNOWN)
"""What is written where nobody knows the artist, as identities."""

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Credits:
    """The artists that a name names, each once: those that the track is by, and their guests."""

    main: tuple[str, ...]
    guests: tuple[str, ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        return _each_once((*self.main, *self.guests))


def credits_of(name: str, artists: Iterable[str] = (), known: Collection[str] = NOBODY) -> Credits:
    """The single artists of a track.

    Names are parted at "; ", " / " and before guests, "feat." and the like; never at "&", "and" or a comma, for too
    many artists have these in their names. "AC/DC" is parted only where every part is known, "Dance with the Dead" only
    where "Dance" is, and no name that is known as a whole.

    Args:
        name: as it is written and shown.
        artists: the single names where the file has them, which then count alone.
        known: identities of artists who stand alone somewhere in the library.
    """
    given = tuple(artists)
    if not given:
        return _credits(name, known) if known else _plain_credits(name)
    parts = [_parted(artist) for artist in given]
    return Credits(
        _each_once(main for part in parts for main in part.main), _each_once(g for part in parts for g in part.guests)
    )


def stands_alone(name: str) -> bool:
    """Whether nothing in a name hints at more than one artist."""
    return _HINT.search(name) is None or not any(sign.search(name) for sign in (*_LISTS, _GUESTS, _SIGNS, _WITH))


def is_somebody(artist: str) -> bool:
    """Whether an identity is that of an artist, and neither empty nor a word for many or unknown ones."""
    return bool(artist) and artist not in _NO_NAMES


def names_guests(name: str) -> bool:
    """Whether a name seems to be followed by those of guests."""
    return _GUESTS.search(name) is not None


@lru_cache(maxsize=50_000)
def _plain_credits(name: str) -> Credits:
    return _credits(name, NOBODY)


def _credits(name: str, known: Collection[str]) -> Credits:
    if stands_alone(name) or identity(name) in known:
        return Credits(_each_once([name]))
    main: list[str] = []
    guests: list[str] = []
    for part in _side_by_side(name, known):
        found = Credits((part,)) if identity(part) in known else _parted(part)
        main += (single for one in found.main for single in _perhaps(one, known))
        guests += (single for one in found.guests for single in _perhaps(one, known))
    return Credits(_each_once(main), _each_once(guests))


def _side_by_side(name: str, known: Collection[str], signs: Sequence[re.Pattern[str]] = _LISTS) -> list[str]:
    if not signs or identity(name) in known:
        return [name]
    return [single for part in signs[0].split(name) for single in _side_by_side(part, known, signs[1:])]


def _parted(name: str) -> Credits:
    """The artist before its guests; a name that begins with a word for guests is one."""
    first = _GUESTS.search(name)
    if first is None or not name[: first.start()].strip():
        return Credits((name,))
    guests = _GUESTS.sub(lambda found: f"\0{found['inside'] or ''}\0", name[first.start() :])
    return Credits((name[: first.start()],), tuple(_side_by_side(guests, NOBODY)))


def _perhaps(name: str, known: Collection[str]) -> list[str]:
    """The parts of a name where the library knows them."""
    if identity(name) in known:
        return [name]
    parts = _SIGNS.split(name)
    if len(parts) > 1 and all(len(part.strip()) >= _SHORTEST_PART and identity(part) in known for part in parts):
        return parts
    parts = _WITH.split(name, maxsplit=1)
    return parts if len(parts) > 1 and identity(parts[0]) in known else [name]


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        if key := identity(name):
            found.setdefault(key, name.strip())
    return tuple(found.values())
