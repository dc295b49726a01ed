"""What comes and goes after the build, against a plain dictionary compared by force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from indexer.core.model.index.search import MERGE_AT, SearchIndex
from indexer.core.model.scaling import SCALE_NEIGHBOURS, local_scales
from indexer.core.model.smoothing import SMOOTHED_BY, smoothed_one
from indexer.core.model.state import ASKED_POOL, ModelState
from indexer.core.tracks import TrackId
from tests.unit.core.model import states

POOL = 30
BUILT = 40
K = 5


class WorldMachine(RuleBasedStateMachine):
    """A growing and shrinking world whose lists are shorter than it; equal to comparing with everything."""

    @initialize(exact=st.booleans())
    def begin(self, exact: bool) -> None:
        rows = states.vectors(BUILT)
        comparable = np.arange(BUILT) % 10 != 3
        self.known = {_name(row): (vector, bool(comparable[row])) for row, vector in enumerate(rows)}
        arrays = states.arrays(rows, sorted(self.known), POOL, comparable)
        self.state = ModelState(arrays, POOL, exact_below=10**6 if exact else 0)
        self.near = {track: self._distances_from(track)[:SCALE_NEIGHBOURS] for track in self.known}

    @rule(name=st.integers(0, 60), seed=st.integers(0, 10_000), comparable=st.booleans())
    def insert(self, name: int, seed: int, comparable: bool) -> None:
        track, vector = _name(name), states.vectors(1, seed=seed)[0]
        self.remove(name)
        self.state.add(track, vector, comparable=comparable)
        self.known[track] = (vector, comparable)
        self.near[track] = self._distances_from(track)[:SCALE_NEIGHBOURS]
        for other in self.known if comparable else ():
            if other != track:
                self.near[other] = np.sort([*self.near[other], self._distance(track, other)])[:SCALE_NEIGHBOURS]

    @rule(name=st.integers(0, 60))
    def remove(self, name: int) -> None:
        self.state.members.remove(_name(name))
        self.known.pop(_name(name), None)

    @invariant()
    def has_the_tracks_and_their_scales(self) -> None:
        if not hasattr(self, "world"):
            return
        members = self.state.members
        assert sorted(members.tracks()) == sorted(self.known)
        assert len(members) == len(self.known)
        assert members.open_count == sum(comparable for _, comparable in self.known.values())

    @rule(exact_only=st.just(True))
    def answers_like_a_comparison_with_all(self, exact_only: bool) -> None:
        del exact_only
        for track, (vector, _) in self.known.items():
            row = self.state.members.row_of(track)
            assert row is not None
            self._agrees(self.state.listed(row, K), vector, but=track)
        stranger = states.vectors(1, seed=99)[0]
        self._agrees(self.state.search(stranger, K), stranger)

    def _agrees(self, found: tuple[np.ndarray, np.ndarray], vector: states.Vectors, but: TrackId | None = None) -> None:
        others = sorted(track for track, (_, comparable) in self.known.items() if comparable and track != but)
        distances = np.array([np.linalg.norm(self.known[track][0].astype(float) - vector) for track in others])
        expected = np.sort(distances)[:POOL]
        np.testing.assert_allclose(found[1], expected, atol=1e-6)
        names = {self.state.members.track_at(int(row)) for row in found[0]}
        assert len(names) == len(found[0])
        assert names <= set(others)

    @invariant()
    def scales_follow_what_is_added(self) -> None:
        if not hasattr(self, "world"):
            return
        for track, near in self.near.items():
            if track in self.known:
                row = self.state.members.row_of(track)
                padded = np.full((1, SCALE_NEIGHBOURS), np.inf, dtype=np.float32)
                padded[0, : len(near)] = near
                np.testing.assert_allclose(self.state.scales.rows[row], local_scales(padded)[0], rtol=1e-5)

    def _distance(self, one: TrackId, other: TrackId) -> float:
        return float(np.linalg.norm(self.known[one][0].astype(float) - self.known[other][0]))

    def _distances_from(self, track: TrackId) -> np.ndarray:
        others = [name for name, (_, comparable) in self.known.items() if comparable and name != track]
        return np.sort(np.array([self._distance(track, other) for other in others], dtype=np.float32))


WorldMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
TestWorld = WorldMachine.TestCase


def test_the_tables_of_the_added_equal_those_built_of_them_at_once() -> None:
    built, added = states.index(states.vectors(30)), states.vectors(2 * MERGE_AT + 7, seed=5)
    index = SearchIndex(built, exact_below=0)
    for vector in added:
        index.append(vector)
    merged = 2 * MERGE_AT
    rows = np.arange(30, 30 + merged, dtype=np.int32)
    expected = type(built.tables).build(built.family.keys(added[:merged]), rows)
    np.testing.assert_array_equal(index.delta.keys, expected.keys)
    np.testing.assert_array_equal(index.delta.starts, expected.starts)
    np.testing.assert_array_equal(index.delta.rows, expected.rows)


def test_what_is_merged_and_what_waits_is_found_alike() -> None:
    rows = states.vectors(300)
    state = ModelState(states.arrays(rows, [_name(row) for row in range(300)], POOL), POOL, exact_below=0)
    added = states.vectors(MERGE_AT + 50, seed=5)
    for number, vector in enumerate(added):
        state.add(_name(1_000 + number), vector, comparable=True)
    for position in (0, MERGE_AT - 1, MERGE_AT, len(added) - 1):
        row = state.members.row_of(_name(1_000 + position))
        found, distances = state.search(added[position], K)
        assert found[0] == row
        assert distances[0] == 0


def test_what_comes_to_a_smooth_world_is_drawn_to_its_nearest() -> None:
    rows, new = states.vectors(60), states.vectors(1, seed=8)[0]
    plain = states.vectors(60, seed=4).astype(np.float16)
    arrays = replace(states.arrays(rows, [_name(row) for row in range(60)], POOL), plain=plain)
    state = ModelState(arrays, POOL, smooth=True)
    near = states.by_force(rows, new, SCALE_NEIGHBOURS)
    by_scale = sorted(near, key=lambda row: np.linalg.norm(rows[row] - new) / np.sqrt(arrays.scales[row]))
    drawn = smoothed_one(new, rows[sorted(by_scale[:SMOOTHED_BY])])
    np.testing.assert_allclose(state.drawn(new), drawn, atol=1e-6)
    assert state.ask(new, 3)[0].tolist() == states.by_force(rows, drawn, ASKED_POOL * POOL)
    state.add(_name(99), new, comparable=True)
    np.testing.assert_allclose(state.index.vector_at(60), drawn, atol=1e-6)
    before = plain.astype(np.float32)
    np.testing.assert_allclose(state.apart(60, np.array([7])), np.linalg.norm(new - before[[7]], axis=1), atol=2e-3)
    np.testing.assert_allclose(
        state.apart(3, np.array([9, 7])), np.linalg.norm(before[3] - before[[9, 7]], axis=1), atol=1e-5
    )
    np.testing.assert_allclose(state.apart(3, np.array([60])), np.linalg.norm(new - before[[3]], axis=1), atol=2e-3)


def _name(number: int) -> TrackId:
    return TrackId(f"{number:032x}")
