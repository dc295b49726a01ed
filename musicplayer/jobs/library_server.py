"""Runs the server of this library, a process of its own that ends with the player; started again where it crashes."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from indexer.core import events
from indexer.core.beside import server_command
from indexer.core.files.logs import log_file
from indexer.core.home import Home
from indexer.core.sentences.told import told
from indexer.core.settings import Settings
from musicplayer.jobs.job_process import environment, open_output

if TYPE_CHECKING:
    from indexer.core.serving import Request, Serving

SETTINGS = ("serve_host", "serve_port", "serve_tls", "database_uri", "kafka")
"""Those that a server is started with, beside `serve`, which says whether."""
STOP_MS = 5_500
"""Time for the server to end by itself, which it does within 5 s."""
SHUTDOWN_MS = 2_500
"""The window is gone by then: for each step of insistence. What the server confirmed is on disk."""
AGAIN_MS = 200
MOST_AGAIN = 3
FORGOTTEN_AFTER = 60.0
"""Seconds without a crash after which those before count no more."""

_log = logging.getLogger(__name__)


class LibraryServer(QObject):
    """One server at most, running while the settings say so.

    Attributes:
        state: where it is and who may listen; None while it is not there.
        command: the program that is run, with what comes before its options.

    Signals:
        changed: `state` is another one, or `is_wanted`.
        refused: a Notice, why something was not done.
        pressed: a Pressed, what a listener elsewhere asks of the player.
        failed: a Failed; it does not run, and is not wanted any more.
    """

    changed = Signal()
    refused = Signal(object)
    pressed = Signal(object)
    failed = Signal(object)

    def __init__(
        self, home: Home, settings: Settings, parent: QObject | None = None, *, command: Sequence[str] | None = None
    ) -> None:
        """`command` stands in for the server's own in tests."""
        super().__init__(parent)
        self.state: Serving | None = None
        self.command = list(command) if command is not None else server_command()
        self._home = home
        self._settings = settings
        self._process: QProcess | None = None
        self._partial = b""
        self._failure: events.Failed | None = None
        self._is_wanted = False
        self._is_stopping = False
        self._crashes: list[float] = []
        self._insist = QTimer(self, singleShot=True, interval=STOP_MS)
        self._insist.timeout.connect(self._on_insist)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._launch_if_wanted)

    @property
    def is_wanted(self) -> bool:
        """Whether it runs, is about to, or will again."""
        return self._is_wanted

    @property
    def process_id(self) -> int | None:
        """Of the server, None while there is none."""
        return None if self._process is None else self._process.processId()

    def start(self) -> None:
        """Have it run, with the settings as they are now; one that runs with others is ended before.

        A library that is on another machine itself is not served.
        """
        if self._home.server_file.exists():
            return
        self._is_wanted = True
        self._crashes.clear()
        if self._process is None:
            self._launch_if_wanted()
        else:
            self._end_process()
        self.changed.emit()

    def stop(self) -> None:
        """Have it end."""
        self._is_wanted = False
        self._again.stop()
        self._end_process()
        self.changed.emit()

    def ask(self, request: Request) -> None:
        """Ask the server for something; what comes of it is told by `changed` and `refused`."""
        if self._process is not None:
            from indexer.core.serving import encode_request  # noqa: PLC0415 - for those who share only

            self._process.write(f"{encode_request(request)}\n".encode())

    def shutdown(self) -> None:
        """End it: ask, then insist, then force. Returns when it is gone, in seconds."""
        self._is_wanted = False
        self._again.stop()
        self._insist.stop()
        if self._process is None:
            return
        self._ask_to_stop()
        process, self._process = self._process, None
        process.blockSignals(True)
        process.closeWriteChannel()
        for insist in (process.terminate, process.kill, lambda: None):
            if process.waitForFinished(SHUTDOWN_MS):
                return
            insist()

    def _end_process(self) -> None:
        """End the one that runs; another follows where one is wanted."""
        if self._process is not None and not self._is_stopping:
            self._is_stopping = True
            self._ask_to_stop()
            self._insist.start()

    def _ask_to_stop(self) -> None:
        from indexer.core.serving import Stop  # noqa: PLC0415 - for those who share only

        self.ask(Stop())

    def _launch_if_wanted(self) -> None:
        if not self._is_wanted or self._process is not None:
            return
        self._partial, self._failure, self._is_stopping = b"", None, False
        process = self._process = QProcess(self)
        process.setProcessEnvironment(environment(self._settings.database_uri, self._settings.kafka))
        process.setStandardErrorFile(str(open_output(self._home, "server-output")), QProcess.OpenModeFlag.Append)
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        program, *arguments = self.command
        process.start(program, [*arguments, *self._options()])

    def _options(self) -> list[str]:
        chosen = self._settings
        home = [] if self._home.root is None else ["--home", str(self._home.root)]
        tls = ["--tls-self-signed"] if chosen.serve_tls else []
        return [*home, "--events", "--host", chosen.serve_host, "--port", str(chosen.serve_port), *tls]

    def _on_output(self) -> None:
        if self._process is None:
            return
        from indexer.core import serving  # noqa: PLC0415 - for those who share only

        *lines, self._partial = (self._partial + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace")
            state = serving.decode(text)
            if state is not None:
                self.state = state
                self.changed.emit()
                continue
            pressed = serving.decode_pressed(text)
            if pressed is not None:
                self.pressed.emit(pressed)
                continue
            match events.decode(text):
                case events.Notice() as notice:
                    self.refused.emit(notice)
                case events.Failed() as failure:
                    self._failure = failure

    def _on_insist(self) -> None:
        """It did not heed what it was told."""
        if self._process is not None:
            self._process.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._failure = events.Failed("server-not-started", {"program": self.command[0]})
            self._on_ended(None)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output()
        is_crash = status is QProcess.ExitStatus.CrashExit
        how = told("indexer-crashed") if is_crash else told("indexer-exit", number=str(code))
        self._on_ended(events.Failed("server-stopped", {"how": how, "file": str(log_file(self._home, "server"))}))

    def _on_ended(self, crash: events.Failed | None) -> None:
        process, self._process = self._process, None
        was_there, self.state = self.state is not None, None
        self._insist.stop()
        if process is not None:
            process.deleteLater()
        if self._is_stopping or not self._is_wanted:
            self._launch_if_wanted()
        elif self._failure is None and was_there and self._may_try_again():
            _log.warning("the server ended unexpectedly and is started again")
            self._again.start()
        else:
            self._is_wanted = False
            self.failed.emit(self._failure or crash)
        self.changed.emit()

    def _may_try_again(self) -> bool:
        now = time.monotonic()
        self._crashes = [*(at for at in self._crashes if now - at < FORGOTTEN_AFTER), now]
        return len(self._crashes) <= MOST_AGAIN
