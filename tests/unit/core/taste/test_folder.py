"""Models of taste on disk: what is read is what was written, and what is damaged is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.core.home import Home
from indexer.core.model.folder import current_model_folder
from indexer.core.taste.folder import (
    TasteDamaged,
    TasteMissing,
    TasteUnwritable,
    forget_taste,
    load_taste,
    save_taste,
    taste_stamp,
)
from indexer.core.taste.model import TASTE
from tests.unit.core.taste.made import NOW, made_model, made_plays


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.resolve(tmp_path)


def test_what_is_written_answers_the_same(home: Home) -> None:
    model = made_model()
    save_taste(home, model)
    read = load_taste(home)
    assert read.version == model.version
    assert read.manifest == replace(model.manifest, files=read.manifest.files)
    assert read.tracks() == model.tracks()
    one, other = (each.for_listener(made_plays(), {}, NOW) for each in (model, read))
    assert np.array_equal(one.scores, other.scores)
    assert read.explain(other, 7) == model.explain(one, 7)


def test_an_empty_library_can_be_written_too(home: Home) -> None:
    save_taste(home, made_model(items=0, listeners=0))
    assert len(load_taste(home)) == 0


def test_a_new_model_takes_the_place_of_the_old_one_and_is_told_apart(home: Home) -> None:
    assert taste_stamp(home) is None
    save_taste(home, made_model(1))
    before = taste_stamp(home)
    save_taste(home, made_model(2))
    assert load_taste(home).version == "made-2"
    assert taste_stamp(home) != before


def test_none_was_built_yet(home: Home) -> None:
    with pytest.raises(TasteMissing, match="indexer taste build"):
        load_taste(home)


@pytest.mark.parametrize("name", ["columns.npy", "items.npy", "manifest.json"])
@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_a_damaged_file_is_told(home: Home, name: str, harm: str) -> None:
    save_taste(home, made_model())
    file = current_model_folder(home, TASTE) / name
    held = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(held[: len(held) // 2] if harm == "cut" else held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(TasteDamaged, match="indexer taste build"):
        load_taste(home)


@pytest.mark.parametrize(
    "change",
    [
        {"parts": [["listeners", 3]]},
        {"blocks": [["sound", 8]]},
        {"blocks": [["sound", -1], ["words", 12]]},
        {"blocks": "sound"},
        {"format": 99},
        {"profile": "sonic"},
        {"half_life": "long"},
        {"unheard of": 1},
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(home: Home, change: dict[str, object]) -> None:
    save_taste(home, made_model())
    folder = current_model_folder(home, TASTE)
    record = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(record | change), "utf-8")
    pointer = home.models / TASTE / "current.json"
    pointer.write_text(json.dumps({"id": folder.name}), "utf-8")  # without a checksum, as by another hand
    with pytest.raises(TasteDamaged):
        load_taste(home)


def test_items_that_are_none_are_refused(home: Home) -> None:
    model = made_model()
    beyond = replace(model.solve.rows, items=model.solve.rows.items + 1_000)
    save_taste(home, replace(model, solve=replace(model.solve, rows=beyond)))
    with pytest.raises(TasteDamaged):
        load_taste(home)


def test_where_nothing_can_be_written_the_sentence_says_so(home: Home) -> None:
    home.models.mkdir(parents=True)
    (home.models / TASTE).write_text("in the way")
    with pytest.raises(TasteUnwritable, match="in use"):
        save_taste(home, made_model())


def test_what_is_forgotten_is_there_no_more(home: Home) -> None:
    forget_taste(home)
    save_taste(home, made_model())
    forget_taste(home)
    with pytest.raises(TasteMissing):
        load_taste(home)


def test_what_cannot_be_forgotten_is_told(home: Home) -> None:
    home.models.mkdir(parents=True, exist_ok=True)
    (home.models / TASTE).write_text("no folder")
    with pytest.raises(TasteUnwritable, match="could not be deleted"):
        forget_taste(home)
