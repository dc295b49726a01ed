"""What the window is given to work with."""

from __future__ import annotations

from dataclasses import dataclass

from musicplayer.desktop.cover_file import CoverFile
from musicplayer.discover.dislikes import Dislikes
from musicplayer.discover.heirs import Heirs
from musicplayer.discover.journey_planner import JourneyPlanner
from musicplayer.discover.radio import Radio
from musicplayer.discover.reasons import Reasons
from musicplayer.discover.similar import Similar
from musicplayer.jobs.backups import Backups
from musicplayer.jobs.demo_maker import DemoMaker
from musicplayer.jobs.jobs import Jobs
from musicplayer.library.artwork import Artwork
from musicplayer.library.library import Library
from musicplayer.library.playlists import Playlists
from musicplayer.library.waveforms import Gains, Waveforms
from musicplayer.playback.player import Player
from musicplayer.ui.frame.preferences import Preferences
from musicplayer.ui.look.icons import Icons
from musicplayer.ui.look.theme import Theme


@dataclass(frozen=True)
class Services:
    """The parts of the application that have no window, and the look; each is made once, in `musicplayer.app`."""

    preferences: Preferences
    theme: Theme
    icons: Icons
    library: Library
    playlists: Playlists
    player: Player
    sounds: Waveforms
    gains: Gains
    similar: Similar
    radio: Radio
    journeys: JourneyPlanner
    dislikes: Dislikes
    heirs: Heirs
    reasons: Reasons
    jobs: Jobs
    artwork: Artwork
    cover_file: CoverFile
    demo: DemoMaker
    backups: Backups
