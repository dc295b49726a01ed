"""What is no document of a collection is told as such, whatever is wrong with it."""

from __future__ import annotations

from typing import Any

import bson
import pytest

from indexer.core.store.transfer import check

PLAYLIST = {"_id": "p", "name": "Evening", "kind": "list", "tracks": ["a"], "limit": 5}


def test_a_playlist_is_one() -> None:
    check("playlists", bson.encode(PLAYLIST))


@pytest.mark.parametrize(
    "wrong", [{"kind": "tape"}, {"tracks": [1]}, {"tracks": 7}, {"name": None}, {"limit": float("inf")}, {"limit": {}}]
)
def test_a_playlist_with_a_wrong_value_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a document of playlists"):
        check("playlists", bson.encode(PLAYLIST | wrong))
