"""What happens, told to open pages: each listener hears of the library and of their own, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from indexer.core.plays import ListenerId
from indexer.core.tracks import Seconds

MOST_PAGES = 500
MOST_WAITING = 100
"""Events that a slow page may be behind; then it is told to ask for everything again."""

QUIET_SECONDS: Seconds = 20.0
"""A line is sent this often where nothing happens, so that proxies keep the connection and lost ones are noticed."""


class Page:
    """One open connection."""

    def __init__(self, listener: ListenerId) -> None:
        self.listener = listener
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque()
        self._wake = asyncio.Event()

    def put(self, kind: str, data: dict[str, Any]) -> None:
        """Tell it of something; the same thing twice is told once."""
        if (kind, data) in self._waiting:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            kind, data = "hello", {}
        self._waiting.append((kind, data))
        self._wake.set()

    async def lines(self) -> AsyncIterator[bytes]:
        """What goes over the connection; the first event is "hello": ask for everything."""
        yield _event("hello", {})
        while True:
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                yield b": \n\n"
            self._wake.clear()
            while self._waiting:
                yield _event(*self._waiting.popleft())


class Events:
    """The open pages of all listeners; for the thread of the event loop."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()

    def __len__(self) -> int:
        return len(self._pages)

    def open(self, listener: ListenerId) -> Page | None:
        """A page that hears from now on, until it is closed; None where there are too many."""
        if len(self._pages) >= MOST_PAGES:
            return None
        page = Page(listener)
        self._pages.add(page)
        return page

    def close(self, page: Page) -> None:
        """It hears no more."""
        self._pages.discard(page)

    def tell(self, kind: str, listener: ListenerId | None = None, **data: Any) -> None:
        """Say what is other than before, to one listener's pages or to all."""
        for page in self._pages:
            if listener is None or page.listener == listener:
                page.put(kind, data)


def _event(kind: str, data: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
