"""Makes the parts of the window that stand beside the library, and joins each to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from musicplayer.ui.services import Services

if TYPE_CHECKING:
    from musicplayer.ui.main_window import MainWindow


@dataclass(frozen=True)
class Extras:
    """The parts by name."""


def build_extras(window: MainWindow, services: Services) -> Extras:  # noqa: ARG001
    """Make them all, when the window's own parts are there and joined."""
    return Extras()
