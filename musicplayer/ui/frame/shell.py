"""What every part of the window may use, made before the window: parts are given this and not the window."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from musicplayer.ui.frame.actions import Actions
from musicplayer.ui.frame.centre import Centre
from musicplayer.ui.frame.dropped import Visitors
from musicplayer.ui.frame.foot import Foot
from musicplayer.ui.frame.message_bar import MessageBar
from musicplayer.ui.frame.places import OF_THE_MACHINE, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.sidebar import Sidebar
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.frame.whose import library_caption, library_name, machine_of


class Closing(QObject):
    """The end of the window: first what is to be remembered of it, then what has to be ended with it.

    Signals:
        begun: the window is about to go; all of it is there and works.
    """

    begun = Signal()

    def __init__(self, way_down: ExitStack) -> None:
        super().__init__()
        self._way_down = way_down

    def then(self, end: Callable[[], object]) -> None:
        """Have `end` called once the window is gone; what was made last ends first."""
        self._way_down.callback(end)


@dataclass(frozen=True)
class Shell:
    """Each part is made once, in `make_shell`.

    Attributes:
        messages: the card that says what happened.
        places: the pages, one of which is shown, and the side bar that they are chosen in.
        actions: everything that the window can be told to do.
        commands: what can be done with chosen tracks.
        visitors: takes files and folders that come from outside.
        foot: below the places: Indexing, how far it is, what has problems.
        closing: when the window goes, and what ends with it.
    """

    messages: MessageBar
    places: Centre
    actions: Actions
    commands: TrackCommands
    visitors: Visitors
    foot: Foot
    closing: Closing

    @property
    def window(self) -> QWidget:
        """The window that all of it lies in: the parent of dialogs, menus and controls."""
        return self.places.window()

    def move_into(self, window: QMainWindow) -> None:
        """Belong to a window: it shows the parts that are seen, and takes all with it when it is deleted."""
        for part in (self.actions, self.commands, self.visitors, self.closing):
            part.setParent(window)
        self.messages.lie_over(self.places)


def make_shell(services: Services, way_down: ExitStack) -> Shell:
    """Make the parts; what has to be ended with the window is put on `way_down`."""
    look, icons, library, shared = services.look, services.look.icons, services.library, services.shared
    foot = Foot(services.jobs, library.client, icons, machine_of(shared.address) if shared else "")
    shell = Shell(
        messages=MessageBar(look),
        places=Centre(Sidebar(look), foot, left_out=frozenset() if shared is None else OF_THE_MACHINE),
        actions=Actions(icons, shared=shared is not None),
        commands=TrackCommands(services.player, library.path_of if shared is None else None, icons),
        visitors=Visitors(library, shared=shared is not None),
        foot=foot,
        closing=Closing(way_down),
    )
    if shared is not None:
        shell.places.sidebar.name_section(Section.LIBRARY, library_caption(shared), library_name(shared))
    shell.commands.place = lambda: shell.places.current_place.partition(":")[0]
    shell.visitors.play_requested.connect(shell.commands.play_now)
    shell.visitors.failed.connect(shell.messages.warn)
    shell.commands.told.connect(shell.messages.tell)
    shell.closing.then(shell.visitors.shutdown)
    return shell
