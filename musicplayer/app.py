"""The composition root: settings, library, player, jobs, then the window; and the way down in the right order."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import musicplayer.imports  # noqa: F401 - first, for what follows is imported sooner

# isort: split
from PySide6.QtCore import QLoggingCategory, SignalInstance
from PySide6.QtWidgets import QApplication

from indexer.core.discover.songs import song_rules
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.playing.queue import Repeat
from indexer.core.plays import Play
from indexer.core.settings import RepeatChoice, Settings
from indexer.core.shared.server import SHARED_HOME, Server, ServerError, read_server
from indexer.core.tracks import TrackId
from musicplayer.desktop import DESKTOP_ID
from musicplayer.desktop.instance import Instance
from musicplayer.desktop.visit import Visit
from musicplayer.diagnose.log_book import (
    Alarm,
    LogBook,
    note_shown,
    note_start,
)
from musicplayer.playback.backend import AudioBackend, NullBackend
from musicplayer.playback.session import Session
from musicplayer.playback.vlc_backend import choose_backend
from musicplayer.threads import GarbageCollector
from musicplayer.ui.frame.services import Services, make_services
from musicplayer.ui.frame.shell import make_shell
from musicplayer.ui.look.translations import speak
from musicplayer.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)


Join = tuple[SignalInstance, Callable[..., object]]


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


def compose(
    qt: QApplication,
    home: Home,
    *,
    theme: str | None = None,
    settings: Settings | None = None,
    backend: AudioBackend | None = None,
    way_down: ExitStack | None = None,
) -> Application:
    """Make every part and join them. The window is shown by the caller, then `begin` brings it to life.

    What makes the sound is chosen by what there is, where no `backend` is given.
    Each part puts its end on `way_down`, a stack of its own without one, where it is made.
    """
    settings, way_down = settings or Settings.load(home), way_down or ExitStack()
    shared = read_server(home)
    _name_shared(home, way_down)
    strange = None if shared is None else _know_profile(shared, settings)
    backend = backend or choose_backend(qt)
    services = make_services(qt, home, settings, backend, theme, way_down, shared)
    services.player.set_volume(settings.volume)
    session = Session(home, services.player, services.library.client)
    way_down.callback(session.save_now)
    way_down.callback(_remember_modes, services)
    window = MainWindow(make_shell(services, way_down), services)
    session.setParent(window)
    for signal, slot in _joins(services, window, LogBook(services.player, services.similar, window)):
        signal.connect(slot)
    messages = window.shell.messages
    messages.said.connect(note_shown)
    if services.copies is not None:
        services.copies.failed.connect(messages.warn)
    if strange is not None:
        messages.warn(strange.message, strange.advice)
    if isinstance(backend, NullBackend):
        messages.warn(backend.reason.message, backend.reason.advice)
    session.was_cut_short.connect(messages.tell)
    session.failed.connect(messages.warn)
    return Application(services, window, session, way_down)


def _name_shared(home: Home, way_down: ExitStack) -> None:
    """Say to the processes that are started from here, and to who fetches covers, from which server they may."""
    os.environ.pop(SHARED_HOME, None)  # what a player has that this one was started by
    if home.server_file.exists():
        os.environ[SHARED_HOME] = str(home.root)
        way_down.callback(os.environ.pop, SHARED_HOME, None)


def _know_profile(shared: Server, settings: Settings) -> ServerError | None:
    """Before anything asks for it: tracks are compared by the profile of the server. Why it cannot be known."""
    from indexer.core.shared.profile import know_profile  # noqa: PLC0415 - for shared libraries only

    try:
        if shared.profile:
            settings.profile = know_profile(shared.address, shared.profile)
    except ServerError as error:
        return error
    return None


def begin(application: Application) -> None:
    """Open the library, take up the session, load the model; nothing of it is waited for."""
    services = application.services
    services.library.start()
    services.playlists.start()
    services.sharing.start()
    services.live.start()
    if not application.session.restore():
        _restore_modes(services)
    _begin_to_compare(services)
    application.window.extras.desktop.start()
    application.window.extras.network.start()


def _begin_to_compare(services: Services) -> None:
    """Where the model comes from a server not before it is here, lest all features are asked for in its place."""
    if services.copies is None:
        services.similar.start()
    else:
        services.copies.ready.connect(services.similar.start)
        services.copies.start()


def run(arguments: Sequence[str], home: Home, *, instance: Instance, visit: Visit, theme: str | None) -> int:
    """Open the window with what `visit` asks for, and return when it was closed; `instance` takes later visits."""
    began = time.monotonic()
    qt = make_qt_application(arguments)
    with ExitStack() as way_down:
        garbage, alarm = GarbageCollector(qt), Alarm(qt)
        for end in (garbage.close, instance.close, alarm.close):
            way_down.callback(end)
        settings = Settings.load(home)
        speak(qt, settings.language, home.cache / "translations")
        application = compose(qt, home, theme=theme, settings=settings, way_down=way_down)
        application.window.show()
        qt.processEvents()
        note_start(time.monotonic() - began)
        alarm.raised.connect(lambda: _on_alarm(application))
        begin(application)
        desktop = application.window.extras.desktop
        instance.visited.connect(desktop.receive)
        instance.listen()
        desktop.open(visit)
        code = qt.exec()
    _log.info("ended")
    return code


def _record_play(services: Services, play: Play) -> None:
    """Keep what was heard of a track of the library, and share it; of a loose file nothing is noted."""
    if play.track is not None and services.library.knows(play.track):
        services.library.client.record_play(play)
        services.recommended.note_play(play)
        services.sharing.take(play, services.library.track(play.track))


def _on_alarm(application: Application) -> None:
    application.window.shell.messages.warn(
        tr("Something went wrong that was not foreseen."),
        tr("It is in the log; “Write a report for a bug” in the Help menu collects what helps to find it."),
    )


def _joins(services: Services, window: MainWindow, log_book: LogBook) -> list[Join]:
    """Who listens to what: the signals of the parts without a window, and in which order each is answered.

    A part that shows or follows one other part alone is joined to it where it is made.
    """
    player, library, client, jobs = services.player, services.library, services.library.client, services.jobs
    similar, preferences, sounds, demo = services.similar, services.preferences, services.sounds, services.demo
    library_control, messages, extras = window.library_control, window.shell.messages, window.extras
    views, playlists, radio, desktop = extras.views, extras.playlists, extras.radio, extras.desktop
    tracks = window.library.model
    return [
        # What plays
        (player.track_changed, window.transport.on_track),
        (player.track_changed, window.queue.on_track),
        (player.track_changed, extras.playback.on_queue),
        (player.track_changed, extras.playing.on_track),
        (player.track_changed, extras.mini.refresh),
        (player.track_changed, window.on_track),
        (player.track_changed, lambda _: extras.opinions.show_playing()),
        (player.track_changed, window.similar.set_playing),
        (player.track_changed, views.mark_playing),
        (player.track_changed, playlists.mark_playing),
        (player.track_changed, desktop.on_track),
        (player.track_changed, radio.on_changed),
        (player.track_changed, extras.journey.on_track),
        (player.track_changed, extras.map.show_playing),
        (player.track_changed, extras.waveform.on_track),
        (player.track_changed, lambda _: sounds.request(_to_hear(services))),
        (player.state_changed, extras.playback.on_state),
        (player.state_changed, views.mark_playing),
        (player.state_changed, playlists.mark_playing),
        (player.modes_changed, extras.playback.on_modes),
        (player.queue_changed, extras.playback.on_queue),
        (player.queue_changed, radio.follow_list),
        (player.queue_changed, radio.chip.refresh),
        (player.queue_swept, playlists.queue.on_swept),
        (player.volume_changed, window.on_volume),
        (player.wanted, extras.playback.on_wanted),
        (player.failed, extras.playback.on_failed),
        (player.length_measured, client.keep_length),
        (player.played, lambda play: _record_play(services, play)),
        (services.sharing.failed, messages.warn),
        (sounds.arrived, extras.waveform.on_arrived),
        (sounds.arrived, lambda *_: player.refresh_gain()),
        (services.cover_file.ready, desktop.mpris.set_cover),
        (services.cover_file.ready, desktop.notices.set_cover),
        (services.radio.changed, radio.on_changed),
        # What the library holds
        (library.changed, extras.playback.on_queue),
        (library.changed, tracks.on_changed),
        (library.changed, window.queue.on_catalogue_changed),
        (library.changed, window.transport.refresh),
        (extras.playing.artist_wanted, views.go_to_artist),
        (extras.playing.album_wanted, views.go_to_album),
        (extras.playing.left, window.panels.fit),
        (library.changed, lambda _: extras.opinions.show_playing()),
        (library.changed, window.similar.refresh),
        (library.changed, views.keeper.on_library),
        (library.changed, views.groupings.invalidate),
        (library.changed, views.on_changed),
        (library.changed, services.recommended.follow_library),
        (library.changed, lambda _: extras.start.on_library()),
        (library.changed, views.mark_playing),
        (library.changed, playlists.on_library_changed),
        (library.changed, desktop.mpris.refresh),
        (library.changed, radio.chip.refresh),
        (library.changed, extras.journey.page.refresh),
        (library.changed, extras.map.on_library_changed),
        (library.reset, extras.playback.on_queue),
        (library.reset, tracks.on_reset),
        (library.reset, window.queue.on_catalogue_changed),
        (library.reset, window.transport.refresh),
        (library.reset, extras.opinions.show_playing),
        (library.reset, window.similar.refresh),
        (library.reset, views.keeper.on_library),
        (library.reset, views.groupings.reset),
        (library.reset, views.on_reset),
        (library.reset, services.recommended.reload),
        (library.reset, extras.listening.refresh_later),
        (library.reset, extras.start.on_reset),
        (library.reset, views.mark_playing),
        (library.reset, playlists.page.on_library_reset),
        (library.reset, radio.chip.refresh),
        (library.reset, extras.map.on_library_changed),
        (library.plays_changed, tracks.on_plays_changed),
        (library.plays_changed, views.groupings.invalidate),
        (library.plays_changed, views.on_plays_changed),
        (library.plays_changed, extras.listening.refresh_later),
        (library.plays_changed, playlists.page.refresh_soon),
        (library.plays_changed, desktop.mpris.refresh),
        (library.message, messages.warn),
        (library.copies.found, library_control.on_copies),
        (services.playlists.failed, messages.warn),
        # What the database tells
        (client.connected, window.on_database),
        (client.connected, views.ask_genres),
        (client.connected, sounds.retry),
        (client.connected, services.dislikes.load),
        (client.connected, services.opinions.load),
        (client.connected, extras.listening.refresh_later),
        (client.connected, services.recommended.reload),
        (client.connected, extras.made_up.look),
        (client.connected, services.reasons.retry),
        (client.unavailable, window.on_no_database),
        (client.unavailable, extras.map.on_caught_up),
        (client.caught_up, extras.map.on_caught_up),
        (client.counts_changed, window.similar.set_counts),
        (client.counts_changed, window.model_card.set_counts),
        (client.counts_changed, extras.settings.page.set_counts),
        (client.counts_changed, extras.rebuild.review),
        (client.counts_changed, extras.map.refresh_later),
        (client.counts_changed, similar.set_counts),
        (client.folders_changed, extras.indexing.on_folders),
        (client.folders_changed, extras.settings.on_folders),
        (client.features_arrived, similar.add_features),
        (client.missing_arrived, similar.take_missing),
        (client.tracks_changed, similar.follow),
        (client.tracks_left, similar.drop),
        (client.reset, sounds.refresh),
        (client.reset, services.dislikes.forget),
        (client.reset, services.opinions.forget),
        (client.heirs_changed, lambda _: services.opinions.load()),
        (client.reset, similar.forget_library),
        (client.news, services.dislikes.on_news),
        (client.news, services.opinions.on_news),
        (client.news, services.recommended.on_news),
        (client.news, lambda _: extras.listening.refresh_later()),
        (client.restored, preferences.reload),
        (client.restored, services.dislikes.forget),
        (client.restored, services.dislikes.load),
        (client.restored, services.opinions.forget),
        (client.restored, services.opinions.load),
        (client.restored, services.recommended.reload),
        (client.restored, sounds.refresh),
        (extras.imports.imported, client.recount_plays),
        (extras.imports.imported, services.recommended.reload),
        (extras.imports.imported, services.opinions.load),
        # What sounds alike
        (similar.changed, extras.rebuild.review),
        (similar.changed, extras.journey.page.refresh),
        (similar.changed, extras.map.refresh_later),
        (similar.changed, services.radio.refill),
        (similar.changed, services.recommended.refresh_later),
        (similar.outgrown_changed, extras.rebuild.review),
        (similar.failed, messages.warn),
        (similar.wants_features, lambda known: client.fetch_missing_features(known, similar.known_rev)),
        (similar.wants_more_missing, client.fetch_more_missing),
        (similar.wants_features_of, client.fetch_features),
        # What the indexer does
        (jobs.started, library_control.on_started),
        (jobs.started, extras.rebuild.review),
        (jobs.started, lambda _: views.set_indexing(True)),
        (jobs.started, lambda _: window.similar.set_indexing(True)),
        (jobs.started, lambda _: extras.map.set_indexing(True)),
        (jobs.started, extras.indexing.hold_or_go_on),
        (jobs.stage, library_control.on_stage),
        (jobs.stage, extras.indexing.hold_or_go_on),
        (jobs.paused, library_control.on_paused),
        (jobs.paused, extras.indexing.on_paused),
        (jobs.problem, library_control.on_problem),
        (jobs.failed, library_control.on_failed),
        (jobs.model_swapped, library_control.on_model),
        (jobs.finished, library_control.on_finished),
        (jobs.finished, library.copies.refresh),
        (jobs.finished, lambda _: services.look.artwork.look_again(library.track)),
        (jobs.finished, lambda _: extras.made_up.on_indexed()),
        (jobs.finished, views.ask_genres),
        (jobs.finished, sounds.refresh),
        (jobs.idle, library_control.on_idle),
        (jobs.idle, extras.rebuild.review),
        (jobs.idle, lambda: views.set_indexing(False)),
        (jobs.idle, lambda: window.similar.set_indexing(False)),
        (jobs.idle, extras.indexing.on_jobs_idle),
        (jobs.idle, lambda: extras.map.set_indexing(False)),
        (demo.started, lambda: window.library.set_indexing(True)),
        (demo.started, library_control.on_demo_started),
        (demo.made, window.shell.foot.job.settle),
        (demo.made, jobs.add_folder),
        (demo.failed, lambda *_: window.library.set_indexing(jobs.is_running)),
        (demo.failed, window.shell.foot.job.settle),
        (demo.failed, messages.warn),
        # What a person chose in the settings
        (preferences.changed, extras.playback.on_setting),
        (preferences.changed, desktop.on_setting),
        (preferences.changed, services.sharing.on_setting),
        (preferences.changed, extras.indexing.on_setting),
        (preferences.changed, extras.settings.on_setting),
        (preferences.changed, extras.similar.on_setting),
        (preferences.changed, extras.sound.on_setting),
        (preferences.changed, lambda name: _on_setting(services, name)),
        (preferences.failed, messages.warn),
        (services.look.theme.changed, playlists.page.model.repaint_all),
        # What the log tells, after everyone else
        (client.connected, log_book.on_connected),
        (client.counts_changed, log_book.on_counts),
        (client.folders_changed, log_book.on_folders),
        (similar.changed, log_book.on_similar),
        (player.track_changed, log_book.on_track),
        (jobs.started, log_book.on_job),
        (jobs.stage, log_book.on_stage),
        (jobs.paused, log_book.on_paused),
        (jobs.finished, log_book.on_finished),
        (jobs.failed, log_book.on_failed),
        (jobs.idle, log_book.on_idle),
    ]


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
