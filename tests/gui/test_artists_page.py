"""The page of an artist: head, albums, what it appears on, who sounds like it; and albums that sound like one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.catalogue.catalogue import Catalogue
from indexer.core.model import SimilarityModel
from indexer.core.model.space.transform import Transform, UnitLength
from indexer.core.tracks import TrackId
from musicplayer.discover.groups_alike import GroupsAlike
from musicplayer.library.groupings import Groupings
from musicplayer.playback.player import Player
from musicplayer.ui.frame.track_commands import TrackCommands
from musicplayer.ui.look.look import Look
from musicplayer.ui.tracks.albums_page import AlbumsPage
from musicplayer.ui.tracks.artists_page import ArtistsPage
from musicplayer.ui.tracks.browse_page import Browsing
from musicplayer.ui.tracks.group_model import GroupWords

from .conftest import track

ARTISTS, KINDS = 8, 2
PLAYS = {track(2).id: 5, track(0).id: 2}


@pytest.fixture
def catalogue() -> Catalogue:
    """Eight artists with two albums of two tracks each; the first is on an album of various artists, too."""
    made = Catalogue()
    tracks = [
        track(number, artist=f"Artist {number // 4}", album=f"Album {number // 2:02}", year=2000 + number // 2 % 2)
        for number in range(4 * ARTISTS)
    ]
    sampler = [
        track(90 + place, artist=artist, album="Sampler", album_artist="Various Artists")
        for place, artist in enumerate(("Artist 0", "Somebody", "Artist 2"))
    ]
    made.upsert([*tracks, *sampler])
    made.set_plays(PLAYS)
    return made


@pytest.fixture
def model(catalogue: Catalogue) -> SimilarityModel:
    """Every second artist sounds alike."""
    generator = np.random.default_rng(1)
    centres = generator.normal(size=(KINDS, 6))
    ids = [track(number).id for number in range(4 * ARTISTS)]
    heard = [
        (centres[number // 4 % KINDS] + 0.2 * generator.normal(size=6)).astype(np.float32)[np.newaxis]
        for number in range(4 * ARTISTS)
    ]
    return SimilarityModel.provisional(Transform((UnitLength(),)), "sonic:1", ids, heard)


@pytest.fixture
def groupings(catalogue: Catalogue) -> Groupings:
    return Groupings(catalogue)


@pytest.fixture
def alike(groupings: Groupings, model: SimilarityModel) -> Iterator[GroupsAlike]:
    made = GroupsAlike(groupings, lambda: model)
    yield made
    made.shutdown()


@pytest.fixture
def page(groupings: Groupings, alike: GroupsAlike, commands: TrackCommands, look: Look, qtbot: QtBot) -> ArtistsPage:
    browsing = Browsing("artists", "Artists", GroupWords(), groupings.artists)
    made = ArtistsPage(groupings, browsing, commands, look, alike)
    groupings.changed.connect(made.on_groups_changed)
    qtbot.addWidget(made)
    made.resize(1_000, 700)
    made.show()
    return made


def key_of(page: ArtistsPage, groupings: Groupings, artist: str) -> str:
    return groupings.artists().keys[list(groupings.artists().labels).index(artist)]


@pytest.fixture
def first(page: ArtistsPage, groupings: Groupings, qtbot: QtBot) -> ArtistsPage:
    """The page of the first artist, with everything that is to be said."""
    assert page.choose(key_of(page, groupings, "Artist 0"))
    qtbot.waitUntil(lambda: bool(page.head.alike.texts))
    return page


def titles(page: ArtistsPage, strip: str) -> list[str]:
    model = getattr(page.head, strip).model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_an_artist_has_a_head_with_albums_the_newest_first(first: ArtistsPage) -> None:
    assert first.head.isVisible()
    assert first.head.name.text() == "Artist 0"
    assert first.head.facts.text().startswith("2 albums · 5 tracks")
    assert titles(first, "own") == ["Album 01", "Album 00"]
    assert titles(first, "appears_on") == ["Sampler"]
    assert first.model.rowCount() == 5
    assert not first.grab().isNull()


def test_who_sounds_alike_is_named_and_led_to(first: ArtistsPage) -> None:
    assert set(first.head.alike.texts[:3]) == {"Artist 2", "Artist 4", "Artist 6"}
    wanted = first.head.alike.texts[0]
    first.head.alike.click(0)
    assert first.head.name.text() == wanted


def test_most_played_plays_from_there(first: ArtistsPage, player: Player) -> None:
    assert first.head.most_played.texts == ["Title 002", "Title 000"]
    first.head.most_played.click(1)
    assert player.current == track(0).id


def test_play_is_everything_album_by_album_and_shuffle_too(first: ArtistsPage, player: Player) -> None:
    first.head.play.click()
    tracks = [item.track for item in player.queue.items]
    assert len(tracks) == 5
    first.head.shuffle.click()
    assert {item.track for item in player.queue.items} == set(tracks)


def test_the_radio_begins_from_all_of_it(first: ArtistsPage, commands: TrackCommands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(commands.radio_requested) as asked:
        first.head.radio.click()
    assert asked.args is not None
    assert set(asked.args[0]) == {track(number).id for number in (0, 1, 2, 3, 90)}


def test_an_album_is_opened_where_albums_are(first: ArtistsPage, groupings: Groupings, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first.album_requested) as asked:
        first.head.own.line.opened.emit(0)
    assert asked.args is not None
    assert groupings.albums().titles[groupings.albums().place_of(asked.args[0]) or 0] == "Album 01"


def test_several_artists_nobody_and_a_search_without_any_have_no_head(first: ArtistsPage, groupings: Groupings) -> None:
    first.tree.choose([key_of(first, groupings, "Artist 0"), key_of(first, groupings, "Artist 1")])
    assert not first.head.isVisible()


def test_links_that_do_not_fit_are_left_out_whole(first: ArtistsPage) -> None:
    first.resize(420, 600)
    line = first.head.alike
    inside = [child for child in line.children() if child.isWidgetType() and child.isVisible()]  # type: ignore[attr-defined]
    assert inside
    assert all(line.rect().contains(child.geometry()) for child in inside)  # type: ignore[attr-defined]


def test_an_artist_that_left_has_no_head(first: ArtistsPage, catalogue: Catalogue, groupings: Groupings) -> None:
    from indexer.core.tracks import TrackState

    gone = [track(number, artist="Artist 0", state=TrackState.GONE) for number in (0, 1, 2, 3, 90)]
    catalogue.upsert(gone)
    groupings.reset()
    assert not first.head.isVisible()


def test_an_album_says_which_others_sound_like_it(
    groupings: Groupings, alike: GroupsAlike, commands: TrackCommands, look: Look, qtbot: QtBot
) -> None:
    page = AlbumsPage(groupings, commands, look, alike=alike)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.refresh()
    albums = groupings.albums()
    page.open_album(albums.key(albums.titles.index("Album 00")))
    strip = page.album.alike
    qtbot.waitUntil(lambda: strip.model.rowCount() > 0)
    artists = [
        groupings.catalogue.artist(groupings.catalogue.row_of(strip.model.cover_id(row)) or 0) for row in range(4)
    ]
    assert set(artists) <= {"Artist 2", "Artist 4", "Artist 6"}
    key = strip.model.key_at(0)
    strip.line.opened.emit(0)
    assert page.album.key == key
    with qtbot.waitSignal(page.artist_requested) as asked:
        page.album.header.by.click()
    assert asked.args == [TrackId(page.album.tracks()[0])]


def test_without_a_model_nothing_is_said(groupings: Groupings, qtbot: QtBot) -> None:
    made = GroupsAlike(groupings, lambda: None)
    assert made.artists(0, 5) == []
    assert made.albums(0, 5) == []
    made.shutdown()


def test_a_model_that_grew_is_asked_anew(
    groupings: Groupings, alike: GroupsAlike, model: SimilarityModel, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(alike.changed):
        assert alike.artists(0, 5) == []
    assert len(alike.artists(0, 5)) == 5
    model.insert(track(90).id, np.ones((1, 6), np.float32))
    with qtbot.waitSignal(alike.changed):
        assert len(alike.artists(0, 5)) == 5, "what was known answers meanwhile"
    assert len(alike.artists(0, 5)) == 5


def test_who_asked_before_there_was_a_model_is_told_when_it_comes(
    groupings: Groupings, model: SimilarityModel, qtbot: QtBot
) -> None:
    models: list[SimilarityModel] = []
    made = GroupsAlike(groupings, lambda: models[0] if models else None)
    assert made.artists(0, 5) == []
    models.append(model)
    with qtbot.waitSignal(made.changed):
        made.on_model_changed()
    with qtbot.waitSignal(made.changed):
        made.artists(0, 5)
    assert len(made.artists(0, 5)) == 5
    with qtbot.assertNotEmitted(made.changed):
        made.on_model_changed()
    made.shutdown()
