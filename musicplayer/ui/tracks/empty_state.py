"""The first thing a newcomer sees: what Segue does, and three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from indexer.core.language import mark, tr
from musicplayer.assets import asset
from musicplayer.ui.look.buttons import push_button, worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.labels import WrappedLabel

_LOGO = 88
_WIDTH = 440
_BESIDE = 12


class EmptyState(QWidget):
    """Invites to add a folder, or to open the demo library or one of another machine.

    Signals:
        add_requested: choose a folder.
        demo_requested: make and open the demo library.
        shared_requested: open the library of another machine.
    """

    add_requested = Signal()
    demo_requested = Signal()
    shared_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.add = push_button(tr("Add folder…"), primary=True, icon=icons.icon("folder-plus", "on_strong"))
        self.demo = push_button(tr("Open the demo library"), icon=icons.icon("music-notes"))
        self.shared = worded_button(icons.icon("computer-tower"), tr("Open a library on the network…"))
        self.shared.clicked.connect(self.shared_requested)
        self.add.clicked.connect(self.add_requested)
        self.demo.clicked.connect(self.demo_requested)
        self.with_plays = QCheckBox(tr("The demo library with made-up plays"))
        self.with_plays.setAccessibleName(self.with_plays.text())
        self.with_plays.setToolTip(tr("To see what Segue recommends before anything was played"))
        self._logo = QLabel()
        self.what = WrappedLabel(tr(_WHAT), "soft", _WIDTH)
        self.how = WrappedLabel(tr(_HOW), "small", _WIDTH)
        self._build_ui()

    def invite_to_nothing(self) -> None:
        """The library is filled on another machine."""
        self.what.setText(tr(_SHARED))
        for part in (self.add, self.demo, self.with_plays, self.shared, self.how):
            part.hide()

    def minimumSizeHint(self) -> QSize:
        """Little: where it is not shown, it does not keep a small window from showing what is."""
        return QSize(WrappedLabel.NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for label in self.findChildren(WrappedLabel):
            label.fit_into(self.width() - 2 * _BESIDE)

    def _build_ui(self) -> None:
        logo = QIcon(str(asset("icons/segue.svg"))).pixmap(QSize(_LOGO, _LOGO), self.devicePixelRatioF())
        self._logo.setPixmap(logo)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.add)
        buttons.addWidget(self.demo)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(10)
        layout.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(self._logo, 0, centre)
        layout.addSpacing(6)
        layout.addWidget(WrappedLabel(tr("Welcome to Segue"), "headline", _WIDTH), 0, centre)
        layout.addWidget(self.what, 0, centre)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addWidget(self.with_plays, 0, centre)
        layout.addWidget(self.shared, 0, centre)
        layout.addSpacing(4)
        layout.addWidget(self.how, 0, centre)
        layout.addStretch(3)


_WHAT = mark(
    "Choose a folder of music. Segue plays it, analyses every track, and shows you what sounds like what you hear."
)
_SHARED = mark("This library is on another machine. Its music appears here as soon as it answers and has some.")
_HOW = mark("You can also drop a folder on this window. Your files are only read, never changed.")
