"""Makes the parts of the window that stand beside the library, and joins each to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from musicplayer.ui.frame.services import Services
from musicplayer.ui.indexing.indexing_control import IndexingControl
from musicplayer.ui.journey.journey_control import JourneyControl
from musicplayer.ui.map.map_control import MapControl
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from musicplayer.ui.queue.radio_control import RadioControl
from musicplayer.ui.similar.similar_control import SimilarControl
from musicplayer.ui.tracks.views import Views
from musicplayer.ui.transport.sound_control import SoundControl
from musicplayer.ui.transport.waveform_control import WaveformControl
from musicplayer.ui.window.backup_control import BackupControl
from musicplayer.ui.window.desktop_control import DesktopControl
from musicplayer.ui.window.report_control import ReportControl
from musicplayer.ui.window.settings_control import SettingsControl
from musicplayer.ui.window.sidebar_control import SidebarControl

if TYPE_CHECKING:
    from musicplayer.ui.window.main_window import MainWindow


@dataclass(frozen=True)
class Extras:
    """The parts by name."""

    views: Views
    sidebar: SidebarControl
    playlists: PlaylistControl
    desktop: DesktopControl
    radio: RadioControl
    journey: JourneyControl
    indexing: IndexingControl
    settings: SettingsControl
    similar: SimilarControl
    map: MapControl
    sound: SoundControl
    waveform: WaveformControl
    backup: BackupControl
    report: ReportControl


def build_extras(window: MainWindow, services: Services) -> Extras:
    """Make them all, when the window's own parts are there and joined."""
    return Extras(
        views=Views(window, services),
        sidebar=SidebarControl(window, services.preferences),
        playlists=PlaylistControl(window, services),
        desktop=DesktopControl(window, services),
        radio=RadioControl(window, services),
        journey=JourneyControl(window, services),
        indexing=IndexingControl(services, window.messages, window),
        settings=SettingsControl(window, services, services.preferences.home),
        similar=SimilarControl(window, services),
        map=MapControl(window, services),
        sound=SoundControl(window, services),
        waveform=WaveformControl(window.transport.seek, services.player, services.sounds, window),
        backup=BackupControl(window, services),
        report=ReportControl(window, services.preferences.home),
    )
