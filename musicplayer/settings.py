"""What a person chose, in one typed object that is loaded once and saved on change."""

from __future__ import annotations

import json
import logging
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.home import Home
from musicplayer.atomic import write_atomically

_log = logging.getLogger(__name__)


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class RepeatChoice(StrEnum):
    OFF = "off"
    ONE = "one"
    ALL = "all"


class Settings(BaseModel):
    """Every field has a default, so that an empty or damaged file still starts the application.

    Attributes:
        volume: per cent.
        database_uri: address of a MongoDB server, None for the one that Segue manages itself.
        workers: processes that analyse music, None for one per core.
        profile: feature profile that recommendations are made from.
        columns: names of the visible columns of the library table in order, empty for the default.
        column_widths: pixels by column name.
        sort_column: name of the column that the library is sorted by.
        window_geometry: Qt's own description of size and place, in base64.
        window_state: the same of docks and tool bars.
        table_state: the same of the header of the library table.
        last_folder: where the folder that was added last lies.
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
    column_widths: dict[str, int] = {}
    sort_column: str = "artist"
    sort_descending: bool = False
    window_geometry: str = ""
    window_state: str = ""
    table_state: str = ""
    last_folder: str = ""
    rebuild_declined: str = ""

    @classmethod
    def load(cls, home: Home) -> Self:
        """Read the settings; a field that does not fit keeps its default, an unreadable file is set aside."""
        try:
            content = json.loads(home.settings_file.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError):
            _log.warning("%s cannot be read; starting with default settings", home.settings_file)
            _set_aside(home)
            return cls()
        return cls._tolerant(content if isinstance(content, dict) else {})

    def save(self, home: Home) -> None:
        """Write the settings atomically.

        Raises:
            OSError: the settings folder cannot be written; the file is as it was.
        """
        write_atomically(home.settings_file, self.model_dump_json(indent=2).encode(), durable=True)

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
