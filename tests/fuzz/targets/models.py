"""A model folder that somebody else made, with checksums that fit, as an attacker would see to."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.model.folder import POINTER_FILE, TRANSFORM_FILE, file_sum, write_model
from indexer.core.model.manifest import MANIFEST_FILE
from tests.fuzz import json_texts
from tests.fuzz.target import Box, Target
from tests.unit.core.model.states import arrays, manifest, vectors

_TRACKS = 30
_NAMES = (
    "ids",
    "vectors",
    "projections",
    "bucket_keys",
    "bucket_starts",
    "bucket_rows",
    "neighbours",
    "distances",
    "scales",
    "comparable",
    "pairs",
)
_WORDS = (
    b"\x93NUMPY\x01\x00",
    b"\x93NUMPY\x03\x00",
    b"'descr': '|O'",
    b"'descr': '<f8'",
    b"'shape': (99999999999, 2)",
    b"'shape': (0,)",
    b"'shape': (-1,)",
    b"'fortran_order': True",
    b"__import__('os').system('id')",
    b"(" * 200,
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"../outside/secret.npy",
    b"cos\nsystem\n(S'id'\ntR.",
)


def _run_array(data: bytes, box: Box) -> None:
    """The first byte says which file the others are the content of."""
    name = _files()[data[0] % len(_files())] if data else _files()[0]
    _use(_with(box, name, data[1:]))


def _run_manifest(data: bytes, box: Box) -> None:
    folder = _copy(box)
    (folder / MANIFEST_FILE).write_bytes(data)
    _use(folder)


def _run_pointer(data: bytes, box: Box) -> None:
    home = Home.resolve(box.inside / "home")
    place = home.models / "sonic"
    (place / "one").mkdir(parents=True, exist_ok=True)
    (place / POINTER_FILE).write_bytes(data)
    assert current_model_folder(home, "sonic").parent == place


def _use(folder: Path) -> None:
    model = SimilarityModel.load(folder)
    for track in model.tracks()[:3]:
        assert all(near.track != track for near in model.similar(track, 10))
        model.vector(track)
    model.picture()
    model.forget(model.tracks()[:1]) if hasattr(model, "forget") else None


def _with(box: Box, name: str, content: bytes) -> Path:
    folder = _copy(box)
    (folder / name).write_bytes(content)
    record = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    found = file_sum(folder / name)
    record["files"][name] = {"size": found.size, "sha256": found.sha256}
    (folder / MANIFEST_FILE).write_text(json.dumps(record), encoding="utf-8")
    return folder


def _copy(box: Box) -> Path:
    folder = box.inside / "model"
    folder.mkdir(exist_ok=True)
    for name, content in _whole(box.inside).items():
        (folder / name).write_bytes(content)
    return folder


def _files() -> list[str]:
    return [*(f"{name}.npy" for name in _NAMES), TRANSFORM_FILE]


@lru_cache(maxsize=1)
def _whole(inside: Path) -> dict[str, bytes]:
    """The files of a small model."""
    home = Home.resolve(inside / "maker")
    rows = vectors(_TRACKS)
    made = arrays(rows, [f"{number:032x}" for number in range(_TRACKS)], 20)
    write_model(home, manifest(made), made.by_name(), made.transform)
    folder = current_model_folder(home, manifest(made).profile)
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(inside / "maker")
    return content


def _array_seeds(box: Box) -> Sequence[bytes]:
    whole = [bytes([number]) + _whole(box.inside)[name] for number, name in enumerate(_files())]
    objects, huge, bomb = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.save(objects, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.lib.format.write_array_header_1_0(huge, {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 12)})
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("transform.0.unit.npy", b"\x00" * 100_000_000)
    hostile = [objects.getvalue(), huge.getvalue(), bomb.getvalue(), b"\x80\x04" + objects.getvalue()]
    return [*whole, *(bytes([number]) + each for number in (0, 1, 6, len(_files()) - 1) for each in hostile)]


def _manifest_seeds(box: Box) -> Sequence[bytes]:
    record = json.loads(_whole(box.inside)[MANIFEST_FILE])
    sums = {"size": 21, "sha256": "0" * 64}
    hostile = [
        record | {"files": record["files"] | {name: sums}}
        for name in ("../../outside/secret.npy", "/etc/passwd", "/dev/zero", "..", "", "a\x00b", "\\\\server\\x")
    ]
    lying = [record | {"tracks": 10**30}, record | {"probes": 10**9}, record | {"tables": 0, "hashes": -1}]
    return [json.dumps(each).encode() for each in (record, *hostile, *lying)] + json_texts.deep(["format"])


TARGETS = (
    Target("model arrays", _run_array, _array_seeds, _WORDS),
    Target("model manifest", _run_manifest, _manifest_seeds, json_texts.WORDS),
    Target(
        "model pointer",
        _run_pointer,
        lambda _: [b'{"id": "one"}', b'{"id": "../../../outside"}', b'{"id": ".."}', *json_texts.deep(["id"])],
        (*json_texts.WORDS, b'"."', b'"one/../one"', b'"C:\\\\x"', b'"con"'),
        lambda: json_texts.like({"id": "one"}),
    ),
)
