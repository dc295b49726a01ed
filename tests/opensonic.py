"""py-opensonic, a real client, for tests that do not await."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from libopensonic import AsyncConnection


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
