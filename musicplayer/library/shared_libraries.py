"""The libraries of other machines that were opened here: makes the home of one more, and forgets one."""

from __future__ import annotations

import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from indexer.core.errors import SegueError
from indexer.core.files.privacy import keep_private
from indexer.core.home import Home
from indexer.core.settings import Settings
from indexer.core.shared.server import (
    Server,
    ServerError,
    addresses_of,
    library_home,
    read_server,
    shared_homes,
    write_server,
)
from indexer.core.store.faults import DatabaseUnavailable
from musicplayer.threads import Tasks

_NOT_PLAIN = ("shared-silent", "shared-stranger")
_OF_THE_PERSON = ("theme", "language", "gain", "audio_device", "notifications", "play_on")
"""Settings that a library is opened with, as they are where it is opened from."""

UNPROVEN = "shared-certificate"
"""The code of a server that shows a certificate which nobody vouches for."""


@dataclass(frozen=True)
class Known:
    """A library that was opened: its home, and the server that has it."""

    home: Home
    server: Server


@dataclass(frozen=True)
class Wish:
    """What was typed to open a library with.

    Attributes:
        certificate: in PEM, one that the person said is the server's; empty before that.
    """

    address: str
    name: str
    password: str
    certificate: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.address.strip() and self.name.strip() and self.password)


@dataclass(frozen=True)
class Doubt:
    """A certificate that a person has to be asked about.

    Attributes:
        wish: what is done once they say yes; it has the certificate.
        fingerprint: SHA-256 of it, in hexadecimal, as the server shows it.
    """

    wish: Wish
    fingerprint: str


class SharedLibraries(QObject):
    """Asks servers in a thread of its own.

    Signals:
        opened: the Home of a library that was asked for with `open`.
        doubted: a Doubt; nothing happens unless `open` is called with its wish.
        refused: message and advice; nothing was opened.
        forgotten: the Home of a library that is known no more.
    """

    opened = Signal(object)
    doubted = Signal(object)
    refused = Signal(str, str)
    forgotten = Signal(object)

    def __init__(self, home: Home, settings: Settings, parent: QObject | None = None) -> None:
        """Keep libraries below `home`; one that is opened begins with the look that `settings` have."""
        super().__init__(parent)
        self._home = home
        self._settings = settings
        self._tasks = Tasks(workers=1, parent=self)

    def known(self) -> list[Known]:
        """Those that were opened; one whose file is damaged is opened anew."""
        found = []
        for home in shared_homes(self._home):
            try:
                server = read_server(home)
            except ServerError:
                continue
            if server is not None:
                found.append(Known(home, server))
        return found

    def known_at(self, address: str) -> Known | None:
        """The one at an address, however that is written; None where there is none."""
        try:
            whole = addresses_of(address)
        except ServerError:
            return None
        return next((known for known in self.known() if known.server.address in whole), None)

    def open(self, wish: Wish) -> None:
        """Have the server give this computer a key for a name and a password, and keep it in a home."""
        look = Settings(**{name: getattr(self._settings, name) for name in _OF_THE_PERSON})
        self._tasks.run(lambda: self._introduced(wish, look), self._on_introduced, self._on_failed)

    def forget(self, known: Known) -> None:
        """Delete what this computer keeps of a library; no window may be open on it."""
        self._tasks.run(
            lambda: shutil.rmtree(known.home.data.parent), lambda _: self.forgotten.emit(known.home), self._on_failed
        )

    def shutdown(self) -> None:
        """A server that does not answer is not waited for."""
        self._tasks.shutdown(wait=False)

    def _introduced(self, wish: Wish, look: Settings) -> Home | Doubt:
        """In the thread. Where nobody said whether it is encrypted, both ways are tried."""
        first, *others = addresses_of(wish.address)
        try:
            return self._introduced_at(first, wish, look)
        except SegueError as error:
            if not others or not _may_be_encrypted(error):
                raise
            with suppress(DatabaseUnavailable):
                return self._introduced_at(others[0], wish, look)
            raise

    def _introduced_at(self, address: str, wish: Wish, look: Settings) -> Home | Doubt:
        from indexer.core.shared.introducing import certificate_of, introduce  # noqa: PLC0415 - no start needs it

        try:
            server = introduce(address, wish.name, wish.password, _this_machine(), certificate=wish.certificate)
        except SegueError as error:
            if error.code != UNPROVEN or wish.certificate:
                raise
            certificate, fingerprint = certificate_of(address)
            return Doubt(replace(wish, address=address, certificate=certificate), fingerprint)
        return self._kept(server, look)

    def _kept(self, server: Server, look: Settings) -> Home:
        """A home for what the server gave; settings that it had before stay."""
        from indexer.core.shared.asking import Asking  # noqa: PLC0415 - as above
        from indexer.core.shared.glance import Looks  # noqa: PLC0415
        from indexer.core.shared.profile import know_profile  # noqa: PLC0415

        with Asking(server) as asking:
            server = replace(server, profile=Looks(asking).now().profile)
        profile = know_profile(server.address, server.profile)
        home = library_home(self._home, server.address)
        before = Settings.load(home) if home.settings_file.exists() else look
        replace(before, profile=profile).save(home)
        keep_private(home)
        write_server(home, server)
        return home

    def _on_introduced(self, outcome: Home | Doubt) -> None:
        if isinstance(outcome, Doubt):
            self.doubted.emit(outcome)
        else:
            self.opened.emit(outcome)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, OSError):
            error = ServerError("shared-unwritable", file=error.filename, reason=error.strerror or error)
        if not isinstance(error, SegueError):
            raise error
        self.refused.emit(error.message, error.advice)


def _this_machine() -> str:
    """What the listener finds this player by among the devices of theirs."""
    return f"Segue on {socket.gethostname().partition('.')[0]}"


def _may_be_encrypted(error: SegueError) -> bool:
    """Whether somebody answered, only not in plain words."""
    return error.code in _NOT_PLAIN and not isinstance(error.__cause__, TimeoutError | ConnectionRefusedError)
