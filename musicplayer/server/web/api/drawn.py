"""The map as it is sent: places and colours of all points in few bytes, made once for everybody."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from anyio import Lock, to_thread
from numpy.typing import NDArray

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.map import MusicMap
from indexer.core.discover.map_colours import ColourBy, Colouring, colouring
from indexer.core.discover.map_frame import AIR, MOST_APART, WORTH_TURNING, Pair, extent_of
from indexer.core.discover.map_names import places_of_names
from indexer.core.language import tr
from indexer.core.tracks import Seconds, TrackId

if TYPE_CHECKING:
    from indexer.core.model import SimilarityModel
    from indexer.core.model.picture.layout import Picture

AGAIN_SECONDS: Seconds = 3.0
"""A scan changes the library all the time: for that alone the map is not drawn more often."""

_VERSION_BYTES = 9
_STEPS = 65_535
"""A place is sent as two whole numbers from 0 to this, which is finer than any screen."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A map and what is sent of it."""

    music_map: MusicMap
    version: str
    content: dict[str, Any]
    colours: Colouring
    names: dict[int, list[int]]

    def classes(self) -> list[dict[str, Any]]:
        """What colours say, in the language that is spoken."""
        return [
            {
                "name": each.label if each.is_named else tr(each.label),
                "count": each.count,
                "hue": each.slot if each.is_named else None,
                "at": self.names.get(number),
            }
            for number, each in enumerate(self.colours.classes)
        ]


class DrawnMap:
    """Draws the map again where model or library are others than before; for the thread of the event loop."""

    def __init__(self) -> None:
        self._drawn: Drawn | None = None
        self._of: tuple[object, ...] = ()
        self._again_at = 0.0
        self._lock = Lock()

    async def of(self, catalogue: Catalogue, model: SimilarityModel | None) -> Drawn | None:
        """The map of the library as the model places it; None while nothing is placed."""
        async with self._lock:
            picture = None if model is None else model.picture()
            if picture is None:
                return None
            of = (model.manifest.id, len(picture.removed), int(picture.removed.sum()), catalogue.changes)  # type: ignore[union-attr]
            if self._drawn is None or (of != self._of and time.monotonic() >= self._again_at):
                drawn, version = await to_thread.run_sync(partial(_placed, picture, *catalogue.ids_by_row()))
                self._drawn, self._of = _sent(catalogue, drawn, version), of
                self._again_at = time.monotonic() + AGAIN_SECONDS
            return self._drawn


def _placed(picture: Picture, ids: list[TrackId], listed: NDArray[np.bool_]) -> tuple[MusicMap, str]:
    """The map, and what names the numbers of its points: the same for as long as these stay."""
    made = MusicMap.of(picture, {track: row for row, track in enumerate(ids) if listed[row]})
    return made, hashlib.blake2b("".join(made.tracks).encode("ascii"), digest_size=_VERSION_BYTES).hexdigest()


def _sent(catalogue: Catalogue, drawn: MusicMap, version: str) -> Drawn:
    colours = colouring(catalogue, drawn, ColourBy.GENRE)
    low, extent = extent_of(drawn.places) if len(drawn) else ((0.0, 0.0), (1.0, 1.0))
    names = places_of_names(drawn.places, colours)
    spots = _steps(np.array([each.place for each in names], dtype=np.float32).reshape(-1, 2), low, extent).tolist()
    content = {
        "state": "ready",
        "version": version,
        "count": len(drawn),
        "places": _packed(_steps(drawn.places, low, extent)),
        "classOf": _packed(colours.codes.astype(np.uint8)),
        "extent": extent,
        "frame": {"air": AIR, "apart": MOST_APART, "worth": WORTH_TURNING},
    }
    at = {each.code: spot for each, spot in zip(names, spots, strict=True) if colours.classes[each.code].is_named}
    return Drawn(drawn, version, content, colours, at)


def _steps(places: NDArray[np.float32], low: Pair, extent: Pair) -> NDArray[np.uint16]:
    """Places as shares of the extent, each axis from 0 to `_STEPS`."""
    shares = (places - np.array(low, dtype=np.float32)) / np.array(extent, dtype=np.float32)
    steps: NDArray[np.uint16] = np.round(np.clip(shares, 0, 1) * _STEPS).astype("<u2")
    return steps


def _packed(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
