"""Documents come back as the values they were made of."""

from __future__ import annotations

import os

import bson
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.sentences.told import plain
from indexer.core.store.codec import (
    Document,
    clean_text,
    feature_document,
    feature_of,
    file_document,
    file_of,
    pack_path,
    problem_document,
    problem_of,
    track_document,
    track_of,
    unpack_path,
)
from indexer.core.store.records import FeatureRecord
from indexer.core.tracks import FileRecord, Problem, ProblemKind, Track, TrackId, TrackState

TRACK = TrackId("ab" * 16)
any_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
paths = st.one_of(st.text(st.characters(exclude_characters="\0")), st.binary(min_size=1).map(os.fsdecode))


def through_bson(document: Document) -> Document:
    return bson.decode(bson.encode(document))


@given(paths)
def test_any_path_comes_back_equal(path: str) -> None:
    assert unpack_path(through_bson({"path": pack_path(path)})["path"]) == path


def test_only_paths_that_are_not_unicode_are_bytes() -> None:
    assert pack_path("/music/Björk 🎵.mp3") == "/music/Björk 🎵.mp3"
    assert isinstance(pack_path(os.fsdecode(b"/music/\xff.mp3")), bytes)


@given(st.text(st.characters(codec=None)))
def test_any_text_can_be_stored(text: str) -> None:
    stored = through_bson({"text": clean_text(text)})["text"]
    assert len(stored) == len(text)


@given(paths, any_text, st.lists(any_text), st.none() | st.integers(0, 9999), st.sampled_from(TrackState))
def test_track(path: str, title: str, genres: list[str], year: int | None, state: TrackState) -> None:
    track = Track(TRACK, path, "/music", title=title, genres=tuple(genres), year=year, state=state, added_at=1.5, rev=7)
    assert track_of(through_bson(track_document(track, rev=7))) == track


def test_file_of_2038_and_many_gigabytes() -> None:
    record = FileRecord(os.fsdecode(b"/m/\xfe.mp3"), "/m", TRACK, size=9_000_000_000, mtime_ns=2_500_000_000 * 10**9)
    assert file_of(through_bson(file_document(record))) == record


def test_problem() -> None:
    values = {"name": "a.mp3", "then": {"code": "sheet-inside-advice", "values": {}}, "kinds": [".mid", 3, 0.5]}
    problem = Problem(os.fsdecode(b"/m/\xfe.mp3"), ProblemKind.CORRUPT, "file-corrupt", values, 12.5, 1, 2)
    assert problem_of(through_bson(problem_document(problem))) == problem


def test_problem_that_quotes_a_strange_name_can_be_stored() -> None:
    message = os.fsdecode(b"/m/\xfe.mp3") + " is empty."
    problem = Problem("/m/a.mp3", ProblemKind.EMPTY, *plain(message, ""), 1.0)
    assert problem_of(through_bson(problem_document(problem))).message == "/m/?.mp3 is empty."


def test_features_are_one_binary_of_float32() -> None:
    values = np.arange(6, dtype=np.float64).reshape(3, 2)[:, ::-1]
    document = through_bson(feature_document(FeatureRecord(TRACK, "sonic", 1, values), rev=4))
    assert document["_id"] == f"sonic:1:{TRACK}"
    assert len(document["values"]) == 6 * 4
    record = feature_of(document)
    np.testing.assert_array_equal(record.values, values)
    assert (record.values.dtype, record.key, record.rev) == (np.float32, "sonic:1", 4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_values_that_are_not_finite_are_refused(bad: float) -> None:
    with np.errstate(over="ignore"), pytest.raises(ValueError, match="not finite"):
        feature_document(FeatureRecord(TRACK, "sonic", 1, np.array([[1.0, bad]])), rev=1)


def test_flat_values_are_refused() -> None:
    with pytest.raises(ValueError, match="windows, dims"):
        feature_document(FeatureRecord(TRACK, "sonic", 1, np.zeros(3, np.float32)), rev=1)
