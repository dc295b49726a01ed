"""The composition root: settings, library, player, jobs, then the window; and the way down in the right order."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication

from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.songs import song_rules
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.playing.queue import PlayQueue, Repeat
from indexer.core.settings import RepeatChoice, Settings
from indexer.core.tracks import Seconds, TrackId
from musicplayer.desktop import DESKTOP_ID
from musicplayer.desktop.cover_file import CoverFile
from musicplayer.desktop.instance import Instance
from musicplayer.desktop.visit import Visit
from musicplayer.diagnose.log_book import (
    Alarm,
    follow_jobs,
    follow_link,
    note_shown,
    note_start,
)
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.heirs import Heirs
from musicplayer.discover.journey_planner import JourneyPlanner
from musicplayer.discover.radio import Radio
from musicplayer.discover.reasons import Reasons
from musicplayer.discover.similar import Similar
from musicplayer.discover.troubles import Troubles
from musicplayer.jobs.backups import Backups
from musicplayer.jobs.demo_maker import DemoMaker
from musicplayer.jobs.jobs import Jobs
from musicplayer.library.artwork import Artwork
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from musicplayer.library.waveforms import Gains, Waveforms
from musicplayer.playback.backend import AudioBackend, NullBackend
from musicplayer.playback.player import Player
from musicplayer.playback.session import Session
from musicplayer.playback.vlc_backend import choose_backend
from musicplayer.threads import GarbageCollector
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.services import Services
from musicplayer.ui.frame.shell import make_shell
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme
from musicplayer.ui.look.translations import speak
from musicplayer.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Application:
    """The running application."""

    services: Services
    window: MainWindow
    session: Session
    way_down: ExitStack

    def shutdown(self) -> None:
        """Save what is to be kept and end every thread and process, what was made last first."""
        self.way_down.close()


def make_qt_application(arguments: Sequence[str]) -> QApplication:
    """The QApplication, with the names that desktops show and look files up by."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    application = QApplication([arguments[0] if arguments else "segue"])
    application.setApplicationName("segue")
    application.setApplicationDisplayName("Segue")
    application.setDesktopFileName(DESKTOP_ID)
    return application


def compose(qt: QApplication, home: Home, *, theme: str | None = None, settings: Settings | None = None) -> Application:
    """Make every part and join them. The window is shown by the caller, then `begin` brings it to life."""
    settings = settings or Settings.load(home)
    backend, way_down = choose_backend(qt), ExitStack()
    services = _services(qt, home, settings, backend, theme, way_down)
    services.player.set_volume(settings.volume)
    session = Session(home, services.player, services.library.client)
    way_down.callback(session.save_now)
    way_down.callback(_remember_modes, services)
    window = MainWindow(make_shell(services, way_down), services)
    session.setParent(window)
    services.player.played.connect(lambda *play: _record_play(services.library, *play))
    _join(services)
    follow_jobs(services.jobs)
    follow_link(services.library.client)
    messages = window.shell.messages
    messages.said.connect(note_shown)
    if isinstance(backend, NullBackend):
        messages.warn(backend.reason.message, backend.reason.advice)
    session.was_cut_short.connect(messages.tell)
    session.failed.connect(messages.warn)
    return Application(services, window, session, way_down)


def begin(application: Application) -> None:
    """Open the library, take up the session, load the model; nothing of it is waited for."""
    services = application.services
    services.library.start()
    services.playlists.start()
    if not application.session.restore():
        _restore_modes(services)
    services.similar.start()
    application.window.extras.desktop.start()


def run(arguments: Sequence[str], home: Home, *, instance: Instance, visit: Visit, theme: str | None) -> int:
    """Open the window with what `visit` asks for, and return when it was closed; `instance` takes later visits."""
    began = time.monotonic()
    qt = make_qt_application(arguments)
    garbage = GarbageCollector(qt)
    settings = Settings.load(home)
    speak(qt, settings.language, home.cache / "translations")
    application = compose(qt, home, theme=theme, settings=settings)
    application.window.show()
    qt.processEvents()
    note_start(time.monotonic() - began)
    alarm = Alarm(qt)
    alarm.raised.connect(lambda: _on_alarm(application))
    begin(application)
    desktop = application.window.extras.desktop
    instance.visited.connect(desktop.receive)
    instance.listen()
    desktop.open(visit)
    code = qt.exec()
    application.shutdown()
    alarm.close()
    instance.close()
    garbage.close()
    _log.info("ended")
    return code


def _in_use(player: Player, playlists: Playlists) -> set[TrackId]:
    """The tracks of the queue and of the playlists."""
    queued = {item.track for item in player.queue.items}
    return queued.union(*(playlist.tracks for playlist in playlists.all()))


def _record_play(library: Library, track: TrackId, heard: Seconds, finished: bool) -> None:
    """Keep what was heard of a track of the library; of a loose file nothing is noted."""
    if library.knows(track):
        library.client.record_play(track, heard, finished)


def _on_alarm(application: Application) -> None:
    application.window.shell.messages.warn(
        tr("Something went wrong that was not foreseen."),
        tr("It is in the log; “Write a report for a bug” in the Help menu collects what helps to find it."),
    )


def _services(
    qt: QApplication, home: Home, settings: Settings, backend: AudioBackend, theme: str | None, way_down: ExitStack
) -> Services:
    """Make the parts without a window, in an order that can be undone: what is made last uses what was made before."""
    look = Theme(qt, theme or settings.theme.value)
    library = Library(home, settings, qt)
    way_down.callback(_close_library, library)
    sounds = Waveforms(library.catalogue, library.client.ask, qt)
    dislikes = Dislikes(library.client.ask, library.client.keep, qt)
    troubles = Troubles(library.catalogue, library.client.ask, qt)
    playlists = Playlists(home, library.catalogue, library.client, qt)
    way_down.callback(lambda: library.loose.shutdown(_in_use(player, playlists)))
    way_down.callback(playlists.shutdown)
    preferences = Preferences(home, settings, qt)
    way_down.callback(preferences.shutdown)
    cover_file = CoverFile(home.cache / "playing", home.thumbnails, qt)
    way_down.callback(cover_file.shutdown)
    artwork = Artwork(home.thumbnails, qt)
    way_down.callback(artwork.shutdown)
    similar = Similar(home, settings.profile, library.catalogue, qt, dislikes=dislikes, troubles=troubles)
    similar.set_same_artist(settings.same_artist)
    similar.set_song_rules(song_rules(settings))
    reasons = Reasons(lambda: similar.model, library.client.ask, qt)
    way_down.callback(reasons.shutdown)
    way_down.callback(similar.shutdown)
    candidates = LibraryCandidates(similar.more_like)
    journeys = JourneyPlanner(similar, candidates.playable, qt)
    way_down.callback(journeys.shutdown)
    backups = Backups(home, settings, qt)
    way_down.callback(backups.shutdown)
    jobs = Jobs(home, settings, qt)
    way_down.callback(jobs.shutdown)
    demo = DemoMaker(home.demo, qt)
    way_down.callback(demo.shutdown)
    player = Player(backend, PlayQueue(), library.stretch_of, qt)
    way_down.callback(player.close)
    return Services(
        preferences=preferences,
        theme=look,
        icons=Icons(look),
        library=library,
        playlists=playlists,
        player=player,
        sounds=sounds,
        gains=Gains(library.catalogue, sounds, settings, loose=library.loose_track),
        similar=similar,
        radio=Radio(player, candidates, candidates.song, qt),
        journeys=journeys,
        dislikes=dislikes,
        heirs=Heirs(library, playlists, player, dislikes, qt),
        reasons=reasons,
        jobs=jobs,
        artwork=artwork,
        cover_file=cover_file,
        demo=demo,
        backups=backups,
    )


def _close_library(library: Library) -> None:
    try:
        library.shutdown()
    except OSError as error:
        _log.warning("the list of tracks could not be saved: %s", error)


def _join(services: Services) -> None:
    """Connect the parts that have no window with each other."""
    client, similar = services.library.client, services.similar
    services.player.track_changed.connect(lambda _: services.sounds.request(_to_hear(services)))
    services.jobs.finished.connect(lambda _: services.sounds.refresh())
    services.sounds.arrived.connect(lambda *_: services.player.refresh_gain())
    services.player.length_measured.connect(client.keep_length)
    services.preferences.changed.connect(lambda name: _on_setting(services, name))
    client.connected.connect(services.sounds.retry)
    client.reset.connect(services.sounds.refresh)
    client.connected.connect(services.dislikes.load)
    client.connected.connect(services.reasons.retry)
    client.reset.connect(services.dislikes.forget)
    client.restored.connect(services.dislikes.forget)
    client.restored.connect(services.dislikes.load)
    client.restored.connect(services.sounds.refresh)
    client.features_arrived.connect(similar.add_features)
    client.tracks_changed.connect(similar.follow)
    client.tracks_left.connect(similar.drop)
    client.reset.connect(similar.forget_library)
    client.counts_changed.connect(similar.set_counts)
    similar.wants_features.connect(lambda known: client.fetch_missing_features(known, similar.known_rev))
    similar.wants_more_missing.connect(client.fetch_more_missing)
    client.missing_arrived.connect(similar.take_missing)
    similar.wants_features_of.connect(client.fetch_features)
    similar.changed.connect(services.radio.refill)


def _on_setting(services: Services, name: str) -> None:
    if name in {"gain", "gain_preamp"}:
        services.player.refresh_gain()
    services.similar.set_song_rules(song_rules(services.preferences.settings))


def _to_hear(services: Services) -> list[TrackId]:
    """The track that plays and the one after it, whose level must be known when it begins."""
    following = services.player.queue.peek_next()
    tracks = [services.player.current, following.track if following else None]
    return [track for track in tracks if track is not None]


def _restore_modes(services: Services) -> None:
    settings = services.preferences.settings
    services.player.set_repeat(Repeat(settings.repeat.value))
    services.player.set_shuffle(settings.shuffle)


def _remember_modes(services: Services) -> None:
    settings, queue = services.preferences.settings, services.player.queue
    settings.repeat = RepeatChoice(queue.repeat.value)
    settings.shuffle = queue.shuffle
