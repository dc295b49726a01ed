"""What a person at the machine itself is told and asked, without a window."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence

from indexer.core.errors import SegueError
from indexer.core.home import Home
from musicplayer.server.accounts.accounts import Accounts


class NobodyOfThatName(SegueError):
    """There is no such listener; names those there are."""


def tell_place(accounts: Accounts, addresses: Sequence[str], fingerprint: str) -> None:
    """Tell where the library is, and what is to be done before anybody can log in."""
    lines = [f"Segue is at {address}" for address in addresses]
    if fingerprint:
        lines.append(f"Its certificate, which browsers will ask about: SHA-256 {fingerprint}")
    if accounts.trouble is not None:
        lines.append(accounts.trouble.english)
    link = first_link(accounts, addresses)
    if link:
        lines.append(f"Nobody can log in yet. Make the first account, once, at {link}")
    sys.stdout.write("\n".join([*lines, "Ctrl+C ends it.", ""]))
    sys.stdout.flush()


def first_link(accounts: Accounts, addresses: Sequence[str]) -> str:
    """Where the first admin is made; empty where there is one."""
    token = accounts.first_token
    return f"{addresses[0]}first?token={token}" if token and addresses else ""


def give_password(home: Home, name: str) -> None:
    """Ask for another password of a listener, who may have forgotten theirs; a server that runs takes it at once.

    The sessions of the listener end. Where standard input is no terminal, its first line is the password.

    Raises:
        NobodyOfThatName: there is no such listener.
        SegueError: there is trouble with the accounts, or it cannot be a password.
    """
    accounts = Accounts(home.accounts_file)
    trouble, account = accounts.trouble, accounts.named(name)
    if trouble is not None:
        raise trouble
    if account is None:
        raise NobodyOfThatName("account-unknown", name=name, known=[each.name for each in accounts.all()])
    asked = f"New password of {account.name}: "
    password = getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    accounts.set_password(account.id, password)
    sys.stdout.write(f"{account.name} logs in with the new password from now on.\n")
