"""Why a server does not give a track; apart from what asks it, which loads more than the first paint can wait for."""

from __future__ import annotations

from enum import StrEnum

from indexer.core.tracks import Seconds

PATIENCE: Seconds = 35.0
"""Within so long it is known of a server that gives nothing what the trouble is; see `served_file` for each."""


class ServerTrouble(StrEnum):
    """What is wrong with a server, or with what is asked of it."""

    AWAY = "away"
    """It does not answer."""
    REFUSED = "refused"
    """It does not know the key any more."""
    STRANGE = "strange"
    """It shows another certificate than one that is trusted."""
    MISSING = "missing"
    """It has no such track, or not the file of it."""
    ELSEWHERE = "elsewhere"
    """The address is none of the server's, or the server points to another one."""
    FAILED = "failed"
    """It cannot send the track, or sends another file than before."""

    @property
    def is_of_all(self) -> bool:
        """Whether no other track of the server can be had either."""
        return self in {ServerTrouble.AWAY, ServerTrouble.REFUSED, ServerTrouble.STRANGE}


class NotServed(OSError):
    """A server does not give a track.

    Attributes:
        trouble: why.
    """

    def __init__(self, trouble: ServerTrouble, reason: str) -> None:
        """`reason` is for the log."""
        super().__init__(f"{trouble}: {reason}")
        self.trouble = trouble
