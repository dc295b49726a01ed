from __future__ import annotations

import re

from indexer.core.plays import Named, Opinion, Thumb, names_of, stable_id
from indexer.core.tracks import TrackId


def test_an_id_is_the_same_for_the_same_and_another_for_another() -> None:
    first = stable_id("owner", 1_700_000_000, *names_of(Named(artist="Björk", title="Jóga")))
    assert first == stable_id("owner", 1_700_000_000, *names_of(Named(artist="Björk", title="Jóga", seconds=300.0)))
    assert first != stable_id("owner", 1_700_000_001, *names_of(Named(artist="Björk", title="Jóga")))
    assert stable_id("ab", "c") != stable_id("a", "bc")
    assert re.fullmatch("[0-9a-f]{24}", first)


def test_an_opinion_without_anything_is_empty() -> None:
    assert Opinion(TrackId("a")).is_empty
    assert not Opinion(TrackId("a"), Thumb.DOWN).is_empty
    assert not Opinion(TrackId("a"), rating=0.0).is_empty
    assert not Opinion(TrackId("a"), favourite=True).is_empty
