"""Draws cost against size, both axes logarithmic, with the slope of a linear cost to hold the curves beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.evaluation import plots

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Found = dict[str, Any]
Curves = dict[str, Callable[[Found], float]]

_GIB = 2.0**30
_COLOURS = ("#1f6fb2", "#c2571a", "#2f8f5b", "#8a4fa3", "#a08a00", "#5f6b76")
_MARKERS = ("o", "s", "D", "^", "v", "P")
_PANEL = (4.0, 3.4)

_SECONDS: Curves = {
    "build of the model": lambda found: found["build_seconds"],
    "opening the model": lambda found: found["open_seconds"],
    "player: start to painted table": lambda found: found["start_seconds"],
}
_SPACE: Curves = {
    "build, JVM and Python, peak": lambda found: found["build_bytes"] / _GIB,
    "model on disk": lambda found: found["model_bytes"] / _GIB,
    "model in memory": lambda found: found["model_process_bytes"] / _GIB,
    "player, after use": lambda found: found["player_bytes"] / _GIB,
}
_ANSWERS: Curves = {
    "known track, p50": lambda found: found["known_ms"][0],
    "known track, p99": lambda found: found["known_ms"][1],
    "new file, p50": lambda found: found["new_ms"][0],
    "new file, p99": lambda found: found["new_ms"][1],
    "player: key to repaint, p95": lambda found: found["search_p95_ms"],
    "player: panel, p95": lambda found: found["panel_p95_ms"],
}


def plot(measured: Mapping[int, Found], path: Path) -> None:
    """Write three panels, time, space and answers, to an SVG file; on a white ground, so that it is readable at night.

    Args:
        measured: figures by number of tracks.
        path: of the file.
    """
    panels = (("seconds", _SECONDS), ("GiB", _SPACE), ("milliseconds", _ANSWERS))
    with plots.figure(len(panels), inches=_PANEL) as (drawn, every):
        drawn.set_facecolor("white")
        for axes, (unit, curves) in zip(every, panels, strict=True):
            _draw(axes, measured, unit, curves)
        plots.save(drawn, path)


def _draw(axes: Axes, measured: Mapping[int, Found], unit: str, curves: Curves) -> None:
    sizes = sorted(measured)
    for (name, value), colour, marker in zip(curves.items(), _COLOURS, _MARKERS, strict=False):
        costs = [value(measured[size]) for size in sizes]
        axes.plot(sizes, costs, marker=marker, markersize=4, linewidth=1.4, color=colour, label=name)
    axes.set(xscale="log", yscale="log", xlabel="tracks", ylabel=unit)
    if len(sizes) > 1:
        low, high = axes.get_ylim()
        first = next(iter(curves.values()))(measured[sizes[-1]]) / sizes[-1]
        axes.plot(sizes, [first * size for size in sizes], "--", color="#9aa3ab", linewidth=1, label="linear")
        axes.set_ylim(low, high * 1.3)
    axes.legend(fontsize=7, frameon=False)
