"""Media controls of the desktop: keys, lock screen, headset and `playerctl` reach the player through MPRIS 2.

On Linux the media keys of a keyboard come this way too: GNOME, KDE and the others hand them to the player on the bus.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from indexer.core.files.kinds import MIME_TYPES
from indexer.core.playing.queue import Repeat
from indexer.core.tracks import Seconds, Track, TrackId
from musicplayer.desktop.bus import SessionBus
from musicplayer.desktop.player_state import PlayerState, Playing
from musicplayer.playback.player import Player

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

    from musicplayer.desktop.mpris_interfaces import PlayerInterface

BUS_NAME = "org.mpris.MediaPlayer2.segue"
OBJECT_PATH = "/org/mpris/MediaPlayer2"


class Known(Protocol):
    """What is known of tracks."""

    def track(self, track: TrackId) -> Track | None: ...
    def plays(self, track: TrackId) -> int: ...


class Mpris(QObject):
    """Shows the player on the bus and does what is asked of it there.

    Signals:
        opened: path of a file or folder to play.
        raised: the window is to come to the front.
        quitted: the application is to end.
    """

    opened = Signal(object)  # a str, which as such would lose what is not UTF-8
    raised = Signal()
    quitted = Signal()

    def __init__(self, player: Player, known: Known, bus: SessionBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._known = known
        self._bus = bus
        self._cover: tuple[TrackId, Path] | None = None
        self._place: int | None = None
        self._shown: PlayerInterface | None = None  # belongs to the bus's thread
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._publish)
        self._last = self._state()
        for signal in (player.state_changed, player.queue_changed, player.modes_changed, player.volume_changed,
                       player.rate_changed, player.duration_changed):  # fmt: skip
            signal.connect(self.refresh)
        player.track_changed.connect(self._on_track)
        player.seeked.connect(self._on_seeked)

    async def attach(self, bus: MessageBus) -> None:
        """Stand on the bus; called in its thread."""
        from dbus_fast import NameFlag, RequestNameReply  # noqa: PLC0415 - in the bus's thread, see SessionBus

        from musicplayer.desktop.mpris_interfaces import PlayerInterface, RootInterface  # noqa: PLC0415 - the same
        from musicplayer.desktop.mpris_values import player_values  # noqa: PLC0415 - the same

        self._shown = PlayerInterface(self, self._bus.ask, player_values(self._last))
        bus.export(OBJECT_PATH, RootInterface(self, self._bus.ask, MIME_TYPES))
        bus.export(OBJECT_PATH, self._shown)
        taken = await bus.request_name(BUS_NAME, NameFlag.DO_NOT_QUEUE)
        if taken is not RequestNameReply.PRIMARY_OWNER:  # a Segue with another home has it
            await bus.request_name(f"{BUS_NAME}.instance{os.getpid()}", NameFlag.DO_NOT_QUEUE)
        await self._bus.ask(self._publish)

    def refresh(self, *_: object) -> None:
        """Something about the player or its track is another; changes of one moment are told together."""
        self._soon.start()

    def set_cover(self, track: TrackId, cover: Path) -> None:
        """The picture of a track is in this file."""
        self._cover = (track, cover)
        self.refresh()

    # Controls, see mpris_interfaces

    def play(self) -> None:
        self._player.play()

    def pause(self) -> None:
        self._player.pause()

    def toggle(self) -> None:
        self._player.toggle()

    def stop(self) -> None:
        self._player.stop()

    def next(self) -> None:
        self._player.next()

    def previous(self) -> None:
        self._player.previous()

    def seek(self, seconds: Seconds) -> None:
        self._player.seek(seconds)

    def seek_by(self, seconds: Seconds) -> None:
        """Go on or back; beyond the end is the next track."""
        target = self._player.position() + seconds
        duration = self._player.duration()
        if self._player.current is None:
            return
        if duration and target > duration:
            self._player.next()
        else:
            self._player.seek(target)

    def set_volume(self, volume: int) -> None:
        self._player.set_volume(volume)

    def set_repeat(self, repeat: Repeat) -> None:
        self._player.set_repeat(repeat)

    def set_shuffle(self, on: bool) -> None:
        self._player.set_shuffle(on)

    def set_rate(self, rate: float) -> None:
        self._player.set_rate(rate)

    def position(self) -> Seconds:
        return self._player.position()

    def playing(self) -> Playing | None:
        return self._state().playing

    def open(self, path: str) -> None:
        self.opened.emit(path)

    def raise_window(self) -> None:
        self.raised.emit()

    def quit(self) -> None:
        """End soon, so that the caller has its answer first."""
        QTimer.singleShot(0, self, self.quitted.emit)

    # Telling

    def _on_track(self, _track: TrackId | None) -> None:
        current = self._player.queue.current
        place = None if current is None else current.uid
        if place is not None and place == self._place:  # the same one from its start: repeated
            self._on_seeked(0.0)
        self._place = place
        self.refresh()

    def _on_seeked(self, position: Seconds) -> None:
        self._bus.post(lambda: self._shown.seeked(position) if self._shown is not None else None)

    def _publish(self) -> None:
        state = self._state()
        self._last = state
        self._bus.post(lambda: self._show(state))

    def _show(self, state: PlayerState) -> None:
        """In the bus's thread."""
        if self._shown is not None:
            from musicplayer.desktop.mpris_values import player_values  # noqa: PLC0415 - in the bus's thread

            self._shown.update(player_values(state))

    def _state(self) -> PlayerState:
        player = self._player
        queue = player.queue
        return PlayerState(
            state=player.state,
            repeat=queue.repeat,
            shuffle=queue.shuffle,
            rate=player.rate,
            volume=player.volume,
            playing=self._playing(),
            can_play=player.can_play,
            can_go_next=queue.peek_next(by_user=True) is not None,
            can_go_previous=player.current is not None,
        )

    def _playing(self) -> Playing | None:
        current = self._player.current
        if current is None:
            return None
        item = self._player.queue.current
        track = self._known.track(current) or Track(id=current, path="/", root="/")
        return Playing(
            track=track,
            place=item.uid if item is not None else 0,
            seconds=self._player.duration() or track.seconds or 0.0,
            plays=self._known.plays(current),
            cover=self._cover[1] if self._cover is not None and self._cover[0] == current else None,
        )
