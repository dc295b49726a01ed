"""The folder of the managed database server: which files it holds, and how they are read and written."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from indexer.core.files.json_files import read_object, write_object
from indexer.core.files.privacy import PRIVATE_FOLDER, mend_all
from indexer.core.store.processes import ProcessMark

USER = "segue"


@dataclass(frozen=True)
class ServerFolder:
    """Everything the server of one home keeps, under `path`."""

    path: Path

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper for as long as it lives."""
        return self.path / "keeper.lock"

    @property
    def identity(self) -> str:
        """Which folder this is, wherever it is moved; a copy of it is another one, and has another server.

        Empty where there is no such folder.
        """
        try:
            status = self.path.stat()
        except OSError:
            return ""
        return f"{status.st_dev:x}-{status.st_ino:x}"

    @property
    def leases(self) -> Path:
        """A folder of this folder's own: those in a copy of it are about the server of the original."""
        return self.path / f"leases-{self.identity}"

    @property
    def state_file(self) -> Path:
        return self.path / "server.json"

    @property
    def credentials_file(self) -> Path:
        return self.path / "credentials.json"

    @property
    def stop_request(self) -> Path:
        """While it exists, the keeper ends without waiting for the last user."""
        return self.path / "stop"

    @property
    def full_notice(self) -> Path:
        """Left by a user whom the server refused while the disk was full; the keeper restarts it when it can."""
        return self.path / "disk-was-full"

    @property
    def server_log(self) -> Path:
        return self.path / "server.log"

    @property
    def keeper_log(self) -> Path:
        return self.path / "keeper.log"

    def prepare(self) -> None:
        """Make the folder, for its owner only; what a copy or another program opened to others is closed again.

        Raises:
            OSError: it cannot be made or written to.
        """
        self.path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        mend_all(self.path)
        self.leases.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


@dataclass(frozen=True)
class ServerState:
    """What the keeper says of its server; `port` is None until it listens with its credentials."""

    engine: str
    server: ProcessMark
    keeper: ProcessMark
    port: int | None

    @property
    def is_served(self) -> bool:
        """Whether the server is ready and watched."""
        return self.port is not None and self.server.is_alive() and self.keeper.is_alive()

    def write(self, folder: ServerFolder) -> None:
        record = {"engine": self.engine, "server": str(self.server), "keeper": str(self.keeper), "port": self.port}
        write_object(folder.state_file, {**record, "folder": folder.identity})

    @classmethod
    def read(cls, folder: ServerFolder) -> ServerState | None:
        """What was last written for this folder, None when nothing usable is there."""
        record = read_object(folder.state_file)
        if record.get("folder") != folder.identity:
            return None  # it came with a copy of another folder, whose server it speaks of
        server = ProcessMark.parse(str(record.get("server", "")))
        keeper = ProcessMark.parse(str(record.get("keeper", "")))
        port = record.get("port")
        if server is None or keeper is None or not isinstance(port, int | None):
            return None
        return cls(str(record.get("engine", "")), server, keeper, port)


@dataclass(frozen=True)
class Credentials:
    user: str
    password: str

    @classmethod
    def new(cls) -> Credentials:
        return cls(USER, secrets.token_urlsafe(32))

    @classmethod
    def read(cls, folder: ServerFolder) -> Credentials | None:
        """Those of the server, None before its first start."""
        record = read_object(folder.credentials_file)
        user, password = record.get("user"), record.get("password")
        return cls(user, password) if isinstance(user, str) and isinstance(password, str) else None

    def write(self, folder: ServerFolder) -> None:
        write_object(folder.credentials_file, {"user": self.user, "password": self.password})

    def __repr__(self) -> str:
        """Without the password, which would otherwise end in a log one day."""
        return f"Credentials(user={self.user!r})"
