"""More like this, as several listeners ask it of one model."""

from __future__ import annotations

import numpy as np

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.discover.more_like import MoreLike
from indexer.core.discover.selection import ListRules
from indexer.core.home import Home
from indexer.core.model import SimilarityModel, current_model_folder
from indexer.core.settings import SameArtist
from indexer.core.tracks import TrackId
from tests.unit.core.catalogue.tracks import track
from tests.unit.discover.small_model import PROFILE, write_small_model

COUNT = 12
SEED = track(0).id


def asked(home: Home) -> MoreLike:
    """One model of tracks on a quarter circle, in the order of their numbers."""
    angles = np.linspace(0, np.pi / 2, COUNT)
    write_small_model(
        home,
        {
            track(number).id: np.array([[np.cos(angle), np.sin(angle)]], np.float32)
            for number, angle in enumerate(angles)
        },
    )
    catalogue = Catalogue()
    catalogue.upsert([track(number, artist=f"Artist {number}", seconds=100.0 + number) for number in range(COUNT)])
    made = MoreLike(catalogue)
    made.model, made.is_looked_for = SimilarityModel.load(current_model_folder(home, PROFILE)), True
    made.rules = ListRules(SameArtist.ALLOW, all_versions=True)
    return made


def shown(more_like: MoreLike) -> list[TrackId]:
    return [row.track for row in more_like.answer([SEED], 5).rows]


def test_each_listener_has_the_list_without_what_that_listener_hid(home: Home) -> None:
    more_like = asked(home)
    everything = shown(more_like)
    own = more_like.asked_by(lambda seed: {everything[0]} if seed == SEED else ())
    assert shown(own) == [*everything[1:], track(6).id]
    assert shown(more_like) == everything
    assert shown(more_like.asked_by(lambda _: ())) == everything


def test_a_listener_without_a_model_of_taste_is_told_that_the_list_goes_by_sound(home: Home) -> None:
    more_like = asked(home)
    own = more_like.asked_by(lambda _: (), awaits_nearness=True)
    assert own.answer([SEED], 5).message != more_like.answer([SEED], 5).message
    assert shown(own) == shown(more_like)
