from __future__ import annotations

from indexer.core.store import Database
from indexer.core.tracks import TrackId

A, B, C = (TrackId(letter * 32) for letter in "abc")


def test_hidden_tracks_are_kept_once_by_seed_and_can_be_restored(database: Database) -> None:
    feedback = database.feedback
    feedback.hide(A, [B, C], at=1.0)
    feedback.hide(A, [B], at=2.0)
    feedback.hide(B, [A], at=3.0)
    assert feedback.hidden() == {A: frozenset({B, C}), B: frozenset({A})}
    feedback.restore(A, [C, A])
    feedback.restore(B, [A])
    assert feedback.hidden() == {A: frozenset({B})}
