"""Programs of others that edit tags: which are installed, and how files are opened in one of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QProcess


@dataclass(frozen=True)
class Tagger:
    """A program that takes files as its arguments.

    Attributes:
        name: what it is called.
        programs: its commands, the likelier first.
    """

    name: str
    programs: tuple[str, ...]


TAGGERS = (
    Tagger("MusicBrainz Picard", ("picard",)),
    Tagger("Kid3", ("kid3", "kid3-qt")),
    Tagger("puddletag", ("puddletag",)),
)


def installed() -> list[Tagger]:
    """Those that are on this machine."""
    return [tagger for tagger in TAGGERS if _program(tagger) is not None]


def open_in(tagger: Tagger, paths: Sequence[str], ended: Callable[[], None], failed: Callable[[], None]) -> None:
    """Open files in a program; `ended` is called when it was closed, `failed` where it did not start.

    One that was running already takes the files and the new process ends at once: what is saved there later is noticed
    as every other change of a file is.
    """
    program = _program(tagger)
    if program is None:
        failed()
        return
    process = QProcess(QCoreApplication.instance())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())

    def on_finished() -> None:
        process.deleteLater()
        ended()

    def on_error(error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            process.deleteLater()
            failed()

    process.finished.connect(on_finished)
    process.errorOccurred.connect(on_error)
    process.start(program, list(paths))


def _program(tagger: Tagger) -> str | None:
    return next((found for program in tagger.programs if (found := shutil.which(program))), None)
