"""Playback › Sound: equaliser, loudness, fades, output and speed, beside the window and at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from indexer.core.language import tr
from indexer.core.settings import Gain
from musicplayer.playback.sound import FASTEST, SLOWEST, Output, Preset
from musicplayer.ui.frame.bound import Choice, Number, choice, number, whole_number
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.buttons import push_button
from musicplayer.ui.look.form import Form
from musicplayer.ui.transport.equaliser_panel import EqualiserPanel

_SIZE = (640, 796)
_AROUND = 60
"""Pixels of the screen that the window's frame and the desktop's bar may take."""

_SPEED_STEP = 0.05


class SoundDialog(QDialog):
    """What it changes is heard at once; the equaliser a second later, for VLC decodes so far ahead.

    Signals:
        rate_wanted: times as fast.
        output_wanted: name of an output, empty for the system's choice.
    """

    rate_wanted = Signal(float)
    output_wanted = Signal(str)

    def __init__(
        self,
        preferences: Preferences,
        presets: Sequence[Preset],
        frequencies: Sequence[float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sound")
        self.setWindowTitle(tr("Sound"))
        self.equaliser = EqualiserPanel(presets, frequencies)
        self.output = Choice()
        self.rate = _rate()
        self.close_button = push_button(tr("Close"), primary=True)
        self._build_ui(preferences)
        self.output.activated.connect(lambda index: self.output_wanted.emit(self.output.itemData(index)))
        self.rate.valueChanged.connect(self.rate_wanted)
        self.close_button.clicked.connect(self.close)
        self.resize(_SIZE[0], min(_SIZE[1], self.screen().availableGeometry().height() - _AROUND))

    def show_outputs(self, outputs: Sequence[Output], chosen: str) -> None:
        """List the outputs there are; one that was chosen and is not there says so."""
        self.output.clear()
        self.output.addItem(tr("As the system has it"), "")
        for output in outputs:
            self.output.addItem(output.description or output.name, output.name)
        if chosen and self.output.findData(chosen) < 0:
            self.output.addItem(tr("{name} (not connected)", name=chosen), chosen)
        self.output.setCurrentIndex(self.output.findData(chosen))

    def show_rate(self, rate: float) -> None:
        self.rate.blockSignals(True)
        self.rate.setValue(rate)
        self.rate.blockSignals(False)

    def open_fresh(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()
        self.equaliser.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_ui(self, preferences: Preferences) -> None:
        bottom = QHBoxLayout()
        bottom.setContentsMargins(22, 12, 22, 14)
        bottom.addStretch()
        bottom.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._form(preferences), 1)
        layout.addLayout(bottom)

    def _form(self, preferences: Preferences) -> Form:
        form = Form(tr("Equaliser"))
        form.whole(self.equaliser)
        form.heading(tr("Loudness"))
        gains: dict[str, str] = {
            Gain.OFF: tr("Off"),
            Gain.TRACK: tr("Every track alike"),
            Gain.ALBUM: tr("Albums as a whole"),
        }
        about = tr("From ReplayGain tags; for tracks without, from the loudness that Segue measured (EBU R 128).")
        form.row(tr("Even out loudness"), choice(preferences, "gain", gains), about)
        form.row(tr("Pre-amplification"), number(preferences, "gain_preamp", -15, 15, 0.5, tr(" dB")))
        form.heading(tr("From one to the next"))
        about = tr("When music is paused or stopped; 0 ends it at once.")
        form.row(tr("Fade"), whole_number(preferences, "fade_ms", 0, 5_000, 50, tr(" ms")), about)
        about = tr("Between tracks of different albums; those of one album follow as they were recorded. 0 is off.")
        form.row(tr("Crossfade"), number(preferences, "crossfade_seconds", 0, 15, 0.5, tr(" s")), about)
        form.heading(tr("Output"))
        form.row(tr("Device"), self.output)
        form.row(tr("Speed"), self.rate, tr("At the same pitch, until Segue is closed."))
        return form


def _rate() -> Number:
    box = Number()
    box.setRange(SLOWEST, FASTEST)
    box.setSingleStep(_SPEED_STEP)
    box.setSuffix(" ×")
    box.setValue(1.0)
    return box
