"""The files that Segue keeps for itself, changed by somebody else: settings, queue, accounts, catalogue, networks."""

from __future__ import annotations

import json
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import match, parse
from indexer.core.catalogue.shown import Column
from indexer.core.home import Home
from indexer.core.model.embedding.manifest import read_manifest
from indexer.core.model.embedding.registry import profile_of, registered
from indexer.core.playing.queue import PlayQueue
from indexer.core.settings import Settings
from musicplayer.playback import session
from musicplayer.server.accounts.keeping import AccountsFile
from tests.fuzz import json_texts
from tests.fuzz.target import Box, Target
from tests.unit.core.catalogue.tracks import track

_MANIFEST = {"name": "mynet", "version": "1", "rate": 16000, "window_seconds": 3, "input": "audio", "output": "out"}
_ACCOUNTS = {
    "version": 1,
    "accounts": [{"id": "owner", "name": "Anna", "admin": True, "highest_bit_rate": 0}],
    "secrets": {
        "server": "00" * 32,
        "passwords": {"owner": f"scrypt$1$8$1${'00' * 16}${'00' * 32}"},
        "devices": [{"id": "abcdefgh", "name": "phone", "made": 1.0, "used": 0.0, "listener": "owner"}],
        "sessions": {"00" * 32: ["owner", 2e9]},
    },
}
_NETWORK = {"name": "mynet", "model": "/x.onnx", "sha256": "0" * 64, "manifest": json.dumps(_MANIFEST), "dims": 4}


def _home(box: Box) -> Home:
    home = Home.resolve(box.inside / "home")
    for path in (home.settings_file, home.session_file, home.embeddings_file):
        path.parent.mkdir(parents=True, exist_ok=True)
    return home


def _run_settings(data: bytes, box: Box) -> None:
    home = _home(box)
    home.settings_file.write_bytes(data)
    found = Settings.load(home)
    found.save(home)
    assert Settings.load(home) == found or found != found  # noqa: PLR0124 - NaN


def _run_queue(data: bytes, box: Box) -> None:
    home = _home(box)
    home.session_file.write_bytes(data)
    state = session.read_saved(home.session_file)
    session.position_of(state)
    if isinstance(state, dict):
        queue = PlayQueue.from_state(state)
        again = PlayQueue.from_state(json.loads(json.dumps(queue.to_state())))
        assert len(again) == len(queue)


def _run_snapshot(data: bytes, box: Box) -> None:
    catalogue = Catalogue()
    catalogue.load_snapshot(box.file("catalogue.npz", data))
    rows = catalogue.rows()
    catalogue.ids(rows.tolist())
    for column in (Column.TITLE, Column.YEAR, Column.ADDED):
        catalogue.sort_order(rows, column)
    match(catalogue, parse("artist:x -y year>1990"))


def _run_manifest(data: bytes, box: Box) -> None:
    manifest = read_manifest(box.file("network.json", data))
    assert manifest.window_samples > 0


def _run_networks(data: bytes, box: Box) -> None:
    home = _home(box)
    home.embeddings_file.write_bytes(data)
    for network in registered(home).values():
        profile_of(network)


def _run_accounts(data: bytes, box: Box) -> None:
    """Sound, or set aside as it was; what is sound can be written and read again."""
    home = _home(box)
    for path in home.data.glob("accounts*.json"):
        path.unlink()
    home.accounts_file.write_bytes(data)
    file = AccountsFile(home.accounts_file)
    if file.trouble is None:
        with file.changing() as kept:
            kept.named("anna")
        assert AccountsFile(home.accounts_file).kept() == kept
    else:
        assert data in [path.read_bytes() for path in home.data.glob("accounts*.json")]
        assert not file.kept().accounts


def _snapshots(box: Box) -> Sequence[bytes]:
    catalogue = Catalogue()
    catalogue.upsert([track(n, artist="é", year=1990 + n) for n in range(4)])
    path = box.inside / "whole.npz"
    catalogue.save_snapshot(path)
    return [path.read_bytes()]


def _queue() -> dict[str, object]:
    queue = PlayQueue()
    state: dict[str, object] = queue.to_state()
    return state


def _lists() -> SearchStrategy[bytes]:
    return st.lists(json_texts.like(_NETWORK), max_size=3).map(lambda parts: b"[" + b",".join(parts) + b"]")


def _written(content: object) -> bytes:
    return json.dumps(content).encode()


_ARRAYS = (b"\x93NUMPY", b"'descr': '|O'", b"'shape': (99999999999,)", b"'fortran_order': True", b"PK\x03\x04", b"|O")
TARGETS = (
    Target(
        "settings",
        _run_settings,
        lambda _: [_written(Settings().by_name()), *json_texts.deep(["columns"])],
        json_texts.WORDS,
        lambda: json_texts.like(Settings().by_name()),
    ),
    Target(
        "queue",
        _run_queue,
        lambda _: [_written(_queue()), *json_texts.deep()],
        json_texts.WORDS,
        lambda: json_texts.like(_queue(), {"track": "01", "seconds": 1.0, "duration": 2.0}),
    ),
    Target(
        "accounts",
        _run_accounts,
        lambda _: [_written(_ACCOUNTS), *json_texts.deep(["accounts", "secrets"])],
        json_texts.WORDS,
        lambda: json_texts.like(_ACCOUNTS),
    ),
    Target("catalogue", _run_snapshot, _snapshots, _ARRAYS),
    Target(
        "network",
        _run_manifest,
        lambda _: [_written(_MANIFEST), *json_texts.deep()],
        json_texts.WORDS,
        lambda: json_texts.like(_MANIFEST),
    ),
    Target("networks", _run_networks, lambda _: [_written([_NETWORK]), *json_texts.deep()], json_texts.WORDS, _lists),
)
