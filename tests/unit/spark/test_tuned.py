"""What tuning stores is found by builds, and nothing else is."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from indexer.core.home import Home
from indexer.core.model.profiles import CLASSIC, SONIC
from indexer.spark.choice import Setting, Tuned, read_tuned, store_tuned, tuned_points, tuning_file

TUNED = Tuned(Setting(1, 3, 0.5), CLASSIC.key, 265, 0.97)


def test_what_is_stored_is_read(home: Home) -> None:
    assert read_tuned(home, CLASSIC) is None
    store_tuned(home, CLASSIC, {"chosen": TUNED.as_record()})
    assert read_tuned(home, CLASSIC) == TUNED
    assert read_tuned(home, SONIC) is None


@pytest.mark.parametrize("text", ["", "[]", '{"chosen": 3}', '{"chosen": {"setting": {"hashes": 1}}}'])
def test_a_damaged_file_counts_as_none(home: Home, text: str) -> None:
    path = tuning_file(home, CLASSIC)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert read_tuned(home, CLASSIC) is None


def test_another_version_of_the_profile_is_not_served(home: Home) -> None:
    store_tuned(home, SONIC, {"chosen": Tuned(Setting(9, 32, 1.0), "sonic:0", 265, 0.97).as_record()})
    assert read_tuned(home, SONIC) is None


def test_compound_keys_serve_libraries_of_about_the_same_size() -> None:
    compound = Tuned(Setting(9, 32, 1.0), SONIC.key, 1_000, 0.97)
    assert [compound.serves(tracks) for tracks in (100, 900, 1_400, 2_000)] == [False, True, True, False]
    assert TUNED.serves(1_000_000)


def test_points_are_told_for_plots(home: Home) -> None:
    assert tuned_points(home, CLASSIC) == []
    single = {"setting": asdict(Setting(1, 3, 0.5)), "candidate_share": 0.5, "recall": 0.9}
    compound = {"setting": asdict(Setting(9, 32, 1.0)), "candidate_share": 0.1, "recall": 0.95}
    store_tuned(home, CLASSIC, {"tracks": 101, "points": [single, compound], "chosen": TUNED.as_record()})
    assert tuned_points(home, CLASSIC) == [
        ("length 0.5, 3 tables", 50.0, 0.9),
        ("9 × 32", 10.0, 0.95),
    ]
