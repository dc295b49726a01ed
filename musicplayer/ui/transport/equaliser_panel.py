"""Ten bands and a preamp as upright sliders, with the presets above them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from indexer.core.language import mark, short_number, tr
from indexer.core.phrases import MINUS
from musicplayer.playback.sound import BANDS, MOST_DB, Equaliser, Preset
from musicplayer.ui.frame.bound import Choice

OFF, CUSTOM = "off", "custom"
MOST_PREAMP = 8.0
"""dB by which everything can be made louder: what VLC's equaliser has to spare."""

_PER_DB = 10
_STEP_DB = 1
_PAGE_DB = 3
_TRAVEL = 116
"""Pixels from the least to the most that a band can have."""
_ENDS = 16
"""Pixels of a slider beside those: its handle and its edge."""
_DECIBEL = " dB"
PRESETS = (
    mark("Flat"), mark("Classical"), mark("Club"), mark("Dance"), mark("Full bass"), mark("Full bass and treble"),
    mark("Full treble"), mark("Headphones"), mark("Large Hall"), mark("Live"), mark("Party"), mark("Pop"),
    mark("Reggae"), mark("Rock"), mark("Ska"), mark("Soft"), mark("Soft rock"), mark("Techno"),
)  # fmt: skip
"""The presets of VLC as it calls them."""
_KILO = 1000


class EqualiserPanel(QWidget):
    """Shows an equaliser by name and values; who made it decides what becomes of a change.

    Signals:
        named: "off", "custom", or the name of a preset was chosen.
        shaped: an Equaliser; a slider was moved.
    """

    named = Signal(str)
    shaped = Signal(object)

    def __init__(self, presets: Sequence[Preset], frequencies: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = Choice()
        self.choice.setAccessibleName(tr("Equaliser"))
        self.choice.addItem(tr("Off"), OFF)
        for preset in presets:
            self.choice.addItem(tr(preset.name), preset.name)
        self.choice.addItem(tr("My own"), CUSTOM)
        self.preamp = _Band(tr("Preamp"), MOST_PREAMP)
        names = [hertz_words(hertz) for hertz in frequencies] or [str(band + 1) for band in range(BANDS)]
        self.bands = [_Band(name, MOST_DB) for name in names]
        self._build_ui()
        self.choice.activated.connect(lambda index: self.named.emit(self.choice.itemData(index)))
        for band in (self.preamp, *self.bands):
            band.slider.valueChanged.connect(self._on_moved)

    def show_equaliser(self, name: str, equaliser: Equaliser) -> None:
        """Show it without saying that anything changed."""
        found = self.choice.findData(name)
        self.choice.setCurrentIndex(max(found, 0))
        for band, gain in zip((self.preamp, *self.bands), (equaliser.preamp, *equaliser.bands), strict=False):
            band.show_gain(gain)

    def _on_moved(self) -> None:
        self.shaped.emit(Equaliser(tuple(band.gain for band in self.bands), self.preamp.gain))

    def _build_ui(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.choice)
        top.addStretch()
        scale = QGridLayout()
        scale.setHorizontalSpacing(2)
        scale.setVerticalSpacing(2)
        for column, band in enumerate((self.preamp, *self.bands)):
            place = column + (column > 0)
            for row, part in enumerate((band.value, band.slider, band.name)):
                scale.addWidget(part, row, place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
            scale.setColumnStretch(place, 1)
        scale.setColumnMinimumWidth(1, 14)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addLayout(scale)


class _Upright(QSlider):
    """A slider of a height in pixels; the style sheet knows but one least height for all."""

    def __init__(self, height: int) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._height = height

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)


class _Band:
    """A slider with its name below and its gain above; one decibel is as long on each, so that 0 is at one height."""

    def __init__(self, name: str, most: float) -> None:
        self._spoken = name
        self.value = _small("")
        self.name = _small(name)
        self.slider = _Upright(_ENDS + round(_TRAVEL * (MOST_DB + most) / (2 * MOST_DB)))
        self.slider.setRange(round(-MOST_DB * _PER_DB), round(most * _PER_DB))
        self.slider.setSingleStep(_STEP_DB * _PER_DB)
        self.slider.setPageStep(_PAGE_DB * _PER_DB)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.valueChanged.connect(self._describe)
        self._describe()

    @property
    def gain(self) -> float:
        return self.slider.value() / _PER_DB

    def show_gain(self, gain: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(gain * _PER_DB))
        self.slider.blockSignals(False)
        self._describe()

    def _describe(self) -> None:
        words = signed_db(self.gain)
        self.value.setText(words.removesuffix(_DECIBEL))
        self.slider.setAccessibleName(f"{self._spoken}, {words}")
        self.slider.setToolTip(f"{self._spoken}: {words}")


def hertz_words(hertz: float) -> str:
    """`60 Hz`, `1 kHz`."""
    if hertz >= _KILO:
        return tr("{frequency} kHz", frequency=short_number(hertz / _KILO))
    return tr("{frequency} Hz", frequency=round(hertz))


def signed_db(gain: float) -> str:
    """`+3 dB`, `0 dB`, and with a true minus below that."""
    return f"{'+' if gain > 0 else MINUS if gain < 0 else ''}{short_number(abs(gain))}{_DECIBEL}"


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", "small")
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label
