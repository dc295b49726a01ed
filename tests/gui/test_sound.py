"""The Sound dialog, the menus of speed and sleep, and what the transport bar shows of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QScrollBar,
)
from pytestqt.qtbot import QtBot

from indexer.core.settings import Gain
from indexer.core.tracks import Track
from musicplayer.app import Application
from musicplayer.playback.engine import Engine
from musicplayer.playback.preparing import overlap
from musicplayer.playback.sleep import Sleep
from musicplayer.playback.sound import Equaliser
from musicplayer.playback.vlc_backend import Vlc
from musicplayer.ui.transport.equaliser_panel import hertz_words, signed_db
from musicplayer.ui.transport.sound_control import SoundControl
from tests.unit.core.catalogue.tracks import track


class Told(Engine):
    """Remembers what it is told about the sound."""

    def __init__(self) -> None:
        super().__init__(Vlc())
        self.shape = Equaliser()
        self.fades = (0, 0)

    def set_equaliser(self, equaliser: Equaliser) -> None:
        self.shape = equaliser
        super().set_equaliser(equaliser)

    def set_fades(self, *, rest: int, skip: int) -> None:
        self.fades = (rest, skip)
        super().set_fades(rest=rest, skip=skip)


@pytest.fixture
def backend(qapp: object) -> Told:
    return Told()


@pytest.fixture
def control(segue: Application) -> SoundControl:
    return segue.window.extras.sound


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_everything_in_it_has_a_name_and_can_be_reached(control: SoundControl) -> None:
    control.open()
    kinds = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)
    parts = [part for kind in kinds for part in control.dialog.findChildren(kind) if not isinstance(part, QScrollBar)]
    assert len(parts) >= 11 + 5
    assert [part for part in parts if not part.accessibleName().strip()] == []
    assert [part.accessibleName() for part in parts if part.focusPolicy() == Qt.FocusPolicy.NoFocus] == []


def test_a_preset_is_shown_heard_and_remembered(control: SoundControl, segue: Application, backend: Told) -> None:
    control.open()
    panel = control.dialog.equaliser
    choose(panel.choice, "Rock")
    assert segue.services.preferences.settings.equaliser == "Rock"
    rock = next(preset for preset in segue.services.player.sound.presets() if preset.name == "Rock").equaliser
    assert backend.shape == rock
    assert tuple(band.gain for band in panel.bands) == pytest.approx(rock.bands)
    choose(panel.choice, "off")
    assert backend.shape == Equaliser()


def test_a_slider_that_is_moved_makes_it_ones_own(control: SoundControl, segue: Application, backend: Told) -> None:
    control.open()
    panel = control.dialog.equaliser
    choose(panel.choice, "Rock")
    before = [band.gain for band in panel.bands]
    panel.bands[1].slider.setValue(30)
    settings = segue.services.preferences.settings
    assert (settings.equaliser, panel.choice.currentData()) == ("custom", "custom")
    assert settings.equaliser_bands == pytest.approx([before[0], 3.0, *before[2:]])
    assert backend.shape.bands == pytest.approx(tuple(settings.equaliser_bands))
    assert panel.bands[1].slider.accessibleName() == "62 Hz, +3 dB"


def test_a_preset_that_is_not_there_any_more_changes_nothing(segue: Application, backend: Told) -> None:
    segue.services.preferences.set("equaliser", "Gone")
    assert backend.shape == Equaliser()


def test_fades_and_loudness_apply_at_once(control: SoundControl, segue: Application, backend: Told) -> None:
    preferences = segue.services.preferences
    assert backend.fades[0] == 200
    preferences.set("fade_ms", 0)
    preferences.set("crossfade_seconds", 4.0)
    assert backend.fades == (0, 300)


def test_loudness_and_fades_are_in_one_place_that_the_dialog_leads_to(
    control: SoundControl, segue: Application
) -> None:
    control.open()
    assert control.dialog.findChild(QComboBox, "gain") is None
    control.dialog.playback_button.click()
    settings = segue.window.extras.settings.dialog
    page = settings.pages.currentWidget()
    choose(page.findChild(QComboBox, "gain"), Gain.ALBUM.value)
    assert segue.services.preferences.settings.gain is Gain.ALBUM
    assert page.findChild(QDoubleSpinBox, "crossfade_seconds") is not None


def test_albums_of_one_title_in_two_folders_fade_into_each_other(segue: Application) -> None:
    """And discs of one album, and the tracks of a sampler, do not."""

    def of(number: int, folder: str, **fields: object) -> Track:
        return track(number, **({"album": "Live", "path": f"/music/{folder}/{number}.mp3", "artist": "Band"} | fields))

    tracks = [
        *(of(1, "a/CD1"), of(2, "a/CD2"), of(3, "b")),
        *(of(4, "c", album="Mix", artist="One"), of(5, "c", album="Mix", artist="Two")),
        *(of(6, "d", album=""), of(7, "d", album="")),
    ]
    segue.services.library.catalogue.upsert(tracks)
    segue.services.preferences.set("crossfade_seconds", 4.0)
    about = segue.services.player.about

    def fades(one: int, other: int) -> bool:
        albums = about.album_of(track(one).id), about.album_of(track(other).id)
        return overlap(4.0, albums, (60.0, 60.0)) > 0

    asked = [(1, 2), (1, 3), (2, 3), (4, 5), (6, 7), (3, 4)]
    assert [fades(*pair) for pair in asked] == [False, True, True, False, True, True]


def test_an_output_that_is_gone_is_said_and_stays_chosen(control: SoundControl, segue: Application) -> None:
    segue.services.preferences.set("audio_device", "usb-headphones")
    assert "usb-headphones is not connected" in segue.window.shell.messages.text
    control.open()
    assert control.dialog.output.currentText() == "usb-headphones (not connected)"
    choose(control.dialog.output, "")
    assert segue.services.preferences.settings.audio_device == ""


def test_the_speed_is_shown_while_it_is_not_the_normal_one(
    control: SoundControl, segue: Application, qtbot: QtBot
) -> None:
    player, button = segue.services.player, segue.window.transport.extras.speed
    assert not button.isVisible()
    control.speed_menu.speeds[1.25].trigger()
    assert (player.rate, button.isVisible(), button.text().strip()) == (1.25, True, "1.25×")
    segue.window.shell.actions.faster.trigger()
    assert player.rate == 1.3
    assert not any(action.isChecked() for action in control.speed_menu.speeds.values())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (player.rate, button.isVisible()) == (1.0, False)
    assert control.speed_menu.speeds[1.0].isChecked()


def test_the_dialog_sets_and_follows_the_speed(control: SoundControl, segue: Application) -> None:
    control.open()
    control.dialog.rate.setValue(1.5)
    assert segue.services.player.rate == 1.5
    segue.services.player.set_rate(0.75)
    assert control.dialog.rate.value() == 0.75


def test_the_sleep_timer_is_shown_and_a_click_opens_its_menu(
    control: SoundControl, segue: Application, qtbot: QtBot
) -> None:
    button = segue.window.transport.extras.sleep
    assert not button.isVisible()
    control.sleep_menu.minutes[1].trigger()
    assert button.text().strip() in ("30:00", "29:59")
    assert "call it off" in button.accessibleName()
    control.sleep_menu.track.trigger()
    assert (control.sleep.kind, button.text().strip()) == (Sleep.TRACK, "after this track")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(control.sleep_menu.isVisible)
    assert control.sleep.kind is Sleep.TRACK
    qtbot.mouseClick(
        control.sleep_menu,
        Qt.MouseButton.LeftButton,
        pos=control.sleep_menu.actionGeometry(control.sleep_menu.off).center(),
    )
    assert control.sleep.kind is None
    assert not button.isVisible()
    assert not segue.services.player.stop_after_current


def test_words_of_bands_and_gains() -> None:
    assert [hertz_words(hertz) for hertz in (31.25, 1000.0, 16_000.0)] == ["31 Hz", "1 kHz", "16 kHz"]
    assert [signed_db(gain) for gain in (3.0, 0.0, -2.5)] == ["+3 dB", "0 dB", "\N{MINUS SIGN}2.5 dB"]
