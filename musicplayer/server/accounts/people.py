"""Who there is: accounts are made, changed and removed, the first of them by a link that is good once."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar, TypedDict, Unpack

from indexer.core.errors import SegueError
from indexer.core.plays import OWNER, ListenerId
from musicplayer.server.accounts import sessions
from musicplayer.server.accounts.keeping import AccountsFile
from musicplayer.server.accounts.passwords import AccountRefused, Passwords
from musicplayer.server.accounts.records import Account, Kept, free_of_faults
from musicplayer.server.accounts.signing import same

_ID_BYTES = 8
_TOKEN_BYTES = 24


class AccountGone(SegueError):
    """There is no such account."""

    status: ClassVar[int] = 404


class Changes(TypedDict, total=False):
    """What of an account can be changed; see `Account`."""

    name: str
    admin: bool
    may_download: bool
    may_remote: bool
    may_share_playlists: bool
    highest_bit_rate: int
    household_taste: bool


class People:
    """The accounts of a server, whoever asks: who may ask for which of this is decided by who answers the request.

    What changes something writes the file, and what takes a password computes for a tenth of a second: neither belongs
    into the thread of the event loop. Safe to share between threads.
    """

    def __init__(self, file: Path, *, passwords: Passwords | None = None) -> None:
        self._file = AccountsFile(file)
        self._passwords = passwords or Passwords()
        self._first = secrets.token_urlsafe(_TOKEN_BYTES)

    @property
    def trouble(self) -> SegueError | None:
        """Why nobody can log in, for who is at the machine; None where all is well."""
        self._file.kept()
        return self._file.trouble

    @property
    def first_token(self) -> str | None:
        """What makes the first account, to be shown at the machine only; None where there is one, or trouble.

        It is another with each start. Accounts that were restored from a backup have no passwords: there it gives the
        owner a new one.
        """
        kept = self._file.kept()
        return None if self._file.trouble or _has_admin(kept) else self._first

    def create_first(self, token: str, name: str, password: str) -> Account:
        """The account of the owner, an admin.

        Raises:
            AccountRefused: the token is not, or no longer, the right one; name or password cannot be one.
            AccountsUnusable: it cannot be written; the token stays good.
        """
        right = self.first_token
        if right is None or not same(token, right):
            raise AccountRefused("first-link-spent")
        password_kept = self._passwords.kept(password)
        with self._file.changing() as kept:
            if _has_admin(kept):  # by who was faster
                raise AccountRefused("first-link-spent")
            account = Account(OWNER, _free_name(kept, name, OWNER), admin=True, may_remote=True)
            kept.accounts[OWNER] = account
            kept.passwords[OWNER] = password_kept
        self._first = secrets.token_urlsafe(_TOKEN_BYTES)
        return account

    def all(self) -> list[Account]:
        """Everybody, the owner first and the others in the order they came."""
        return sorted(self._file.kept().accounts.values(), key=lambda account: account.id != OWNER)

    def get(self, listener: ListenerId) -> Account | None:
        """The account of an id."""
        return self._file.kept().accounts.get(listener)

    def named(self, name: str) -> Account | None:
        """The account of a name, whatever its case, accents and form of Unicode."""
        return self._file.kept().named(name)

    def add(self, name: str, password: str, *, admin: bool = False) -> Account:
        """A new account.

        Raises:
            AccountRefused: name or password cannot be one, or somebody has the name.
            AccountsUnusable: it cannot be written.
        """
        password_kept = self._passwords.kept(password)
        with self._file.changing() as kept:
            id_ = ListenerId(secrets.token_hex(_ID_BYTES))
            kept.accounts[id_] = Account(id_, _free_name(kept, name, id_), admin=admin, may_remote=admin)
            kept.passwords[id_] = password_kept
        return kept.accounts[id_]

    def update(self, listener: ListenerId, **what: Unpack[Changes]) -> Account:
        """Change name or rights.

        Raises:
            AccountGone: there is no such account.
            AccountRefused: the name cannot be one or is somebody's, or nobody would be left to be admin.
            TypeError, ValueError: a value is not of its kind.
            AccountsUnusable: it cannot be written.
        """
        with self._file.changing() as kept:
            before = account_of(kept, listener)
            if unknown := what.keys() - Changes.__annotations__.keys():
                raise TypeError(unknown)
            changed = Account.of_record({**asdict(before), **what})
            changed = Account.of_record({**asdict(changed), "name": _free_name(kept, changed.name, listener)})
            kept.accounts[listener] = changed
            if not any(account.admin for account in kept.accounts.values()):
                raise AccountRefused("account-last-admin", name=before.name)
        return changed

    def set_password(self, listener: ListenerId, password: str, *, staying: str = "") -> None:
        """A new password; sessions end but the one whose cookie is `staying`, devices stay logged in.

        Raises:
            AccountGone: there is no such account.
            AccountRefused: it cannot be a password.
            AccountsUnusable: it cannot be written.
        """
        password_kept = self._passwords.kept(password)
        with self._file.changing() as kept:
            account_of(kept, listener)
            kept.passwords[listener] = password_kept
            sessions.end_all(kept, listener, staying=staying)

    def remove(self, listener: ListenerId) -> None:
        """Take an account away, and with it all its devices and sessions; what it played is not touched.

        Raises:
            AccountGone: there is no such account.
            AccountRefused: it is the owner's, whose library this is, or nobody would be left to be admin.
            AccountsUnusable: it cannot be written.
        """
        with self._file.changing() as kept:
            account = account_of(kept, listener)
            if listener == OWNER:
                raise AccountRefused("account-owner-stays", name=account.name)
            del kept.accounts[listener]
            if not any(each.admin for each in kept.accounts.values()):
                raise AccountRefused("account-last-admin", name=account.name)
            kept.passwords.pop(listener, None)
            sessions.end_all(kept, listener)
            kept.devices = {id_: device for id_, device in kept.devices.items() if device.listener != listener}


def _has_admin(kept: Kept) -> bool:
    """Whether there is one who can log in."""
    return any(account.admin and account.id in kept.passwords for account in kept.accounts.values())


def account_of(kept: Kept, listener: ListenerId) -> Account:
    """The account of an id.

    Raises:
        AccountGone: there is none.
    """
    found = kept.accounts.get(listener)
    if found is None:
        raise AccountGone("account-gone")
    return found


def _free_name(kept: Kept, name: str, listener: ListenerId) -> str:
    """`name` as it is kept, which nobody but this listener has."""
    shown = free_of_faults(name)
    holder = kept.named(shown)
    if holder is not None and holder.id != listener:
        raise AccountRefused("account-name-taken", name=shown)
    return shown
