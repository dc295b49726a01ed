"""Playback › Sound: equaliser, output and speed, beside the window and at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from indexer.core.language import tr
from musicplayer.playback.sound import FASTEST, SLOWEST, Output, Preset
from musicplayer.ui.frame.bound import Choice, Number
from musicplayer.ui.look.buttons import button_line, push_button
from musicplayer.ui.look.form import Form
from musicplayer.ui.transport.equaliser_panel import EqualiserPanel

_SIZE = (640, 490)
_AROUND = 60
"""Pixels of the screen that the window's frame and the desktop's bar may take."""

_SPEED_STEP = 0.05


class SoundDialog(QDialog):
    """What it changes is heard at once; the equaliser a second later, for VLC decodes so far ahead.

    Signals:
        rate_wanted: times as fast.
        output_wanted: name of an output, empty for the system's choice.
        playback_requested: the settings of loudness and fades are wanted.
    """

    rate_wanted = Signal(float)
    output_wanted = Signal(str)
    playback_requested = Signal()

    def __init__(
        self,
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
        self.playback_button = push_button(tr("Loudness and fades…"))
        self.close_button = push_button(tr("Close"), primary=True)
        self._build_ui()
        self.output.activated.connect(lambda index: self.output_wanted.emit(self.output.itemData(index)))
        self.rate.valueChanged.connect(self.rate_wanted)
        self.playback_button.clicked.connect(self.playback_requested)
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

    def _build_ui(self) -> None:
        bottom = button_line(self.playback_button, right=[self.close_button])
        bottom.setContentsMargins(22, 12, 22, 14)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._form(), 1)
        layout.addLayout(bottom)

    def _form(self) -> Form:
        form = Form(tr("Equaliser"))
        form.whole(self.equaliser)
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
