"""Makes guessing slow: who shows something wrong again and again waits longer and longer, and nobody else does."""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from indexer.core.errors import SegueError
from indexer.core.tracks import Seconds

FREE = 5
"""Attempts of one address before it has to wait: people mistype."""
LONGEST_WAIT: Seconds = 15 * 60.0
FORGOTTEN_AFTER: Seconds = 60 * 60.0
"""Of quiet, counted from when the last wait was over."""
HUNTED_FROM = 20
"""Failed attempts on one name, from wherever, after which each address has one attempt on it before it waits."""
MOST_ADDRESSES = 16_384
MOST_NAMES = 1024
"""Who is kept in memory, with 5 MB at most; beyond, who was quiet for longest is forgotten. Names are given shortened:
those of strangers are as long as they like."""
_NETWORK_BITS = 64
"""Of an IPv6 address: one customer has all that follow."""


class TooManyLogins(SegueError):
    """Too much that was wrong came from this address of late, or too many log in at this moment."""

    status: ClassVar[int] = 429

    @property
    def retry_after(self) -> Seconds:
        """When to try again."""
        return float(self.values["seconds"])


@dataclass
class _Guesser:
    failed: int = 0
    until: Seconds = 0.0


class Attempts:
    """What failed of late, by address and by name. Safe to share between threads; what is kept is bounded.

    The wait belongs to the address alone: a stranger who guesses at a name keeps its owner out nowhere but at the
    stranger's own address. Many addresses that guess at one name have less each, down to the first attempt, which
    everybody has.
    """

    def __init__(self, clock: Callable[[], Seconds]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._addresses: OrderedDict[str, _Guesser] = OrderedDict()
        self._names: OrderedDict[str, _Guesser] = OrderedDict()

    def begin(self, address: str, name: str = "") -> None:
        """Count an attempt as failed until `take_back`, so that many at once are no way around.

        Raises:
            TooManyLogins: this address has to wait; the attempt is not to be looked at.
        """
        with self._lock:
            now = self._clock()
            guesser = _entry(self._addresses, _network(address), now, MOST_ADDRESSES)
            if now < guesser.until:
                raise TooManyLogins("login-later", seconds=math.ceil(guesser.until - now))
            name_guessed = _entry(self._names, name, now, MOST_NAMES) if name else _Guesser()
            free = 1 if name_guessed.failed >= HUNTED_FROM else FREE
            guesser.failed += 1
            name_guessed.failed += 1
            name_guessed.until = now
            guesser.until = now + _wait(guesser.failed - free)

    def take_back(self, address: str, name: str = "") -> None:
        """The attempt was a right one, or was not looked at.

        Those before stay counted, lest somebody guesses at others and logs in to an own account in between.
        """
        with self._lock:
            guesser = self._addresses.get(_network(address))
            if guesser is not None and guesser.failed:
                guesser.failed -= 1
                guesser.until = self._clock()
            name_guessed = self._names.get(name)
            if name_guessed is not None and name_guessed.failed:
                name_guessed.failed -= 1

    def __len__(self) -> int:
        """How many addresses and names are kept."""
        return len(self._addresses) + len(self._names)


def _wait(over: int) -> Seconds:
    """After so many failures beyond those that are free: 1 s, doubled with each."""
    return 0.0 if over < 0 else min(2.0 ** min(over, 30), LONGEST_WAIT)


def _entry(kept: OrderedDict[str, _Guesser], key: str, now: Seconds, most: int) -> _Guesser:
    """What is known of an address or name, as the latest that was met."""
    found = kept.pop(key, None)
    if found is None or now - found.until > FORGOTTEN_AFTER:
        found = _Guesser(until=now)
    kept[key] = found
    while len(kept) > most:
        kept.popitem(last=False)
    return found


def _network(address: str) -> str:
    """What one person is taken to have of addresses: one of IPv4, a network of IPv6."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _NETWORK_BITS), strict=False))
    return str(found)
