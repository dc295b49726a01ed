"""What a person chose, in one typed object that is loaded once and saved on change.

Values are checked here rather than by a library for that: to load one takes a fifth of a start, and 15 MB.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field, fields
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Self, get_args, get_origin, get_type_hints

from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.tracks import Hearing

_log = logging.getLogger(__name__)


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class RepeatChoice(StrEnum):
    OFF = "off"
    ONE = "one"
    ALL = "all"


class Gain(StrEnum):
    """What loudness is evened out by."""

    OFF = "off"
    TRACK = "track"
    ALBUM = "album"


class SameArtist(StrEnum):
    """What becomes of the seed's own artist among what sounds like it."""

    ALLOW = "allow"
    LIMIT = "limit"
    HIDE = "hide"


class NearBy(StrEnum):
    """What "More like this" goes by."""

    SOUND = "sound"
    WORDS = "words"
    LISTENERS = "listeners"
    ALL = "all"


class PlayOn(StrEnum):
    """What plays after a track that was double-clicked in a list."""

    LIST = "list"
    ONE = "one"
    RADIO = "radio"


class IndexWhen(StrEnum):
    """When the indexer works through new music by itself."""

    ALWAYS = "always"
    IDLE = "idle"


class Unfit(ValueError):
    """A setting does not take this value."""


@dataclass(frozen=True)
class Within:
    """Bounds of a number, both included."""

    least: float
    most: float = math.inf


@dataclass
class Settings:
    """Every field has a default, so that an empty or damaged file still starts the application.

    Assigning what a field does not take raises `Unfit`, and leaves the field as it is.

    Attributes:
        volume: per cent.
        database_uri: address of a MongoDB server, None for the one that Segue manages itself.
        workers: processes that analyse music, None for one per core.
        profile: feature profile that recommendations are made from.
        columns: names of the visible columns of the library table in order, empty for the default.
        sort_column: name of the column that the library is sorted by.
        window_geometry: Qt's own description of size and place, in base64.
        window_state: the same of docks and tool bars.
        table_state: the same of the header of the library table.
        last_folder: where the folder that was added last lies.
        sidebar_width: pixels of the side bar.
        place: key of the place shown last, as in `musicplayer.ui.frame.places`.
        searches: what is typed in the search fields, by place; `sortings`: columns that other places than all tracks
            are sorted by, from the end with a "-" before the name.
        view: what was selected and in view at the end, as the page of the place describes it.
        pinned: tracks that More like this stays with, of `pinned_of` that were chosen; none while it follows the music.
        sidebar_hidden: whether it is hidden.
        panel_share: of the window's width that the panels were given by hand, 0 where they were not; `queue_share` is
            what the queue was given of the height of both.
        table_states: the headers of the other tables of tracks, by the name of the table.
        browser: keys of what is chosen in the lists of the column browser, by list; `browser_share` is their part of
            the height, 0 where it was not given by hand.
        album_order: what the wall of covers is sorted by, as in `indexer.core.catalogue.albums`.
        language: such as "de", empty for the system's.
        gain: how loudness is evened out; `gain_preamp` is added to it, in dB.
        equaliser: name of a preset, "off", or "custom" with its `equaliser_bands`, ten of them, in dB.
        equaliser_preamp: dB.
        fade_ms: length of the fade on pause and stop, 0 for none.
        crossfade_seconds: between tracks of different albums, 0 for none.
        audio_device: the output's own name, empty for the system's choice.
        same_artist: in More like this; `near_by` is what that goes by.
        only_songs: leave out what is no song, as `indexer.core.discover.songs` tells it: what is shorter than
            `shortest_song` seconds or longer than `longest_song` minutes, mixes by their names from `named_mix` minutes
            on, talk by its sound from `talk_from` minutes on, and by its names; `no_song_folders` are further names of
            folders and genres, parted by commas.
        play_on: what plays after a track that was double-clicked: the rest of the list, nothing, or the rest of the
            list and then the radio.
        notifications: on a change of track.
        tray: an icon in the tray; `close_to_tray`: closing the window leaves the music on.
        watch_folders: notice new and changed files as they come.
        scan_due: indexing was cut short by the end of Segue, and is taken up at the next start.
        index_when: when to analyse.
        hearing: how much of long tracks More like this goes by.
        radio: tracks that the radio sounds like, empty while it is off; `radio_lean` is how far it leans towards the
            listener's taste, from 0 to 100.
        backup_folder: where the weekly copies go, empty for the folder in the home.
        sharing: tell the server at the address `sharing_server` what is played; `sharing_token` is its user's secret.
        serve: share the library on the network while the player runs: at `serve_host`, an address of this machine or
            0.0.0.0 for all it has, and `serve_port`; with `serve_tls` by TLS, with a certificate that is made here.
        kafka: address of a broker that is told of plays, as `indexer.core.kafka.address` has it; empty for none.
        edit_tags: offer to change what files say of themselves; else Segue only reads them.
        rebuild_declined: `model/steps`, the model that was not to be rebuilt when it was outgrown by so many steps.
    """

    theme: Theme = Theme.SYSTEM
    volume: Annotated[int, Within(0, 100)] = 80
    repeat: RepeatChoice = RepeatChoice.OFF
    shuffle: bool = False
    database_uri: str | None = None
    workers: Annotated[int | None, Within(1)] = None
    profile: str = "sonic"
    columns: list[str] = field(default_factory=list)
    sort_column: str = "artist"
    sort_descending: bool = False
    window_geometry: str = ""
    window_state: str = ""
    table_state: str = ""
    last_folder: str = ""
    rebuild_declined: str = ""
    sidebar_width: Annotated[int, Within(0, 2000)] = 0
    place: str = "tracks"
    searches: dict[str, str] = field(default_factory=dict)
    sortings: dict[str, str] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)
    pinned: list[str] = field(default_factory=list)
    pinned_of: Annotated[int, Within(0)] = 0
    sidebar_hidden: bool = False
    panel_share: Annotated[float, Within(0, 1)] = 0.0
    queue_share: Annotated[float, Within(0, 1)] = 0.0
    table_states: dict[str, str] = field(default_factory=dict)
    browser: dict[str, list[str]] = field(default_factory=dict)
    browser_share: Annotated[float, Within(0, 1)] = 0.0
    album_order: str = "artist"
    language: str = ""
    gain: Gain = Gain.TRACK
    gain_preamp: Annotated[float, Within(-15, 15)] = 0.0
    equaliser: str = "off"
    equaliser_bands: list[float] = field(default_factory=lambda: [0.0] * 10)
    equaliser_preamp: Annotated[float, Within(-20, 20)] = 0.0
    fade_ms: Annotated[int, Within(0, 5_000)] = 200
    crossfade_seconds: Annotated[float, Within(0, 15)] = 0.0
    audio_device: str = ""
    same_artist: SameArtist = SameArtist.LIMIT
    near_by: NearBy = NearBy.SOUND
    only_songs: bool = True
    shortest_song: Annotated[int, Within(0, 600)] = 20
    longest_song: Annotated[int, Within(5, 1_440)] = 80
    talk_from: Annotated[int, Within(1, 1_440)] = 10
    named_mix: Annotated[int, Within(5, 1_440)] = 25
    no_song_folders: str = ""
    play_on: PlayOn = PlayOn.LIST
    notifications: bool = False
    tray: bool = False
    close_to_tray: bool = False
    watch_folders: bool = True
    scan_due: bool = False
    index_when: IndexWhen = IndexWhen.ALWAYS
    hearing: Hearing = Hearing.THOROUGH
    radio: list[str] = field(default_factory=list)
    radio_lean: Annotated[int, Within(0, 100)] = 25
    backup_folder: str = ""
    sharing: bool = False
    sharing_server: str = "https://api.listenbrainz.org"
    sharing_token: str = ""
    serve: bool = False
    serve_host: str = "0.0.0.0"  # noqa: S104 - only where it is switched on
    serve_port: Annotated[int, Within(1_024, 65_535)] = 4849
    serve_tls: bool = False
    kafka: str = ""
    edit_tags: bool = False

    def __setattr__(self, name: str, value: object) -> None:
        kind = kinds().get(name)
        super().__setattr__(name, value if kind is None else _fitted(kind, value))

    @classmethod
    def load(cls, home: Home) -> Self:
        """Read the settings; a field that does not fit keeps its default, an unreadable file is set aside."""
        try:
            content = json.loads(home.settings_file.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, RecursionError):
            _log.warning("%s cannot be read; starting with default settings", home.settings_file)
            _set_aside(home)
            return cls()
        return cls.of(content if isinstance(content, dict) else {})

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """The settings of fields by name; one that does not fit keeps its default, and others are ignored."""
        found, unfit = cls(), []
        for name in kinds().keys() & content.keys():
            try:
                setattr(found, name, content[name])
            except Unfit:
                unfit.append(name)
        if unfit:
            _log.warning("ignored in the settings: %s", ", ".join(sorted(unfit)))
        return found

    def by_name(self) -> dict[str, Any]:
        """All fields, in values that JSON takes."""
        return asdict(self)

    def copy(self) -> Self:
        """The same settings, which do not change with these."""
        return deepcopy(self)

    def save(self, home: Home) -> None:
        """Write the settings atomically.

        Raises:
            OSError: the settings folder cannot be written; the file is as it was.
        """
        # In ASCII: a folder's name that is not UTF-8 is kept by characters that only JSON's escapes can stand for.
        write_atomically(home.settings_file, json.dumps(self.by_name(), indent=2).encode("ascii"), durable=True)


@cache
def kinds() -> dict[str, Any]:
    """The type of each setting by its name."""
    hints = get_type_hints(Settings, include_extras=True)
    return {each.name: hints[each.name] for each in fields(Settings)}


def _fitted(kind: Any, value: Any) -> Any:
    """`value` as a field of this type holds it: whole numbers where they are meant, lists and texts of its own.

    Raises:
        Unfit: it is none.
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _bounded(_fitted(parts[0], value), parts[1])
    if origin is UnionType:
        return None if value is None else _fitted(next(part for part in parts if part is not NoneType), value)
    if origin is list and isinstance(value, list | tuple):
        return [_fitted(parts[0], each) for each in value]
    if origin is dict and isinstance(value, Mapping):
        return {_fitted(parts[0], name): _fitted(parts[1], each) for name, each in value.items()}
    return value if kind is Any else _plain(kind, value)


def _bounded(value: float | None, bounds: Within) -> float | None:
    if value is not None and not bounds.least <= value <= bounds.most:
        raise Unfit(value)
    return value


def _plain(kind: Any, value: Any) -> Any:
    """A text, a switch, a number or one of a few."""
    if kind is str and isinstance(value, str):
        return str(value)
    if kind is bool and isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if kind is int and (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        return int(value)
    try:
        if kind is float and isinstance(value, int | float):
            return float(value)
        if issubclass(kind, Enum) and isinstance(value, str):
            return kind(value)
    except (ValueError, OverflowError) as error:
        raise Unfit(value) from error
    raise Unfit(value)


def _set_aside(home: Home) -> None:
    """Keep a damaged file for a look at it, out of the way of the next save."""
    try:
        home.settings_file.replace(home.settings_file.with_suffix(".damaged"))
    except OSError:
        _log.warning("%s cannot be renamed", home.settings_file)
