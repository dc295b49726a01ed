"""Has taste learnt anew when it is due: by the indexer, in a process that ends with the server."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from indexer.core.beside import environment, indexer_command
from indexer.core.home import HOME_VARIABLE, Home
from indexer.core.tracks import Seconds
from musicplayer.server.tastes import Tastes

LOOK_SECONDS: Seconds = 5.0

AGAIN_SECONDS: Seconds = 1_800.0
"""After a build that failed, the desktop indexing at that time for one: until the next is tried."""

END_SECONDS: Seconds = 3.0
"""That a build may take to end."""

_log = logging.getLogger(__name__)


class Learning:
    """Looks whether taste is due; one build at a time."""

    def __init__(
        self,
        home: Home,
        database_uri: str | None,
        tastes: Tastes,
        learnt: Callable[[], None],
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        """Build for a home.

        Args:
            home: whose taste it is.
            database_uri: where the database is, None for the managed one.
            tastes: say when it is due.
            learnt: is called when there is another model, whoever built it.
            command: stands in for the indexer's in tests.
        """
        self._tastes = tastes
        self._learnt = learnt
        self._command = [*(command or indexer_command()), "taste", "build", "--events", "--parent", str(os.getpid())]
        self._environment = environment(database_uri)
        if home.root is not None:
            self._environment[HOME_VARIABLE] = str(home.root)
        self._not_before = 0.0
        self._wake = asyncio.Event()

    def look(self) -> None:
        """Look now rather than in a while: another model is said to be in use."""
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled; a build that goes on then is ended, and leaves the model before in place."""
        stamp = self._tastes.source.stamp()
        while True:
            self._wake.clear()
            if self._tastes.due and time.monotonic() >= self._not_before:
                await self._build()
            before, stamp = stamp, self._tastes.source.stamp()
            if stamp != before:
                self._learnt()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()

    async def _build(self) -> None:
        nowhere = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *self._command, env=self._environment, stdin=asyncio.subprocess.PIPE, stdout=nowhere, stderr=nowhere
        )
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _ended(process)
            raise
        finally:
            if process.stdin is not None:
                process.stdin.close()
        self._tastes.due = False
        if code != 0:
            self._not_before = time.monotonic() + AGAIN_SECONDS
            _log.warning("taste could not be learnt anew: the indexer ended with %d", code)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Have a process end, by force where it does not by itself; what it wrote so far is of no use to anybody."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
