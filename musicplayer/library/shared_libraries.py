"""The libraries of other machines that were opened here: opens one more, and forgets one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.shared.server import Server, read_server, shared_homes
from musicplayer.threads import Tasks


@dataclass(frozen=True)
class Known:
    """A library that was opened: its home, and the server that has it."""

    home: Home
    server: Server


@dataclass(frozen=True)
class Wish:
    """What was typed to open a library with.

    Attributes:
        certificate: in PEM, one that the person said is the server's; empty before that.
    """

    address: str
    name: str
    password: str
    certificate: str = ""
