"""What a person chose, in one typed object that is loaded once and saved on change."""

from __future__ import annotations

import json
import logging
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home

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


class PlayOn(StrEnum):
    """What plays after a track that was double-clicked in a list."""

    LIST = "list"
    ONE = "one"
    RADIO = "radio"


class IndexWhen(StrEnum):
    """When the indexer works through new music by itself."""

    ALWAYS = "always"
    IDLE = "idle"


class Settings(BaseModel):
    """Every field has a default, so that an empty or damaged file still starts the application.

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
        panel_share: of the window's width that the panels were given by hand, 0 where they were not.
        table_states: the headers of the other tables of tracks, by the name of the table.
        album_order: what the wall of covers is sorted by, as in `indexer.core.catalogue.albums`.
        language: such as "de", empty for the system's.
        gain: how loudness is evened out; `gain_preamp` is added to it, in dB.
        equaliser: name of a preset, "off", or "custom" with its `equaliser_bands`, ten of them, in dB.
        equaliser_preamp: dB.
        fade_ms: length of the fade on pause and stop, 0 for none.
        crossfade_seconds: between tracks of different albums, 0 for none.
        audio_device: the output's own name, empty for the system's choice.
        same_artist: in More like this.
        only_songs: leave out what is no song, as `indexer.core.discover.songs` tells it: what is shorter than
            `shortest_song` seconds or longer than `longest_song` minutes, mixes by their names from `named_mix` minutes
            on, talk by its sound from `talk_from` minutes on, and by its names; `no_song_folders` are further names of
            folders and genres, parted by commas.
        play_on: what plays after a track that was double-clicked: the rest of the list, nothing, or the rest of the
            list and then the radio.
        notifications: on a change of track.
        tray: an icon in the tray; `close_to_tray`: closing the window leaves the music on.
        watch_folders: notice new and changed files as they come.
        index_when: when to analyse.
        radio: tracks that the radio sounds like, empty while it is off.
        backup_folder: where the weekly copies go, empty for the folder in the home.
        rebuild_declined: `model/steps`, the model that was not to be rebuilt when it was outgrown by so many steps.
    """

    model_config = ConfigDict(validate_assignment=True, extra="ignore")

    theme: Theme = Theme.SYSTEM
    volume: Annotated[int, Field(ge=0, le=100)] = 80
    repeat: RepeatChoice = RepeatChoice.OFF
    shuffle: bool = False
    database_uri: str | None = None
    workers: Annotated[int | None, Field(ge=1)] = None
    profile: str = "sonic"
    columns: list[str] = []
    sort_column: str = "artist"
    sort_descending: bool = False
    window_geometry: str = ""
    window_state: str = ""
    table_state: str = ""
    last_folder: str = ""
    rebuild_declined: str = ""
    sidebar_width: Annotated[int, Field(ge=0, le=2000)] = 0
    place: str = "tracks"
    searches: dict[str, str] = {}
    sortings: dict[str, str] = {}
    view: dict[str, Any] = {}
    pinned: list[str] = []
    pinned_of: Annotated[int, Field(ge=0)] = 0
    sidebar_hidden: bool = False
    panel_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    table_states: dict[str, str] = {}
    album_order: str = "artist"
    language: str = ""
    gain: Gain = Gain.TRACK
    gain_preamp: Annotated[float, Field(ge=-15, le=15)] = 0.0
    equaliser: str = "off"
    equaliser_bands: list[float] = [0.0] * 10
    equaliser_preamp: Annotated[float, Field(ge=-20, le=20)] = 0.0
    fade_ms: Annotated[int, Field(ge=0, le=5_000)] = 200
    crossfade_seconds: Annotated[float, Field(ge=0, le=15)] = 0.0
    audio_device: str = ""
    same_artist: SameArtist = SameArtist.LIMIT
    only_songs: bool = True
    shortest_song: Annotated[int, Field(ge=0, le=600)] = 20
    longest_song: Annotated[int, Field(ge=5, le=1_440)] = 80
    talk_from: Annotated[int, Field(ge=1, le=1_440)] = 10
    named_mix: Annotated[int, Field(ge=5, le=1_440)] = 25
    no_song_folders: str = ""
    play_on: PlayOn = PlayOn.LIST
    notifications: bool = False
    tray: bool = False
    close_to_tray: bool = False
    watch_folders: bool = True
    index_when: IndexWhen = IndexWhen.ALWAYS
    radio: list[str] = []
    backup_folder: str = ""

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
        return cls._tolerant(content if isinstance(content, dict) else {})

    def save(self, home: Home) -> None:
        """Write the settings atomically.

        Raises:
            OSError: the settings folder cannot be written; the file is as it was.
        """
        # In ASCII: a folder's name that is not UTF-8 is kept by characters that only JSON's escapes can stand for.
        write_atomically(home.settings_file, json.dumps(self.model_dump(), indent=2).encode("ascii"), durable=True)

    @classmethod
    def _tolerant(cls, content: dict[str, Any]) -> Self:
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            unfit = {str(detail["loc"][0]) for detail in error.errors()}
            _log.warning("ignored in the settings: %s", ", ".join(sorted(unfit)))
            return cls.model_validate({name: value for name, value in content.items() if name not in unfit})


def _set_aside(home: Home) -> None:
    """Keep a damaged file for a look at it, out of the way of the next save."""
    try:
        home.settings_file.replace(home.settings_file.with_suffix(".damaged"))
    except OSError:
        _log.warning("%s cannot be renamed", home.settings_file)
