"""The two interfaces of MPRIS as they stand on the bus; every call is passed on to the player's own thread.

Runs in the bus's thread. D-Bus types are read off the annotations, so these are real ones here, not strings.
"""

from typing import Annotated, Any, Protocol

from dbus_fast import DBusError, ErrorType, PropertyAccess
from dbus_fast.annotations import (
    DBusBool,
    DBusDict,
    DBusDouble,
    DBusInt64,
    DBusObjectPath,
    DBusSignature,
    DBusStr,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from indexer.core.playing.queue import Repeat
from musicplayer.desktop import DESKTOP_ID
from musicplayer.desktop.bus import Ask
from musicplayer.desktop.file_urls import path_of_url
from musicplayer.desktop.mpris_values import Values, changes, microseconds, repeat_of, track_path
from musicplayer.desktop.player_state import Playing
from musicplayer.playback.sound import FASTEST, SLOWEST

ROOT = "org.mpris.MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"

_MICROSECONDS = 1_000_000
_Texts = Annotated[list[str], DBusSignature("as")]
_READ = PropertyAccess.READ


class Controls(Protocol):
    """What a remote control can do; all of it is called in Qt's thread."""

    def play(self) -> None: ...
    def pause(self) -> None: ...
    def toggle(self) -> None: ...
    def stop(self) -> None: ...
    def next(self) -> None: ...
    def previous(self) -> None: ...
    def seek_by(self, seconds: float) -> None: ...
    def seek(self, seconds: float) -> None: ...
    def set_volume(self, volume: int) -> None: ...
    def set_repeat(self, repeat: Repeat) -> None: ...
    def set_shuffle(self, on: bool) -> None: ...
    def set_rate(self, rate: float) -> None: ...
    def position(self) -> float: ...
    def playing(self) -> Playing | None: ...
    def open(self, path: str) -> None: ...
    def raise_window(self) -> None: ...
    def quit(self) -> None: ...


class RootInterface(ServiceInterface):
    """org.mpris.MediaPlayer2: the application itself."""

    def __init__(self, controls: Controls, ask: Ask[Any], endings: list[str]) -> None:
        super().__init__(ROOT)
        self._controls = controls
        self._ask = ask
        self._kinds = endings

    @dbus_method("Raise")
    async def raise_(self) -> None:
        await self._ask(self._controls.raise_window)

    @dbus_method("Quit")
    async def quit(self) -> None:
        await self._ask(self._controls.quit)

    @dbus_property(_READ, "CanQuit")
    def can_quit(self) -> DBusBool:
        return True

    @dbus_property(_READ, "CanRaise")
    def can_raise(self) -> DBusBool:
        return True

    @dbus_property(_READ, "HasTrackList")
    def has_track_list(self) -> DBusBool:
        return False

    @dbus_property(_READ, "Identity")
    def identity(self) -> DBusStr:
        return "Segue"

    @dbus_property(_READ, "DesktopEntry")
    def desktop_entry(self) -> DBusStr:
        return DESKTOP_ID

    @dbus_property(_READ, "SupportedUriSchemes")
    def schemes(self) -> _Texts:
        return ["file"]

    @dbus_property(_READ, "SupportedMimeTypes")
    def kinds(self) -> _Texts:
        return self._kinds


class PlayerInterface(ServiceInterface):
    """org.mpris.MediaPlayer2.Player: what plays, and the keys of a remote control."""

    def __init__(self, controls: Controls, ask: Ask[Any], values: Values) -> None:
        super().__init__(PLAYER)
        self._controls = controls
        self._ask = ask
        self._values = values

    def update(self, values: Values) -> None:
        """Take the values of all properties, and signal those that are others."""
        changed = changes(self._values, values)
        self._values = values
        if changed:
            self.emit_properties_changed(changed)

    # Methods

    @dbus_method("Play")
    async def play(self) -> None:
        await self._ask(self._controls.play)

    @dbus_method("Pause")
    async def pause(self) -> None:
        await self._ask(self._controls.pause)

    @dbus_method("PlayPause")
    async def play_pause(self) -> None:
        await self._ask(self._controls.toggle)

    @dbus_method("Stop")
    async def stop(self) -> None:
        await self._ask(self._controls.stop)

    @dbus_method("Next")
    async def next(self) -> None:
        await self._ask(self._controls.next)

    @dbus_method("Previous")
    async def previous(self) -> None:
        await self._ask(self._controls.previous)

    @dbus_method("Seek")
    async def seek(self, offset: DBusInt64) -> None:
        await self._ask(lambda: self._controls.seek_by(offset / _MICROSECONDS))

    @dbus_method("SetPosition")
    async def set_position(self, track: DBusObjectPath, position: DBusInt64) -> None:
        await self._ask(lambda: self._seek_within(track, position / _MICROSECONDS))

    @dbus_method("OpenUri")
    async def open_uri(self, address: DBusStr) -> None:
        path = path_of_url(address)
        if path is None:
            raise DBusError(ErrorType.INVALID_ARGS, f"Segue opens files of this machine, not {address}")
        await self._ask(lambda: self._controls.open(path))

    @dbus_signal("Seeked")
    def seeked(self, seconds: float) -> DBusInt64:
        return microseconds(seconds)

    # Properties

    @dbus_property(_READ, "PlaybackStatus")
    def playback_status(self) -> DBusStr:
        return str(self._values["PlaybackStatus"])

    @dbus_property(name="LoopStatus")
    def loop_status(self) -> DBusStr:
        return str(self._values["LoopStatus"])

    @loop_status.setter
    async def set_loop_status(self, status: DBusStr) -> None:
        try:
            repeat = repeat_of(status)
        except ValueError as error:
            raise DBusError(ErrorType.INVALID_ARGS, str(error)) from error
        await self._ask(lambda: self._controls.set_repeat(repeat))

    @dbus_property(name="Shuffle")
    def shuffle(self) -> DBusBool:
        return bool(self._values["Shuffle"])

    @shuffle.setter
    async def set_shuffle(self, on: DBusBool) -> None:
        await self._ask(lambda: self._controls.set_shuffle(on))

    @dbus_property(name="Volume")
    def volume(self) -> DBusDouble:
        return float(self._values["Volume"])

    @volume.setter
    async def set_volume(self, volume: DBusDouble) -> None:
        await self._ask(lambda: self._controls.set_volume(round(100 * max(0.0, min(volume, 1.0)))))

    @dbus_property(name="Rate")
    def rate(self) -> DBusDouble:
        return float(self._values["Rate"])

    @rate.setter
    async def set_rate(self, rate: DBusDouble) -> None:
        await self._ask(lambda: self._controls.set_rate(rate) if rate > 0 else self._controls.pause())

    @dbus_property(_READ, "MinimumRate")
    def minimum_rate(self) -> DBusDouble:
        return SLOWEST

    @dbus_property(_READ, "MaximumRate")
    def maximum_rate(self) -> DBusDouble:
        return FASTEST

    @dbus_property(_READ, "Metadata")
    def metadata(self) -> DBusDict:
        return dict(self._values["Metadata"])

    @dbus_property(_READ, "Position")
    async def position(self) -> DBusInt64:
        return microseconds(await self._ask(self._controls.position))

    @dbus_property(_READ, "CanGoNext")
    def can_go_next(self) -> DBusBool:
        return bool(self._values["CanGoNext"])

    @dbus_property(_READ, "CanGoPrevious")
    def can_go_previous(self) -> DBusBool:
        return bool(self._values["CanGoPrevious"])

    @dbus_property(_READ, "CanPlay")
    def can_play(self) -> DBusBool:
        return bool(self._values["CanPlay"])

    @dbus_property(_READ, "CanPause")
    def can_pause(self) -> DBusBool:
        return bool(self._values["CanPause"])

    @dbus_property(_READ, "CanSeek")
    def can_seek(self) -> DBusBool:
        return bool(self._values["CanSeek"])

    @dbus_property(_READ, "CanControl")
    def can_control(self) -> DBusBool:
        return True

    # Helpers

    def _seek_within(self, track: str, seconds: float) -> None:
        """Seek if that track still plays and is so long, else nothing, as the specification says."""
        playing = self._controls.playing()
        if playing is not None and track == track_path(playing) and 0 <= seconds <= playing.seconds:
            self._controls.seek(seconds)
