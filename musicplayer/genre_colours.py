"""The colour of a genre, the same in window and browser: on the map, and muted behind the letters of drawn covers."""

from __future__ import annotations

import colorsys
from functools import cache

from indexer.core.catalogue.covers import Colour
from indexer.core.discover.genre_hues import slot_of
from musicplayer.assets import look


@cache
def colour_of_genre(genre: str) -> Colour | None:
    """The colour that tells of a genre on a light ground; None for no genre."""
    if not genre:
        return None
    digits = str(look()["light_hues"][slot_of(genre)]).lstrip("#")
    parts = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts)
    return round(hue * 360) % 360, round(saturation * 255), round(lightness * 255)
