"""What the window is given to work with: the parts that have no window, made once, and how each ends."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from indexer.core.catalogue.chosen_covers import ChosenCovers
from indexer.core.discover.radio_candidates import LibraryCandidates
from indexer.core.discover.songs import song_rules
from indexer.core.home import Home
from indexer.core.language import tr
from indexer.core.playing.queue import PlayQueue
from indexer.core.settings import Settings
from indexer.core.shared.server import Server
from indexer.core.tracks import TrackId
from musicplayer.desktop.cover_file import CoverFile
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.heirs import Heirs
from musicplayer.discover.journey_planner import JourneyPlanner
from musicplayer.discover.live_lists import LiveLists
from musicplayer.discover.opinions import Opinions
from musicplayer.discover.radio import Radio
from musicplayer.discover.reasons import Reasons
from musicplayer.discover.recommended import Recommended
from musicplayer.discover.similar import Similar
from musicplayer.discover.troubles import Troubles
from musicplayer.jobs.backups import Backups
from musicplayer.jobs.demo_maker import DemoMaker
from musicplayer.jobs.errands import Learning
from musicplayer.jobs.jobs import Jobs
from musicplayer.jobs.library_server import LibraryServer
from musicplayer.library.artwork import Artwork
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from musicplayer.library.shared_model import SharedModel
from musicplayer.library.waveforms import Gains, Waveforms
from musicplayer.playback.backend import AudioBackend
from musicplayer.playback.player import Player
from musicplayer.sharing.sharing import Sharing
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.frame.whose import machine_of
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.look import Look
from musicplayer.ui.look.theme import Theme

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """The parts of the application that have no window, and the look; each is made once, in `make_services`.

    Attributes:
        shared: the server that has the library; None where this machine has it.
        copies: of the model of that server, likewise.
    """

    preferences: Preferences
    look: Look
    library: Library
    playlists: Playlists
    player: Player
    sounds: Waveforms
    gains: Gains
    similar: Similar
    radio: Radio
    journeys: JourneyPlanner
    dislikes: Dislikes
    opinions: Opinions
    recommended: Recommended
    live: LiveLists
    heirs: Heirs
    reasons: Reasons
    jobs: Jobs
    cover_file: CoverFile
    demo: DemoMaker
    backups: Backups
    learning: Learning
    sharing: Sharing
    server: LibraryServer
    chosen_covers: ChosenCovers
    shared: Server | None = None
    copies: SharedModel | None = None


def make_services(
    qt: QApplication,
    home: Home,
    settings: Settings,
    backend: AudioBackend,
    theme: str | None,
    way_down: ExitStack,
    shared: Server | None = None,
) -> Services:
    """Make the parts without a window, in an order that can be undone: what is made last uses what was made before."""
    colours = Theme(qt, theme or settings.theme.value)
    library = Library(home, settings, qt)
    way_down.callback(_close_library, library)
    sounds = Waveforms(library.catalogue, library.client.ask, qt)
    dislikes = Dislikes(library.client.ask, library.client.keep, qt, untold=library.client.untold)
    opinions = Opinions(library.client.ask, library.client.keep, qt)
    troubles = Troubles(library.catalogue, library.client.ask, qt)
    playlists = Playlists(home, library.catalogue, library.client, qt)
    way_down.callback(lambda: library.loose.shutdown(_in_use(player, playlists)))
    way_down.callback(playlists.shutdown)
    preferences = Preferences(home, settings, qt)
    way_down.callback(preferences.shutdown)
    chosen = ChosenCovers(home.covers)
    cover_file = CoverFile(home.cache / "playing", home.thumbnails, qt, chosen=chosen)
    way_down.callback(cover_file.shutdown)
    artwork = Artwork(home.thumbnails, qt, chosen=chosen)
    way_down.callback(artwork.shutdown)
    similar = Similar(home, settings.profile, library.catalogue, qt, dislikes=dislikes, troubles=troubles)
    similar.set_same_artist(settings.same_artist)
    similar.set_song_rules(song_rules(settings))
    copies = None if shared is None else _follow_model(shared, preferences, library, similar, way_down)
    reasons = Reasons(lambda: similar.model, library.client.ask, qt)
    way_down.callback(reasons.shutdown)
    way_down.callback(similar.shutdown)
    recommended = Recommended(home, library, similar, opinions, dislikes, qt)
    way_down.callback(recommended.shutdown)
    live = LiveLists(home, settings.kafka, recommended, similar, qt)
    way_down.callback(live.shutdown)
    candidates = LibraryCandidates(similar.more_like, opinions.is_disliked)
    journeys = JourneyPlanner(similar, candidates.playable, qt)
    way_down.callback(journeys.shutdown)
    backups = Backups(home, settings, qt)
    way_down.callback(backups.shutdown)
    learning = Learning(home, settings, qt)
    way_down.callback(learning.shutdown)
    jobs = Jobs(home, settings, qt)
    way_down.callback(jobs.shutdown)
    demo = DemoMaker(home.demo, qt)
    way_down.callback(demo.shutdown)
    server = LibraryServer(home, settings, qt)
    way_down.callback(server.shutdown)
    sharing = Sharing(home, settings, qt)
    way_down.callback(sharing.shutdown)
    player = Player(backend, PlayQueue(), library.stretch_of, qt)
    way_down.callback(player.close)
    radio = Radio(player, candidates, candidates.song, qt)
    _lean(radio, candidates, recommended, preferences)
    return Services(
        preferences=preferences,
        look=Look(colours, Icons(colours), artwork),
        library=library,
        playlists=playlists,
        player=player,
        sounds=sounds,
        gains=Gains(library.catalogue, sounds, settings, loose=library.loose_track),
        similar=similar,
        radio=radio,
        journeys=journeys,
        dislikes=dislikes,
        opinions=opinions,
        recommended=recommended,
        live=live,
        heirs=Heirs(library, playlists, player, dislikes, qt),
        reasons=reasons,
        jobs=jobs,
        cover_file=cover_file,
        demo=demo,
        backups=backups,
        learning=learning,
        sharing=sharing,
        server=server,
        chosen_covers=chosen,
        shared=shared,
        copies=copies,
    )


def _follow_model(
    shared: Server, preferences: Preferences, library: Library, similar: Similar, way_down: ExitStack
) -> SharedModel:
    """Have the model of a shared library copied, and answered from as soon as it is here."""
    copies = SharedModel(preferences.home, shared, preferences.settings.profile, library.client, similar)
    way_down.callback(copies.shutdown)
    copies.copied.connect(similar.reload)
    similar.failed.connect(lambda *_: copies.mend())

    def take(profile: str) -> None:
        preferences.set("profile", profile)
        copies.failed.emit(
            tr("{machine} hears music another way by now.", machine=machine_of(shared.address)),
            tr("“More like this” goes by it from the next start of this window on."),
        )

    copies.other_profile.connect(take)
    return copies


def _lean(radio: Radio, candidates: LibraryCandidates, recommended: Recommended, preferences: Preferences) -> None:
    """Let the radio lean towards the listener's taste, which is followed while it does."""
    candidates.liking = recommended.liking

    def follow(_name: str = "") -> None:
        candidates.lean = preferences.settings.radio_lean / 100
        recommended.watch("radio", on=radio.is_on and candidates.lean > 0)

    follow()
    radio.changed.connect(follow)
    preferences.changed.connect(follow)


def _in_use(player: Player, playlists: Playlists) -> set[TrackId]:
    """The tracks of the queue and of the playlists."""
    queued = {item.track for item in player.queue.items}
    return queued.union(*(playlist.tracks for playlist in playlists.all()))


def _close_library(library: Library) -> None:
    try:
        library.shutdown()
    except OSError as error:
        _log.warning("the list of tracks could not be saved: %s", error)
