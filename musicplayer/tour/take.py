"""Takes a tour: a home of its own, the real window, and one step after another with a line and a picture of each."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import takewhile
from pathlib import Path

from indexer.core.home import Home
from musicplayer.app import begin, compose, make_qt_application
from musicplayer.tour import discoveries, job, tastes
from musicplayer.tour.hands import StepFailed
from musicplayer.tour.tour import Tour

# Each builds on those before. The looks come last, so that all else is seen in the one that was asked for.
STEPS: tuple[Callable[[Tour], str], ...] = (
    job.empty_window, job.add_folder, job.index, job.play, job.more_like_this, job.queue_from_the_panel, job.next_track,
    job.rebuild_while_playing, job.search, job.problems, job.seek_and_pause, discoveries.albums,
    discoveries.drag_to_the_queue, discoveries.playlist, discoveries.why_and_thumbs_down, discoveries.radio,
    discoveries.journey, discoveries.music_map, discoveries.sound, discoveries.settings, discoveries.indexing,
    tastes.import_history, tastes.for_you, tastes.thumb_changes_the_shelf, tastes.listening,
    discoveries.light, discoveries.dark,
)  # fmt: skip


def take_tour(pictures: Path, *, folder: Path | None, home: Path | None, theme: str | None) -> int:
    """Drive the window through the whole job and print a line per step, up to the first that does not happen.

    Args:
        pictures: folder for the screenshots.
        folder: music to use; the demo library without one.
        home: where Segue keeps its files; a new empty folder, deleted afterwards, without one.
        theme: look to begin with.

    Returns:
        0 if every step truly happened, else 1.
    """
    with ExitStack() as way_down:
        root = home or Path(way_down.enter_context(tempfile.TemporaryDirectory(prefix="segue-tour-")))
        music = None if folder is None else Path(os.path.abspath(folder))  # noqa: PTH100 - `..` goes, links stay
        pictures.mkdir(parents=True, exist_ok=True)
        qt = make_qt_application(sys.argv)
        application = compose(qt, Home.resolve(root), theme=theme, way_down=way_down)
        way_down.callback(application.window.close)
        tour = Tour(application, music, pictures)
        application.window.show()
        begin(application)
        happened = sum(1 for _ in takewhile(lambda step: _happens(step, tour), STEPS))
        _say(f"{happened} of {len(STEPS)} steps happened; pictures in {pictures}")
    return 0 if happened == len(STEPS) else 1


def _happens(step: Callable[[Tour], str], tour: Tour) -> bool:
    """Do a step, which returns what it observed or raises StepFailed, and say so."""
    name, started = step.__name__.replace("_", " "), time.monotonic()
    try:
        observed, word = step(tour), "ok"
    except StepFailed as failure:
        observed, word = str(failure), "FAIL"
    seconds = time.monotonic() - started
    tour.picture(name)
    _say(f"{word:<5}{seconds:6.1f} s  {name}: {observed}")
    return word == "ok"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
