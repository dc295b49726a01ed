"""What a newcomer meets: the five files to read first, how full the rooms are, and how far a track and a play travel.

    python -m tests.house            # with two real runs that are traced; about half a minute
    python -m tests.house --rooms    # only what can be counted without running anything

Nothing is listed by hand but the five files: modules and forms are those that a real scan, a real analysis and a real
panel have gone through.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
READING_ORDER = (
    "indexer/build.py",
    "indexer/features/sonic.py",
    "indexer/spark/build.py",
    "indexer/core/model/similarity.py",
    "indexer/core/discover/more_like.py",
)
ROOMS = ("musicplayer/ui", "indexer", "musicplayer")
PRODUCT = ("musicplayer", "indexer")
_SECONDS = 35.0
_BUILT = 12
"""Tracks of the model that the panel asks."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.house", description=__doc__.partition("\n")[0])
    parser.add_argument("--rooms", action="store_true", help="leave out the runs that are traced")
    chosen = parser.parse_args(arguments)
    _say("Read these first")
    for name in READING_ORDER:
        _say(f"  {name}, {len(_text(ROOT / name).splitlines())} lines\n      {first_sentence(ROOT / name)}")
    _say("Rooms")
    for room in ROOMS:
        found = entries(ROOT / room)
        _say(f"  {room}: {len(found)} entries ({', '.join(found)})")
    _say("Lines")
    for title, folders in {"product": PRODUCT, "tests": ("tests",)}.items():
        files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
        _say(f"  {title}: {sum(len(_text(path).splitlines()) for path in files):,} in {len(files):,} files")
    if not chosen.rooms:
        with tempfile.TemporaryDirectory() as folder:
            for title, trail in {
                "A track, from scan to feature": way_of_a_track(Path(folder)),
                "A play, from track_changed to painted rows": way_of_a_play(Path(folder)),
            }.items():
                others = [module for module in trail.called if module not in trail.passed]
                _say(f"{title}: {len(trail.passed)} modules, {len(trail.forms)} forms")
                _say(f"  modules that hold the data: {', '.join(trail.passed)}")
                _say(f"  only called on the way, {len(others)}: {', '.join(others)}")
                _say(f"  forms: {', '.join(trail.forms)}")


def first_sentence(path: Path) -> str:
    """Of a module's docstring, or what is missing."""
    if not path.is_file():
        return "(there is no such file)"
    documented = ast.get_docstring(ast.parse(_text(path))) or "(it does not say what it is for)"
    return documented.partition("\n\n")[0].replace("\n", " ")


def entries(room: Path) -> list[str]:
    """Modules and packages in a room, without those that make it a package and a program."""
    found = [path.stem for path in room.glob("*.py") if not path.name.startswith("__")]
    return sorted(found + [path.parent.name for path in room.glob("*/__init__.py")])


@dataclass
class Trail:
    """What a run went through, in the order of first sight.

    Attributes:
        called: our modules of which a function ran.
        passed: those of them that made, took or gave back one of the forms.
        forms: public dataclasses and named tuples of ours of which an instance was made on the way.
        over: nothing is looked at any more.
    """

    called: dict[str, None] = field(default_factory=dict)
    passed: dict[str, None] = field(default_factory=dict)
    forms: dict[str, None] = field(default_factory=dict)
    over: bool = False

    def see(self, frame: FrameType, event: str, given: Any) -> None:
        """For `sys.setprofile`."""
        if self.over or event not in {"call", "return"}:
            return
        code, module = frame.f_code, str(frame.f_globals.get("__name__", ""))
        if code.co_filename == "<string>":  # what Python writes for dataclasses and named tuples
            made = frame.f_locals.get("self" if code.co_name == "__init__" else "_cls")
            if event == "call" and made is not None and (kind := _form(made)):
                self.forms.setdefault(kind)
        elif _is_ours(module):
            self.called.setdefault(module)
            known = (given,) if event == "return" else [frame.f_locals[name] for name in _arguments(code, frame)]
            if any(_form(one) for one in known):
                self.passed.setdefault(module)


def _arguments(code: CodeType, frame: FrameType) -> list[str]:
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return [name for name in names if name in frame.f_locals]


def _form(value: Any) -> str:
    """The name of the form that a value has, or the first thing in it; empty where it is none of ours."""
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return _form(value[0]) if value else ""
    kind = value if isinstance(value, type) else type(value)
    is_form = hasattr(kind, "__dataclass_fields__") or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
    is_ours = _is_ours(kind.__module__) and not kind.__name__.startswith("_")
    return kind.__name__ if is_form and is_ours else ""


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in PRODUCT


@contextlib.contextmanager
def traced() -> Iterator[Trail]:
    """Follow every call within the block, in threads that begin there too."""
    trail = Trail()
    threading.setprofile(trail.see)
    sys.setprofile(trail.see)
    try:
        yield trail
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        trail.over = True  # for threads that go on


def way_of_a_track(folder: Path) -> Trail:
    """Scan a folder of one file and analyse it; what the worker process does is done in this one too, to be seen."""
    import soundfile

    from indexer.analysis.control import Control
    from indexer.analysis.extract import extract
    from indexer.analysis.worker import analyse_file
    from indexer.core.audio.samples import ANALYSIS_RATE
    from indexer.core.home import Home
    from indexer.core.model.profiles import SONIC
    from indexer.core.store import open_database
    from indexer.core.tracks import Stretch
    from indexer.scanning.scan import scan
    from tests.conftest import tone

    music = folder / "music"
    music.mkdir()
    file = music / "tone.wav"
    soundfile.write(file, tone(_SECONDS), ANALYSIS_RATE)
    home = Home.resolve(folder / "indexer")
    analyse_file(Stretch(str(file)), (SONIC.name,))  # loads what the first file loads; that is no part of the way
    with open_database(home) as database:
        database.folders.add(str(music))
        with traced() as trail:
            scan(database, [music], on_event=lambda _: None, cancelled=lambda: False)
            extract(database, profiles=(SONIC,), workers=1, on_event=lambda _: None, control=Control())
            analyse_file(Stretch(str(file)), (SONIC.name,))
    return trail


def way_of_a_play(folder: Path) -> Trail:
    """Compose the player, and paint the panel after the change of a track."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import numpy as np
    from PySide6.QtWidgets import QApplication, QDockWidget

    from indexer.core.home import Home
    from musicplayer.app import compose
    from tests.gui.conftest import track
    from tests.unit.discover.small_model import write_small_model

    qt = QApplication.instance() or QApplication([])
    home = Home.resolve(folder / "player")
    tracks = [track(number, artist=f"Artist {number}") for number in range(_BUILT)]
    points = np.random.default_rng(0).normal(size=(_BUILT, 3)).astype(np.float32)
    write_small_model(home, {one.id: np.stack([point] * 3) for one, point in zip(tracks, points, strict=True)})
    application = compose(qt, home, theme="light")
    services = application.services
    services.library.changed.emit(services.library.catalogue.upsert(tracks))
    services.similar.start()
    while services.similar.model is None:
        qt.processEvents()
    dock = application.window.findChild(QDockWidget, "similarDock")
    dock.set_playing(tracks[0].id)
    dock.grab()  # made once, as a window that has been open for a while
    with traced() as trail:
        dock.set_playing(tracks[1].id)
        dock.grab()
    application.window.close()
    application.shutdown()
    return trail


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _say(text: str) -> None:
    print(text)  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
