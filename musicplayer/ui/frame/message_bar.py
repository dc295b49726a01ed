"""The card over the page that says what happened and what to do: one message at a time, never a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from indexer.core.language import tr
from musicplayer.ui.look.buttons import leave_keyboard, push_button, tool_button
from musicplayer.ui.look.labels import GlyphLabel
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import mark_as

NOTICE_MS = 8_000
_GLYPH = 20
_WIDEST = 760
_AIR = 14
"""Pixels between the card and the edges of what it lies over."""


class MessageBar(QFrame):
    """Hidden until there is something to say; then it lies over the lower edge of the page, which stays where it is.

    A warning stays until it is dismissed, a notice for some seconds. An offer stays, too; it lets both go first and
    comes back after them. The keyboard goes back to where it was when the card goes.

    Signals:
        offer_declined: the offer was dismissed.
        said: message, advice, and whether it is a warning; of everything that is shown.
    """

    offer_declined = Signal()
    said = Signal(str, str, bool)

    def __init__(self, look: Look, parent: QWidget | None = None, *, notice_ms: int = NOTICE_MS) -> None:
        """Have notices stay for `notice_ms`, in which a warning, too, is read."""
        super().__init__(parent)
        self._page: QWidget | None = None
        self.setObjectName("message")
        self._warning = False
        self._then: Callable[[], object] | None = None
        self._offer: tuple[str, str, str] | None = None
        self._take_offer: Callable[[], object] | None = None
        self._shows_offer = False
        self._was_read = False
        self._behind: tuple[str, str, str, Callable[[], object]] | None = None
        self._keyboard: QWidget | None = None
        self._glyph = GlyphLabel(look, _GLYPH)
        self._message = _line("strong")
        self._advice = _line("soft")
        self.action = push_button("")
        self.action.setAccessibleName(tr("What to do about it"))
        leave_keyboard(self.action)
        self.dismiss = tool_button(look.icons.icon("x"), tr("Dismiss"), tip=tr("Dismiss (Esc)"))
        self._build_ui()
        self._timer = QTimer(self, singleShot=True, interval=notice_ms)
        self._timer.timeout.connect(self._on_time)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_keyboard)
        self.dismiss.clicked.connect(self._on_dismissed)
        self.action.clicked.connect(self._on_action)
        self.hide()

    def lie_over(self, page: QWidget) -> None:
        """Belong to `page` from here on."""
        self.setParent(page)
        self._page = page
        page.installEventFilter(self)

    def warn(self, message: str, advice: str = "", action: str = "", then: Callable[[], object] | None = None) -> None:
        """Say what went wrong, until it is dismissed; `then` is called by the button named `action`.

        A notice with an action that was not over yet, such as Undo, comes back after it.
        """
        behind = self._behind
        if self.isVisible() and not self._warning and not self._shows_offer and self._then is not None:
            behind = (self._message.text(), self._advice.text(), self.action.text(), self._then)
        self._say(message, advice, action, warning=True)
        self._then, self._behind = then, behind
        self._timer.start()

    def tell(self, message: str, advice: str = "", action: str = "", then: Callable[[], object] | None = None) -> None:
        """Say something good to know, for some seconds.

        It comes in place of a warning only where it has an action, as what somebody does after they had the time to
        read the warning has its Undo; else it comes after it, if it has one.
        """
        if self.isVisible() and self._warning and not (self._was_read and action):
            if then is not None:
                self._behind = (message, advice, action, then)
            return
        self._say(message, advice, action, warning=False)
        self._then = then
        self._timer.start()

    def offer(self, message: str, advice: str, action: str, then: Callable[[], object]) -> None:
        """Offer something that can wait, until it is taken with `then`, declined or withdrawn."""
        self._take_offer = then
        fresh = (message, advice, action) != self._offer
        self._offer = (message, advice, action)
        if self.isHidden() or (self._shows_offer and fresh):
            self._show_offer()

    def withdraw_offer(self) -> None:
        """There is nothing to offer any more."""
        self._offer = None
        if self._shows_offer:
            self.clear()

    def take_back(self, message: str) -> None:
        """Take `message` away if it is what is said, or would come back: it holds no more."""
        if self._behind is not None and self._behind[0] == message:
            self._behind = None
        if self.isVisible() and self._message.text() == message:
            self.clear()

    def clear(self) -> None:
        """Take away what is said, for the offer that waits behind it, if there is one."""
        self._timer.stop()
        self._shows_offer = False
        had_keyboard = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        if had_keyboard and self._keyboard is not None and isValid(self._keyboard):
            self._keyboard.setFocus()
        if self._behind is not None:
            self.tell(*self._behind)
        else:
            self._show_offer()

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else f"{self._message.text()} {self._advice.text()}".strip()

    def _show_offer(self) -> None:
        if self._offer is not None:
            self._say(*self._offer, warning=False)
            self._then = self._take_offer
            self._shows_offer = True

    def _on_time(self) -> None:
        if self._warning:
            self._was_read = True
        else:
            self.clear()

    def _on_keyboard(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now) and not (before is not None and self.isAncestorOf(before)):
            self._keyboard = before

    def _on_dismissed(self) -> None:
        if self._shows_offer:
            self.withdraw_offer()
            self.offer_declined.emit()
        else:
            self.clear()

    def _on_action(self) -> None:
        then = self._then
        if self._shows_offer:
            self.withdraw_offer()
        else:
            self.clear()
        if then is not None:
            then()

    def _say(self, message: str, advice: str, action: str, *, warning: bool) -> None:
        self._shows_offer = False
        self._then = None
        self._warning = warning
        self._was_read = False
        self._behind = None
        self._message.setText(message)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.action.setText(action)
        self.action.setAccessibleName(action or tr("What to do about it"))
        self.action.setVisible(bool(action))
        self.setAccessibleName(f"{message} {advice}".strip())
        mark_as(self, "tone", "warning" if warning else "notice")
        self._glyph.show_glyph(*(("warning-circle-fill", "danger") if warning else ("info-fill", "soft")))
        self.show()  # its height is known only once its words are laid out
        self._place()
        self.said.emit(message, advice, warning)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """In the middle of the lower edge, as high as its words need."""
        if self._page is None:
            return
        width = min(self._page.width() - 2 * _AIR, _WIDEST)
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry((self._page.width() - width) // 2, self._page.height() - height - _AIR, width, height)
        self.raise_()

    def _build_ui(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addWidget(self._message)
        lines.addWidget(self._advice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(lines, 1)
        layout.addWidget(self.action)
        layout.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignVCenter)


def _line(tone: str) -> QLabel:
    label = QLabel()
    label.setProperty("tone", tone)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label
