"""Which pictures beside music are its cover, which is chosen in their place, and how one is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.core.catalogue.chosen_covers import ChosenCovers, CoverUnwritable
from indexer.core.catalogue.covers import LARGEST_FILE, beside, drawing_of, names_for
from indexer.core.tracks import TrackId
from tests.unit.core.catalogue.tracks import track

ONE, TWO = TrackId("1" * 32), TrackId("2" * 32)
OURS = track(1, artist="Boards of Canada", album="Geogaddi")


def found(folder: Path, *names: str, song: str = "song.mp3") -> list[str]:
    for place, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * (100 + place))
    return [path.name for path in beside(folder / song, names_for(OURS))]


def test_usual_names_come_first_then_the_albums_then_the_artists(tmp_path: Path) -> None:
    names = ["Boards of Canada.jpg", "GEOGADDI.webp", "Album-Front.jpeg", "front.png", "Folder.JPG", "holiday.jpg"]
    assert found(tmp_path, *names) == [
        "Folder.JPG", "front.png", "GEOGADDI.webp", "Boards of Canada.jpg", "Album-Front.jpeg",
    ]  # fmt: skip


def test_of_equal_names_the_larger_file_comes_first(tmp_path: Path) -> None:
    assert found(tmp_path, "cover.png", "cover.jpg", "Cover.jpeg") == ["Cover.jpeg", "cover.jpg", "cover.png"]


@pytest.mark.parametrize("name", ["back cover.jpg", "cover_inside.png", "CD cover.jpg", "AlbumArt_{1}_Small.jpg"])
def test_other_sides_are_no_cover(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, name) == []


def test_the_folder_of_a_disc_shares_the_cover_of_its_album(tmp_path: Path) -> None:
    assert found(tmp_path, "cover.jpg", song="CD 1/song.mp3") == ["cover.jpg"]
    assert found(tmp_path, "CD 1/front.jpg", song="CD 1/song.mp3") == ["front.jpg", "cover.jpg"]
    assert found(tmp_path, song="Other/song.mp3") == []


def test_a_genre_gives_the_colour_and_none_is_loud() -> None:
    loud = (220, 230, 140)
    tile, grey = drawing_of("Geogaddi", loud), drawing_of("Geogaddi")
    assert abs(tile.top[0] - loud[0]) < 10
    assert grey.top[1] < tile.top[1] < loud[1] / 2
    assert drawing_of("Geogaddi", loud) == tile
    assert max(tile.top[2], grey.top[2]) < 128, "white letters stay readable"


def test_a_choice_is_kept_seen_elsewhere_and_taken_back(tmp_path: Path) -> None:
    here, elsewhere = ChosenCovers(tmp_path / "covers"), ChosenCovers(tmp_path / "covers")
    assert elsewhere.picture_of(ONE) is None
    assert here.choose([ONE, TWO], b"red") == {ONE: None, TWO: None}
    picture = elsewhere.picture_of(TWO)
    assert picture is not None
    assert picture.read_bytes() == b"red"
    before = elsewhere.choose([ONE], b"blue")
    assert here.picture_of(ONE) != picture
    here.put(before)
    assert elsewhere.picture_of(ONE) == picture
    here.put({ONE: None, TWO: None})
    assert ChosenCovers(tmp_path / "covers").picture_of(ONE) is None


def test_what_cannot_be_kept_changes_nothing(tmp_path: Path) -> None:
    chosen = ChosenCovers(tmp_path / "covers")
    chosen.choose([ONE], b"red")
    with pytest.raises(CoverUnwritable):
        chosen.choose([ONE], bytes(LARGEST_FILE + 1))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CoverUnwritable):
        ChosenCovers(tmp_path / "file").choose([ONE], b"red")
    assert chosen.picture_of(ONE) is not None


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1}', b'{"' + b"1" * 32 + b'": "../../secret"}'])
def test_a_broken_list_is_no_list(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "chosen.json").write_bytes(content)
    assert ChosenCovers(tmp_path).picture_of(ONE) is None
