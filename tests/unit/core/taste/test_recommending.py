"""A page of recommendations from a home: without a model, with one, and after each play."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.home import Home
from indexer.core.plays import Opinion, Play, Thumb
from indexer.core.taste.folder import save_taste
from indexer.core.taste.live import LENGTH, LiveList
from indexer.core.taste.page_words import empty_words, empty_words_in_browser, shelf_words, why_words
from indexer.core.taste.recommending import (
    FRESH_PLAYS,
    Folded,
    Known,
    Made,
    Recommendations,
    TasteInUse,
    TasteState,
    fold_in,
    live_list,
    recommend,
    stock_of,
)
from indexer.core.taste.shelves import ShelfKind
from indexer.core.taste.weights import DAY
from indexer.core.tracks import Track, TrackId, TrackState
from tests.plays import play_of
from tests.told_lists import told_list
from tests.unit.core.catalogue.tracks import track
from tests.unit.core.taste.made import made_model

ITEMS = 120


def id_of(item: int) -> TrackId:
    return TrackId(f"{item:064x}")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.resolve(tmp_path)


@pytest.fixture
def learnt(home: Home) -> Home:
    save_taste(home, made_model(items=ITEMS))
    return home


def catalogue(gone: Iterable[int] = (), away: Iterable[int] = ()) -> Catalogue:
    states = dict.fromkeys(gone, TrackState.GONE) | dict.fromkeys(away, TrackState.AWAY)
    made = Catalogue()
    tracks = [track(item, artist=f"Artist {item}", state=states.get(item, TrackState.PRESENT)) for item in range(ITEMS)]
    made.upsert([replace(each, id=id_of(item)) for item, each in enumerate(tracks)])
    return made


def known(
    history: Iterable[Play] = (),
    opinions: Mapping[TrackId, Opinion] | None = None,
    of: Catalogue | None = None,
    live: LiveList | None = None,
) -> Known:
    of = of or catalogue()
    return Known(tuple(history), opinions or {}, {}, stock_of(of, np.zeros(of.row_count, np.int8), None), live=live)


def plays(*items: int) -> list[Play]:
    now = time.time()
    return [play_of(id_of(item), now - (len(items) - number) * DAY / 8) for number, item in enumerate(items)]


def shown(made: Made) -> set[TrackId]:
    return {pick.track for shelf in made.recommended.page.shelves for pick in shelf.picks}


def test_without_a_model_it_says_how_much_is_to_be_played_and_then_that_it_is_to_be_learnt(home: Home) -> None:
    few = recommend(TasteInUse(home), Folded(), known(plays(0, 6, 0)))
    assert (few.recommended.state, few.recommended.needed, few.due) == (TasteState.TOO_LITTLE, 3, False)
    liked = {id_of(item): Opinion(id_of(item), Thumb.UP) for item in (12, 18, 24)}
    enough = recommend(TasteInUse(home), Folded(), known(plays(0, 6, 0), liked))
    assert (enough.recommended.state, enough.due) == (TasteState.NOT_LEARNT, True)
    assert empty_words(few.recommended, learning=False)[0] == "Play 3 more tracks"
    assert empty_words(enough.recommended, learning=False)[0] == "Your taste was not learnt yet"


def test_what_a_browser_does_not_have_is_advised_in_the_window_alone() -> None:
    for state, offered in ((TasteState.TOO_LITTLE, "File ›"), (TasteState.NOT_LEARNT, "Update taste")):
        now = Recommendations(state)
        (title, advice), (same, other) = empty_words(now, learning=False), empty_words_in_browser(now)
        assert (title, offered in advice, offered in other) == (same, True, False)
    for state in (TasteState.READY, TasteState.LOADING):
        assert empty_words_in_browser(Recommendations(state)) == empty_words(Recommendations(state), learning=False)


def test_each_play_is_folded_in_as_if_all_were_told_at_once(learnt: Home) -> None:
    history, source = plays(0, 6, 12, 18, 24, 1, 7), TasteInUse(learnt)
    made = recommend(source, Folded(), known(history[:5]))
    for count in (6, 7):
        made = recommend(source, made.folded, known(history[:count]))
    at_once = recommend(source, Folded(), known(history))
    assert made.recommended == at_once.recommended
    assert made.recommended.state is TasteState.READY
    assert made.folded.told == 7


def test_listeners_share_a_model_and_have_the_next_one_once_it_is_there(learnt: Home) -> None:
    source = TasteInUse(learnt)
    one, other = (fold_in(source, Folded(), known(plays(*items))) for items in ([0, 6, 12, 18, 24], [1, 7, 13, 19, 25]))
    assert one.model is other.model
    likings = [folded.liking([id_of(30), id_of(31), TrackId("f" * 64)]) for folded in (one, other)]
    assert likings[0] is not None
    assert likings[1] is not None
    assert likings[0][0] > likings[0][1]
    assert likings[1][1] > likings[1][0]
    assert likings[0][2] == 0
    another = made_model(seed=1, items=ITEMS)
    save_taste(learnt, another)
    after = fold_in(source, one, known(plays(0, 6, 12, 18, 24)))
    assert after.model is not None
    assert after.model.version == another.version
    assert after.told == 5


def test_nothing_that_is_gone_away_or_disliked_is_recommended(learnt: Home) -> None:
    history = plays(0, 6, 12, 18, 24)
    everything = shown(recommend(TasteInUse(learnt), Folded(), known(history)))
    first, second, third = (int(each, 16) for each in sorted(everything)[:3])
    said = {id_of(third): Opinion(id_of(third), Thumb.DOWN)}
    fewer = recommend(TasteInUse(learnt), Folded(), known(history, said, catalogue(gone=[first], away=[second])))
    assert not {id_of(first), id_of(second), id_of(third)} & shown(fewer)
    assert shown(fewer)


def test_what_was_told_is_ahead_without_what_may_not_be_shown(learnt: Home) -> None:
    history = plays(0, 6, 12, 18, 24)
    now = time.time()
    said = {id_of(41): Opinion(id_of(41), Thumb.DOWN, at=now - DAY)}
    told = told_list([id_of(item) for item in (40, 41, 42, 43, 44, 24, 7, ITEMS + 5, 40)], at=now)
    asked = known(history, said, catalogue(gone=[42], away=[43]), told)
    page = recommend(TasteInUse(learnt), Folded(), replace(asked, hidden={id_of(0): frozenset({id_of(44)})}))
    first = page.recommended.page.shelves[0]
    assert first.kind is ShelfKind.FOR_YOU
    assert [pick.track for pick in first.picks[:2]] == [id_of(40), id_of(7)]
    without = recommend(TasteInUse(learnt), Folded(), replace(asked, live=None)).recommended.page.shelves[0]
    rest = [pick.track for pick in without.picks if pick.track not in {id_of(40), id_of(7)}]
    assert [pick.track for pick in first.picks[2:]] == rest[: len(first.picks) - 2]
    assert not page.recommended.reasons


def test_a_track_that_the_model_does_not_know_is_there_for_the_reason_that_came_with_it(learnt: Home) -> None:
    new, library = id_of(ITEMS + 1), catalogue()
    library.upsert([replace(track(ITEMS + 1), id=new)])
    told = told_list([id_of(40), new])
    made = recommend(TasteInUse(learnt), Folded(), known(plays(0, 6, 12, 18, 24), of=library, live=told)).recommended
    assert [pick.track for pick in made.page.shelves[0].picks[:2]] == [id_of(40), new]
    assert made.reasons == {new: told.picks[1].reason}


def test_what_was_told_before_the_last_play_or_for_a_home_without_a_model(home: Home, learnt: Home) -> None:
    history = plays(0, 6, 12, 18, 24)
    before = told_list([id_of(41)], at=history[-1].at + 50.0)
    shelves = recommend(TasteInUse(learnt), Folded(), known(history, live=before)).recommended.page.shelves
    assert id_of(41) not in [pick.track for pick in shelves[0].picks[:1]]
    unlearnt = Home.resolve(Path(str(home.root)) / "another")
    now = recommend(TasteInUse(unlearnt), Folded(), known(history[:1], live=told_list([id_of(41), id_of(0)])))
    assert (now.recommended.state, now.recommended.version) == (TasteState.READY, "told")
    assert [pick.track for pick in now.recommended.page.shelves[0].picks] == [id_of(41)]


def test_another_evening_of_plays_has_taste_learnt_anew(learnt: Home) -> None:
    assert not recommend(TasteInUse(learnt), Folded(), known(plays(*range(FRESH_PLAYS - 1)))).due
    assert recommend(TasteInUse(learnt), Folded(), known(plays(*range(FRESH_PLAYS)))).due


def test_a_page_and_its_reasons_are_told_in_words(learnt: Home) -> None:
    made = recommend(TasteInUse(learnt), Folded(), known(plays(*[0, 6, 12, 18, 24] * 3)))
    library = catalogue()

    def track_of(track: TrackId) -> Track | None:
        row = library.row_of(track)
        return None if row is None else library.track(row)

    titles = {shelf.kind: shelf_words(shelf, 1, track_of) for shelf in made.recommended.page.shelves}
    assert titles[ShelfKind.FOR_YOU].title == "Picked for you"
    assert titles[ShelfKind.BECAUSE].title.startswith("Because you played ")
    assert titles[ShelfKind.BECAUSE].about.startswith("Artist ")
    assert titles[ShelfKind.MIX].title == "Mix 1"
    pick = made.recommended.page.shelves[0].picks[0]
    assert made.folded.model is not None
    assert made.folded.taste is not None
    why = why_words(pick.track, made.folded.model.explain(made.folded.taste, pick.item), False, track_of)
    assert f"Title {pick.item}" in why
    assert "which you played 3 times this month" in why
    assert "something different" in why_words(
        pick.track, made.folded.model.explain(made.folded.taste, 0), True, track_of
    )


def test_the_list_that_is_told_is_the_shelf_for_you_without_what_is_there_to_learn_from(learnt: Home) -> None:
    source, now = TasteInUse(learnt), known(plays(0, 6, 12, 18, 24), of=catalogue(away=[30]))
    made = recommend(source, Folded(), now)
    shelf = next(each for each in made.recommended.page.shelves if each.kind is ShelfKind.FOR_YOU)
    told = live_list(made.folded, source, now, "event", 5.0)
    assert told is not None
    assert list(told.tracks) == [pick.track for pick in shelf.picks if not pick.explores][:LENGTH]
    assert (told.model, told.at, told.after) == (made.recommended.version, 5.0, "event")
    model, taste = made.folded.model, made.folded.taste
    assert model is not None
    assert taste is not None
    for pick in told.picks:
        alone = model.explain(taste, model.places[pick.track])
        assert replace(pick.reason, share=0.0) == replace(alone, share=0.0)
        assert pick.reason.share == pytest.approx(alone.share)


def test_nobody_is_told_a_list_while_too_little_is_known(learnt: Home, tmp_path: Path) -> None:
    source, few = TasteInUse(learnt), known(plays(0, 6))
    assert live_list(fold_in(source, Folded(), few), source, few, "", 5.0) is None
    without = TasteInUse(Home.resolve(tmp_path / "other"))
    assert live_list(fold_in(without, Folded(), few), without, few, "", 5.0) is None
