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

_FEWEST_NAMED = 3
"""Points of a class that has its name written on the map."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A map and what is sent of it."""

    music_map: MusicMap
    version: str
    content: dict[str, Any]
    colours: Colouring
    middles: list[list[int] | None]

    def classes(self) -> list[dict[str, Any]]:
        """What colours say, in the language that is spoken."""
        return [
            {
                "name": each.label if each.is_named else tr(each.label),
                "count": each.count,
                "hue": each.slot if each.is_named else None,
                "at": middle,
            }
            for each, middle in zip(self.colours.classes, self.middles, strict=True)
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
    places = np.round(np.clip(_framed(drawn.places), 0, 1) * _STEPS).astype("<u2")
    middles = [
        _middle(places[colours.codes == number]) if each.is_named and each.count >= _FEWEST_NAMED else None
        for number, each in enumerate(colours.classes)
    ]
    content = {
        "state": "ready",
        "version": version,
        "count": len(drawn),
        "places": _packed(places),
        "classOf": _packed(colours.codes.astype(np.uint8)),
    }
    return Drawn(drawn, version, content, colours, middles)


def _framed(places: NDArray[np.float32]) -> NDArray[np.float32]:
    """Places that came after the build may lie outside of its frame; both axes stay in one unit."""
    if not len(places):
        return places
    low = np.minimum(places.min(axis=0), 0)
    framed: NDArray[np.float32] = (places - low) / max(float((np.maximum(places.max(axis=0), 1) - low).max()), 1e-9)
    return framed


def _middle(places: NDArray[np.uint16]) -> list[int]:
    return [int(value) for value in np.median(places, axis=0)]


def _packed(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
