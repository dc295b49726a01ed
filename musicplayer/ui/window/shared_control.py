"""File › Open a library on the network: asks for it, and opens a window of its own on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess

from indexer.core.beside import player_command
from indexer.core.home import Home
from indexer.core.language import tr
from musicplayer.desktop.instance import claim
from musicplayer.jobs.job_process import environment
from musicplayer.library.shared_libraries import Known
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.whose import library_name

if TYPE_CHECKING:
    from musicplayer.library.nearby import Nearby
    from musicplayer.library.shared_libraries import SharedLibraries
    from musicplayer.ui.settings.shared import SharedDialog


class SharedControl(QObject):
    """All of it is made when it is first wanted.

    Attributes:
        command: the program that is a player, with what comes before its options.
    """

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__(shell.window)
        self.command = player_command()
        self._shell = shell
        self._services = services
        self._libraries: SharedLibraries | None = None
        self._nearby: Nearby | None = None
        self._dialog: SharedDialog | None = None
        shell.actions.open_shared.triggered.connect(self.choose)
        shell.closing.then(self._shutdown)

    @property
    def libraries(self) -> SharedLibraries:
        """Those of other machines that this one knows."""
        if self._libraries is None:
            from musicplayer.library.shared_libraries import SharedLibraries  # noqa: PLC0415 - no start needs it

            preferences = self._services.preferences
            self._libraries = SharedLibraries(preferences.home, preferences.settings, self)
            self._libraries.opened.connect(self._on_opened)
            self._libraries.forgotten.connect(lambda _: self._show_known())
        return self._libraries

    @property
    def dialog(self) -> SharedDialog:
        """File › Open a library on the network."""
        if self._dialog is None:
            from musicplayer.ui.settings.shared import SharedDialog  # noqa: PLC0415 - no start needs it

            libraries = self.libraries
            dialog = SharedDialog(self._services.look.icons, self._shell.window)
            dialog.wished.connect(libraries.open)
            dialog.chosen.connect(lambda known: self.launch(known.home))
            dialog.forgotten.connect(self._forget)
            libraries.refused.connect(dialog.say)
            libraries.doubted.connect(dialog.ask)
            self._dialog = dialog
        return self._dialog

    def choose(self) -> None:
        """Ask which library is to be opened."""
        self._ask("")

    def open(self, address: str) -> None:
        """Open the library that is known at an address, else ask for name and password there."""
        known = self.libraries.known_at(address)
        if known is None:
            self._ask(address)
        else:
            self.launch(known.home)

    def launch(self, home: Home) -> None:
        """Open a window on a library, or raise the one that is open."""
        process = QProcess()
        process.setProcessEnvironment(environment(None))
        program, *arguments = self.command
        process.setProgram(program)
        process.setArguments([*arguments, "--home", str(home.root)])
        if not process.startDetached():
            self._shell.messages.warn(tr("The window of that library could not be opened."), tr("Install Segue again."))

    def _ask(self, address: str) -> None:
        self._show_known()
        self.dialog.open_fresh(address)
        self._look_around()

    def _on_opened(self, home: Home) -> None:
        self.dialog.settle()
        self.launch(home)

    def _show_known(self) -> None:
        self.dialog.show_known(self.libraries.known())

    def _look_around(self) -> None:
        if self._nearby is None:
            from musicplayer.library.nearby import Nearby  # noqa: PLC0415 - no start needs it

            self._nearby = Nearby(self)
            self._nearby.found.connect(self.dialog.show_found)
            self.dialog.finished.connect(self._nearby.stop)
        self._nearby.look()

    def _forget(self, known: Known) -> None:
        """Unless a window is open on it, which would write there again."""
        instance = claim(known.home)
        if instance is None:
            name = library_name(known.server)
            self.dialog.say(tr("A window is open on “{library}”.", library=name), tr("Close it first."))
            return
        instance.close()
        self.libraries.forget(known)

    def _shutdown(self) -> None:
        if self._nearby is not None:
            self._nearby.shutdown()
        if self._libraries is not None:
            self._libraries.shutdown()
