"""Asks disks about paths without trusting them to answer: a dead mount refuses, and a hung one never says a word.

A call to the system that hangs cannot be ended from within the process. So each question is put by a helper thread,
which is left behind where no answer comes in time; the mount is then taken for silent, and not asked for a while.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from indexer.core.tracks import Seconds

Answer = TypeVar("Answer")

ANSWER_SECONDS: Seconds = 20.0
"""A disc that sleeps takes ten to spin up; a network drive whose server is busy takes as long."""

READ_SECONDS: Seconds = 120.0
"""For what reads a file rather than looks at it."""

GLANCE_SECONDS: Seconds = 1.0
"""For what a person waits for."""

SILENT_SECONDS: Seconds = 60.0
"""So long a mount that gave no answer is not asked again."""

PROBE_SECONDS: Seconds = 2.0


class DiskSilent(TimeoutError):
    """The system gave no answer about a path in time."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.ETIMEDOUT, "its drive does not answer", path)


def ask(path: str | os.PathLike[str], work: Callable[[], Answer], *, wait: Seconds | None = None) -> Answer:
    """What `work` gives, which asks the system about `path`; it may go on in a thread of its own after a time-out.

    Without `wait` it has ANSWER_SECONDS.

    Raises:
        DiskSilent: no answer in so many seconds, or none a moment ago from the same mount.
        Exception: whatever `work` raises.
    """
    name = os.fspath(path)
    if _is_silent(name):
        raise DiskSilent(name)
    helper = _helper()
    question = _Question(work)
    helper.questions.put(question)
    try:
        answer, error = question.reply.get(timeout=ANSWER_SECONDS if wait is None else wait)
    except Empty:
        helper.questions.put(None)  # it ends, should it ever come back
        _note_silence(name)
        raise DiskSilent(name) from None
    _idle.append(helper)
    if error is not None:
        raise error
    return cast("Answer", answer)


def forget_silence() -> None:
    """Ask every mount again, whichever gave no answer a moment ago."""
    _silent.clear()


def look(path: str | os.PathLike[str], *, wait: Seconds | None = None) -> os.stat_result:
    """The state of a file or folder, links followed.

    Raises:
        OSError: it is not there, may not be seen, or its drive does not work or answer.
    """
    return ask(path, lambda: os.stat(path), wait=wait)  # noqa: PTH116 - of any path


def is_file(path: str | os.PathLike[str], *, wait: Seconds | None = None) -> bool:
    """Whether there is a file, for all that can be told."""
    return _has_mode(path, stat.S_ISREG, wait)


def is_folder(path: str | os.PathLike[str], *, wait: Seconds | None = None) -> bool:
    """Whether there is a folder, for all that can be told."""
    return _has_mode(path, stat.S_ISDIR, wait)


def is_absent(error: OSError) -> bool:
    """Whether an error says that nothing is there, rather than that this cannot be told."""
    return isinstance(error, FileNotFoundError | NotADirectoryError) or error.errno == errno.ELOOP


def said(error: OSError) -> str:
    """The system's word for an error."""
    return error.strerror or type(error).__name__


def _has_mode(path: str | os.PathLike[str], is_kind: Callable[[int], bool], wait: Seconds | None) -> bool:
    try:
        return is_kind(look(path, wait=wait).st_mode)
    except (OSError, ValueError):  # a name with a NUL in it is none of a file
        return False


def _is_silent(path: str) -> bool:
    return bool(_silent) and _silent.get(_mount_of(path), 0.0) > time.monotonic()


def _note_silence(path: str) -> None:
    """Take the mount of a path for silent, unless it answers now: then it is that one path which takes long."""
    mount = _mount_of(path)
    helper, question = _helper(), _Question(lambda: os.statvfs(mount) if hasattr(os, "statvfs") else os.stat(mount))  # noqa: PTH116
    helper.questions.put(question)
    try:
        question.reply.get(timeout=PROBE_SECONDS)
        _idle.append(helper)
    except Empty:
        helper.questions.put(None)
        _silent[mount] = time.monotonic() + SILENT_SECONDS


def _mount_of(path: str) -> str:
    """The place where the drive of a path is mounted, by what the system lists; no drive is asked for it."""
    import psutil  # noqa: PLC0415 - only here, and only where a drive was silent

    mounts = [part.mountpoint for part in psutil.disk_partitions(all=True)]
    above = [mount for mount in mounts if path == mount or path.startswith(os.path.join(mount, ""))]  # noqa: PTH118
    return max(above, key=len, default=os.sep)


class _Question:
    """Something to ask, and where the answer goes: what came of it, or else an error."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.reply: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()


class _Helper(threading.Thread):
    """Asks one question after the other. A daemon: one that hangs must not keep the program from ending."""

    def __init__(self) -> None:
        super().__init__(name="segue-disk", daemon=True)
        self.questions: SimpleQueue[_Question | None] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while (question := self.questions.get()) is not None:
            try:
                question.reply.put((question.work(), None))
            except Exception as error:  # noqa: BLE001 - raised where the question was asked
                question.reply.put((None, error))
            del question  # what it holds is not kept while nothing is asked


_idle: deque[_Helper] = deque()
_silent: dict[str, float] = {}
"""When each mount that gave no answer may be asked again, by the clock of `time.monotonic`."""


def _helper() -> _Helper:
    try:
        return _idle.pop()
    except IndexError:
        return _Helper()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # threads do not come along
