"""What the window costs with a large library: start, search, sorting, the panel, ticks while indexing, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.shown import Column
from indexer.core.home import Home
from indexer.core.tracks import TrackId
from musicplayer.app import Application, begin, compose, make_qt_application
from musicplayer.ui.tracks.track_table import COLUMNS
from tests.benchmarks.player_start import STARTED_VARIABLE

STARTS = 7
SEARCHES = ("glass", "artist:ba", "year>2008", "night -live", "genre:rock", '"winter song"', "length<2:00 plays:0")
PANELS = 100
CHOICES = 20
TICK_MS = 16
START_S, SEARCH_MS, SORT_MS, PANEL_MS, TICK_P95_MS, TICK_MAX_MS, MEMORY_MB = 2.0, 50.0, 100.0, 100.0, 33.0, 250.0, 450.0
CHOICE_MS = 100.0

_UNCHANGED_SECONDS = 2.0
"""A key that leaves the search as it was, a space for one, paints nothing."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """One line of the table: what was measured, beside its bar and what the plainest way costs."""

    name: str
    figure: float
    bar: float
    unit: str
    baseline: str

    @property
    def kept(self) -> bool:
        return self.figure < self.bar

    def __str__(self) -> str:
        word = "ok  " if self.kept else "OVER"
        return f"{word} {self.name:44} {self.figure:8.2f} {self.unit} (bar {self.bar:g}); {self.baseline}"


def run(home: Path, music: Path | None, say: Say) -> bool:
    """Measure, tell, and return whether every bar is kept.

    Args:
        home: of a library made by `python -m tests.benchmarks library`.
        music: a folder of files to index meanwhile; without one that line is left out, and said to be.
        say: told of every figure.
    """
    start = _starts(home)
    say(str(start))
    qt = make_qt_application(["segue"])
    application = compose(qt, Home.resolve(home))
    application.window.resize(1440, 900)
    application.window.shell.places.go("tracks")
    application.window.show()
    begin(application)
    until(lambda: len(application.services.library.catalogue) > 0 and application.services.similar.manifest is not None)
    rest(8.0)
    say(f"{len(application.services.library.catalogue):,} tracks; {psutil.cpu_count()} cores; {qt.platformName()}")
    bench = BenchedWindow(application)
    kept = start.kept
    for measure in (
        bench.searches,
        lambda: [bench.sorts()],
        lambda: [bench.panel()],
        lambda: bench.ticks(music, say),
        lambda: [bench.memory()],
        lambda: [bench.choices()],
    ):
        for line in measure():
            say(str(line))
            kept = kept and line.kept
    application.window.close()
    application.shutdown()
    return kept


class Painted(QObject):
    """Tells when a view has painted since it was last asked."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.happened = False
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self, self._note)
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        self.happened = True


class BenchedWindow:
    """The measurements that are taken in one window."""

    def __init__(self, application: Application) -> None:
        self._segue = application.services
        self._window = application.window
        self._catalogue = application.services.library.catalogue
        self._table = application.window.library.table
        self._painted = Painted(self._table)

    def searches(self) -> list[Measured]:
        """From each key to the repaint of what it finds."""
        keys = [(text, length) for text in SEARCHES for length in range(1, len(text) + 1)]
        taken = {text[:length]: self.key_ms(text, length) for text, length in keys}
        times = [ms for ms in taken.values() if ms is not None]
        slowest = max((ms, text) for text, ms in taken.items() if ms is not None)[1]
        self._window.library.search.clear()
        rest(0.3)
        plain = _median_ms(lambda: _plain_search(self._catalogue, "glass"), 3)
        p50, p95 = np.percentile(times, [50, 95])
        baseline = (
            f"p50 {p50:.1f}, slowest for {slowest!r}; a Python loop over titles, artists and albums {plain:.0f} ms"
        )
        return [Measured(f"search, {len(times)} keys, to the repaint, p95", p95, SEARCH_MS, "ms", baseline)]

    def sorts(self) -> Measured:
        """A click on each header, both ways."""
        header = self._table.horizontalHeader()
        sections = [section for section, column in enumerate(COLUMNS) if column is not None]
        orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
        clicks = [partial(header.setSortIndicator, section, order) for section in sections for order in orders]
        times = [taken for click in clicks if (taken := self._until_painted(click)) is not None]
        plain = _median_ms(lambda: sorted(range(len(self._catalogue)), key=self._catalogue.artist), 3)
        return Measured(
            f"sorting by any of {len(sections)} columns, slowest", max(times), SORT_MS, "ms",
            f"median {np.median(times):.1f}; sorted() of one column {plain:.0f} ms",
        )  # fmt: skip

    def panel(self) -> Measured:
        """From a change of track to the repaint of the panel."""
        tracks = self._window.library.model.tracks_at(
            np.random.default_rng(0).choice(len(self._catalogue), PANELS, replace=False).tolist()
        )
        painted, times = Painted(self._window.similar.list), []
        for track in tracks:
            painted.happened = False
            started = time.perf_counter()
            self._segue.player.track_changed.emit(track)
            until(lambda: painted.happened)
            times.append(1e3 * (time.perf_counter() - started))
            rest(0.1)
        p50, p95 = np.percentile(times, [50, 95])
        every = _median_ms(lambda: self._compare_with_all(tracks[0]), 5)
        baseline = f"p50 {p50:.1f}; comparing with every track {every:.0f} ms before any list is drawn"
        return Measured(f"panel after {PANELS} changes of track, p95", p95, PANEL_MS, "ms", baseline)

    def ticks(self, music: Path | None, say: Say) -> list[Measured]:
        """How far apart the ticks of a 16 ms timer are while files are analysed on all cores and the table scrolls."""
        if music is None:
            say("ticks while indexing: left out, no --music was given")
            return []
        idle = self._ticks(lambda: False, 5.0)
        jobs, heard = self._segue.jobs, []
        jobs.progress.connect(lambda progress: heard.append(progress.done))
        jobs.add_folder(str(music))
        until(lambda: any(heard) or not jobs.is_running, 120)
        busy = self._ticks(lambda: not jobs.is_running, 40.0)
        jobs.cancel()
        until(lambda: not jobs.is_running, 60)
        self._segue.library.client.forget_folder(str(music))
        calm = (
            f"idle p95 {np.percentile(idle, 95):.1f}, max {max(idle):.0f} ms; {max(heard, default=0)} files meanwhile"
        )
        return [
            Measured("tick while indexing on all cores, p95", float(np.percentile(busy, 95)), TICK_P95_MS, "ms", calm),
            Measured("tick while indexing on all cores, max", max(busy), TICK_MAX_MS, "ms", calm),
        ]

    def memory(self) -> Measured:
        held = psutil.Process().memory_info().rss / 2**20
        return Measured("memory of the player, resident", held, MEMORY_MB, "MiB", "everything above done in it")

    def choices(self) -> Measured:
        """From a choice in each list of the column browser to the repaint of the table."""
        self._window.shell.places.go("browser")
        browser = self._window.extras.views.browser
        rest(3.0)
        painted, times = Painted(browser.table), []
        for pane in browser.panes:
            lines = pane.model().rowCount()
            for line in np.unique(np.linspace(1, lines - 1, CHOICES).astype(int)).tolist():  # of few lines each once
                painted.happened, started = False, time.perf_counter()
                pane.setCurrentIndex(pane.model().index(line, 0))
                until(lambda: painted.happened)
                times.append(1e3 * (time.perf_counter() - started))
                rest(0.05)
            pane.setCurrentIndex(pane.model().index(0, 0))
            rest(0.2)
        self._window.shell.places.go("tracks")
        plain = _median_ms(lambda: _plain_artists(self._catalogue), 3)
        baseline = f"p50 {np.percentile(times, 50):.1f}; a Python loop over the artists of all tracks {plain:.0f} ms"
        return Measured(
            f"column browser, {len(times)} choices, p95", np.percentile(times, 95), CHOICE_MS, "ms", baseline
        )

    def key_ms(self, text: str, length: int) -> float | None:
        search = self._window.library.search
        search.setFocus()
        if length == 1:
            search.clear()
            rest(0.2)
        taken = self._until_painted(lambda: QTest.keyClicks(search, text[length - 1]))
        rest(0.12)
        return taken

    def _until_painted(self, act: Callable[[], object]) -> float | None:
        """Milliseconds until the table was painted, or was known to have nothing to paint; None if nothing changed."""
        rest(0.05)
        self._painted.happened = False
        asked = self._window.library.model.query
        started = time.perf_counter()
        act()
        over = started + _UNCHANGED_SECONDS
        until(lambda: self._painted.happened or self._is_hidden(asked) or time.perf_counter() > over)
        return 1e3 * (time.perf_counter() - started) if time.perf_counter() <= over else None

    def _is_hidden(self, asked: object) -> bool:
        """Nothing was found, so that a page of words stands in for the table; or what was typed is no search yet."""
        wrong = bool(self._window.library.search.property("wrong"))
        return wrong or (not self._table.isVisible() and self._window.library.model.query != asked)

    def _compare_with_all(self, track: TrackId) -> None:
        model = self._segue.similar.model
        if model is not None and track in model:
            index = model.state.index
            np.argsort(index.vectors(np.arange(len(model))) @ model.vector(track))

    def _ticks(self, over: Callable[[], bool], seconds: float) -> list[float]:
        """Milliseconds between ticks, scrolling on every tenth."""
        at, gaps, bar = time.perf_counter(), [], self._table.verticalScrollBar()

        def tick() -> None:
            nonlocal at
            now = time.perf_counter()
            gaps.append(1e3 * (now - at))
            at = now
            if len(gaps) % 10 == 0:
                bar.setValue((bar.value() + bar.pageStep()) % max(bar.maximum(), 1))

        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        timer.timeout.connect(tick)
        timer.start()
        end = time.monotonic() + seconds
        until(lambda: over() or time.monotonic() > end, seconds + 5)
        timer.stop()
        return gaps[1:]


def _starts(home: Path) -> Measured:
    _started(["--fill", str(home)])
    _started([str(home)])  # so that files are in the page cache: a warm start
    bare = float(np.median([_started(["--bare"])["scrolled"] for _ in range(3)]))
    figures = [_started([str(home)]) for _ in range(STARTS)]
    scrolled = float(np.median([figure["scrolled"] for figure in figures]))
    painted = float(np.median([figure["painted"] for figure in figures]))
    baseline = f"painted after {painted:.2f}; an empty Qt table {bare:.2f} s"
    return Measured(f"start of the process to a scrolled table, median of {STARTS}", scrolled, START_S, "s", baseline)


def _started(arguments: list[str]) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.player_start", *arguments]
    environment = {**os.environ, STARTED_VARIABLE: repr(time.time())}
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, env=environment).stdout
    figures: dict[str, float] = json.loads(told.splitlines()[0])
    return figures


def _plain_search(catalogue: Catalogue, word: str) -> int:
    """As a first version would search: lower-case every field of every track and look."""
    rows = catalogue.rows().tolist()
    fields = (catalogue.title, catalogue.artist, catalogue.album)
    return sum(any(word in field(row).lower() for field in fields) for row in rows)


def _plain_artists(catalogue: Catalogue) -> int:
    """As a first version would narrow a list: look at every track."""
    return len({catalogue.artist(row) for row in catalogue.rows().tolist() if catalogue.text(row, Column.GENRE)})


def _median_ms(act: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append(1e3 * (time.perf_counter() - started))
    return float(np.median(taken))


def until(happened: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        if time.monotonic() > deadline:
            raise TimeoutError


def rest(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        time.sleep(0.002)
