"""What the model of taste makes of a listener, and the reasons it gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Opinion, Play, Thumb
from indexer.core.taste.model import LEAST_LIKED, ReasonCode
from indexer.core.tracks import TrackId
from tests.unit.core.taste.made import NOW, TERMS, made_model, made_plays, plays_at


@given(st.integers(0, 5_000), st.integers(0, 120))
def test_a_listener_is_folded_in_the_same_each_time_and_bounded(seed: int, count: int) -> None:
    model, plays = made_model(seed), made_plays(seed, count=count)
    one, other = model.for_listener(plays, {}, NOW), model.for_listener(plays, {}, NOW)
    assert np.array_equal(one.scores, other.scores)
    assert np.array_equal(one.deviations, other.deviations)
    assert np.isfinite(one.scores).all()
    assert (one.deviations >= 0).all()
    assert one.needed == max(0, LEAST_LIKED - np.count_nonzero(one.known[1] > 0))


def test_of_nobody_nothing_is_known_and_it_is_told_how_much_is_needed() -> None:
    taste = made_model().for_listener(made_plays(count=0), {}, NOW)
    assert taste.needed == LEAST_LIKED
    assert not taste.scores.any()
    assert not taste.heard.any()


def test_what_is_alike_to_what_was_played_is_worth_more() -> None:
    model = made_model()
    taste = model.for_listener(plays_at((0, 5), (6, 6), (12, 7), (18, 8), (24, 9)), {}, NOW)
    kinds = np.arange(len(model)) % 6
    unheard = ~taste.heard
    assert taste.scores[unheard & (kinds == 0)].min() > taste.scores[unheard & (kinds != 0)].max()


def test_the_session_that_goes_on_pulls_towards_it_and_fades() -> None:
    model = made_model()
    past = plays_at(*[(6 * number, 10 + number) for number in range(8)])
    at_once = model.for_listener(past.with_later(plays_at((1, 0.001))), {}, NOW)
    later = model.for_listener(past.with_later(plays_at((1, 3))), {}, NOW)
    kinds = np.arange(len(model)) % 6
    like_it = (kinds == 1) & ~at_once.heard
    assert at_once.scores[like_it].mean() > later.scores[like_it].mean() + 0.3


def test_a_thumb_down_takes_worth_from_what_is_alike() -> None:
    model = made_model()
    plays = plays_at(*[(number, 2) for number in range(12)])
    opinions = model.opinions_of(
        {
            model.track_at(2): Opinion(model.track_at(2), Thumb.DOWN),
            TrackId("of another library"): Opinion(TrackId("of another library"), Thumb.UP),
        }
    )
    assert opinions == {2: -1.0}
    before, after = model.for_listener(plays, {}, NOW), model.for_listener(plays, opinions, NOW)
    assert after.disliked.nonzero()[0].tolist() == [2]
    like_it = (np.arange(len(model)) % 6 == 2) & ~after.heard
    assert after.scores[like_it].mean() < before.scores[like_it].mean()


def test_plays_are_told_by_track_and_by_when() -> None:
    model = made_model()
    played = [Play(f"{number:024x}", NOW - number, track=model.track_at(number)) for number in range(4)]
    plays = model.plays_of([*played, Play("f" * 24, NOW, track=TrackId("unknown"))])
    taste = model.for_listener(plays, {}, NOW)
    assert taste.last_at[:5].tolist() == [NOW, NOW - 1, NOW - 2, NOW - 3, -np.inf]
    assert taste.heard.nonzero()[0].tolist() == [0, 1, 2, 3]
    assert taste.played(NOW - 1.5)[:3].tolist() == [1, 1, 0]


def test_plays_that_come_late_find_their_place() -> None:
    plays = plays_at((1, 3), (2, 1)).with_later(plays_at((3, 2)))
    assert plays.items.tolist() == [1, 3, 2]
    assert plays.with_later(plays_at((4, 0))).items.tolist() == [1, 3, 2, 4]
    assert plays_at().with_later(plays).items.tolist() == [1, 3, 2]


def test_a_reason_names_what_was_played_and_how_often() -> None:
    model = made_model(listeners=0)
    taste = model.for_listener(plays_at((0, 3), (0, 4), (0, 90), (1, 2)), {}, NOW)
    reason = model.explain(taste, 6)
    assert reason.track == model.track_at(0)
    assert reason.plays == 2
    assert reason.code in {ReasonCode.SOUNDS_LIKE, ReasonCode.TAGGED}
    assert reason.tag == (TERMS[0] if reason.code is ReasonCode.TAGGED else "")
    assert 0 < reason.share <= 1


def test_without_content_the_reason_is_what_is_played_together() -> None:
    model = made_model(content=False)
    taste = model.for_listener(plays_at((0, 1), (1, 1)), {}, NOW)
    reason = model.explain(taste, 6)
    assert (reason.code, reason.track) == (ReasonCode.TOGETHER, model.track_at(0))
    assert model.explain(taste, 5).code is ReasonCode.NONE


def test_there_is_no_reason_without_a_listener() -> None:
    model = made_model()
    assert model.explain(model.for_listener(plays_at(), {}, NOW), 0).code is ReasonCode.NONE
    with pytest.raises(IndexError):
        model.explain(model.for_listener(plays_at((1, 1)), {}, NOW), len(model))


def test_around_a_track_is_what_sounds_like_it() -> None:
    scores = made_model().around(3)
    kinds = np.arange(scores.size) % 6
    assert set(kinds[np.argsort(-scores)[:15]].tolist()) == {3}


@pytest.mark.parametrize("content", [True, False])
def test_several_listeners_at_once_are_known_as_each_is_alone(content: bool) -> None:
    model = made_model(content=content)
    some = [(made_plays(seed, count=seed * 7), {3: 1.0, 5: -1.0} if seed % 2 else {}) for seed in range(6)]
    for (plays, opinions), found in zip(some, model.for_listeners(some, NOW), strict=True):
        alone = model.for_listener(plays, opinions, NOW)
        assert found.scores == pytest.approx(alone.scores, abs=1e-4)
        assert np.array_equal(found.disliked, alone.disliked)
        assert found.needed == alone.needed
        items = np.argsort(-alone.scores)[:3].tolist()
        for item, reason in zip(items, model.explain_all(found, items), strict=True):
            assert (reason.code, reason.track) == (model.explain(alone, item).code, model.explain(alone, item).track)
    assert model.for_listeners([], NOW) == []
