"""The player's state in the words of MPRIS: names of properties, types of D-Bus.

Source: MPRIS D-Bus Interface Specification 2.2, https://specifications.freedesktop.org/mpris-spec/latest/.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from dbus_fast import Variant

from indexer.core.playing.queue import Repeat
from indexer.core.shared.server import is_address
from indexer.core.tracks import Seconds, Track
from musicplayer.desktop.bus import sendable
from musicplayer.desktop.file_urls import file_url
from musicplayer.desktop.player_state import PlayerState, Playing
from musicplayer.playback.backend import PlaybackState

Values = dict[str, Any]

NO_TRACK: Final = "/org/mpris/MediaPlayer2/TrackList/NoTrack"

_TRACKS: Final = "/app/segue/Segue/track"
_STATUS = {PlaybackState.PLAYING: "Playing", PlaybackState.PAUSED: "Paused", PlaybackState.STOPPED: "Stopped"}
_LOOPS = {Repeat.OFF: "None", Repeat.ONE: "Track", Repeat.ALL: "Playlist"}


def player_values(state: PlayerState) -> Values:
    """The properties of org.mpris.MediaPlayer2.Player that change and are signalled, by name."""
    playing = state.playing
    return {
        "PlaybackStatus": _STATUS[state.state],
        "LoopStatus": _LOOPS[state.repeat],
        "Shuffle": state.shuffle,
        "Rate": state.rate,
        "Volume": state.volume / 100,
        "Metadata": metadata(playing),
        "CanGoNext": state.can_go_next,
        "CanGoPrevious": state.can_go_previous,
        "CanPlay": state.can_play,
        "CanPause": playing is not None,
        "CanSeek": playing is not None and playing.seconds > 0,
    }


def changes(before: Values, after: Values) -> Values:
    """What is another value in `after`."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def metadata(playing: Playing | None) -> dict[str, Variant]:
    """The current track as the specification's a{sv}; what is unknown is left out."""
    if playing is None:
        return {"mpris:trackid": Variant("o", NO_TRACK)}
    track = playing.track
    values = {
        "mpris:trackid": Variant("o", track_path(playing)),
        "mpris:length": Variant("x", microseconds(playing.seconds)) if playing.seconds > 0 else None,
        "mpris:artUrl": Variant("s", file_url(str(playing.cover))) if playing.cover is not None else None,
        "xesam:title": Variant("s", sendable(track.title or Path(track.path).stem)),
        "xesam:artist": _words(track.artist),
        "xesam:album": Variant("s", sendable(track.album)) if track.album else None,
        "xesam:albumArtist": _words(track.album_artist),
        "xesam:genre": _genres(track),
        "xesam:trackNumber": _number(track.track_number),
        "xesam:discNumber": _number(track.disc_number),
        "xesam:contentCreated": Variant("s", f"{track.year:04}-01-01T00:00:00Z") if track.year else None,
        "xesam:useCount": Variant("i", playing.plays),
        "xesam:url": Variant("s", track.path if is_address(track.path) else file_url(track.path)),
    }
    return {name: value for name, value in values.items() if value is not None}


def track_path(playing: Playing | None) -> str:
    """The object path that names a track at one place of the queue."""
    return NO_TRACK if playing is None else f"{_TRACKS}/{playing.place}/{playing.track.id}"


def microseconds(seconds: Seconds) -> int:
    return round(seconds * 1_000_000)


def repeat_of(loop_status: str) -> Repeat:
    """The way of repeating that MPRIS calls so.

    Raises:
        ValueError: it has no such name.
    """
    found = next((repeat for repeat, name in _LOOPS.items() if name == loop_status), None)
    if found is None:
        raise ValueError(f"LoopStatus is None, Track or Playlist, not {loop_status!r}")
    return found


def _words(text: str) -> Variant | None:
    return Variant("as", [sendable(text)]) if text else None


def _genres(track: Track) -> Variant | None:
    genres = track.genres or ((track.genre,) if track.genre else ())
    return Variant("as", [sendable(genre) for genre in genres]) if genres else None


def _number(number: int | None) -> Variant | None:
    return Variant("i", number) if number is not None and 0 <= number < 2**31 else None
