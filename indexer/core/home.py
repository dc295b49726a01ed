"""Where Segue keeps its files: one object that every path of the application comes from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "segue"
HOME_VARIABLE = "SEGUE_HOME"


@dataclass(frozen=True)
class Home:
    """The folders of one Segue installation.

    Attributes:
        config: settings that a person chose.
        data: what cannot be downloaded again: database, models, catalogue snapshot, logs.
        cache: what can be made again at any time: thumbnails.
        root: the one folder that holds all three where one was chosen, None where they are the platform's.
    """

    config: Path
    data: Path
    cache: Path
    root: Path | None = None

    @classmethod
    def resolve(cls, override: Path | None = None) -> Home:
        """Return `override`, else the folder named by SEGUE_HOME, else the platform's own folders."""
        chosen = override or _home_from_environment()
        if chosen is not None:
            root = chosen.expanduser().absolute()
            return cls(config=root / "config", data=root / "data", cache=root / "cache", root=root)
        dirs = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
        return cls(config=dirs.user_config_path, data=dirs.user_data_path, cache=dirs.user_cache_path)

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.json"

    @property
    def database(self) -> Path:
        """Folder of the managed database server: its files, credentials, leases and log."""
        return self.data / "database"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def catalogue_snapshot(self) -> Path:
        return self.data / "catalogue.npz"

    @property
    def embeddings_file(self) -> Path:
        """The embedding networks that were registered, by path and checksum."""
        return self.data / "embeddings.json"

    @property
    def crowds(self) -> Path:
        """Histories of many listeners who are strangers here; each can be imported again."""
        return self.data / "crowds"

    @property
    def stream(self) -> Path:
        """Folder of the plays that were gathered from a Kafka broker to learn from, and of how far that is."""
        return self.data / "stream"

    @property
    def ears(self) -> Path:
        """Folder of the networks that were made of what others trained."""
        return self.data / "ears"

    @property
    def session_file(self) -> Path:
        """Queue, position and volume of the player, written often and small."""
        return self.data / "session.json"

    @property
    def loose_file(self) -> Path:
        """What files said of themselves that are queued without being in the library."""
        return self.data / "loose.json"

    @property
    def playlists_file(self) -> Path:
        """The playlists, as the database has them, for the start and for when there is no database."""
        return self.data / "playlists.json"

    @property
    def server_playlists_file(self) -> Path:
        """What the database is still to be told of playlists that the server changed; there only while there is any."""
        return self.data / "server-playlists.json"

    @property
    def journal_file(self) -> Path:
        """What the database is still to be told of plays and answers; there only while there is any."""
        return self.data / "journal.jsonl"

    @property
    def set_aside_file(self) -> Path:
        """What the server of a shared library did not take of that; told once more with every connection."""
        return self.data / "journal-aside.jsonl"

    @property
    def server_journal_file(self) -> Path:
        """The same of what listeners do by way of the server."""
        return self.data / "server-journal.jsonl"

    @property
    def sharing_file(self) -> Path:
        """The plays that a server of the listener's choice is still to be told of; there only while there are any."""
        return self.data / "sharing.jsonl"

    @property
    def refused_plays_file(self) -> Path:
        """The plays that such a server refused."""
        return self.data / "sharing-refused.jsonl"

    @property
    def accounts_file(self) -> Path:
        """Who may log in to the server: names and rights, and apart from them what proves who somebody is."""
        return self.data / "accounts.json"

    @property
    def marks(self) -> Path:
        """What listeners marked by way of Subsonic apps, a file for each."""
        return self.data / "marks"

    @property
    def certificate_file(self) -> Path:
        """The certificate that the server made itself; `certificate_key_file` is its key."""
        return self.data / "server-certificate.pem"

    @property
    def certificate_key_file(self) -> Path:
        return self.data / "server-key.pem"

    @property
    def libraries(self) -> Path:
        """Folder of the homes of shared libraries, one for each server."""
        return self.data / "libraries"

    @property
    def server_file(self) -> Path:
        """Only in the home of a shared library: the server that has it, and the key that is shown there."""
        return self.data / "server.json"

    @property
    def edits(self) -> Path:
        """What tags were before they were edited, a file for each edit."""
        return self.data / "edits"

    @property
    def covers(self) -> Path:
        """Covers that a person chose in place of those of the music."""
        return self.data / "covers"

    @property
    def demo(self) -> Path:
        return self.data / "demo"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def locks(self) -> Path:
        return self.data / "locks"

    @property
    def thumbnails(self) -> Path:
        return self.cache / "thumbnails"


def _home_from_environment() -> Path | None:
    value = os.environ.get(HOME_VARIABLE)
    return Path(value) if value else None
