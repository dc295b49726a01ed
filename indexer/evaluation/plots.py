"""The one place that imports matplotlib: figures drawn without a display, saved as SVG or PNG."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.core.files.atomic import write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INCHES = (7.0, 4.5)
_STYLE: Any = {
    "svg.hashsalt": "segue",  # so that equal figures are equal files
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
}
_NO_DATE = {"Date": None}


@contextmanager
def figure(columns: int = 1, *, inches: tuple[float, float] = INCHES) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure with `columns` plots side by side, each `inches` wide and high, in the house style within the block."""
    # Imported here: it takes half a second, and no other command draws.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with rc_context(_STYLE):
        drawn = Figure(figsize=(inches[0] * columns, inches[1]), layout="constrained")
        FigureCanvasAgg(drawn)
        yield drawn, [drawn.add_subplot(1, columns, position + 1) for position in range(columns)]


def save(drawn: Figure, path: Path) -> Path:
    """Write a figure to `path`, whose suffix, .svg or .png, says how.

    Raises:
        ValueError: another suffix.
        OSError: the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in {"svg", "png"}:
        raise ValueError(f"a figure is saved as .svg or .png, not as {path.name}")
    buffer = BytesIO()
    drawn.savefig(buffer, format=kind, metadata=_NO_DATE if kind == "svg" else None)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue(), shared=True)
    return path


def svg(drawn: Figure) -> str:
    """A figure as SVG text, to be put into a page."""
    text = StringIO()
    drawn.savefig(text, format="svg", metadata=_NO_DATE)
    return text.getvalue()
