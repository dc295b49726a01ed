"""Settings › Sharing: the server that is told what is played, if any, and how that goes."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from indexer.core.errors import SegueError
from indexer.core.language import tr, trn
from indexer.core.phrases import isolated, sentence
from musicplayer.sharing.listenbrainz import Server
from musicplayer.sharing.sharing import Sharing
from musicplayer.threads import Tasks
from musicplayer.ui.frame.bound import check, line
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import Form, text_label
from musicplayer.ui.look.theme import mark_as


class SharingPage(Form):
    """What is set here holds at once; whether the server knows the token is asked on wish."""

    def __init__(self, sharing: Sharing, preferences: Preferences, parent: QWidget | None = None) -> None:
        about = tr(
            "Segue can tell ListenBrainz, or a server that takes plays in the same way, such as maloja, what you play: "
            "artist, title, album, length, time, and the recording's public id where it is known. Nothing of it leaves "
            "this computer unless you switch it on."
        )
        super().__init__(tr("Sharing"), about, parent)
        self._sharing = sharing
        self._tasks = Tasks(workers=1, parent=self)
        self.on = check(preferences, "sharing")
        self.address = line(preferences, "sharing_server", "https://api.listenbrainz.org")
        self.token = line(preferences, "sharing_token", "")
        self.token.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.test_button = push_button(tr("Test"))
        self.outcome = text_label("", "soft")
        self.state = text_label("", "soft")
        self._build_ui()
        self.test_button.clicked.connect(self.test)
        self.address.textChanged.connect(self._on_edited)
        self.token.textChanged.connect(self._on_edited)
        sharing.changed.connect(self.refresh)
        self._on_edited()
        self.refresh()

    def test(self) -> None:
        """Ask the server whose token it is, in the background, and say how that went."""
        self.test_button.setEnabled(False)
        self._say(tr("Connecting…"), "soft")
        self._tasks.run(Server(self.address.text(), self.token.text()).user, self._on_known, self._on_failed)

    def refresh(self) -> None:
        """Say what waits, and what it waits for."""
        sharing = self._sharing
        parts = []
        if sharing.waiting:
            parts.append(trn("{number} play waits to be sent.", "{number} plays wait to be sent.", sharing.waiting))
        if sharing.trouble is not None:
            parts.append(sharing.trouble.message)
        if sharing.refused:
            parts.append(trn("{number} play was refused.", "{number} plays were refused.", sharing.refused))
        self.state.setText(" ".join(parts) or tr("No play waits to be sent."))

    def shutdown(self) -> None:
        self._tasks.shutdown(wait=False)

    def _build_ui(self) -> None:
        about = tr(
            "From then on. A play counts once half of the track, or four minutes of it, were heard; what cannot be "
            "sent waits here, also over a restart."
        )
        self.row(tr("Share what I play"), self.on, about)
        about = tr("For maloja, its address followed by /apis/listenbrainz.")
        self.row(tr("Server"), self.address, about)
        about = tr(
            "From your page there, a secret like a password. It is kept in the settings, which only you can read."
        )
        self.row(tr("Token"), self.token, about)
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addLayout(button_line(self.test_button, spacing=8))
        column.addWidget(self.outcome)
        column.addWidget(self.state)
        self.whole(part)

    def _on_edited(self) -> None:
        self.test_button.setEnabled(bool(self.address.text().strip() and self.token.text().strip()))
        self._say("", "soft")

    def _on_known(self, user: str) -> None:
        self.test_button.setEnabled(True)
        known = tr("The server knows you as {user}.", user=isolated(user))
        self._say(known if user else tr("The server takes the token."), "soft")

    def _on_failed(self, error: Exception) -> None:
        self.test_button.setEnabled(True)
        self._say(sentence(error.message, error.advice) if isinstance(error, SegueError) else str(error), "danger")

    def _say(self, words: str, tone: str) -> None:
        self.outcome.setText(words)
        mark_as(self.outcome, "tone", tone)
