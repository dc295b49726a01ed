"""Joins what can be set about the sound with the player, the transport bar, the menu and the Sound dialog."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QMenu

from indexer.core.language import tr
from indexer.core.tracks import Seconds, TrackId
from musicplayer.library.waveforms import album_mates
from musicplayer.playback.preparing import About
from musicplayer.playback.sleep import SleepTimer
from musicplayer.playback.sound import BANDS, Equaliser
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.transport.equaliser_panel import CUSTOM, OFF
from musicplayer.ui.transport.sound_dialog import SoundDialog
from musicplayer.ui.transport.sound_menus import SleepMenu, SpeedMenu, sleep_words, speed_words
from musicplayer.ui.transport.transport_bar import TransportSound

_EQUALISER = ("equaliser", "equaliser_bands", "equaliser_preamp")


class SoundControl(QObject):
    """Carries the settings of the sound out, at the start and whenever one changes.

    Signals:
        playback_requested: the settings of loudness and fades are wanted.
    """

    playback_requested = Signal()

    def __init__(self, shell: Shell, services: Services, bar: TransportSound, menu: QMenu) -> None:
        """Show what was set at `bar`, and offer it at the end of `menu`."""
        window = shell.window
        super().__init__(window)
        self._shell = shell
        self._bar = bar
        self._player = services.player
        self._preferences = services.preferences
        self._catalogue = services.library.catalogue
        self._dialog: SoundDialog | None = None
        self.sleep = SleepTimer(services.player, self)
        self.speed_menu = SpeedMenu(services.player, window)
        self.sleep_menu = SleepMenu(self.sleep, window)
        self._fill_menu(menu)
        self._connect()
        self._player.ask(About(services.gains.gain_of, self._album_of, self._length_of))
        self._shape()
        self._fade()
        self._show_sleep()
        QTimer.singleShot(0, self, self._choose_output)  # VLC asks the system, which may take a moment

    @property
    def dialog(self) -> SoundDialog:
        """The Sound dialog, made when it is first wanted."""
        if self._dialog is None:
            sound = self._player.sound
            dialog = SoundDialog(sound.presets(), sound.frequencies(), self._shell.window)
            dialog.equaliser.named.connect(lambda name: self._preferences.set("equaliser", name))
            dialog.equaliser.shaped.connect(self._on_shaped)
            dialog.output_wanted.connect(lambda name: self._preferences.set("audio_device", name))
            dialog.rate_wanted.connect(self._player.set_rate)
            dialog.playback_requested.connect(self.playback_requested)
            self._player.rate_changed.connect(dialog.show_rate)
            self._dialog = dialog
            self._show_equaliser()
        return self._dialog

    def open(self) -> None:
        """Show the dialog, with the outputs that there are at the moment."""
        self.dialog.show_outputs(self._player.sound.outputs(), self._preferences.settings.audio_device)
        self.dialog.show_rate(self._player.rate)
        self.dialog.open_fresh()

    # Joining

    def _fill_menu(self, menu: QMenu) -> None:
        actions = self._shell.actions
        menu.addSeparator()
        menu.addMenu(self.speed_menu)
        self.speed_menu.addSeparator()
        self.speed_menu.addActions([actions.faster, actions.slower, actions.normal_speed])
        menu.addMenu(self.sleep_menu)
        menu.addAction(actions.sound)

    def _connect(self) -> None:
        actions, bar = self._shell.actions, self._bar
        actions.sound.triggered.connect(self.open)
        actions.faster.triggered.connect(self.speed_menu.faster)
        actions.slower.triggered.connect(self.speed_menu.slower)
        actions.normal_speed.triggered.connect(lambda: self._player.set_rate(1.0))
        bar.sound.clicked.connect(self.open)
        bar.speed.clicked.connect(lambda: self._player.set_rate(1.0))
        bar.sleep.clicked.connect(self._offer_sleep)
        self._player.rate_changed.connect(lambda rate: bar.show_speed(speed_words(rate)))
        self.sleep.changed.connect(self._show_sleep)

    def _offer_sleep(self) -> None:
        """Open the menu above what shows the timer."""
        above = QPoint(0, -self.sleep_menu.sizeHint().height())
        self.sleep_menu.popup(self._bar.sleep.mapToGlobal(above))

    def _show_sleep(self) -> None:
        self._bar.show_sleep(sleep_words(self.sleep.kind, self.sleep.remaining))
        self.sleep_menu.show_kind()

    # Settings

    def on_setting(self, field: str) -> None:
        if field in _EQUALISER:
            self._shape()
        elif field in ("fade_ms", "crossfade_seconds"):
            self._fade()
        elif field == "audio_device":
            self._choose_output()

    def _equaliser(self) -> Equaliser:
        """The one that the settings name; none at all where a preset is not there any more."""
        settings = self._preferences.settings
        if settings.equaliser == CUSTOM:
            bands = (*settings.equaliser_bands, *([0.0] * BANDS))[:BANDS]
            return Equaliser(bands, settings.equaliser_preamp)
        found = [preset for preset in self._player.sound.presets() if preset.name == settings.equaliser]
        return found[0].equaliser if found else Equaliser()

    def _shape(self) -> None:
        self._player.sound.set_equaliser(self._equaliser())
        self._show_equaliser()

    def _show_equaliser(self) -> None:
        if self._dialog is not None:
            name = self._preferences.settings.equaliser
            self._dialog.equaliser.show_equaliser(name or OFF, self._equaliser())

    def _on_shaped(self, equaliser: Equaliser) -> None:
        self._preferences.set("equaliser_bands", list(equaliser.bands))
        self._preferences.set("equaliser_preamp", equaliser.preamp)
        self._preferences.set("equaliser", CUSTOM)

    def _fade(self) -> None:
        settings = self._preferences.settings
        self._player.set_fades(settings.fade_ms, settings.crossfade_seconds)

    def _choose_output(self) -> None:
        """Take the output that was chosen, or the system's where it is not connected, and say so."""
        wanted, sound = self._preferences.settings.audio_device, self._player.sound
        there = not wanted or any(output.name == wanted for output in sound.outputs())
        sound.set_output(wanted if there else "")
        if not there:
            message = tr(
                "The output {name} is not connected; the sound comes out where the system has it.", name=wanted
            )
            self._shell.messages.tell(message, tr("Connect it and choose it again under Playback, Sound."))

    # What the player asks

    def _album_of(self, track: TrackId) -> TrackId | None:
        """The first track of its album, which stands for all of it."""
        return next(iter(album_mates(self._catalogue, track)), None)

    def _length_of(self, track: TrackId) -> Seconds | None:
        row = self._catalogue.row_of(track)
        return None if row is None else self._catalogue.track(row).seconds or None
