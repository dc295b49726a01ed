"""`python -m tests.benchmarks.player_use HOME`: a player that is used for a while, and the memory it holds then.

It scrolls, types searches and changes the track; prints one line of JSON. `tests.benchmarks.player` holds the same
figures to bars and beside baselines.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import psutil

from indexer.core.home import Home
from musicplayer.app import begin, compose, make_qt_application
from tests.benchmarks.memory_kinds import held
from tests.benchmarks.player import BenchedWindow, Painted, rest, until

SEARCHES = ("glass", "artist:ba", "year>2008", "genre:rock")
PANELS = 40
PAGES = 50
_LOADING_SECONDS = 300.0


def use(home: Path) -> dict[str, float]:
    """Milliseconds from key and from change of track to the repaint, p95, and bytes of the process afterwards."""
    qt = make_qt_application(["segue"])
    application = compose(qt, Home.resolve(home))
    services, window = application.services, application.window
    window.resize(1440, 900)
    window.shell.places.go("tracks")
    window.show()
    begin(application)
    until(lambda: len(services.library.catalogue) > 0 and services.similar.manifest is not None, _LOADING_SECONDS)
    rest(8.0)
    bench, bar = BenchedWindow(application), window.library.table.verticalScrollBar()
    for _ in range(PAGES):
        bar.setValue(bar.value() + bar.pageStep())
        rest(0.02)
    keys = [bench.key_ms(text, length) for text in SEARCHES for length in range(1, len(text) + 1)]
    window.library.search.clear()
    rest(0.5)
    rows = np.random.default_rng(0).choice(len(services.library.catalogue), PANELS)
    painted, panels = Painted(window.similar.list), []
    for track in window.library.model.tracks_at(rows.tolist()):
        painted.happened, began = False, time.perf_counter()
        services.player.track_changed.emit(track)
        until(lambda: painted.happened)
        panels.append(1e3 * (time.perf_counter() - began))
        rest(0.05)
    found = {
        "search_p95_ms": float(np.percentile([ms for ms in keys if ms is not None], 95)),
        "panel_p95_ms": float(np.percentile(panels, 95)),
        "bytes": float(held(psutil.Process())),
        "tracks": float(len(services.library.catalogue)),
    }
    window.close()
    application.shutdown()
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(use(Path(sys.argv[1]))) + "\n")
