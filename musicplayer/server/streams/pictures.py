"""Makes the JPEG of a cover with Pillow; for a process of its own, since pictures can be hostile."""

from __future__ import annotations

import colorsys
import io
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

from indexer.core.catalogue.covers import FORMATS, MOST_PIXELS, Drawing, drawing_of, initials, pictures
from musicplayer.genre_colours import colour_of_genre
from musicplayer.server.streams.opening import real_path_below

_FORMATS = tuple(name.upper() for name in FORMATS)
"""As Pillow names them."""

_QUALITY = 90
_BEHIND = (255, 255, 255)
"""What is seen through a transparent picture."""

_INK = 215
"""Of 255, how much the white of letters covers."""

_LETTERS = 0.4
"""Height of letters, of that of the picture."""


def cover_of(path: str, size: int, folders: Sequence[str], names: Sequence[str] = ()) -> bytes | None:
    """The likeliest picture of a file that can be decoded; None where there is none.

    Args:
        path: of the music, without links.
        size: pixels a side, at most.
        folders: of the library: a picture beside the music that is a link out of them is left.
        names: what a picture beside it may be called, as `names_for` says.
    """
    for content in pictures(path, names, may_read=lambda picture: real_path_below(str(picture), folders) is not None):
        if (made := decoded(content, size)) is not None:
            return made
    return None


def chosen_cover(path: str, size: int) -> bytes | None:
    """The picture in a file that a person chose; None where it is gone or damaged."""
    try:
        return decoded(Path(path).read_bytes(), size)
    except OSError:
        return None


def decoded(content: bytes, size: int) -> bytes | None:
    """A picture as a square JPEG, cut at the longer sides, never larger than it is; None if it is none."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (size, size))  # a JPEG is decoded smaller, which costs a tenth
            upright = _opaque(ImageOps.exif_transpose(image))
            side = min(size, *upright.size)
            return _jpeg(ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS))
    except Exception:  # noqa: BLE001 - damaged pictures raise anything in decoders; the next one is tried
        return None


def drawn(name: str, size: int, genre: str = "") -> bytes:
    """A cover for an album, artist or title of that name, as the window draws it."""
    drawing = drawing_of(name, colour_of_genre(genre))
    image = Image.fromarray(_gradient(drawing, size), "RGB")
    font = _font(max(8, round(size * _LETTERS)))
    letters = drawing.letters if _has_all(font, drawing.letters) else initials("")
    ink = Image.new("L", image.size)
    ImageDraw.Draw(ink).text((size / 2, size / 2), letters, fill=_INK, font=font, anchor="mm")
    image.paste((255, 255, 255), mask=ink)
    return _jpeg(image)


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode == "CMYK" or (image.mode in {"RGB", "L"} and "transparency" not in image.info):
        return image.convert("RGB")
    seen = image.convert("RGBA")
    behind = Image.new("RGBA", seen.size, (*_BEHIND, 255))
    return Image.alpha_composite(behind, seen).convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.save(content, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return content.getvalue()


def _gradient(drawing: Drawing, size: int) -> NDArray[np.uint8]:
    """Shape (size, size, 3), from the upper left corner on along a line to the lower edge."""
    across, down = drawing.slant, 1.0
    places = (np.arange(size) + 0.5) / size
    share = (places[None, :] * across + places[:, None] * down) / (across**2 + down**2)
    share = np.clip(share, 0.0, 1.0)[:, :, None]
    top, bottom = (np.array(_rgb(colour)) for colour in (drawing.top, drawing.bottom))
    mixed: NDArray[np.uint8] = np.rint(top + (bottom - top) * share).astype(np.uint8)
    return mixed


def _rgb(colour: tuple[int, int, int]) -> tuple[float, ...]:
    """Hue in degrees, saturation and lightness up to 255 as red, green and blue up to 255."""
    hue, saturation, lightness = colour
    return tuple(part * 255 for part in colorsys.hls_to_rgb(hue / 360, lightness / 255, saturation / 255))


@cache
def _font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """DejaVu, which comes with matplotlib and has the letters of most scripts; else Pillow's own, which has ours."""
    for folder in getattr(find_spec("matplotlib"), "submodule_search_locations", None) or ():
        file = Path(folder) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"
        if file.is_file():
            return ImageFont.truetype(file, pixels)
    return ImageFont.load_default(pixels)


def _has_all(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, letters: str) -> bool:
    """Whether a font draws each of the letters as what it is, not as a box."""
    box = bytes(font.getmask("\uffff"))  # no letter ever
    return all(bytes(font.getmask(letter)) != box for letter in letters)
