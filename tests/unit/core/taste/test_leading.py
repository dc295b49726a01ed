"""The list that was told of a listener at the head of For you: in its order, once, and while nothing newer is known."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from indexer.core.plays import Opinion, Thumb
from indexer.core.taste.leading import is_newest, is_of_today, led_by
from indexer.core.taste.shelves import Page, PageRules, Pick, Shelf, ShelfKind
from indexer.core.taste.weights import DAY
from indexer.core.tracks import TrackId
from tests.plays import play_of
from tests.told_lists import told_list

NOW = 400 * DAY
MOST = 60


def id_of(item: int) -> TrackId:
    return TrackId(f"{item:064x}")


def picks(items: list[int]) -> tuple[Pick, ...]:
    return tuple(Pick(id_of(item), item) for item in items)


def tracks_on(shelf: Shelf) -> list[TrackId]:
    return [pick.track for pick in shelf.picks]


items_of = st.lists(st.integers(0, MOST), unique=True, max_size=PageRules.length)


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Shelves as pages have them: a track on one of them at most, and in a mix besides."""
    left = draw(st.permutations(range(MOST)))
    shelves = []
    for kind in (ShelfKind.FOR_YOU, ShelfKind.BECAUSE, ShelfKind.NEW):
        count = draw(st.integers(0, PageRules.length))
        some, left = left[:count], left[count:]
        if some:
            shelves.append(Shelf(kind, picks(some), id_of(0) if kind is ShelfKind.BECAUSE else None))
    mixed = draw(items_of)
    return Page((*shelves, *([Shelf(ShelfKind.MIX, picks(mixed), id_of(mixed[0]))] if mixed else [])), 0)


@given(pages(), st.lists(st.integers(0, MOST + 5), unique=True, min_size=1, max_size=10))
def test_the_list_is_ahead_in_its_order_and_everything_once(page: Page, listed: list[int]) -> None:
    wanted = [id_of(item) for item in listed]
    led = led_by(wanted, page, {id_of(item): item for item in range(MOST)})
    first, *others = led.shelves
    assert first.kind is ShelfKind.FOR_YOU
    assert tracks_on(first)[: len(wanted)] == wanted
    before = next((tracks_on(shelf) for shelf in page.shelves if shelf.kind is ShelfKind.FOR_YOU), [])
    rest = [track for track in before if track not in wanted]
    assert tracks_on(first)[len(wanted) :] == rest[: PageRules.length - len(wanted)]
    single = [track for shelf in led.shelves if shelf.kind is not ShelfKind.MIX for track in tracks_on(shelf)]
    assert len(single) == len(set(single))
    assert all(pick.item == (int(pick.track, 16) if int(pick.track, 16) < MOST else -1) for pick in first.picks)
    kept = {shelf.kind: tracks_on(shelf) for shelf in others}
    for shelf in page.shelves:
        if shelf.kind is ShelfKind.MIX:
            assert kept[shelf.kind] == tracks_on(shelf)
        elif shelf.kind is not ShelfKind.FOR_YOU:
            assert kept.get(shelf.kind, []) == [track for track in tracks_on(shelf) if track not in wanted]
    assert all(shelf.picks for shelf in led.shelves)


@given(
    ends=st.lists(st.floats(NOW - 3 * DAY, NOW), max_size=6),
    said=st.lists(st.floats(NOW - 3 * DAY, NOW), max_size=3),
    at=st.floats(NOW - 3 * DAY, NOW),
)
def test_it_holds_until_something_later_is_known_or_a_day_is_over(
    ends: list[float], said: list[float], at: float
) -> None:
    history = [play_of(id_of(number), end - 100.0, 100.0) for number, end in enumerate(ends)]
    opinions = [Opinion(id_of(number), Thumb.UP, at=when) for number, when in enumerate(said)]
    made = told_list([id_of(1)], at=at)
    last = max((*(play.at + 100.0 for play in history), *said), default=0.0)
    assert is_newest(made, history, opinions, NOW) == (is_of_today(made, NOW) and last <= at)


def test_a_list_that_names_the_last_play_counts_it_whatever_the_clocks_say() -> None:
    now = time.time()
    last = play_of(id_of(2), now - 50.0, 45.0)
    behind = told_list([id_of(1)], at=now - 60.0)
    assert not is_newest(behind, [play_of(id_of(1), now - 500.0), last], (), now)
    named = told_list([id_of(1)], at=now - 60.0, after=last.id)
    assert is_newest(named, [play_of(id_of(1), now - 500.0), last], (), now)
    assert not is_newest(named, [last], [Opinion(id_of(1), Thumb.UP, at=now)], now)


def test_a_play_whose_clock_is_ahead_holds_nothing_up_for_ever() -> None:
    now = time.time()
    ahead = play_of(id_of(2), now, 10_000.0)
    assert is_newest(told_list([id_of(1)], at=now), [ahead], (), now)
