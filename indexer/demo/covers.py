"""Cover pictures for the demo's albums: geometric prints in the album's own colours, written as PNG."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from indexer.demo.catalogue import Style

SIDE = 480  # pixels
GRAIN = 3  # levels of paper grain, enough to look printed and few enough to stay small
# Pairs of paper and ink that read well either way round.
INKS = (
    ("f2e8d5", "264653"), ("e9c46a", "5b2333"), ("dfe7e2", "0f4c5c"), ("f4a261", "2b2d42"),
    ("cfe1d4", "1b4332"), ("f6d5c6", "7a1f3d"), ("d9d4ec", "3a2a6b"), ("f7f1e3", "c1440e"),
    ("a8dadc", "1d3557"), ("ffd9a0", "40531b"), ("e6e6e6", "22223b"), ("f3c4cf", "14504a"),
)  # fmt: skip
Plane = NDArray[np.float64]


def cover(style: Style, chance: np.random.Generator) -> bytes:
    """A square PNG whose figure tells the style and whose colours and proportions are the album's own."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1) * 2.0 - 1.0
    ink = np.clip(_FIGURES[style](x, y, chance), 0.0, 1.0)[..., None]
    pair = [np.frombuffer(bytes.fromhex(text), np.uint8) / 255.0 for text in INKS[chance.integers(len(INKS))]]
    paper, print_ = pair if chance.random() < 0.5 else pair[::-1]
    shade = 1.0 - 0.22 * (y[..., None] + 1.0) / 2.0
    picture = shade * (paper * (1.0 - ink) + print_ * ink)
    grain = chance.integers(-GRAIN, GRAIN + 1, (SIDE, SIDE, 1))
    return _png(np.clip(255.0 * picture + grain, 0, 255).astype(np.uint8))


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """An array of shape (height, width, 3) as a PNG file.

    Source: W3C, "Portable Network Graphics (PNG) Specification", sections 5 and 9.
    """
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row starts with its filter, 0 for none
    rows[:, 1:] = pixels.reshape(height, -1)
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")):
        made += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made


def _edge(distance: Plane) -> Plane:
    """1 where `distance` is negative, 0 where positive, one and a half pixels between."""
    return np.asarray(0.5 - distance * SIDE / 3.0).clip(0.0, 1.0)


def _strings(x: Plane, y: Plane, chance: np.random.Generator) -> Plane:
    """Six strings that swing apart."""
    ink = np.zeros_like(x)
    for place in np.linspace(-0.6, 0.6, 6):
        swing = chance.uniform(0.02, 0.1) * np.sin(np.pi * (y + 1.0) * chance.integers(1, 4))
        ink = np.maximum(ink, _edge(np.abs(x - place - swing) - 0.012 - 0.01 * (place + 0.6)))
    return ink


def _stripes(x: Plane, y: Plane, chance: np.random.Generator) -> Plane:
    """Slanted bars, broken where two speeds cross."""
    slant, count = chance.uniform(-0.8, 0.8), chance.integers(4, 9)
    bars = np.sin(np.pi * count * (x + slant * y)) * np.sign(np.sin(np.pi * chance.integers(2, 5) * y))
    return _edge(-0.25 * bars)


def _horizon(x: Plane, y: Plane, chance: np.random.Generator) -> Plane:
    """A pale sun over water."""
    middle, level = chance.uniform(-0.4, 0.4), chance.uniform(0.1, 0.5)
    sun = _edge(np.hypot(x - middle, y - level + 0.35) - chance.uniform(0.25, 0.5)) * (y < level)
    water = 0.5 * np.exp(-3.0 * np.abs(y - level)) * (y > level)
    ripples = 0.5 * (np.sin(40.0 * (y - level) / (0.4 + y - level + 1e-3)) > 0.3) * (y > level)
    return np.asarray(0.8 * sun + water * ripples + 0.15 * (y > level))


def _sprite(x: Plane, y: Plane, chance: np.random.Generator) -> Plane:
    """A mirrored figure of large pixels, as from an old game."""
    half = chance.random((8, 4)) < 0.55
    sprite = np.hstack([half, half[:, ::-1]])
    rows, columns = ((axis + 0.8) / 1.6 * 8 for axis in (y, x))
    inside = (rows >= 0) & (rows < 8) & (columns >= 0) & (columns < 8)
    return np.where(inside, sprite[rows.astype(int).clip(0, 7), columns.astype(int).clip(0, 7)], 0.0)


def _arches(x: Plane, y: Plane, chance: np.random.Generator) -> Plane:
    """The windows of a hall, one inside the other."""
    ink, flatness = np.zeros_like(x), chance.uniform(0.8, 1.15)
    for ring in range(int(chance.integers(3, 6))):
        width = 0.85 - 0.17 * ring
        shape = np.where(y < 0.0, np.hypot(x, y * flatness), np.abs(x)) - width
        ink = np.maximum(ink, _edge(np.abs(shape) - 0.02 - 0.006 * ring) * (y < 0.85))
    return ink


def _dots(x: Plane, y: Plane, chance: np.random.Generator) -> Plane:
    """Drum heads of all sizes seen from above."""
    ink = np.zeros_like(x)
    for _ in range(int(chance.integers(7, 14))):
        distance = np.hypot(x - chance.uniform(-0.8, 0.8), y - chance.uniform(-0.8, 0.8))
        radius = chance.uniform(0.06, 0.3)
        ink = np.maximum(ink, np.maximum(_edge(np.abs(distance - radius) - 0.012), _edge(distance - 0.55 * radius)))
    return ink


_FIGURES = {
    Style.PLUCKED: _strings,
    Style.DRUM_AND_BASS: _stripes,
    Style.AMBIENT: _horizon,
    Style.CHIPTUNE: _sprite,
    Style.CHORALE: _arches,
    Style.PERCUSSION: _dots,
}
