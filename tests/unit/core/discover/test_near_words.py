"""What is said of how near a track is."""

from __future__ import annotations

import pytest

from indexer.core.discover.near_words import near_sentence, size_words, step_words
from indexer.core.discover.selection import SimilarRow
from indexer.core.phrases import ordinal
from indexer.core.tracks import TrackId


def row(rank: int, *, near: int = 1, beats_album: bool = False) -> SimilarRow:
    return SimilarRow(TrackId("a"), 0.99, 0.7, 0.9, rank, 106_573, near=near, beats_album=beats_album)


def test_a_row_says_its_place_and_never_a_share() -> None:
    assert near_sentence(row(3)) == "3rd nearest of 106,573."
    assert near_sentence(row(1, beats_album=True)) == "1st of 106,573, nearer than a typical track of the same album."
    assert (
        near_sentence(row(12, near=2), seeds=4) == "Near 2 of these 4 tracks. 12th of 106,573 to the nearest of them."
    )
    assert near_sentence(row(0)) == ""
    assert near_sentence(row(0, near=2), seeds=3) == "Near 2 of these 3 tracks."


def test_places_are_written_as_people_do() -> None:
    places = (1, 2, 3, 4, 11, 12, 13, 21, 112, 1_003)
    assert [ordinal(place) for place in places] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th", "1,003rd",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nearness", "words", "size"),
    [(1.0, "small step", "small"), (0.6, "fair step", "fair"), (0.2, "large step", "large"), (0.0, "leap", "a leap")],
)
def test_steps_have_names(nearness: float, words: str, size: str) -> None:
    assert (step_words(nearness), size_words(nearness)) == (words, size)
