"""Watches what the code under test does to the machine, and stops what no input may make it do."""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

_REPOSITORY = Path(__file__).resolve().parents[2]

_NEVER = frozenset(
    {
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.startfile",
        "pty.spawn",
        "exec",
        "pickle.find_class",
        "marshal.loads",
        "ctypes.dlopen",
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "urllib.Request",
        "http.client.connect",
        "webbrowser.open",
    }
)
"""Audit events of which no input may cause a single one."""

_PATHS = {
    "open": 1,
    "os.chdir": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.listdir": 1,
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.scandir": 1,
    "os.symlink": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "shutil.copyfile": 2,
    "shutil.move": 2,
    "shutil.rmtree": 1,
}
"""Audit events that name files, with how many of their first arguments are paths."""

_READ_ONLY_EVENTS = frozenset({"open", "os.listdir", "os.scandir"})
_CYTHON_FRAME = b"_getframe()"
"""What Cython compiles for every traceback through it."""

_DEVICES = ("/dev/null", "/dev/urandom", "/proc/")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Forbidden(BaseException):
    """The code under test did what no input may make it do; no handler of errors catches this."""


class Guard:
    """Stops forbidden acts while it is armed; once installed it stays, as audit hooks do.

    Raises:
        Forbidden: in the code that acts, and again from `armed` where that swallowed it.
    """

    def __init__(self, *, every_thread: bool = True) -> None:
        self._every_thread = every_thread
        self._thread: int | None = None
        self._is_armed = False
        self._roots: tuple[str, ...] = ()
        self._seen: list[str] = []
        self._stat = os.stat
        sys.addaudithook(self._on_event)

    @contextmanager
    def armed(self, *roots: Path) -> Iterator[None]:
        """Allow files below `roots` only; the interpreter and the project itself may be read."""
        self._roots = tuple(os.path.realpath(root) for root in roots)
        self._seen.clear()
        self._thread = threading.get_ident()
        self._is_armed = True
        os.stat = self._watched_stat  # type: ignore[assignment]  # looking is no audit event
        try:
            yield
        finally:
            self._is_armed = False
            os.stat = self._stat
        if self._seen:
            raise Forbidden("; ".join(self._seen))

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._is_armed or (event not in _NEVER and event not in _PATHS and event != "compile"):
            return
        if not self._every_thread and threading.get_ident() != self._thread:
            return
        self._is_armed = False  # what is looked up here raises events, too
        try:
            found = self._complaint(event, arguments)
        finally:
            self._is_armed = True
        if found:
            self._seen.append(found)
            raise Forbidden(found)

    def _complaint(self, event: str, arguments: tuple[Any, ...]) -> str:
        if _is_import(sys._getframe(2)):
            return ""
        if event == "compile":
            harmless = arguments[0] == _CYTHON_FRAME or _is_parse_only(sys._getframe(2))
            return "" if harmless else f"compile of {arguments[1]!r}"
        if event in _NEVER:
            return f"{event}{_shortened(arguments)}"
        writes = event not in _READ_ONLY_EVENTS or (event == "open" and _is_writing(arguments))
        bad = [path for path in arguments[: _PATHS[event]] if not self._may(path, writes=writes)]
        return f"{event} of {bad[0]!r}" if bad else ""

    def _may(self, path: Any, *, writes: bool) -> bool:
        if isinstance(path, int) or path is None:
            return True  # opened before, and judged then
        real = os.path.realpath(os.fsdecode(path))
        if any(_is_below(real, root) for root in self._roots) or real.startswith(_DEVICES):
            return True
        return not writes and any(_is_below(real, root) for root in _own_folders())

    def _watched_stat(self, path: Any, *arguments: Any, **named: Any) -> os.stat_result:
        """Even looking whether a file is there tells who can time it; ancestors of what was chosen are looked at."""
        if self._is_armed and isinstance(path, str | bytes | os.PathLike) and not _is_import(sys._getframe(1)):
            self._is_armed = False
            try:
                real = os.path.realpath(os.fsdecode(path))
                fine = self._may(path, writes=False) or any(_is_below(root, real) for root in self._roots)
            except ValueError:
                fine = True  # no path at all: the system refuses it
            finally:
                self._is_armed = True
            if not fine:
                self._seen.append(f"stat of {path!r}")
                raise Forbidden(self._seen[-1])
        return self._stat(path, *arguments, **named)


def _own_folders() -> tuple[str, ...]:
    own = (sys.prefix, sys.base_prefix, *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")))
    parts = ("indexer", "musicplayer", "resources", "tests")
    return (*map(os.path.realpath, own), *(str(_REPOSITORY / part) for part in parts))


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root if root.endswith(os.sep) else root + os.sep)


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _any_frame(frame: FrameType | None, fits: Callable[[FrameType], bool]) -> bool:
    return any(fits(each) for each in _frames(frame))


def _is_import(frame: FrameType | None) -> bool:
    """Modules that are loaded late are read and executed."""
    return _any_frame(frame, lambda each: each.f_code.co_filename.startswith("<frozen importlib"))


def _is_parse_only(frame: FrameType | None) -> bool:
    """`ast.literal_eval`, by which NumPy reads headers, compiles to a tree and runs nothing."""
    return _any_frame(
        frame, lambda each: each.f_code.co_name == "literal_eval" and each.f_globals.get("__name__") == "ast"
    )


def _shortened(arguments: tuple[Any, ...]) -> str:
    return repr(arguments)[:200]
