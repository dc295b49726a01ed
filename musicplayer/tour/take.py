"""Takes a tour: a home of its own, the real window, and one step after another with a line and a picture of each."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from indexer.core.home import Home
from musicplayer.app import begin, compose, make_qt_application
from musicplayer.tour import discoveries, job, tastes, told
from musicplayer.tour.hands import StepFailed, StepLeftOut
from musicplayer.tour.tour import Tour

# Each builds on those before. The looks come last, so that all else is seen in the one that was asked for.
STEPS: tuple[Callable[[Tour], str], ...] = (
    job.empty_window, job.add_folder, job.index, tastes.made_up, job.play, job.more_like_this,
    job.queue_from_the_panel, job.next_track, job.rebuild_while_playing, job.search, job.problems, job.seek_and_pause,
    discoveries.albums, discoveries.cover, discoveries.column_browser,
    discoveries.artist, discoveries.details, discoveries.drag_to_the_queue, discoveries.playlist,
    discoveries.why_and_thumbs_down, discoveries.panel_settings, discoveries.radio,
    discoveries.journey, discoveries.music_map, discoveries.sound,
    discoveries.now_playing, discoveries.settings, discoveries.indexing,
    tastes.import_history, tastes.for_you, tastes.thumb_changes_the_shelf, told.told_by_a_broker,
    tastes.listening, discoveries.light, discoveries.dark,
)  # fmt: skip


def take_tour(pictures: Path, *, folder: Path | None, home: Path | None, theme: str | None) -> int:
    """Drive the window through the whole job and print a line per step, up to the first that does not happen.

    Args:
        pictures: folder for the screenshots.
        folder: music to use; the demo library without one.
        home: where Segue keeps its files; a new empty folder, deleted afterwards, without one.
        theme: look to begin with.

    Returns:
        0 if every step truly happened that could, else 1.
    """
    with ExitStack() as way_down:
        root = home or Path(way_down.enter_context(tempfile.TemporaryDirectory(prefix="segue-tour-")))
        music = None if folder is None else Path(os.path.abspath(folder))  # noqa: PTH100 - `..` goes, links stay
        pictures.mkdir(parents=True, exist_ok=True)
        way_down.enter_context(told.topics_of_its_own(Home.resolve(root)))
        qt = make_qt_application(sys.argv)
        application = compose(qt, Home.resolve(root), theme=theme, way_down=way_down)
        way_down.callback(application.window.close)
        tour = Tour(application, music, pictures)
        application.window.show()
        begin(application)
        came: Counter[str] = Counter()
        for step in STEPS:
            word = _done(step, tour)
            came[word] += 1
            if word == _FAILED:
                break
        left_out = f", {came[_LEFT_OUT]} left out" if came[_LEFT_OUT] else ""
        _say(f"{came[_HAPPENED]} of {len(STEPS)} steps happened{left_out}; pictures in {pictures}")
    return 0 if came[_HAPPENED] + came[_LEFT_OUT] == len(STEPS) else 1


_HAPPENED, _LEFT_OUT, _FAILED = "ok", "none", "FAIL"


def _done(step: Callable[[Tour], str], tour: Tour) -> str:
    """Do a step, which returns what it observed, or raises StepFailed or StepLeftOut, and say so; returns the word."""
    name, started = step.__name__.replace("_", " "), time.monotonic()
    try:
        observed, word = step(tour), _HAPPENED
    except StepLeftOut as missing:
        observed, word = f"left out: {missing}", _LEFT_OUT
    except StepFailed as failure:
        observed, word = str(failure), _FAILED
    seconds = time.monotonic() - started
    if word != _LEFT_OUT:
        tour.picture(name)
    _say(f"{word:<5}{seconds:6.1f} s  {name}: {observed}")
    return word


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
