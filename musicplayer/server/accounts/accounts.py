"""How listeners get in: by password, session, key of a device or signed address, and nobody else does."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from indexer.core.errors import SegueError
from indexer.core.plays import ListenerId
from indexer.core.text import clean
from indexer.core.tracks import Seconds
from musicplayer.server.accounts import devices, sessions, signing
from musicplayer.server.accounts.limits import Attempts, TooManyLogins
from musicplayer.server.accounts.passwords import Passwords
from musicplayer.server.accounts.people import People, account_of
from musicplayer.server.accounts.records import Account, Device, Kept, name_key
from musicplayer.server.accounts.signing import DeviceId

_LONGEST_ADDRESS = 64

log = logging.getLogger(__name__)


class LoginRefused(SegueError):
    """Name and password are not those of anybody; which of both was wrong is not said."""

    status: ClassVar[int] = 401


class Accounts(People):
    """The accounts, and who shows what only one of them can know. Safe to share between threads.

    Asking who somebody is costs microseconds and writes nothing; when devices and sessions were last used is written
    by `save_times`, or with the next change. An `address` is that of the client, from the connection or from a proxy
    that is trusted.
    """

    def __init__(
        self,
        file: Path,
        *,
        clock: Callable[[], Seconds] = time.time,
        ticks: Callable[[], Seconds] = time.monotonic,
        passwords: Passwords | None = None,
    ) -> None:
        """`clock` is that of the calendar; waits go by `ticks`, which nobody sets back."""
        super().__init__(file, passwords=passwords)
        self._clock = clock
        self._logins = Attempts(ticks)
        # Apart: an app that goes on with a key that was revoked keeps nobody of its house from logging in.
        self._keys = Attempts(ticks)
        self._times_changed = False

    def log_in(self, name: str, password: str, address: str) -> Account:
        """Who has this name and password. Takes a tenth of a second, whether there is such a name or not.

        Raises:
            LoginRefused: nobody has, or nobody can log in at present.
            TooManyLogins: this address was wrong too often, or too many log in at once; nothing was looked at.
        """
        if self.trouble is not None:
            raise LoginRefused("login-closed")
        key = name_key(name)
        self._logins.begin(address, key)
        kept = self._file.kept()
        account = kept.named(name)
        try:
            right = self._passwords.fits(password, kept.passwords.get(account.id) if account else None)
        except TooManyLogins:
            self._logins.take_back(address, key)
            raise
        if account is None or not right:
            log.info("a login from %s was refused", clean(address, _LONGEST_ADDRESS))
            raise LoginRefused("login-refused")
        self._logins.take_back(address, key)
        return account

    def new_session(self, listener: ListenerId) -> str:
        """The cookie of a new session, which lasts until it was not used for 30 days.

        Raises:
            AccountGone: there is no such account.
            AccountsUnusable: it cannot be written.
        """
        with self._file.changing() as kept:
            account_of(kept, listener)
            return sessions.begin(kept, listener, self._clock())

    def session(self, cookie: str) -> Account | None:
        """Who a cookie is of, None where it is nobody's any more."""
        kept, now = self._file.kept(), self._clock()
        session = sessions.found(kept, cookie, now)
        if session is None:
            return None
        self._times_changed |= sessions.lengthen(kept, cookie, now)
        return kept.accounts.get(session.listener)

    def end_session(self, cookie: str) -> None:
        """Log out; a session that is over already is none.

        Raises:
            AccountsUnusable: it cannot be written; the session goes on.
        """
        if sessions.found(self._file.kept(), cookie, self._clock()) is not None:
            with self._file.changing() as kept:
                sessions.end(kept, cookie)

    def new_device(self, listener: ListenerId, name: str) -> tuple[Device, str]:
        """A new device and its key, which is not kept: it is shown now or never.

        Raises:
            AccountGone: there is no such account.
            AccountRefused: it has too many devices, or the name cannot be one.
            AccountsUnusable: it cannot be written.
        """
        with self._file.changing() as kept:
            account_of(kept, listener)
            return devices.add(kept, listener, name, self._clock())

    def devices(self, listener: ListenerId) -> list[Device]:
        """The devices of a listener, in the order they were made."""
        return devices.of_listener(self._file.kept(), listener)

    def revoke(self, listener: ListenerId, device: DeviceId) -> bool:
        """End the key of a device of this listener; whether there was one.

        Raises:
            AccountsUnusable: it cannot be written; the key goes on.
        """
        if device not in {each.id for each in self.devices(listener)}:
            return False
        with self._file.changing() as kept:
            return kept.devices.pop(device, None) is not None

    def by_key(self, key: str, address: str) -> Account | None:
        """Who a key of a device is of, as OpenSubsonic's `apiKey` and the header `Authorization: Bearer` have it.

        Raises:
            TooManyLogins: it is nobody's, and this address was wrong too often. A right key always holds.
        """
        kept = self._file.kept()
        return self._entered(kept, devices.of_key(kept, key), address)

    def by_subsonic(
        self, name: str, *, token: str = "", salt: str = "", password: str = "", address: str
    ) -> Account | None:
        """Who has this name and a device whose key the token is made of, or whose key is the password.

        The password of the account is never asked for: a token is as good as a password that is kept as it is.

        Raises:
            TooManyLogins: nobody has, and this address was wrong too often. A right key always holds.
        """

        def shows(key: str) -> bool:
            return signing.is_token_of(key, token, salt) if token else signing.same(key, password)

        kept = self._file.kept()
        account = kept.named(name)
        return self._entered(kept, devices.of_shown(kept, account.id if account else None, shows), address)

    def _entered(self, kept: Kept, device: Device | None, address: str) -> Account | None:
        if device is None:
            self._keys.begin(address)
            return None
        self._times_changed |= devices.note_use(kept, device, self._clock())
        return kept.accounts.get(device.listener)

    def sign(self, listener: ListenerId, what: str, lifetime: Seconds) -> str:
        """A text for an address that lets who has it have `what` as this listener, for `lifetime`, a day at most."""
        until = self._clock() + min(lifetime, signing.LONGEST_LIFE)
        return signing.signed(self._file.kept().secret, listener, what, until)

    def signed(self, text: str) -> tuple[ListenerId, str] | None:
        """Who may have what by a text from `sign`; None where it is not of this server, has ended, or they are gone."""
        kept = self._file.kept()
        found = signing.opened(kept.secret, text, self._clock())
        return found if found is not None and found[0] in kept.accounts else None

    def save_times(self) -> None:
        """Write when devices and sessions were last used, where that has changed: every few minutes, and at the end.

        Raises:
            AccountsUnusable: it cannot be written; the next call tries again.
        """
        if self._times_changed:
            with self._file.changing():
                pass  # what is written has them
            self._times_changed = False
