"""Icons from one glyph font, drawn in the colours of the theme at the moment they are painted."""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from musicplayer.ui.look.theme import Theme


class Icons:
    """Makes icons by their Phosphor names (`play-fill`, `shuffle`); they follow the theme by themselves."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def icon(self, name: str, colour: str = "soft", *, on: str = "text", name_on: str | None = None) -> QIcon:
        """An icon in a colour of `Tokens`; `on` and `name_on` are its colour and glyph on a checked button."""
        return QIcon(_GlyphEngine(self._theme, (_glyph(name), _glyph(name_on or name)), (colour, on)))

    def pixmap(self, name: str, size: int, ratio: float, colour: str = "soft") -> QPixmap:
        """A glyph as an image of `size` logical pixels."""
        return self.icon(name, colour).pixmap(QSize(size, size), ratio)

    def draw(self, painter: QPainter, rect: QRect, name: str, colour: QColor) -> None:
        """Paint a glyph filling `rect`."""
        _draw(painter, rect, _glyph(name), colour)


class _GlyphEngine(QIconEngine):
    def __init__(self, theme: Theme, glyphs: tuple[str, str], colours: tuple[str, str]) -> None:
        super().__init__()
        self._theme = theme
        self._glyphs = glyphs
        self._colours = colours

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        on = state == QIcon.State.On
        _draw(painter, rect, self._glyphs[on], self._colour(mode, on=on))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._theme, self._glyphs, self._colours)

    def _colour(self, mode: QIcon.Mode, *, on: bool) -> QColor:
        if mode == QIcon.Mode.Disabled:
            colour = self._theme.colour("faint")
            colour.setAlphaF(0.55)
            return colour
        return self._theme.colour(self._colours[on])


def _draw(painter: QPainter, rect: QRect, glyph: str, colour: QColor) -> None:
    font = QFont(_family())
    font.setPixelSize(max(rect.height(), 1))
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    painter.save()
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, glyph)
    painter.restore()


@cache
def _glyph(name: str) -> str:
    return chr(int(_charmap()[name], 16))


@cache
def _charmap() -> dict[str, str]:
    names: dict[str, str] = json.loads(_font_file("json").read_text(encoding="utf-8"))
    return names


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_font_file("ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


def _font_file(ending: str) -> Path:
    """A file of the Phosphor font inside QtAwesome, found without importing it: that would load eight fonts."""
    spec = find_spec("qtawesome")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        for path in sorted((Path(place) / "fonts").glob(f"phosphor*.{ending}")):
            return path
    raise FileNotFoundError("The icon font is missing: install QtAwesome again")
