"""The drawings of the evaluation report, as SVG whose colours follow the page's light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.evaluation import plots
from indexer.evaluation.result import Figure, Hubs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that stand for the page's own, which replace them in the SVG: a drawing cannot know whether it is night.
_INK, _SOFT, _LINE, _ACCENT, _SECOND, _SHADE, _THIRD, _FOURTH = (f"#0{number}0{number}0f" for number in range(1, 9))
_VARIABLES = {
    _INK: "ink",
    _SOFT: "soft",
    _LINE: "line",
    _ACCENT: "accent",
    _SECOND: "second",
    _SHADE: "shade",
    _THIRD: "third",
    _FOURTH: "fourth",
}
_SERIES = (_ACCENT, _SECOND, _THIRD, _FOURTH, _SOFT)
_MARKERS = ("o", "s", "D", "^", "v")
_SMALL = (3.4, 2.3)
_BINS = 40


@dataclass(frozen=True)
class CostPoint:
    """What one setting or engine pays for what it finds; `cost` > 0, `recall` from 0 to 1."""

    label: str
    cost: float
    recall: float


def intervals(rows: Sequence[tuple[str, Figure]], label: str, *, zero: bool = False) -> str:
    """Values with their intervals, one line each, the first in the accent colour.

    Args:
        rows: name and figure; from top to bottom.
        label: of the axis.
        zero: whether a line marks zero, for differences.
    """
    with plots.figure(inches=(4.6, 0.55 + 0.3 * len(rows))) as (drawn, (axes,)):
        _clear(drawn, axes)
        for place, (_, figure) in enumerate(reversed(rows)):
            colour = _ACCENT if place == len(rows) - 1 or zero else _SOFT
            if np.isfinite([figure.low, figure.high]).all():
                axes.plot([figure.low, figure.high], [place, place], color=colour, linewidth=2, alpha=0.55)
            axes.plot([figure.value], [place], "o", color=colour, markersize=6)
        if zero:
            axes.axvline(0, color=_INK, linewidth=1)
        else:
            axes.set_xlim(left=0)
        axes.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)])
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.set_xlabel(label)
        axes.grid(visible=False, axis="y")
        return _svg(drawn)


def distances(same: Sequence[float], others: Sequence[float]) -> str:
    """Two distributions of distances, in units of the median of the others."""
    unit = float(np.median(others)) or 1.0
    near, far = np.asarray(same) / unit, np.asarray(others) / unit
    edges = np.linspace(0, max(np.quantile(far, 0.995), np.quantile(near, 0.995)), _BINS + 1).tolist()
    with plots.figure(inches=_SMALL) as (drawn, (axes,)):
        _clear(drawn, axes)
        axes.hist(far, edges, density=True, color=_SHADE, label="others")
        axes.hist(near, edges, density=True, histtype="step", color=_ACCENT, linewidth=2, label="same artist")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("distance (median of others = 1)")
        _legend(axes)
        return _svg(drawn)


def hub_histogram(hubs: Hubs, most: int) -> str:
    """How many clips are in how many lists, with counts on a log axis up to `most` lists."""
    counts = np.bincount(np.asarray(hubs.occurrence, dtype=np.intp), minlength=1)
    with plots.figure(inches=_SMALL) as (drawn, (axes,)):
        _clear(drawn, axes)
        axes.bar(np.arange(len(counts)), counts, width=0.9, color=_ACCENT)
        axes.axvline(hubs.k, color=_INK, linewidth=1, linestyle=":")
        axes.set_yscale("symlog", linthresh=1)
        axes.set_xlim(-0.8, most + 0.8)
        axes.set_yticks([1, 10, 100], ["1", "10", "100"])
        axes.minorticks_off()
        axes.set_ylim(0, max(2.0, float(counts.max()) * 1.3))
        axes.set_xlabel(f"lists of {hubs.k} that a clip is in")
        axes.set_ylabel("clips")
        return _svg(drawn)


def recall_against_cost(series: Mapping[str, Iterable[CostPoint]], cost: str) -> str:
    """Points by series, cost on a log axis; the line marks the recall of 0.95 that is asked for."""
    with plots.figure(inches=(6.2, 3.4)) as (drawn, (axes,)):
        _clear(drawn, axes)
        axes.axhline(0.95, color=_INK, linewidth=1, linestyle=":")
        for number, (name, found) in enumerate(series.items()):
            points = sorted(found, key=lambda point: point.cost)
            colour, marker = _SERIES[number % len(_SERIES)], _MARKERS[number % len(_MARKERS)]
            xs, ys = [point.cost for point in points], [point.recall for point in points]
            axes.plot(xs, ys, marker, color=colour, markersize=7, label=name, linestyle="none")
            for point in points:
                axes.annotate(
                    point.label,
                    (point.cost, point.recall),
                    xytext=(6, -11),
                    textcoords="offset points",
                    color=_INK,
                    fontsize=8,
                )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.margins(x=0.18, y=0.12)
        axes.set_xlabel(cost)
        axes.set_ylabel("recall@10")
        _legend(axes)
        return _svg(drawn)


def curves(series: Mapping[str, Sequence[float]], places: Sequence[int], labels: tuple[str, str]) -> str:
    """A line for each series over places on a log axis; the first in the accent colour.

    Args:
        series: values by name, as many as there are places.
        places: > 0.
        labels: of the axes.
    """
    with plots.figure(inches=(6.2, 3.8)) as (drawn, (axes,)):
        _clear(drawn, axes)
        for number, (name, values) in enumerate(series.items()):
            colour, marker = _SERIES[number % len(_SERIES)], _MARKERS[number // len(_SERIES) % len(_MARKERS)]
            style = "-" if number < len(_SERIES) else "--"
            axes.plot(places, values, style, marker=marker, color=colour, markersize=4, label=name)
        axes.set_xscale("log")
        axes.set_xticks(places, [str(place) for place in places])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        _legend(axes)
        return _svg(drawn)


def _clear(drawn: Any, axes: Axes) -> None:
    """No background of its own, and every line and letter in a colour of the page."""
    drawn.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    for spine in axes.spines.values():
        spine.set_color(_LINE)
    axes.tick_params(colors=_SOFT, which="both", length=0)
    axes.grid(visible=True, color=_LINE, alpha=1)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(_SOFT)
    axes.yaxis.label.set_color(_SOFT)


def _legend(axes: Axes) -> None:
    axes.legend(frameon=False, labelcolor=_INK, fontsize=8)


def _svg(drawn: Any) -> str:
    text = plots.svg(drawn)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var(--{variable})")
    return text
