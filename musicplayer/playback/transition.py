"""Says how one track goes over into the next: straight, or each into the other."""

from __future__ import annotations

from collections.abc import Hashable

from indexer.core.tracks import Seconds

SHORTEST_IN_FADES = 3
"""A track shorter than so many fades would be little else, so it is left whole."""

SKIP_MS = 300
"""Length of the fade to a track that was chosen by hand, where tracks fade into each other."""


def overlap(
    wanted: Seconds,
    albums: tuple[Hashable | None, Hashable | None],
    lengths: tuple[Seconds | None, Seconds | None],
) -> Seconds:
    """How long a track and the one after it sound together.

    Args:
        wanted: length of a crossfade, 0 for none.
        albums: what the two tracks are of, None where that is not known; tracks of one album follow straight, as
            they do on it.
        lengths: of the two in seconds, None where they are not known.
    """
    before, after = albums
    if wanted <= 0 or (before is not None and before == after):
        return 0.0
    if any(length is not None and length < SHORTEST_IN_FADES * wanted for length in lengths):
        return 0.0
    return wanted
