"""The picture of a library: a copy of all places, to be worked on in another thread than the model's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.core.tracks import TrackId


@dataclass(frozen=True, eq=False)
class Picture:
    """Where tracks lie.

    Attributes:
        places: shape (rows, 2), within 0 to 1 for the tracks of the build.
        built: shape (built,), ids of the first rows.
        added: ids of the rows after them.
        removed: shape (rows,), True for tracks that are no longer there.
    """

    places: NDArray[np.float32]
    built: NDArray[np.bytes_]
    added: tuple[TrackId, ...]
    removed: NDArray[np.bool_]

    def tracks(self) -> list[TrackId]:
        """The track of each row."""
        return [*map(TrackId, self.built.astype(str).tolist()), *self.added]
