"""py-opensonic, a real client, for tests that do not await; and the description that all clients go by."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from libopensonic import AsyncConnection

DESCRIPTION = "SEGUE_OPENSUBSONIC_SPEC"
"""Names the folder with OpenSubsonic's `openapi.json`, or with its folder `openapi`; it is not part of the project."""


def described() -> Path:
    """The folder with the description; without one the test is skipped."""
    named = Path(os.environ.get(DESCRIPTION) or os.devnull)
    found = next((folder for folder in (named, named / "openapi") if (folder / "openapi.json").is_file()), None)
    if found is None:
        pytest.skip(f"{DESCRIPTION} names no folder with OpenSubsonic's openapi.json")
    return found


class Opensonic:
    """py-opensonic, waited for; its own way to do without `await` leaves sockets open."""

    def __init__(self, **options: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = AsyncConnection("http://127.0.0.1", **options)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask = getattr(self._connection, name)
        return lambda *given, **named: self._loop.run_until_complete(ask(*given, **named))

    def close(self) -> None:
        self._loop.run_until_complete(self._connection.cleanup())
        self._loop.close()
