"""Starts, steers and watches the indexer, a process of its own that ends with the player."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from indexer.core import events
from indexer.core.beside import indexer_command
from indexer.core.files.logs import log_file
from indexer.core.home import Home
from indexer.core.sentences.told import told
from indexer.core.settings import Settings
from indexer.core.text import shown_text
from musicplayer.jobs.job_process import environment, open_output

CANCEL_MS = 15_000
"""Time for the files in flight to end after "cancel", before the indexer is terminated."""

TERMINATE_MS = 3_000
SHUTDOWN_MS = 2_500
"""The window is gone by then, so this is how long the program may linger, for each step of insistence."""


@dataclass(frozen=True)
class Job:
    """One run of the indexer: its kind for the status line, its command line, and variables that no one may see."""

    kind: str
    arguments: tuple[str, ...]
    secrets: tuple[tuple[str, str], ...] = ()


class Jobs(QObject):
    """Runs one job of the indexer at a time; more wait their turn.

    Attributes:
        command: the program that is run, with what comes before the arguments of a job.

    Signals:
        started: the kind of job: "add", "scan", "rebuild".
        stage: a StageStarted.
        progress: a Progress.
        notice: a Notice.
        problem: a ProblemFound.
        paused: whether it pauses now.
        model_swapped: a ModelSwapped.
        finished: a Finished, also of a job that was cancelled.
        failed: a Failed.
        idle: nothing runs and nothing waits.
    """

    started = Signal(str)
    stage = Signal(object)
    progress = Signal(object)
    notice = Signal(object)
    problem = Signal(object)
    paused = Signal(bool)
    model_swapped = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    idle = Signal()

    def __init__(
        self,
        home: Home,
        settings: Settings | None = None,
        parent: QObject | None = None,
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        """Run jobs on the library of `home`; `command` stands in for the indexer's own in tests."""
        super().__init__(parent)
        self._home = home
        self._settings = settings or Settings()
        self.command = list(command) if command is not None else indexer_command()
        self._waiting: deque[Job] = deque()
        self._is_telling = False
        self._process: QProcess | None = None
        self._kind = ""
        self._partial = b""
        self._told_end = False
        self._cancelling = False
        self._is_paused = False
        self._at_once: int | None = None
        self._insist = QTimer(self, singleShot=True)
        self._insist.timeout.connect(self._on_insist)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def process_id(self) -> int | None:
        """The process that runs now, None when nothing does."""
        return None if self._process is None else self._process.processId()

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    @property
    def kind(self) -> str:
        """What runs now, empty when nothing does."""
        return self._kind

    def add_folder(self, path: str | Path) -> None:
        """Take a folder into the library and analyse what is in it."""
        folder = str(Path(path).expanduser().absolute())
        if not _can_be_argument(folder):
            self.failed.emit(events.Failed("folder-no-text", {"folder": shown_text(folder)}))
            return
        self._enqueue(Job("add", ("build", *self._build_options(), "--", folder)))

    def scan(self) -> None:
        """Look for new, changed and missing files in all folders, and analyse what is new."""
        self._enqueue(Job("scan", ("build", *self._build_options())))

    def rebuild(self, *, full: bool = False, folder: str | None = None) -> None:
        """Build the similarity model again.

        Args:
            full: also analyse every track again.
            folder: of the library; only its tracks are analysed again.
        """
        more = ("--full",) if full else ()
        only = () if folder is None else ("--", folder)
        self._enqueue(Job("rebuild", ("build", *self._build_options(), "--model", "always", *more, *only)))

    def run(self, kind: str, *arguments: str, secrets: Mapping[str, str] | None = None) -> None:
        """Give the indexer another command than `build`.

        Args:
            kind: told by `started`.
            arguments: the command and what follows it; progress and the end with this process are asked for here.
            secrets: variables of its environment, which other users of the machine cannot read.
        """
        command, *rest = arguments
        options = ("--events", "--parent", str(os.getpid()))
        self._enqueue(Job(kind, (command, *rest, *options), tuple((secrets or {}).items())))

    def pause(self) -> None:
        self._tell("pause")

    def resume(self) -> None:
        self._tell("resume")

    def slow_to(self, files: int | None) -> None:
        """Have at most so many files analysed at a time, in this run and those to come; None for all cores."""
        self._at_once = files
        self._tell(f"at-once {files or 0}")

    @property
    def at_once(self) -> int | None:
        """What `slow_to` was told."""
        return self._at_once

    def cancel(self) -> None:
        """End what runs after the files in flight, and forget what waits."""
        self._waiting.clear()
        if self._process is not None and not self._cancelling:
            self._cancelling = True
            self._tell("cancel")
            self._insist.start(CANCEL_MS)

    def shutdown(self) -> None:
        """End the indexer: ask, then insist, then force. Returns when it is gone, in seconds."""
        self._waiting.clear()
        process, self._process = self._process, None
        self._insist.stop()
        if process is None:
            return
        process.blockSignals(True)
        process.write(b"cancel\n")
        process.closeWriteChannel()
        if not process.waitForFinished(SHUTDOWN_MS):
            process.terminate()
            if not process.waitForFinished(SHUTDOWN_MS):
                process.kill()
                process.waitForFinished(SHUTDOWN_MS)

    def _build_options(self) -> tuple[str, ...]:
        workers = () if self._settings.workers is None else ("--workers", str(self._settings.workers))
        chosen = ("--profile", self._settings.profile, "--hear", self._settings.hearing.value)
        return ("--events", "--parent", str(os.getpid()), *chosen, *workers)

    def _enqueue(self, job: Job) -> None:
        if job in self._waiting:
            return
        if self._home.server_file.exists():  # the music is on another machine, and so is its database
            self.failed.emit(events.Failed("shared-elsewhere"))
            return
        self._waiting.append(job)
        if self._process is None and not self._is_telling:
            self._start_next()

    def _start_next(self) -> None:
        if not self._waiting:
            self._tell_that_idle()
        if not self._waiting:
            return
        job = self._waiting.popleft()
        self._kind = job.kind
        self._partial, self._told_end, self._cancelling, self._is_paused = b"", False, False, False
        self._process = self._launch(job)
        if self._at_once is not None:
            self._tell(f"at-once {self._at_once}")
        self.started.emit(job.kind)

    def _tell_that_idle(self) -> None:
        """A job that somebody has by then starts when all have been told, or the last ones would take it for over."""
        self._is_telling = True
        self.idle.emit()
        self._is_telling = False

    def _launch(self, job: Job) -> QProcess:
        process = QProcess(self)
        variables = environment(self._settings.database_uri, self._settings.kafka)
        for name, value in job.secrets:
            variables.insert(name, value)
        process.setProcessEnvironment(variables)
        process.setStandardErrorFile(str(open_output(self._home)), QProcess.OpenModeFlag.Append)
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_process_finished)
        process.errorOccurred.connect(self._on_process_error)
        program, *arguments = self.command
        chosen = () if self._home.root is None else ("--home", str(self._home.root))
        process.start(program, [*arguments, *chosen, *job.arguments])
        return process

    def _tell(self, command: str) -> None:
        if self._process is not None:
            self._process.write(f"{command}\n".encode())

    def _on_output(self) -> None:
        if self._process is None:
            return
        *lines, self._partial = (self._partial + bytes(self._process.readAllStandardOutput().data())).split(b"\n")
        for line in lines:
            event = events.decode(line.decode("utf-8", "replace"))
            if event is not None:
                self._pass_on(event)

    def _pass_on(self, event: events.Event) -> None:
        match event:
            case events.StageStarted():
                self.stage.emit(event)
            case events.Progress():
                self.progress.emit(event)
            case events.ProblemFound():
                self.problem.emit(event)
            case events.Notice():
                self.notice.emit(event)
            case events.ModelSwapped():
                self.model_swapped.emit(event)
            case events.Paused():
                self._is_paused = event.paused
                self.paused.emit(event.paused)
            case events.Finished():
                self._told_end = True
                self.finished.emit(event)
            case events.Failed():
                self._told_end = True
                self.failed.emit(event)

    def _on_insist(self) -> None:
        """The indexer did not heed what it was told: say it louder."""
        if self._process is None:
            return
        if self._insist.property("terminated"):
            self._process.kill()
        else:
            self._insist.setProperty("terminated", True)
            self._process.terminate()
            self._insist.start(TERMINATE_MS)

    def _on_process_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._told_end = True
            self.failed.emit(events.Failed("indexer-not-started", {"program": self.command[0]}))
            self._on_ended()

    def _on_process_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_output()
        if not self._told_end and self._cancelling:
            self.finished.emit(events.Finished(cancelled=True))
        elif not self._told_end:
            is_crash = status is QProcess.ExitStatus.CrashExit
            how = told("indexer-crashed") if is_crash else told("indexer-exit", number=str(code))
            self.failed.emit(
                events.Failed("indexer-stopped", {"how": how, "file": str(log_file(self._home, "indexer"))})
            )
        self._on_ended()

    def _on_ended(self) -> None:
        process, self._process = self._process, None
        self._insist.stop()
        self._insist.setProperty("terminated", False)
        self._kind, self._is_paused = "", False
        if process is not None:
            process.deleteLater()
        self._start_next()


def _can_be_argument(text: str) -> bool:
    """Whether Qt can hand `text` to another process unchanged; a name that is not valid Unicode cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
