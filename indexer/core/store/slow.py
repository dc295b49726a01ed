"""Notes in the log which commands a database took long for, without what they were about."""

from __future__ import annotations

import logging

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

SLOW_MICROSECONDS = 2_000_000

log = logging.getLogger(__name__)


class SlowCommands(CommandListener):
    """Told of every command by the driver."""

    def started(self, event: CommandStartedEvent) -> None:
        """Nothing is to be said yet."""

    def succeeded(self, event: CommandSucceededEvent) -> None:
        _note(event.command_name, event.duration_micros)

    def failed(self, event: CommandFailedEvent) -> None:
        _note(event.command_name, event.duration_micros)


def _note(command: str, microseconds: int) -> None:
    if microseconds > SLOW_MICROSECONDS:
        log.info("%s took %.1f s", command, microseconds / 1_000_000)
