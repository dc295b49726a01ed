"""Fills and serves supysonic with tracks of another library; run by the Python that has it."""

from __future__ import annotations

import json
import sys
from hashlib import sha1
from pathlib import Path
from typing import Any
from uuid import UUID


def fill(folder: Path, rows: Path) -> None:
    """Make a database of tracks: lines of JSON with number, path, root, artist, album, title, genre and figures."""
    from supysonic import db
    from supysonic.managers.user import UserManager

    db.init_database(f"sqlite:///{folder / 'supysonic.db'}")
    with rows.open(encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    artists = {name: UUID(int=number) for number, name in enumerate(dict.fromkeys(row[3] or "?" for row in read), 1)}
    names = dict.fromkeys((row[3] or "?", row[4]) for row in read)
    albums = {name: UUID(int=number) for number, name in enumerate(names, 1)}
    with db.db.atomic():
        for some in _parts([{"id": identity, "name": name} for name, identity in artists.items()]):
            db.Artist.insert_many(some).execute()
        made = ({"id": identity, "artist": artists[of], "name": name or "?"} for (of, name), identity in albums.items())
        for some in _parts(list(made)):
            db.Album.insert_many(some).execute()
        root = db.Folder.create(root=True, name="music", path="/")
        for some in _parts(read):
            db.Track.insert_many([_track(row, root.id, artists, albums) for row in some]).execute()
    UserManager.add("ada", "ada", admin=True)


def serve(folder: Path) -> None:
    """Serve it as its own command does by default, saying where."""
    from supysonic.config import DefaultConfig
    from supysonic.web import create_application
    from waitress.server import create_server

    config = DefaultConfig()
    config.BASE["database_uri"] = f"sqlite:///{folder / 'supysonic.db'}"
    config.WEBAPP |= {"cache_dir": str(folder / "cache"), "mount_webui": False}
    server = create_server(create_application(config), host="127.0.0.1", port=0)
    sys.stdout.write(f"http://127.0.0.1:{server.effective_port}\n")
    sys.stdout.flush()
    server.run()


def _track(row: list[Any], root: int, artists: dict[str, UUID], albums: dict[tuple[str, str], UUID]) -> dict[str, Any]:
    number, path, _, artist, album, title, genre, place, year, seconds = row
    return {
        "id": UUID(int=number),
        "disc": 1,
        "number": place or 0,
        "title": title or "?",
        "year": year,
        "genre": genre,
        "duration": int(seconds or 0),
        "album": albums[artist or "?", album],
        "artist": artists[artist or "?"],
        "bitrate": 256,
        "path": path,
        "_path_hash": sha1(path.encode("utf-8", "replace")).digest(),
        "last_modification": 0,
        "root_folder": root,
        "folder": root,
    }


def _parts(rows: list[Any]) -> list[list[Any]]:
    return [rows[at : at + 1_000] for at in range(0, len(rows), 1_000)]


if __name__ == "__main__":
    {"fill": lambda: fill(Path(sys.argv[2]), Path(sys.argv[3])), "serve": lambda: serve(Path(sys.argv[2]))}[
        sys.argv[1]
    ]()
