"""Features on the real server."""

from __future__ import annotations

import numpy as np
import pytest

from indexer.core.store import Database, FeatureRecord
from indexer.core.tracks import TrackId

pytestmark = pytest.mark.database

KEY = "sonic:1"


def make_record(number: int, profile: str = "sonic", version: int = 1) -> FeatureRecord:
    values = np.random.default_rng(number).normal(size=(3, 40)).astype(np.float32)
    return FeatureRecord(TrackId(f"{number:032x}"), profile, version, values)


def test_values_come_back_bit_for_bit(database: Database) -> None:
    records = [make_record(number) for number in range(3)]
    database.features.upsert(records)
    found = database.features.get(KEY, [record.track for record in records] + [TrackId("f" * 32)])
    assert len(found) == 3
    for record in records:
        np.testing.assert_array_equal(found[record.track], record.values)


def test_profiles_and_versions_are_apart(database: Database) -> None:
    database.features.upsert([make_record(1), make_record(1, version=10), make_record(2, "classic")])
    assert database.features.analysed(KEY) == {make_record(1).track}
    assert database.features.count(KEY) == database.features.count("sonic:10") == 1
    assert [record.profile for record in database.features.iterate("classic:1")] == ["classic"]


def test_analysed_again_is_one_record(database: Database) -> None:
    first = database.features.upsert([make_record(1)])
    second = database.features.upsert([make_record(1)])
    assert second > first
    assert [record.rev for record in database.features.iterate(KEY)] == [second]


def test_ranges_cut_a_library_into_parts(database: Database) -> None:
    database.features.upsert(make_record(number) for number in range(0, 2**20, 2**12))
    middle = f"{2**19:032x}"
    low = {record.track for record in database.features.iterate(KEY, high=middle)}
    high = {record.track for record in database.features.iterate(KEY, low=middle)}
    assert len(low) == len(high) == 128
    assert low | high == database.features.analysed(KEY)
    assert max(low) < middle == min(high)


def test_changes(database: Database) -> None:
    first = database.features.upsert([make_record(1), make_record(1, "classic")])
    assert {record.track for record in database.features.changed_since(KEY, 0)} == {make_record(1).track}
    for number in range(150):
        database.features.upsert([make_record(number)])
    changed = list(database.features.changed_since(KEY, first))
    assert [record.track for record in changed] == [make_record(number).track for number in range(150)]
    assert not list(database.features.changed_since(KEY, database.features.rev()))


def test_removed_for_every_profile(database: Database) -> None:
    database.features.upsert([make_record(1), make_record(1, "classic"), make_record(2)])
    database.features.remove([make_record(1).track])
    assert database.features.analysed(KEY) == {make_record(2).track}
    assert (database.features.count("sonic:1"), database.features.count("classic:1")) == (1, 0)


def test_bad_values_are_refused_and_nothing_is_written(database: Database) -> None:
    bad = FeatureRecord(TrackId("a" * 32), "sonic", 1, np.array([[np.nan]], np.float32))
    with pytest.raises(ValueError, match="not finite"):
        database.features.upsert([make_record(1), bad])
    assert database.features.count(KEY) == database.features.rev() == 0


def test_a_page_ends_where_a_revision_ends(database: Database) -> None:
    first = database.features.upsert([make_record(1), make_record(2), make_record(3), make_record(1, "classic")])
    for number in range(150):
        database.features.upsert([make_record(number, "classic")])  # more revisions than are asked for at once
    second = database.features.upsert([make_record(4), make_record(5)])
    assert [record.rev for record in database.features.page(KEY, 0, 2)] == [first] * 3
    assert [record.rev for record in database.features.page(KEY, 0, 4)] == [first] * 3 + [second] * 2
    assert [record.rev for record in database.features.page(KEY, 0, 50)] == [first] * 3 + [second] * 2
    assert [record.rev for record in database.features.page(KEY, first, 1)] == [second] * 2
    assert database.features.page(KEY, second, 9) == []


def test_records_of_tracks(database: Database) -> None:
    rev = database.features.upsert([make_record(1), make_record(2), make_record(1, "classic")])
    wanted = [make_record(number).track for number in (1, 3)]
    assert [(record.track, record.rev) for record in database.features.records(KEY, wanted)] == [(wanted[0], rev)]
