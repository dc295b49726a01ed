"""The window: lays out its parts and joins them."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.tracks import TrackId
from musicplayer.assets import asset
from musicplayer.ui.frame.chosen import open_menu_of_chosen
from musicplayer.ui.frame.foot import side_column
from musicplayer.ui.frame.help_dialogs import AboutDialog, ShortcutsDialog
from musicplayer.ui.frame.lazy_page import Searchable
from musicplayer.ui.frame.menus import fill_menu_bar
from musicplayer.ui.frame.places import Place, Section
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.frame.whose import library_name, machine_of
from musicplayer.ui.indexing.copies_dialog import CopiesDialog
from musicplayer.ui.indexing.library_control import LibraryControl
from musicplayer.ui.indexing.model_dialog import ModelDialog
from musicplayer.ui.indexing.problems_dialog import ProblemsDialog
from musicplayer.ui.look.mime import files_of
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.similar.similar_dock import SimilarDock
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.scope import EVERYTHING
from musicplayer.ui.transport.transport_bar import TransportBar
from musicplayer.ui.window.extras import Own, build_extras
from musicplayer.ui.window.panels import Panels

_SIZE = (1240, 780)
_SMALLEST = (860, 520)
_SIDEBAR_WIDTH = 176


class MainWindow(QMainWindow):
    """Everything a person sees."""

    def __init__(self, shell: Shell, services: Services) -> None:
        super().__init__()
        self.setWindowTitle("Segue")
        self.setWindowIcon(QIcon(str(asset("icons/segue.svg"))))
        self.setAcceptDrops(True)
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self._services = services
        self.shell = shell
        shell.move_into(self)
        self._build_parts()
        self._lay_out()
        self.library_control = LibraryControl(shell, services)
        own = Own(
            self,
            self.library,
            self.similar,
            self.queue,
            self.transport,
            self.splitter,
            self.side,
            self.menus["Playback"],
        )
        self.extras = build_extras(shell, services, own, self.library_control)
        self._no_database = ""
        self._connect()
        self.on_track(services.player.current)
        self.similar.set_playing(services.player.current)

    # Building

    def _build_parts(self) -> None:
        services = self._services
        look, player, library = services.look, services.player, services.library
        commands = self.shell.commands
        self.library = LibraryPage(library.catalogue, look)
        self.transport = TransportBar(player, library.track, look)
        self.similar = SimilarDock(
            services.similar, library.catalogue, library.track, commands, look, self,
            dislikes=services.dislikes, reasons=services.reasons, shared=services.shared is not None,
        )  # fmt: skip
        self.queue = QueueDock(player, library.catalogue, commands, look, self, loose=library.loose_track)
        self.problems = ProblemsDialog(library.client, look, self)
        self.copies = CopiesDialog(library.copies, look, self)
        self.model_card = ModelDialog(services.similar, look, self, shared=services.shared is not None)
        everything = Place(
            EVERYTHING.key,
            tr("Tracks"),
            "music-notes",
            Section.LIBRARY,
            self.library,
            lambda: self.library.show_scope(EVERYTHING),
        )
        self.shell.places.add(everything)

    def _lay_out(self) -> None:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._split(), 1)
        self.setCentralWidget(centre)
        self.panels = Panels(self, self.similar, self.queue, self._services.preferences)
        self._add_transport()
        self.menus = fill_menu_bar(
            self.menuBar(), self.shell.actions, self.panels.actions, lambda: self.library.table.columns_menu(self)
        )

    def _split(self) -> QSplitter:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.side = side_column(self.shell.places.sidebar, self.shell.foot)
        self.splitter.addWidget(self.side)
        self.splitter.addWidget(self.shell.places)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_SIDEBAR_WIDTH, _SIZE[0]])
        return self.splitter

    def _add_transport(self) -> None:
        """Put the bar under everything, docks too, as a tool bar that cannot be moved."""
        bar = self.addToolBar(tr("Playback"))
        bar.setObjectName("transportBar")
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.toggleViewAction().setEnabled(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, bar)
        bar.addWidget(self.transport)

    def _connect(self) -> None:
        """Join the parts with each other; what library, player and jobs tell them is joined in `musicplayer.app`."""
        shell, jobs = self.shell, self._services.jobs
        actions = shell.actions
        actions.quit.triggered.connect(self._on_quit)
        actions.search.triggered.connect(self._on_search)
        actions.show_playing.triggered.connect(self._go_to_playing)
        actions.open_menu.triggered.connect(open_menu_of_chosen)
        actions.problems.triggered.connect(self.problems.open_fresh)
        actions.copies.triggered.connect(self.copies.open_fresh)
        actions.about_model.triggered.connect(self.model_card.open_fresh)
        actions.shortcuts.triggered.connect(
            lambda: ShortcutsDialog([*actions.all(), *self.panels.actions], self).open()
        )
        actions.about.triggered.connect(lambda: AboutDialog(self).open())
        shell.commands.more_like_requested.connect(self.similar.choose)
        shell.visitors.folder_given.connect(self.library_control.add_folder)
        shell.foot.problems.clicked.connect(actions.problems.trigger)
        for panel in (self.similar, self.model_card):
            panel.rebuild_requested.connect(actions.rebuild.trigger)
        self.problems.rescan_requested.connect(jobs.scan)
        self.similar.radio_requested.connect(self.extras.radio.start)

    # What the player and the database tell

    def on_track(self, track: TrackId | None) -> None:
        """Name what plays in the title."""
        found = None if track is None else self._services.library.track(track)
        about = f"{found.title} – {found.artist} · " if found and found.artist else f"{found.title} · " if found else ""
        shared = self._services.shared
        self.setWindowTitle(about + ("Segue" if shared is None else library_name(shared)))

    def on_volume(self, volume: int) -> None:
        self._services.preferences.settings.volume = volume
        self._services.preferences.save_soon()

    def on_no_database(self, message: str, advice: str) -> None:
        """Say it once, not at every try."""
        if message != self._no_database:
            self._no_database = message
            self.shell.messages.warn(message, advice)

    def on_database(self) -> None:
        if self._no_database:
            self._no_database = ""
            self.shell.messages.clear()
            shared = self._services.shared
            self.shell.messages.tell(
                tr("The database answers again.")
                if shared is None
                else tr("{machine} answers again.", machine=machine_of(shared.address))
            )

    # Slots

    def _on_quit(self) -> None:
        self.extras.desktop.quit()

    def _on_search(self) -> None:
        """Search the page that is shown; one that cannot be searched gives way to the whole library."""
        page = self.shell.places.currentWidget()
        if isinstance(page, Searchable):
            page.focus_search()
        else:
            self.shell.places.go(EVERYTHING.key)
            self.library.focus_search()

    def _go_to_playing(self) -> None:
        current = self._services.player.current
        if current is None:
            return
        self.shell.places.go(EVERYTHING.key)
        if not self.library.table.show_track(current):
            self.library.search.clear()
            self.library.table.show_track(current)
        self.library.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # Qt's side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panels.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.shell.messages.isVisible():
            self.shell.messages.dismiss.click()
        elif event.key() == Qt.Key.Key_Escape and self.extras.playing.is_open:
            self.extras.playing.back()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = files_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.shell.visitors.take(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.extras.desktop.stays_in_tray():
            event.ignore()
            self.extras.desktop.hide_window()
            return
        self.shell.closing.begun.emit()
        super().closeEvent(event)
