"""How a running job is paused, resumed, slowed and cancelled, from any thread or by lines on standard input."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterable
from typing import TextIO

_NUMBER = re.compile(r"\d{1,4}")


class Control:
    """The wish of whoever runs a job; the job looks at it between its steps. Safe to use from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._cancelled = False
        self._at_once: int | None = None

    @classmethod
    def from_stdin(cls, stream: TextIO | None = None) -> Control:
        """A control that obeys lines of `stream`, by default standard input: `pause`, `resume`, `cancel`, `at-once N`.

        Other lines are ignored, and so is the end of the stream: whoever closed it need not want the job to end.
        """
        control = cls()
        lines = sys.stdin if stream is None else stream
        threading.Thread(target=obey, args=(control, lines), name="control", daemon=True).start()
        return control

    def pause(self) -> None:
        self._set(paused=True)

    def resume(self) -> None:
        self._set(paused=False)

    def slow_to(self, files: int | None) -> None:
        """Have at most so many files analysed at a time, however many workers there are; None lifts it."""
        self._at_once = files if files is None else max(files, 1)

    @property
    def at_once(self) -> int | None:
        """Files that may be under way at a time, None for as many as there are workers."""
        return self._at_once

    def cancel(self) -> None:
        """Ask the job to end; it cannot be taken back."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled

    @property
    def is_paused(self) -> bool:
        """Paused and not cancelled: a cancelled job has nothing to wait for."""
        return self._paused and not self._cancelled

    def wait_while_paused(self, timeout: float | None = None) -> bool:
        """Return True at once when work may go on or is cancelled, else wait for that, `timeout` seconds at most."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.is_paused, timeout)

    def _set(self, *, paused: bool) -> None:
        with self._changed:
            self._paused = paused
            self._changed.notify_all()


def obey(control: Control, lines: Iterable[str]) -> None:
    """Give the control the orders that are among `lines`, until they end."""
    orders = {"pause": control.pause, "resume": control.resume, "cancel": control.cancel}
    try:
        for line in lines:
            words = line.lower().split()
            order = orders.get(" ".join(words))
            if order is not None:
                order()
            elif len(words) == 2 and words[0] == "at-once" and _NUMBER.fullmatch(words[1]):  # noqa: PLR2004 - word, number
                control.slow_to(int(words[1]) or None)
    except (OSError, ValueError):
        return  # closed under our feet, which is an end of the stream
