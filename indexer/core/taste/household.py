"""Whose plays may teach what others of the household are recommended: those an admin let, and nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.core.files.json_files import read_object
from indexer.core.home import Home
from indexer.core.plays import ListenerId


@dataclass(frozen=True)
class Household:
    """The accounts of a home, as far as taste goes.

    Attributes:
        sharing: by account, whether its plays have a say in what the others are recommended; None where the file of
            the accounts cannot be made sense of.
    """

    sharing: Mapping[ListenerId, bool] | None

    def shares(self, who: ListenerId) -> bool:
        """Whether what a listener plays may teach what others are recommended.

        Who is alone has nobody to be kept from. A listener without an account was brought here by an import, to be
        learnt from.
        """
        if self.sharing is None:
            return False
        return not self.sharing.keys() - {who} or self.sharing.get(who, True)

    def has_account(self, who: ListenerId) -> bool:
        """Whether a listener can log in."""
        return self.sharing is not None and who in self.sharing


class HouseholdInUse:
    """The accounts of a home as they are now; their file is read again only when it is another."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._read: tuple[object, Household] | None = None

    def now(self) -> Household:
        """What the file says; microseconds unless it changed."""
        try:
            found = self._home.accounts_file.stat()
            stamp: object = (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError:
            stamp = None
        read = self._read
        if read is None or read[0] != stamp:
            read = self._read = stamp, household_of(self._home)
        return read[1]


def household_of(home: Home) -> Household:
    """The accounts as they are now; reads a small file."""
    if not home.accounts_file.exists():
        return Household({})
    found = read_object(home.accounts_file).get("accounts")
    try:
        accounts = {ListenerId(str(each["id"])): each.get("household_taste") is True for each in found or ()}
    except (TypeError, KeyError, AttributeError):
        return Household(None)
    return Household(accounts if isinstance(found, list) else None)
