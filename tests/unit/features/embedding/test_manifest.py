"""Every mistake in a manifest has its own sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.model.embedding.errors import ManifestInvalid
from indexer.core.model.embedding.manifest import Layout, Manifest, manifest_path, read_manifest, to_text
from tests.unit.features.embedding.tiny import MANIFEST


def written(folder: Path, text: str) -> Path:
    path = folder / "net.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_valid_manifest(tmp_path: Path) -> None:
    manifest = read_manifest(written(tmp_path, json.dumps(MANIFEST)))
    assert manifest.window_samples == 4_000
    assert manifest.layout.shape(4_000) == (1, 4_000)
    assert Manifest.model_validate_json(to_text(manifest)) == manifest


def test_whole_seconds_and_the_usual_layout_need_no_more(tmp_path: Path) -> None:
    fields = {name: value for name, value in MANIFEST.items() if name != "layout"} | {"window_seconds": 3}
    manifest = read_manifest(written(tmp_path, json.dumps(fields)))
    assert (manifest.layout, manifest.window_samples) == (Layout.BATCH, 24_000)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rate": None}, "field rate is missing"),
        ({"sample_rate": 16_000}, "there is no field sample_rate"),
        ({"rate": "16000"}, "rate: "),
        ({"rate": 100}, "rate: .*4000"),
        ({"window_seconds": 0}, "window_seconds: .*greater than 0"),
        ({"window_seconds": 600}, "window_seconds: .*120"),
        ({"name": "My Net"}, "name: "),
        ({"name": "../up"}, "name: "),
        ({"layout": "samples,batch"}, "layout: .*batch,samples"),
        ({"output": ""}, "output: "),
        ({"version": 2}, "version: "),
    ],
)
def test_mistakes(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    fields = {name: value for name, value in (MANIFEST | changes).items() if value is not None}
    path = written(tmp_path, json.dumps(fields))
    with pytest.raises(ManifestInvalid, match=sentence) as caught:
        read_manifest(path)
    assert str(path) in caught.value.message
    assert '"window_seconds"' in caught.value.advice


@pytest.mark.parametrize(("text", "sentence"), [("{", "not JSON"), ("[]", "object"), ("", "not JSON")])
def test_other_files(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ManifestInvalid, match=sentence):
        read_manifest(written(tmp_path, text))


def test_no_manifest_is_answered_with_an_example(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match=r"no manifest .*net\.json.*for example"):
        read_manifest(manifest_path(tmp_path / "net.onnx"))


def test_bytes_that_are_not_text(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(ManifestInvalid, match="cannot be read"):
        read_manifest(path)


@given(text=st.text() | st.recursive(st.none() | st.integers(), st.lists).map(json.dumps))
def test_nothing_else_is_raised(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.json"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(ManifestInvalid):
        read_manifest(path)
