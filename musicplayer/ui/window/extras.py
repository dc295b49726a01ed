"""Makes the parts of the window that stand beside the library, and joins each to it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow, QMenu, QSplitter, QWidget

from indexer.core.taste.recommending import TasteState
from indexer.core.tracks import TrackId
from musicplayer.ui.foryou.foryou_control import ForYouControl
from musicplayer.ui.foryou.made_up import MadeUpControl
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import Shell
from musicplayer.ui.indexing.indexing_control import IndexingControl, RebuildOffer
from musicplayer.ui.indexing.library_control import LibraryControl
from musicplayer.ui.journey.journey_control import JourneyControl
from musicplayer.ui.listening.import_control import ImportControl
from musicplayer.ui.listening.listening_control import ListeningControl
from musicplayer.ui.map.map_control import MapControl
from musicplayer.ui.playing.mini_control import MiniControl
from musicplayer.ui.playing.playing_control import PlayingControl
from musicplayer.ui.playlists.playlist_control import PlaylistControl
from musicplayer.ui.queue.queue_dock import QueueDock
from musicplayer.ui.queue.radio_control import RadioControl
from musicplayer.ui.similar.similar_dock import SimilarDock
from musicplayer.ui.tracks.cover_control import CoverControl
from musicplayer.ui.tracks.library_page import LibraryPage
from musicplayer.ui.tracks.start_with import StartControl
from musicplayer.ui.tracks.tag_control import TagControl
from musicplayer.ui.tracks.views import Views
from musicplayer.ui.transport.opinion_control import OpinionControl
from musicplayer.ui.transport.playback_control import PlaybackControl
from musicplayer.ui.transport.sound_control import SoundControl
from musicplayer.ui.transport.transport_bar import TransportBar, WaveformControl
from musicplayer.ui.window.backup_control import BackupControl
from musicplayer.ui.window.desktop_control import DesktopControl
from musicplayer.ui.window.focus_round import FocusRound
from musicplayer.ui.window.network_control import NetworkControl
from musicplayer.ui.window.panels import SimilarControl
from musicplayer.ui.window.report_control import ReportControl
from musicplayer.ui.window.settings_control import SettingsControl
from musicplayer.ui.window.shared_control import SharedControl
from musicplayer.ui.window.view_control import SidebarControl, ViewControl


@dataclass(frozen=True)
class Own:
    """The window's own parts that others are joined to."""

    window: QMainWindow
    tracks: LibraryPage
    similar: SimilarDock
    queue: QueueDock
    transport: TransportBar
    splitter: QSplitter
    side: QWidget
    playback_menu: QMenu


@dataclass(frozen=True)
class Extras:
    """The parts by name."""

    playback: PlaybackControl
    playing: PlayingControl
    mini: MiniControl
    rebuild: RebuildOffer
    view: ViewControl
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
    opinions: OpinionControl
    listening: ListeningControl
    foryou: ForYouControl
    imports: ImportControl
    backup: BackupControl
    report: ReportControl
    network: NetworkControl
    shared: SharedControl
    round: FocusRound
    tags: TagControl
    covers: CoverControl
    start: StartControl
    made_up: MadeUpControl


def build_extras(shell: Shell, services: Services, own: Own, library_control: LibraryControl) -> Extras:
    """Make them all, when the window's own parts are there and joined."""
    backup = BackupControl(shell, services)
    shared = SharedControl(shell, services)
    opinions = OpinionControl(shell, services, own.transport.opinion)
    covers = CoverControl(shell, services)
    extras = Extras(
        playback=PlaybackControl(shell, services, own.transport.volume),
        playing=PlayingControl(shell, services, own.transport, own.window, own.side),
        mini=MiniControl(shell, services, own.transport, own.window),
        rebuild=RebuildOffer(services, shell.messages, shell.window),
        view=ViewControl(shell, services, own.tracks.table, own.window),
        views=Views(shell, services, own.tracks, covers),
        sidebar=SidebarControl(shell, services.preferences, own.splitter, own.side),
        playlists=PlaylistControl(shell, services, own.tracks, own.queue, library_control),
        desktop=(desktop := DesktopControl(shell, services, library_control, shared)),
        radio=RadioControl(shell, services, own.queue, own.transport.extras),
        journey=JourneyControl(shell, services),
        indexing=IndexingControl(shell, services),
        settings=SettingsControl(shell, services, backup, library_control, desktop.tray.has_place),
        similar=SimilarControl(shell, services, own.similar),
        map=MapControl(shell, services),
        sound=SoundControl(shell, services, own.transport.extras, own.playback_menu),
        waveform=WaveformControl(own.transport.seek, services.player, services.sounds, shell.window),
        opinions=opinions,
        foryou=ForYouControl(shell, services, opinions),
        listening=ListeningControl(shell, services),
        imports=ImportControl(shell, services),
        backup=backup,
        report=ReportControl(shell, services.preferences.home),
        network=NetworkControl(shell, services),
        shared=shared,
        round=FocusRound(shell, own.side, (own.similar, own.queue), own.transport),
        tags=TagControl(shell, services),
        covers=covers,
        start=StartControl(services.library.catalogue, shell.commands, services.look, shell.window),
        made_up=MadeUpControl(shell, services, own.tracks.welcome),
    )
    _lead_on(extras, own, services)
    _lead_to_settings(extras)
    return extras


def _lead_on(extras: Extras, own: Own, services: Services) -> None:
    """Have pages that would be empty offer something, and covers replaced where they are large."""
    player, recommended = services.player, services.recommended

    def playing() -> list[TrackId]:
        return [] if (at := player.current) is None else [at]

    extras.covers.take_drops(own.transport.cover, own.transport.cover, playing)
    extras.playing.made.connect(lambda page: extras.covers.follow(page, page.cover, playing))
    page = extras.foryou.page
    extras.made_up.offer_on(page.empty)
    page.set_top(extras.made_up.bar())
    extras.listening.page.set_top(extras.made_up.bar())
    start = extras.start
    panel = own.similar
    start.offer_on(panel.page, 6, lambda: panel.seed is None)
    start.offer_on(own.queue.empty, 6, lambda: panel.seed is not None or not panel.page.isVisible())
    start.offer_on(page.empty, 6, lambda: recommended.now.state is TasteState.TOO_LITTLE, behind=6)


def _lead_to_settings(extras: Extras) -> None:
    """Have what is set in the settings alone, or more of it, found from where it matters."""
    open_topic = extras.settings.open_topic
    extras.sound.playback_requested.connect(lambda: open_topic("playback"))
    for asked in (extras.similar.settings_requested, extras.foryou.settings_requested):
        asked.connect(lambda: open_topic("recommendations"))
