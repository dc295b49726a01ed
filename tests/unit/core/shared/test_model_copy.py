"""A model that does not arrive whole, or is none, leaves the one before and no trace of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from indexer.core.errors import SegueError
from indexer.core.home import Home
from indexer.core.model import current_model_folder
from indexer.core.model.manifest import MANIFEST_FILE
from indexer.core.shared.asking import Asking
from indexer.core.shared.model_copy import copy_model
from indexer.core.shared.server import Server
from indexer.core.tracks import TrackId
from tests.unit.core.shared.other_server import Said, other_server
from tests.unit.discover.small_model import PROFILE, write_small_model

LIBRARY: dict[str, object] = {
    "profile": "sonic:1",
    "tracksRev": 1,
    "featuresRev": 1,
    "present": 8,
    "away": 0,
    "analysed": 8,
    "restored": None,
    "news": {},
    "model": "two",
}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model of another machine."""
    home = Home.resolve(tmp_path_factory.mktemp("there"))
    write_model_of(home, "two")
    return current_model_folder(home, PROFILE)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a model of its own."""
    home = Home.resolve(tmp_path / "home")
    write_model_of(home, "one")
    return home


def write_model_of(home: Home, name: str) -> None:
    chance = np.random.default_rng(len(name))
    sounds = {TrackId(f"{number:032x}"): chance.normal(size=(2, 5)).astype(np.float32) for number in range(8)}
    write_small_model(home, sounds, name=name)


def said(shape: object) -> Said:
    return Said(body=json.dumps(shape).encode())


def listing(folder: Path) -> list[dict[str, object]]:
    return [{"name": path.name, "size": path.stat().st_size} for path in folder.iterdir()]


def copied(home: Home, *answers: Said, model: str = "two") -> bool:
    with (
        other_server(said(LIBRARY | {"model": model}), *answers) as server,
        Asking(Server(server.address, "key")) as asking,
    ):
        return copy_model(asking, home, PROFILE)


def assert_as_before(home: Home) -> None:
    assert current_model_folder(home, PROFILE).name == "one"
    assert {path.name for path in (home.models / PROFILE).iterdir()} == {"one", "current.json"}


@pytest.mark.parametrize(
    "files",
    [
        *(None, {}, [{}], [{"name": "ids.npy"}], [{"name": "ids.npy", "size": -1}], []),
        *([{"name": "../ids.npy", "size": 1}], [{"name": "a/b", "size": 1}], [{"name": "..", "size": 1}]),
        [{"name": "ids.npy", "size": 10**15}],
        [{"name": MANIFEST_FILE, "size": 10**9}],
        *(
            [{"name": name, "size": 1}]
            for name in ("a?b", "a b", "a\r\nX-Evil: 1", "\u00e9", ".hidden", "a:b", "a" * 300)
        ),
        [{"name": str(number), "size": 1} for number in range(1_000)],
    ],
)
def test_a_list_of_files_that_is_none_is_not_followed(home: Home, files: object) -> None:
    with pytest.raises(SegueError):
        copied(home, said({"files": files}), Said(body=b"{}"))
    assert_as_before(home)


def test_a_model_that_would_fill_the_disk_is_not_begun(home: Home) -> None:
    files = [{"name": f"{number}.npy", "size": 20_000_000_000} for number in range(99)]
    listed = said({"files": [*files, {"name": MANIFEST_FILE, "size": 2}]})
    with (
        other_server(said(LIBRARY), listed, Said(body=b"{}")) as server,
        Asking(Server(server.address, "key")) as asking,
    ):
        with pytest.raises(SegueError):
            copy_model(asking, home, PROFILE)
        assert not [path for _, path, _ in server.asked if path.endswith(".npy")]
    assert_as_before(home)


def test_a_folder_that_leads_elsewhere_is_not_made(home: Home) -> None:
    for name in ("..", "a/b", "", "a\\b", ".unfinished-me", "a?b", "a b", "a\nb", "\u00e9", "a" * 300):
        with pytest.raises(SegueError):
            copied(home, said({"files": []}), model=name)
    assert_as_before(home)


def test_a_manifest_of_another_model_or_none_is_refused(home: Home, there: Path) -> None:
    manifest = (there / MANIFEST_FILE).read_bytes()
    for wrong in (manifest.replace(b'"two"', b'"six"'), b"{}" * (len(manifest) // 2), manifest[:-4], manifest + b" "):
        with pytest.raises(SegueError):
            copied(home, said({"files": listing(there)}), Said(body=wrong))
    assert_as_before(home)


def test_a_copy_that_is_cut_off_leaves_nothing(home: Home, there: Path) -> None:
    manifest = Said(body=(there / MANIFEST_FILE).read_bytes())
    for wrong in (Said(None), Said(body=b"", headers={"Content-Length": "500"}, close=True), Said(404, b"{}")):
        with pytest.raises(SegueError):
            copied(home, said({"files": listing(there)}), manifest, wrong)
    assert_as_before(home)


def test_where_the_server_has_no_model_the_one_here_stays(home: Home) -> None:
    for shape in (LIBRARY | {"model": None}, LIBRARY | {"model": "one"}, LIBRARY | {"profile": "classic:1"}):
        with other_server(said(shape)) as server, Asking(Server(server.address, "key")) as asking:
            assert not copy_model(asking, home, PROFILE)
    assert_as_before(home)


def test_a_model_that_was_replaced_while_it_was_copied_is_fetched_next_time(home: Home) -> None:
    gone = Said(404, json.dumps({"code": "api-not-there", "message": "", "advice": ""}).encode())
    assert not copied(home, gone, said(LIBRARY | {"model": "three"}))
    with pytest.raises(SegueError):
        copied(home, gone, said(LIBRARY))
    assert_as_before(home)
