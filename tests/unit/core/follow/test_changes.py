"""Batches: small at first, then by size or by time."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.follow import changes
from indexer.core.follow.changes import batches


@given(st.integers(0, 60), st.integers(1, 9), st.integers(1, 9))
def test_batches_hold_everything_in_order_and_no_more_than_allowed(count: int, first: int, largest: int) -> None:
    cut = list(batches(range(count), first=first, largest=largest))
    assert [item for batch in cut for item in batch] == list(range(count))
    assert all(0 < len(batch) <= (largest if place else first) for place, batch in enumerate(cut))


def test_a_slow_source_is_passed_on_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(changes, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def slow() -> Iterator[int]:
        for number in range(4):
            clock[0] += 2.0
            yield number

    assert list(batches(slow(), seconds=3.0)) == [[0, 1], [2, 3]]
