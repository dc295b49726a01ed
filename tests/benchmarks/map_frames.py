"""Milliseconds per frame of the music map while it is panned and zoomed, everything painted into a real window."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import ColourBy, colouring
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.map.map_canvas import MapCanvas
from tests.benchmarks.fma_like import fma_like
from tests.benchmarks.grown import track_ids
from tests.benchmarks.map import MOST_FRAME_MS, SIZE

Say = Callable[[str], None]
_FRAMES = 150
_LOOKS = 300


def frames(places: NDArray[np.float32], say: Say) -> bool:
    """Show a library of that layout, shape (tracks, 2), and return whether 95 of 100 frames are quick enough."""
    application = QApplication.instance() or QApplication([])
    catalogue = Catalogue()
    ids = track_ids(len(places))
    catalogue.upsert(list(fma_like(ids, Path("/grown"))))
    drawn = MusicMap(ids, places, np.array([catalogue.row_of(track) for track in ids]))
    canvas = MapCanvas(Theme(application, "light"), lambda point: catalogue.title(int(drawn.rows[point])), glide=0)
    canvas.resize(*SIZE)
    canvas.show()
    canvas.show_map(drawn, colouring(catalogue, drawn, ColourBy.GENRE))
    near = np.argsort(np.square(places - places[0]).sum(axis=1))[1:15]
    canvas.show_playing(0, near)
    application.processEvents()
    kept = _say("panning the whole map", _timed(canvas, _pan), say)
    kept &= _say("zooming in and out", _timed(canvas, _zoom), say)
    canvas.zoom_by(6.0)
    kept &= _say("panning at six-fold zoom", _timed(canvas, _pan), say)
    canvas.show_whole()
    _say_looks(canvas, say)
    canvas.close()
    return kept


def _pan(canvas: MapCanvas, number: int) -> None:
    canvas.go(canvas.view.panned(9 * math.cos(number / 12), 7 * math.sin(number / 9)))


def _zoom(canvas: MapCanvas, number: int) -> None:
    canvas.zoom_by(1.06 if number % 100 < 50 else 1 / 1.06, QPointF(0.4 * canvas.width(), 0.6 * canvas.height()))


def _timed(canvas: MapCanvas, move: Callable[[MapCanvas, int], None]) -> NDArray[np.float64]:
    """Milliseconds of each frame by the clock and by the processor, shape (2, frames)."""
    times = np.empty((2, _FRAMES))
    for number in range(_FRAMES):
        began, busy = time.perf_counter(), time.thread_time()
        move(canvas, number)
        canvas.repaint()
        times[:, number] = time.perf_counter() - began, time.thread_time() - busy
    return 1e3 * times


def _say(what: str, times: NDArray[np.float64], say: Say) -> bool:
    (p50, p95), (_, busy) = np.percentile(times, [50, 95], axis=1).T
    say(f"  {what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms a frame (at most {MOST_FRAME_MS}; processor {busy:.1f})")
    return bool(p95 < MOST_FRAME_MS)


def _say_looks(canvas: MapCanvas, say: Say) -> None:
    spots = np.random.default_rng(0).random((_LOOKS, 2)) * SIZE
    began = time.perf_counter()
    for x, y in spots.tolist():
        along, other = canvas.view.scales
        canvas.map.nearest(canvas.view.place_at(x, y), (12 / along, 12 / other))
    say(f"  the point under the pointer: {1e3 * (time.perf_counter() - began) / _LOOKS:.3f} ms")
    circle = np.array([(0.5 + 0.4 * math.cos(a), 0.5 + 0.4 * math.sin(a)) for a in np.linspace(0, 6.28, 200)])
    began = time.perf_counter()
    inside = len(canvas.map.inside(circle))
    say(f"  a lasso of 200 corners around {inside:,} tracks: {1e3 * (time.perf_counter() - began):.1f} ms")
