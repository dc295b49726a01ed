"""Draws a cover for an album that has none: calm colours and initials that stem from its name, always the same."""

from __future__ import annotations

import hashlib
import re

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QLinearGradient, QPainter

_WORD = re.compile(r"\w+")


def generated_cover(name: str, size: int) -> QImage:
    """Return a square picture of `size` pixels for an album, artist or title of that name.

    For the main thread only. Text takes a lock of Qt's that every font shares, and PySide keeps Python's own lock while
    it waits for that: a main thread that lays out text, and comes into Python with it, would wait for ever.
    """
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=4).digest()
    hue, turn, tone, slant = digest
    image = QImage(size, size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    gradient = QLinearGradient(QPointF(0, 0), QPointF(size * slant / 255, size))
    gradient.setColorAt(0, QColor.fromHsl(hue * 359 // 255, 90, 105 + tone % 30))
    gradient.setColorAt(1, QColor.fromHsl((hue * 359 // 255 + 20 + turn % 50) % 360, 80, 60))
    painter.fillRect(image.rect(), gradient)
    _write(painter, initials(name), size)
    painter.end()
    return image


def initials(name: str) -> str:
    """Return the first letters of the first two words, a note for a name without any."""
    words = _WORD.findall(name)[:2]
    return "".join(word[0] for word in words).upper() or "♪"


def _write(painter: QPainter, text: str, size: int) -> None:
    font = QFont()
    font.setPixelSize(max(8, size * 2 // 5))
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QColor(255, 255, 255, 215))
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, text)
