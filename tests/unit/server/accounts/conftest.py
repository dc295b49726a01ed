"""A file of accounts, a clock that is set by hand, and passwords that cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from musicplayer.server.accounts.accounts import Accounts
from musicplayer.server.accounts.passwords import Passwords

CHEAP = 2
"""Of scrypt: what is tested is who gets in, not how long a guess takes."""


class Clock:
    """Says what it is told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "accounts.json"


@pytest.fixture
def opened(file: Path, clock: Clock) -> Callable[[], Accounts]:
    """Opens the accounts as a server does that starts."""
    return lambda: Accounts(file, clock=clock, ticks=clock, passwords=Passwords(CHEAP))


@pytest.fixture
def accounts(opened: Callable[[], Accounts]) -> Accounts:
    """Nobody yet."""
    return opened()


@pytest.fixture
def household(accounts: Accounts) -> Accounts:
    """Anna, whose desktop it is, and Ben."""
    accounts.create_first(accounts.first_token or "", "Anna", "correct horse")
    accounts.add("Ben", "battery staple")
    return accounts
