"""What a person sees in the window: what plays, how many rows there are, how soon the panel followed."""

from __future__ import annotations

from indexer.core.tracks import TrackId
from musicplayer.app import Application
from musicplayer.playback.backend import PlaybackState
from musicplayer.tour.hands import check, wait_until
from musicplayer.tour.journal import Journal

PANEL_SECONDS = 5
PLAY_SECONDS = 15


class Eyes:
    """Looks at the window of an application, and at the journal of what happened in it."""

    def __init__(self, application: Application) -> None:
        self.segue = application.services
        self.window = application.window
        self.journal = Journal(self.segue, self.window.similar, self.window)

    def is_playing(self) -> bool:
        return self.segue.player.state is PlaybackState.PLAYING and self.segue.player.position() > 0

    def rows(self) -> int:
        """Rows of the library table."""
        return self.window.library.table.model().rowCount()

    def similar_rows(self) -> int:
        return self.window.similar.list.model().rowCount()

    def queue_rows(self) -> int:
        return self.window.queue.list.model().rowCount()

    def current(self) -> TrackId:
        """The track that plays.

        Raises:
            StepFailed: none does.
        """
        current = self.segue.player.current
        check(current is not None, "no track is current")
        return TrackId(str(current))

    def name(self, track: TrackId) -> str:
        """Artist and title."""
        known = self.segue.library.track(track)
        return " – ".join(filter(None, (known.artist, known.title))) if known else track

    def panel_delay(self, clicked_at: float) -> str:
        """How long after a click the panel had its rows."""
        journal = self.journal
        wait_until(lambda: journal.panel_at is not None, PANEL_SECONDS, "the panel follows")
        return f"the panel had its rows {1000 * ((journal.panel_at or 0) - clicked_at):.0f} ms after the click"
