from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from musicplayer.ui.look.buttons import worded_button
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import DARK, LIGHT, Theme, Tokens

AA = 4.5
GROUNDS = ("window", "surface", "stripe", "raised", "hover")
TEXTS = ("text", "soft", "faint", "accent", "danger")


def luminance(colour: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in colour.getRgbF()[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


def pairs(tokens: Tokens) -> list[tuple[str, str]]:
    plain = [(text, ground) for text in TEXTS for ground in GROUNDS if (text, ground) != ("faint", "hover")]
    chosen = [("text", "selection"), ("soft", "selection"), ("accent", "selection"), ("selection_text", "selection")]
    bars = [("text", "notice"), ("soft", "notice"), ("text", "warning"), ("soft", "warning"), ("danger", "warning")]
    buttons = [(f"on_{name}", ground) for name in ("accent", "strong") for ground in (name, f"{name}_hover")]
    return [*plain, *chosen, *bars, *buttons]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_reaches_the_contrast_of_wcag_aa(tokens: Tokens) -> None:
    poor = {
        pair: round(contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])), 2)
        for pair in pairs(tokens)
        if contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])) < AA
    }
    assert not poor


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_of_controls_reach_three_to_one(tokens: Tokens) -> None:
    for outline in (tokens.edge, tokens.accent, tokens.strong, tokens.focus):
        assert contrast(outline, tokens.surface) >= 3
    assert contrast(tokens.edge, tokens.strong) >= 3, "the ring on a main button"


def test_the_theme_switches_live_and_icons_follow(qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    icon = Icons(theme).icon("play-fill", "text")
    light = inked(icon)
    theme.set_mode("dark")
    assert theme.is_dark
    assert inked(icon).lightness() > 128 > light.lightness()
    assert qapp.palette().window().color() == QColor(DARK.window)


def test_icons_are_drawn_at_twice_the_size_on_a_fine_screen(icons: Icons) -> None:
    assert icons.pixmap("queue", 20, 2.0).size() == QSize(40, 40)


def test_the_words_of_a_button_that_cannot_be_pressed_are_as_faint_as_its_glyph(theme: Theme, icons: Icons) -> None:
    theme.set_mode("light")
    button = worded_button(icons.icon("queue"), "Add")
    button.resize(button.sizeHint())
    darkest = []
    for usable in (True, False):
        button.setEnabled(usable)
        image = QImage(button.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.window))
        button.render(image)
        half, height = image.width() // 2, image.height()
        words = (image.pixelColor(x, y) for x in range(half, image.width()) for y in range(height))
        darkest.append(min(colour.lightness() for colour in words))
    assert darkest[0] < QColor(LIGHT.faint).lightness() - 20 < darkest[1]


def inked(icon: QIcon) -> QColor:
    image = icon.pixmap(QSize(32, 32)).toImage()
    return max(
        (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())),
        key=QColor.alpha,
    )
