"""Sets a tour up and takes it down: a home of its own, the demo library where no folder is given, the real window."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from indexer.core.home import Home
from musicplayer.app import begin, compose, make_qt_application
from musicplayer.tour.discoveries import Discoveries
from musicplayer.tour.eyes import Eyes
from musicplayer.tour.job import WholeJob
from musicplayer.tour.stage import Stage


def take_tour(pictures: Path, *, folder: Path | None, home: Path | None, theme: str | None) -> int:
    """Drive the window through the whole job and print a line per step.

    Args:
        pictures: folder for the screenshots.
        folder: music to use; the demo library without one.
        home: where Segue keeps its files; a new empty folder, deleted afterwards, without one.
        theme: look to begin with.

    Returns:
        0 if every step truly happened, else 1.
    """
    with ExitStack() as stack:
        root = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="segue-tour-")))
        music = None if folder is None else Path(os.path.abspath(folder))  # noqa: PTH100 - `..` goes, links stay
        qt = make_qt_application(sys.argv)
        application = compose(qt, Home.resolve(root), theme=theme)
        stage = Stage(application.window, pictures, _say)
        eyes = Eyes(application)
        job = WholeJob(eyes, stage, music)
        application.window.show()
        begin(application)
        steps = [*job.steps(), *Discoveries(eyes, stage).steps(), *job.looks()]
        happened = stage.run(steps)
        application.window.close()
        application.shutdown()
    return 0 if happened == len(steps) else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
