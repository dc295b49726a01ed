"""Playback › Share on the network: one switch, where the library is then to be found, and who may listen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from indexer.core.events import Notice
from indexer.core.language import mark, tr
from indexer.core.phrases import sentence
from musicplayer.jobs.library_server import LibraryServer
from musicplayer.ui.frame.bound import check, whole_number
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import text_label
from musicplayer.ui.settings.network_listeners import ListenersBox

_WIDTH = 560
_MARGIN = 22
_QUIET_MODULES = 4
"""White around the code, as ISO/IEC 18004 wants it."""
_CODE_SIZE = 168
_COPY = mark("Copy")
PORTS = (1_024, 65_535)
"""Those that need no rights of the system's."""


class NetworkDialog(QDialog):
    """What is set here holds at once; who may listen is asked of the server, and so is shown while it runs."""

    def __init__(self, server: LibraryServer, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network")
        self.setWindowTitle(tr("Share on the network"))
        self._server = server
        self.on = check(preferences, "serve")
        self.tls = check(preferences, "serve_tls")
        self.port = whole_number(preferences, "serve_port", *PORTS, 1, "")
        self.port.setKeyboardTracking(False)  # a server is not started for every digit
        self.about_tls = text_label("", "small")
        self.about_tls.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.state = text_label("", "soft")
        self.code = QrCode()
        self.first_button = push_button(tr("Make the first account…"), primary=True)
        self.copy_link_button = push_button(tr("Copy the link"))
        self.listeners = ListenersBox()
        self.outcome = text_label("", "danger")
        self.close_button = push_button(tr("Close"))
        self._addresses = QWidget()
        self._first = QWidget()
        self._build_ui()
        self._connect()
        self.refresh()

    def open_fresh(self) -> None:
        """Show it, without what was said before."""
        self.outcome.clear()
        self.show()
        self.refresh()
        self.raise_()
        self.activateWindow()

    def refresh(self) -> None:
        """Show what the server says of itself."""
        state, is_wanted = self._server.state, self._server.is_wanted
        starting = tr("Starting…") if is_wanted else tr("The library is not on the network.")
        self.about_tls.setText(_about_tls("" if state is None else state.fingerprint))
        self.state.setText(starting if state is None else tr("The library is at"))
        self._show_addresses(() if state is None else state.addresses)
        self.code.show_text(state.addresses[0] if state is not None and state.addresses else "")
        self._first.setVisible(state is not None and bool(state.link))
        self.listeners.setVisible(state is not None)
        if state is not None:
            self.listeners.show_listeners(state.listeners)
        self._fit()

    def say(self, notice: Notice) -> None:
        """Why the server did not do something."""
        self.outcome.setText(sentence(notice.message, notice.advice))
        self._fit()

    def _connect(self) -> None:
        self._server.changed.connect(self.refresh)
        self._server.refused.connect(self.say)
        self.listeners.asked.connect(lambda _: self.outcome.clear())
        self.listeners.asked.connect(self._server.ask)
        self.first_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._link)))
        self.copy_link_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._link))
        self.close_button.clicked.connect(self.close)

    def _fit(self) -> None:
        """As high as what it shows, now that other parts of it are hidden."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            needed = layout.totalHeightForWidth(self.width())
            self.setMinimumHeight(needed)
            self.resize(self.width(), needed)

    @property
    def _link(self) -> str:
        return "" if self._server.state is None else self._server.state.link

    def _show_addresses(self, addresses: tuple[str, ...]) -> None:
        """Each with a button that copies it."""
        grid = self._addresses.layout()
        if not isinstance(grid, QGridLayout):
            grid = QGridLayout(self._addresses)
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setVerticalSpacing(4)
            grid.setColumnStretch(0, 1)
        while (item := grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, address in enumerate(addresses):
            label = QLabel(address)
            label.setProperty("tone", "strong")
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            button = push_button(tr(_COPY))
            button.setAccessibleName(tr("Copy {address}", address=address))
            button.setAutoDefault(False)
            button.clicked.connect(partial(QGuiApplication.clipboard().setText, address))
            grid.addWidget(label, row, 0)
            grid.addWidget(button, row, 1)

    def _build_ui(self) -> None:
        about = tr(
            "Listen to this library in a browser, or in an app that speaks Subsonic, on the phones and computers of "
            "this network. Everyone in it who knows the name and password of a listener can."
        )
        self.on.setText(tr("Share this library while Segue is open"))
        self.on.setAccessibleName(self.on.text())
        self.tls.setText(tr("Encrypt what goes over the network"))
        self.tls.setAccessibleName(self.tls.text())
        self.about_tls.setContentsMargins(24, 0, 0, 6)
        port_name = text_label(tr("Port"), "soft")
        port_name.setBuddy(self.port)
        self.port.setAccessibleName(port_name.text())
        nobody = text_label(
            tr("Nobody can log in yet. The first account is yours: its plays are those of this player."), "soft"
        )
        first = QVBoxLayout(self._first)
        first.setContentsMargins(0, 8, 0, 0)
        first.addWidget(nobody)
        first.addLayout(button_line(self.first_button, self.copy_link_button, spacing=8))
        where = QVBoxLayout()
        where.setSpacing(6)
        for part in (self.state, self._addresses, self._first):
            where.addWidget(part)
        where.addStretch()
        line = QHBoxLayout()
        line.setSpacing(18)
        line.addLayout(where, 1)
        line.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 18, _MARGIN, 16)
        layout.setSpacing(8)
        for part in (
            text_label(tr("Share on the network"), "headline"),
            text_label(about, "soft"),
            self.on,
            self.tls,
            self.about_tls,
        ):
            layout.addWidget(part)
        layout.addLayout(button_line(port_name, self.port, spacing=10))
        layout.addLayout(line)
        layout.addWidget(self.listeners, 1)
        layout.addWidget(self.outcome)
        layout.addLayout(button_line(right=[self.close_button]))
        self.setMinimumWidth(_WIDTH)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter ends what is typed into a field, and does nothing else


def _about_tls(fingerprint: str) -> str:
    """What encryption means here, and how the certificate is told from a forged one."""
    about = tr(
        "With a certificate that Segue makes itself, about which every browser asks once. Without it, others in this "
        "network can read along, passwords too."
    )
    return f"{about} {tr('Its SHA-256: {fingerprint}', fingerprint=fingerprint)}" if fingerprint else about


class QrCode(QWidget):
    """A text as a camera reads it; black on white in every theme, and away where there is no text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._rows: list[list[bool]] = []
        self.setFixedSize(self.sizeHint())
        self.hide()

    def show_text(self, text: str) -> None:
        """Draw another text."""
        if text != self.text:
            import segno  # noqa: PLC0415 - for those who share only

            self.text = text
            made = segno.make(text, micro=False).matrix_iter(border=_QUIET_MODULES) if text else ()
            self._rows = [[bool(module) for module in row] for row in made]
            self.setAccessibleName(tr("QR code of {address}", address=text))
            self.update()
        self.setVisible(bool(text))

    def sizeHint(self) -> QSize:
        return QSize(_CODE_SIZE, _CODE_SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        count = len(self._rows)
        if not count:
            return
        edges = [round(place * self.width() / count) for place in range(count + 1)]
        for row, modules in enumerate(self._rows):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    left, top = edges[column], edges[row]
                    painter.fillRect(left, top, edges[column + 1] - left, edges[row + 1] - top, QColor("black"))
