"""What is kept of accounts: who there is and what each may do, and apart from it what proves who somebody is."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any

from indexer.core.plays import ListenerId
from indexer.core.text import as_text, clean, fold, identity
from indexer.core.tracks import Seconds
from musicplayer.server.accounts.passwords import AccountRefused, Scrypted
from musicplayer.server.accounts.signing import SECRET_BYTES, DeviceId

VERSION = 1
"""Of the file; a higher one is of a later Segue, which is asked to read it."""
LONGEST_NAME = 64
HIGHEST_BIT_RATE = 10_000
"""kbit/s, more than any sound takes: what a listener's bound, and what an app asks for, may be."""


class NewerRecord(ValueError):
    """It is of a later version of Segue."""


@dataclass(frozen=True)
class Account:
    """A listener who can log in, and what they may do.

    Attributes:
        id: for life; that of the desktop is `OWNER`.
        name: what people log in by; no two have the same `name_key`.
        admin: may make, change and remove accounts.
        may_download: the files themselves, not only what is streamed.
        may_remote: control what plays on the desktop.
        may_share_playlists: show playlists to the other listeners.
        highest_bit_rate: of streams, kbit/s; 0 for no bound.
        household_taste: this listener's plays have a say in the taste of the household, which an admin decides.
    """

    id: ListenerId
    name: str
    admin: bool = False
    may_download: bool = True
    may_remote: bool = False
    may_share_playlists: bool = True
    highest_bit_rate: int = 0
    household_taste: bool = False

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Account:
        """The account of a record by the names of its fields; rights that it does not name are as for a new one.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        account = cls(**{each.name: record[each.name] for each in fields(cls) if each.name in record})
        for each in fields(cls):
            if type(getattr(account, each.name)) is not (str if each.default is MISSING else type(each.default)):
                raise TypeError(each.name)
        if not account.id or not name_key(account.name) or account.highest_bit_rate < 0:
            raise ValueError(account.id)
        return account


@dataclass(frozen=True)
class Device:
    """Something that a listener logs in with by a key of its own.

    Attributes:
        id: with which its key begins.
        name: what the listener calls it.
        made: when, seconds since 1970.
        used: when it was last, to the hour; 0 where it never was.
        listener: whose it is.
    """

    id: DeviceId
    name: str
    made: Seconds
    used: Seconds
    listener: ListenerId

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Device:
        """The device of a record by the names of its fields; raises KeyError or TypeError where it is none."""
        id_, name, listener = (as_text(record[field]) for field in ("id", "name", "listener"))
        return cls(DeviceId(id_), name, _moment(record["made"]), _moment(record["used"]), ListenerId(listener))


@dataclass(frozen=True)
class Session:
    """A browser that is logged in, until it was not used for long."""

    listener: ListenerId
    until: Seconds


@dataclass
class Kept:
    """All of the file. What is secret is in no text that this makes of itself.

    Attributes:
        accounts: by id.
        secret: of this server, from which keys of devices and signed addresses are made.
        passwords: of those who have one.
        devices: of all accounts, by id.
        sessions: by the SHA-256 sum of the cookie, in hexadecimal digits.
    """

    accounts: dict[ListenerId, Account] = field(default_factory=dict)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(SECRET_BYTES), repr=False)
    passwords: dict[ListenerId, Scrypted] = field(default_factory=dict, repr=False)
    devices: dict[DeviceId, Device] = field(default_factory=dict, repr=False)
    sessions: dict[str, Session] = field(default_factory=dict, repr=False)

    def copy(self) -> Kept:
        """One to change."""
        return Kept(dict(self.accounts), self.secret, dict(self.passwords), dict(self.devices), dict(self.sessions))

    def named(self, name: str) -> Account | None:
        """Who has a name, however it is written."""
        key = name_key(name)
        return next((account for account in self.accounts.values() if name_key(account.name) == key), None)

    def as_record(self) -> dict[str, Any]:
        """Plain values; what a copy on another machine must not have is under `secrets`, and nothing else is."""
        return {
            "version": VERSION,
            "accounts": [asdict(account) for account in self.accounts.values()],
            "secrets": {
                "server": self.secret.hex(),
                "passwords": {listener: kept.as_text for listener, kept in self.passwords.items()},
                "devices": [asdict(device) for device in self.devices.values()],
                "sessions": {cookie: [kept.listener, kept.until] for cookie, kept in self.sessions.items()},
            },
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Kept:
        """What `as_record` made, or the same without its `secrets`: then everybody is there, and nobody can log in.

        Raises:
            NewerRecord: a later version made it.
            KeyError, TypeError, ValueError, AttributeError, OverflowError: it is none.
        """
        if type(record["version"]) is not int or record["version"] < 1:
            raise ValueError(record["version"])
        if record["version"] > VERSION:
            raise NewerRecord
        found = [Account.of_record(each) for each in record["accounts"]]
        kept = cls({account.id: account for account in found})
        if len(kept.accounts) < len(found):
            raise ValueError("two of one id")
        if "secrets" in record:
            _take_secrets(kept, record["secrets"])
        return kept


def name_key(name: str) -> str:
    """A name as it is compared: without case, accents and what differs in drawing only; empty where it is none."""
    return _folded(clean(name, LONGEST_NAME + 1))


def free_of_faults(name: str) -> str:
    """A new name as it is kept; raises AccountRefused where it is too long or nothing of it can be seen."""
    shown = clean(name, LONGEST_NAME + 1)
    if not name_key(shown) or len(shown) > LONGEST_NAME:
        raise AccountRefused("name-unfit", most=LONGEST_NAME)
    return shown


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    return fold(identity(name))


def _take_secrets(kept: Kept, record: Mapping[str, Any]) -> None:
    """Those of listeners who are there; others are left out."""
    kept.secret = bytes.fromhex(record["server"])
    if len(kept.secret) < SECRET_BYTES:
        raise ValueError("server")
    passwords = {ListenerId(listener): Scrypted.of(text) for listener, text in record["passwords"].items()}
    devices = [Device.of_record(each) for each in record["devices"]]
    sessions = {
        each: Session(ListenerId(as_text(of)), _moment(until)) for each, (of, until) in record["sessions"].items()
    }
    kept.passwords = {listener: each for listener, each in passwords.items() if listener in kept.accounts}
    kept.devices = {each.id: each for each in devices if each.listener in kept.accounts}
    kept.sessions = {cookie: each for cookie, each in sessions.items() if each.listener in kept.accounts}


def _moment(value: object) -> Seconds:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)
