"""Help › About Segue."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from indexer.core.language import mark, tr
from musicplayer.ui.look.assets import asset
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.labels import WrappedLabel

_LOGO = 72
_WIDTH = 380
_TEXT = mark(
    "A music player that knows what your music sounds like.\n\n"
    "It analyses on this computer only: nothing that you own or hear leaves it.\n\n"
    "Made with Qt, VLC, librosa, Apache Spark and MongoDB’s protocol. "
    "Free software under the GNU General Public License, version 3 or later."
)


class AboutDialog(QDialog):
    """Name, version, purpose, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Segue"))
        logo = QLabel()
        logo.setPixmap(QIcon(str(asset("icons/segue.svg"))).pixmap(QSize(_LOGO, _LOGO), self.devicePixelRatioF()))
        close = push_button(tr("Close"), primary=True)
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 26, 28, 22)
        layout.setSpacing(8)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout.addWidget(logo, 0, centre)
        layout.addWidget(WrappedLabel("Segue", "headline", _WIDTH), 0, centre)
        layout.addWidget(WrappedLabel(tr("Version {version}", version=app_version()), "small", _WIDTH), 0, centre)
        layout.addSpacing(6)
        layout.addWidget(WrappedLabel(tr(_TEXT), "soft", _WIDTH), 0, centre)
        layout.addSpacing(10)
        layout.addWidget(close, 0, centre)


def app_version() -> str:
    """The installed version, or a word for a checkout that was not installed."""
    try:
        return version("segue-player")
    except PackageNotFoundError:
        return tr("from source")
