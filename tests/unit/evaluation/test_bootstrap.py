"""Intervals that resample whole artists, the same for every method."""

from __future__ import annotations

import math

import numpy as np
import pytest

from indexer.evaluation.bootstrap import Resamples
from indexer.evaluation.labels import UNKNOWN


def test_the_value_is_the_mean_in_percent_and_lies_within_its_limits() -> None:
    artists = np.repeat(np.arange(20), 4)
    scores = np.random.default_rng(0).random(80)
    figure = Resamples(artists, 0).figure(scores)
    assert figure.value == pytest.approx(scores.mean() * 100)
    assert figure.low < figure.value < figure.high


def test_limits_agree_with_resampling_by_hand() -> None:
    artists = np.array([0, 0, 0, 1, 2, 2, 3])
    scores = np.array([1.0, 0.5, 0.0, 1.0, 0.2, 0.4, 0.6])
    generator = np.random.default_rng(1)
    means = []
    for _ in range(4_000):
        chosen = generator.integers(0, 4, size=4)
        means.append(np.concatenate([scores[artists == artist] for artist in chosen]).mean())
    figure = Resamples(artists, 0, 4_000).figure(scores)
    assert (figure.low, figure.high) == pytest.approx(np.percentile(means, [2.5, 97.5]) * 100, abs=2.5)


def test_clips_of_one_artist_do_not_narrow_the_interval() -> None:
    """Ten copies of every clip tell nothing more."""
    scores = np.random.default_rng(0).random(15)
    once = Resamples(np.arange(15), 0).figure(scores)
    often = Resamples(np.repeat(np.arange(15), 10), 0).figure(np.repeat(scores, 10))
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_a_constant_difference_has_no_width() -> None:
    resamples = Resamples(np.arange(10), 0)
    figure = resamples.figure(np.full(10, 0.25))
    assert (figure.low, figure.value, figure.high) == pytest.approx((25.0, 25.0, 25.0))


def test_unknown_artists_are_groups_of_their_own() -> None:
    assert Resamples(np.array([0, UNKNOWN, UNKNOWN, 0, 1]), 0).artists == 4


def test_one_artist_has_a_value_and_no_limits() -> None:
    figure = Resamples(np.zeros(5, dtype=np.intp), 0).figure(np.ones(5))
    assert figure.value == 100
    assert math.isnan(figure.low)
    assert math.isnan(figure.high)
