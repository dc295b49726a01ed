"""Keeps passwords as scrypt makes them, and tells whether one fits, in the same time for whoever it is asked of."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from indexer.core.errors import SegueError
from musicplayer.server.accounts.limits import TooManyLogins

COST = 2**15
"""Of scrypt, n: a guess takes 32 MB and about a tenth of a second."""
SHORTEST, LONGEST = 8, 1024
"""Characters of a password that may be set."""
AT_ONCE = 1
"""How many are computed at the same time, whoever asks: guessers share a core and leave the others to who listens."""
WAITING = 8
"""How many may wait for their turn; a thread of the server waits with each."""
_BLOCK, _PARALLEL = 8, 1
_SALT_BYTES, _DIGEST_BYTES = 16, 32
_COSTS = range(1, 19)
"""Exponents of two that are computed, with 256 MB for the largest; a file could ask for more memory than there is."""
_MOST_PARALLEL = 16
_END = b"."
"""Behind each password: HMAC, of which scrypt is made, cannot tell a key from the same with zeros behind it."""


class AccountRefused(SegueError):
    """An account, password or device cannot be what was asked for."""

    status: ClassVar[int] = 400


@dataclass(frozen=True)
class Scrypted:
    """A password as it is kept: what scrypt made of it, and how."""

    exponent: int
    block: int
    parallel: int
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Scrypted:
        """What `as_text` wrote.

        Raises:
            ValueError: it is something else, or asks for more than a machine has.
        """
        kind, exponent, block, parallel, salt, digest = text.split("$")
        kept = cls(int(exponent), int(block), int(parallel), bytes.fromhex(salt), bytes.fromhex(digest))
        affordable = (
            kept.exponent in _COSTS
            and 1 <= kept.block <= _BLOCK
            and 1 <= kept.parallel <= _MOST_PARALLEL
            and len(kept.salt) >= _SALT_BYTES
            and len(kept.digest) == _DIGEST_BYTES
        )
        if kind != "scrypt" or not affordable:
            raise ValueError(kind)
        return kept

    @property
    def as_text(self) -> str:
        """All of it, for the file and nothing else."""
        return f"scrypt${self.exponent}${self.block}${self.parallel}${self.salt.hex()}${self.digest.hex()}"

    def digest_of(self, password: str) -> bytes:
        """What a password comes to with this salt and cost."""
        n = 2**self.exponent
        return hashlib.scrypt(
            password.encode("utf-8", "surrogatepass") + _END,
            salt=self.salt,
            n=n,
            r=self.block,
            p=self.parallel,
            maxmem=256 * self.block * (n + self.parallel),  # twice what is needed
            dklen=_DIGEST_BYTES,
        )


class Passwords:
    """Computes one at a time, and lets few wait. Safe to share between threads.

    Source: Percival and Josefsson, "The scrypt Password-Based Key Derivation Function", RFC 7914 (2016).
    """

    def __init__(self, cost: int = COST) -> None:
        """`cost` is a power of two, n of scrypt."""
        self._exponent = cost.bit_length() - 1
        self._nobody = Scrypted(
            self._exponent, _BLOCK, _PARALLEL, secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_DIGEST_BYTES)
        )
        self._places = threading.BoundedSemaphore(AT_ONCE + WAITING)
        self._running = threading.BoundedSemaphore(AT_ONCE)

    def kept(self, password: str) -> Scrypted:
        """A new password as it is to be kept.

        Raises:
            AccountRefused: it is too short to be one, or longer than any.
            TooManyLogins: too many wait already.
        """
        password = _composed(password)
        if not SHORTEST <= len(password) <= LONGEST:
            raise AccountRefused("password-length", least=SHORTEST, most=LONGEST)
        empty = Scrypted(self._exponent, _BLOCK, _PARALLEL, secrets.token_bytes(_SALT_BYTES), b"")
        with self._turn():
            digest = empty.digest_of(password)
        return Scrypted(empty.exponent, empty.block, empty.parallel, empty.salt, digest)

    def fits(self, password: str, kept: Scrypted | None) -> bool:
        """Whether it is the password that is kept; none kept takes as long, and is never fitted.

        Raises:
            TooManyLogins: too many wait already; nothing was looked at.
        """
        against = self._nobody if kept is None else kept
        password = _composed(password[: LONGEST + 1])
        with self._turn():
            same = hmac.compare_digest(against.digest_of(password), against.digest)
        return same and kept is not None and 0 < len(password) <= LONGEST

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooManyLogins("login-busy", seconds=1)
        try:
            with self._running:
                yield
        finally:
            self._places.release()


def _composed(password: str) -> str:
    """One form for the same letters, which keyboards of phones and desktops compose differently."""
    return unicodedata.normalize("NFC", password)
