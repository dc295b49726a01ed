"""The look: colours of the light and the dark theme, and the live switch between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from musicplayer.assets import asset, look

SYSTEM, LIGHT_MODE, DARK_MODE = "system", "light", "dark"
MODES = (SYSTEM, LIGHT_MODE, DARK_MODE)
_DEFAULT_PIXELS = 13


@dataclass(frozen=True)
class Tokens:
    """Colours by what they are for. Every text colour reaches 4.5:1 on `window`, `surface` and `raised`."""

    window: str  # behind everything
    surface: str  # lists and fields
    stripe: str  # every other row
    raised: str  # menus, tool tips, buttons
    hover: str
    pressed: str
    border: str
    edge: str  # outlines of controls, 3:1 on the surface
    text: str
    soft: str  # second line, captions
    faint: str  # away tracks, disabled
    accent: str  # what plays, and nothing else
    accent_hover: str
    on_accent: str
    strong: str  # the main button of a place, what is checked
    strong_hover: str
    on_strong: str
    focus: str  # the ring around what has the keyboard
    selection: str
    selection_idle: str  # the selection of a list without the focus
    selection_text: str
    track: str  # the empty part of a bar
    found: str  # behind what a search found in a text
    danger: str
    notice: str  # background of the message bar
    warning: str  # background of the message bar for what went wrong


LIGHT, DARK = Tokens(**look()["light"]), Tokens(**look()["dark"])


class Theme(QObject):
    """Dresses the application in the chosen mode; `system` follows the desktop as it changes.

    Signals:
        changed: the colours are other ones now.
    """

    changed = Signal()

    def __init__(self, application: QApplication, mode: str = SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode if mode in MODES else SYSTEM
        self._tokens = LIGHT
        self._dressed_dark: bool | None = None
        application.setStyle(QStyleFactory.create("Fusion"))
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.set_mode(self._mode)

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def is_dark(self) -> bool:
        return self._tokens is DARK

    def colour(self, token: str) -> QColor:
        return QColor(getattr(self._tokens, token))

    def set_mode(self, mode: str) -> None:
        """Switch to `system`, `light` or `dark` at once."""
        self._mode = mode if mode in MODES else SYSTEM
        hints = self._application.styleHints()
        if self._mode == SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self._mode == DARK_MODE else Qt.ColorScheme.Light)
        self._dress()

    def _on_scheme_changed(self) -> None:
        self._dress()

    def _dress(self) -> None:
        dark = self._wants_dark()
        if dark is self._dressed_dark:
            return
        self._dressed_dark = dark
        self._tokens = DARK if dark else LIGHT
        self._application.setPalette(palette(self._tokens))
        self._application.setStyleSheet(style_sheet(self._tokens, QFontInfo(self._application.font()).pixelSize()))
        self.changed.emit()

    def _wants_dark(self) -> bool:
        if self._mode != SYSTEM:
            return self._mode == DARK_MODE
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark


def palette(tokens: Tokens) -> QPalette:
    """The Qt palette, for everything the style sheet does not name."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.stripe,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.danger,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.selection_text,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.faint,
        role.Link: tokens.text,
        role.LinkVisited: tokens.text,
        role.Accent: tokens.strong,
        role.Mid: tokens.border,
        role.Midlight: tokens.hover,
        role.Dark: tokens.edge,
        role.Light: tokens.raised,
    }
    made = QPalette()
    for key, value in colours.items():
        made.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, QColor(tokens.faint))
    made.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(tokens.selection_idle))
    made.setColor(QPalette.ColorGroup.Inactive, role.HighlightedText, QColor(tokens.selection_text))
    return made


def mark_as(widget: QWidget, name: str, value: object) -> None:
    """Give a widget a property that the style sheet asks for, and have it painted accordingly."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def style_sheet(tokens: Tokens, pixels: int) -> str:
    """The style sheet in these colours; `pixels` is the height of the system font, from which the others follow."""
    base = pixels if pixels > 0 else _DEFAULT_PIXELS
    sizes = {"small": max(base - 1, 9), "normal": base, "title": base + 2, "headline": round(base * 1.7)}
    shade = "dark" if tokens is DARK else "light"
    files = {name: asset(f"icons/{name}-{shade}.svg").as_posix() for name in ("check", "down", "right", "up")}
    text = asset("style.qss").read_text(encoding="utf-8")
    lengths = {**sizes, **{f"radius_{name}": value for name, value in look()["radius"].items()}}
    return Template(text).substitute(asdict(tokens), **{key: f"{value}px" for key, value in lengths.items()}, **files)
