"""File › Settings: pages beside a list of topics; whatever is changed holds at once."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from indexer.core.home import Home
from indexer.core.language import tr
from musicplayer.library.library import Library
from musicplayer.sharing.sharing import Sharing
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import Form
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import rule
from musicplayer.ui.settings.database import DatabasePage
from musicplayer.ui.settings.ears import EarsSection
from musicplayer.ui.settings.folders import FoldersPage
from musicplayer.ui.settings.pages import (
    appearance_page,
    indexing_page,
    offer_profiles,
    playback_page,
    recommendations_page,
)
from musicplayer.ui.settings.sharing import SharingPage

_SIZE = (820, 580)
_TOPICS_WIDTH = 178
_TOPIC_HEIGHT = 34
_OF_THE_MACHINE = ("folders", "indexing", "database")
"""Topics of the machine that has the library."""


class SettingsDialog(QDialog):
    """Stays open beside the window.

    Signals:
        sound_requested: the equaliser is wanted.
    """

    sound_requested = Signal()

    def __init__(
        self,
        home: Home,
        library: Library,
        preferences: Preferences,
        sharing: Sharing,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        has_tray: bool,
        shared: bool = False,
    ) -> None:
        """`shared` leaves out what is chosen on the machine that has the library; `has_tray` is of the desktop."""
        super().__init__(parent)
        self.setObjectName("settings")
        self.setWindowTitle(tr("Settings"))
        self.resize(*_SIZE)
        self._icons = icons
        self._keys: list[str] = []
        self.topics = QListWidget()
        self.pages = QStackedWidget()
        self.folders = FoldersPage(library, preferences, icons)
        self.database = DatabasePage(home, preferences)
        self.sharing = SharingPage(sharing, preferences)
        self.ears = EarsSection(preferences)
        indexing, profiles = indexing_page(preferences)
        self.ears.changed.connect(lambda: offer_profiles(profiles, preferences))
        playback, sound_button = playback_page(preferences)
        sound_button.clicked.connect(self.sound_requested)
        recommendations = recommendations_page(preferences, None if shared else self.ears)
        appearance = appearance_page(preferences, has_tray=has_tray)
        for key, title, glyph, page in (
            ("folders", tr("Folders"), "folder", self.folders),
            ("playback", tr("Playback"), "speaker-high", playback),
            ("recommendations", tr("Recommendations"), "waves", recommendations),
            ("indexing", tr("Indexing"), "activity", indexing),
            ("appearance", tr("Appearance"), "palette", appearance),
            ("sharing", tr("Sharing"), "share-network", self.sharing),
            ("database", tr("Database"), "database", self.database),
        ):
            if shared and key in _OF_THE_MACHINE:
                page.setParent(self)  # and so is not seen, and goes with the dialog
            else:
                self._add(key, title, glyph, page)
        self._build_ui()

    def open_at(self, topic: str = "") -> None:
        """Show the dialog, at the topic of that key where one is given."""
        row = self._keys.index(topic) if topic in self._keys else max(self.topics.currentRow(), 0)
        self.topics.setCurrentRow(row)
        self.show()
        self.raise_()
        self.activateWindow()
        self.topics.setFocus(Qt.FocusReason.OtherFocusReason)

    def shutdown(self) -> None:
        self.database.shutdown()
        self.ears.shutdown()
        self.sharing.shutdown()

    def _add(self, key: str, title: str, glyph: str, page: Form) -> None:
        item = QListWidgetItem(self._icons.icon(glyph), title)
        item.setSizeHint(QSize(0, _TOPIC_HEIGHT))
        self._keys.append(key)
        self.topics.addItem(item)
        self.pages.addWidget(page)

    def _build_ui(self) -> None:
        self.topics.setObjectName("topics")
        self.topics.setAccessibleName(tr("Topics of the settings"))
        self.topics.setFixedWidth(_TOPICS_WIDTH)
        self.topics.setIconSize(QSize(18, 18))
        self.topics.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.close_button = push_button(tr("Close"), primary=True)
        self.close_button.clicked.connect(self.close)
        centre = QHBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.topics)
        centre.addWidget(self.pages, 1)
        buttons = button_line(right=[self.close_button])
        buttons.setContentsMargins(16, 12, 16, 12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(centre, 1)
        layout.addWidget(rule())
        layout.addLayout(buttons)
