"""Playlists: edits and their undo, names, order, and that nothing is lost between file and database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.catalogue.search import QueryError
from indexer.core.catalogue.smart import RANDOM, SmartRule, find
from indexer.core.home import Home
from indexer.core.playlist import Playlist, PlaylistKind
from indexer.core.playlists import edits
from indexer.core.playlists.mirror import read_mirror, write_mirror
from indexer.core.plays import OWNER, ListenerId
from indexer.core.tracks import Track, TrackId
from musicplayer.library.database_client import DatabaseClient
from musicplayer.library.playlists import Playlists


def ids(names: str) -> list[TrackId]:
    return [TrackId(name) for name in names]


def names(playlists: Playlists, playlist: Playlist) -> str:
    return "".join(playlists.tracks(playlist.id))


class Link(DatabaseClient):
    """Keeps what the database would have, as the store does: of two versions the later."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.held: dict[str, Playlist] = {}
        self.playlists = self

    def save(self, playlists: list[Playlist]) -> None:
        for each in playlists:
            if each.id not in self.held or self.held[each.id].updated_at <= each.updated_at:
                self.held[each.id] = each

    def of(self, listener: ListenerId) -> list[Playlist]:
        return [each for each in self.held.values() if each.owner == listener]

    def ask(
        self, work: Callable[[Any], Any], then: Callable[[Any], None] | None = None, *, must_succeed: bool = False
    ) -> None:
        assert must_succeed or then is not None
        result = work(self)
        if then is not None:
            then(result)


@pytest.fixture
def client(home: Home) -> Link:
    return Link(home)


@pytest.fixture
def catalogue() -> Catalogue:
    made = Catalogue()
    made.upsert([Track(TrackId(name), f"/m/{name}", "/m", title=name, year=1990 + number, artist="ABBA"[number % 4])
                 for number, name in enumerate("abcdefgh")])  # fmt: skip
    return made


@pytest.fixture
def playlists(home: Home, catalogue: Catalogue, client: Link, qtbot: QtBot) -> Iterator[Playlists]:
    made = Playlists(home, catalogue, client)
    made.start()
    yield made
    made.shutdown()


def test_a_name_that_is_taken_gets_a_number(playlists: Playlists) -> None:
    made = [playlists.create(name).name for name in ("Évening", "evening", "EVENING (2)", "  ", "a\nb")]
    assert made == ["Évening", "evening (2)", "EVENING (3)", "Playlist", "a b"]
    assert playlists.rename(playlists.all()[1].id, "évening (2)") == "évening (2)"
    assert playlists.rename(playlists.all()[1].id, "Évening") == "Évening (2)"


def test_edits_and_their_undo(playlists: Playlists) -> None:
    made = playlists.create("L", ids("abc"))
    states = [names(playlists, made)]
    for edit in (
        lambda: playlists.add(made.id, ids("ax")),
        lambda: playlists.insert(made.id, 1, ids("y")),
        lambda: playlists.move(made.id, [0, 2], 6),
        lambda: playlists.remove(made.id, [0, 99]),
        lambda: playlists.set_tracks(made.id, ids("zz")),
    ):
        edit()
        states.append(names(playlists, made))
    assert states == ["abc", "abcax", "aybcax", "ycaxab", "caxab", "zz"]
    for before in reversed(states[:-1]):
        assert playlists.undo()
        assert names(playlists, made) == before
    assert playlists.undo()
    assert playlists.all() == []
    assert not playlists.undo()


def test_doubles_can_be_skipped(playlists: Playlists) -> None:
    made = playlists.create("L", ids("abc"))
    assert playlists.already_in(made.id, ids("cdd")) == ids("cd")
    assert playlists.add(made.id, ids("cdd"), skip_doubles=True) == 1
    assert names(playlists, made) == "abcd"


def test_a_deleted_playlist_comes_back_where_it_was_even_after_other_edits(playlists: Playlists) -> None:
    one, two, three = (playlists.create(name, ids(name)) for name in "abc")
    playlists.delete(two.id)
    deletion = playlists.last_edit()
    playlists.add(one.id, ids("x"))
    playlists.create("b")
    assert playlists.undo(deletion)
    assert [(each.name, "".join(each.tracks)) for each in playlists.all()] == [
        ("a", "ax"), ("b (2)", "b"), ("c", "c"), ("b", ""),
    ]  # fmt: skip
    assert not playlists.undo(deletion), "once"
    assert three.id in [each.id for each in playlists.all()]


def test_playlists_are_put_in_order_and_that_can_be_undone(playlists: Playlists, qtbot: QtBot) -> None:
    made = [playlists.create(name) for name in "abcd"]
    with qtbot.waitSignal(playlists.reordered):
        playlists.place(made[3].id, 1)
    assert [each.name for each in playlists.all()] == ["a", "d", "b", "c"]
    for _ in range(60):  # until there is no room between two positions
        playlists.place(playlists.all()[-1].id, 1)
    assert [each.name for each in playlists.all()] == ["a", "d", "b", "c"]
    playlists.undo()
    assert [each.name for each in playlists.all()] == ["a", "b", "c", "d"]


def test_signals_say_what_happened_once(playlists: Playlists) -> None:
    heard: list[str] = []
    playlists.added.connect(lambda _: heard.append("added"))
    playlists.changed.connect(lambda _: heard.append("changed"))
    playlists.removed.connect(lambda _: heard.append("removed"))
    made = playlists.create("L")
    playlists.add(made.id, ids("a"))
    playlists.add(made.id, [])
    playlists.rename(made.id, "L")
    playlists.delete(made.id)
    playlists.undo()
    assert heard == ["added", "changed", "removed", "added"]


def test_an_id_that_is_not_there_is_an_error(playlists: Playlists) -> None:
    smart = playlists.create_smart("S", SmartRule(""))
    for key in ("none", smart.id):
        with pytest.raises(KeyError):
            playlists.add(key, ids("a"))


def test_smart_playlists_follow_the_catalogue(playlists: Playlists, catalogue: Catalogue) -> None:
    made = playlists.create_smart("New", SmartRule("year>1993", "year", descending=True, limit=2))
    assert names(playlists, made) == "hg"
    catalogue.upsert([Track(TrackId("i"), "/m/i", "/m", title="i", year=2001)])
    assert names(playlists, made) == "ih"
    playlists.set_rule(made.id, SmartRule("plays:0 year<1992", "title"))
    assert names(playlists, made) == "ab"
    catalogue.set_plays({TrackId("a"): 2})
    assert names(playlists, made) == "b"


def test_a_rule_that_is_none_finds_nothing_and_says_why(playlists: Playlists, catalogue: Catalogue) -> None:
    made = playlists.create_smart("Broken", SmartRule('"open'))
    assert playlists.tracks(made.id) == []
    with pytest.raises(QueryError, match="quotation mark"):
        find(catalogue, SmartRule('"open'))


def test_an_order_by_chance_stays_for_the_same_playlist(catalogue: Catalogue) -> None:
    rule = SmartRule("", RANDOM, limit=5)
    one, again = find(catalogue, rule, "one").tolist(), find(catalogue, rule, "one").tolist()
    assert one == again
    assert len(one) == 5
    assert one != find(catalogue, rule, "two").tolist()


def test_the_next_start_has_everything_without_a_database(
    home: Home, playlists: Playlists, catalogue: Catalogue
) -> None:
    made = playlists.create("L", ids("ab"))
    smart = playlists.create_smart("S", SmartRule("x", "year", descending=True, limit=3))
    gone = playlists.create("G")
    playlists.delete(gone.id)
    playlists.shutdown()
    again = Playlists(home, catalogue, Link(home))
    again.start()
    assert again.all() == [playlists.get(made.id), playlists.get(smart.id)]
    again.shutdown()


def test_an_edit_is_in_the_file_without_an_orderly_end(home: Home, playlists: Playlists, qtbot: QtBot) -> None:
    for name in "abc":
        playlists.create(name)
    qtbot.waitUntil(lambda: len(read_mirror(home.playlists_file)[0]) == 3)


def test_the_later_version_holds_whichever_side_has_it(playlists: Playlists, client: Link) -> None:
    made = playlists.create("Here", ids("a"))
    client.held = {
        made.id: replace(made, name="Elsewhere later", updated_at=made.updated_at + 9),
        "other": Playlist("other", "Only there", updated_at=5.0),
    }
    mine = playlists.create("Only here")
    client.held.pop(mine.id)
    client.connected.emit()
    assert {each.name for each in playlists.all()} == {"Elsewhere later", "Only there", "Only here"}
    assert client.held[mine.id].name == "Only here"
    playlists.rename(made.id, "Now")
    assert client.held[made.id].name == "Now", "an edit is later than what it edits, whatever the clock says"


def test_lists_of_other_listeners_are_neither_shown_nor_touched_and_their_names_are_free(
    playlists: Playlists, client: Link
) -> None:
    theirs = Playlist("other", "Evening", owner=ListenerId("ann"), shared=True, updated_at=5.0)
    client.held = {theirs.id: theirs}
    client.connected.emit()
    assert playlists.create("Evening").name == "Evening"
    assert [each.owner for each in playlists.all()] == [OWNER]
    playlists.undo()
    assert client.held[theirs.id] == theirs


def test_what_was_deleted_does_not_come_back_from_the_other_side(playlists: Playlists, client: Link) -> None:
    made = playlists.create("L", ids("a"))
    playlists.delete(made.id)
    client.held[made.id] = made
    client.connected.emit()
    assert playlists.all() == []
    assert client.held[made.id].deleted


@pytest.mark.parametrize("content", ["", "{", "[]", '{"playlists": 3}', '{"playlists": [{"id": 3}]}', "[" * 9999])
def test_a_damaged_file_is_told_and_kept(
    home: Home, catalogue: Catalogue, client: Link, content: str, qtbot: QtBot
) -> None:
    home.data.mkdir(parents=True)
    home.playlists_file.write_text(content)
    client.held = {"x": Playlist("x", "From the database")}
    made = Playlists(home, catalogue, client)
    with qtbot.waitSignal(made.failed):
        made.start()
    assert home.playlists_file.with_suffix(".damaged.json").read_text() == content
    client.connected.emit()
    assert [each.name for each in made.all()] == ["From the database"]
    made.shutdown()
    assert [each.name for each in read_mirror(home.playlists_file)[0]] == ["From the database"]


def test_one_damaged_entry_costs_only_itself(home: Home, tmp_path: Path) -> None:
    write_mirror(tmp_path / "p.json", [Playlist("a", "Good", tracks=tuple(ids("xy")))])
    content = json.loads((tmp_path / "p.json").read_text())
    content["playlists"].append({"id": "b", "name": 5})
    (tmp_path / "p.json").write_text(json.dumps(content))
    found, damaged = read_mirror(tmp_path / "p.json")
    assert ([each.name for each in found], damaged) == (["Good"], True)


def test_a_file_that_cannot_be_written_is_told_once(home: Home, playlists: Playlists, qtbot: QtBot) -> None:
    home.data.mkdir(parents=True, exist_ok=True)
    home.playlists_file.mkdir()
    told: list[str] = []
    playlists.failed.connect(lambda message, _: told.append(message))
    playlists.create("a")
    qtbot.waitUntil(lambda: len(told) == 1)
    playlists.create("b")
    QCoreApplication.processEvents()
    assert len(told) == 1
    assert "could not be saved" in told[0]


KINDS = st.sampled_from(PlaylistKind)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
NUMBERS = st.floats(0, 1e10)
PLAYLISTS = st.builds(
    Playlist, TEXTS, TEXTS, KINDS, st.lists(TEXTS.map(TrackId), max_size=4).map(tuple), TEXTS, TEXTS, st.booleans(),
    st.integers(0, 10**6), NUMBERS, NUMBERS, st.booleans(), TEXTS.map(ListenerId), st.booleans(), TEXTS,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(PLAYLISTS, max_size=3))
def test_the_file_gives_back_what_it_was_given(
    tmp_path_factory: pytest.TempPathFactory, playlists: list[Playlist]
) -> None:
    path = tmp_path_factory.getbasetemp() / "mirror.json"
    write_mirror(path, playlists)
    assert read_mirror(path) == (playlists, False)


@settings(deadline=None)
@given(st.text(max_size=12), st.sets(st.integers(-3, 15)), st.integers(-3, 15))
def test_moving_keeps_everything_and_the_order_of_what_was_moved(text: str, chosen: set[int], to: int) -> None:
    numbered = list(enumerate(text))
    after = edits.moved(numbered, chosen, to)
    assert sorted(after) == numbered
    assert [each for each in after if each[0] in chosen] == [each for each in numbered if each[0] in chosen]
    assert [each for each in after if each[0] not in chosen] == [each for each in numbered if each[0] not in chosen]


@settings(deadline=None)
@given(st.text(max_size=8), st.text(max_size=8))
def test_added_without_doubles_nothing_comes_twice(there: str, added: str) -> None:
    fresh = edits.without_doubles(ids(there), ids(added))
    assert set(fresh) == set(added) - set(there)
    assert len(set(fresh)) == len(fresh)


@settings(deadline=None)
@given(st.lists(st.text(max_size=6), max_size=12))
def test_unique_names_are_unique_but_for_case_and_accents(wanted: list[str]) -> None:
    from indexer.core.text import fold

    taken: list[str] = []
    for name in wanted:
        taken.append(edits.unique_name(edits.clean_name(name, "Playlist"), taken))
    assert len({fold(name) for name in taken}) == len(taken)


def test_copies_stand_for_tracks_that_left_also_before_the_database_answers(
    home: Home, client: Link, catalogue: Catalogue, qtbot: QtBot
) -> None:
    first = Playlists(home, catalogue, client)
    first.start()
    made = first.create("L", ids("aba"))
    with qtbot.waitSignal(first.changed) as told:
        first.set_heirs({TrackId("a"): TrackId("c")})
    assert told.args == [made.id]
    assert names(first, made) == "cbc"
    assert first.already_in(made.id, ids("c")) == ids("c")
    assert first.lines_of(ids("a")) == 2
    first.shutdown()
    again = Playlists(home, catalogue, client)
    again.start()
    assert names(again, made) == "cbc"
    again.set_heirs({})
    assert names(again, made) == "aba", "as it was"
    again.shutdown()
