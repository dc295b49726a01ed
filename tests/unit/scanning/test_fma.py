from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.tracks import Genre, Track, TrackId
from indexer.scanning.fma import FmaMetadata, FmaRow, fma_id_of, join
from indexer.scanning.fma_tables import MetadataError
from tests import bad_files
from tests.fma_files import write_metadata
from tests.waiting import cost


def metadata_of(folder: Path, rows: dict[str, dict[str, str]]) -> FmaMetadata:
    write_metadata(folder, rows)
    found = FmaMetadata.find(folder)
    assert found is not None
    return found


def test_a_row_is_described(tmp_path: Path) -> None:
    metadata = metadata_of(
        tmp_path,
        {
            "2": {
                "title": "Food",
                "artist": "AWOL",
                "album": "A Way\nOf Life",
                "genre_top": "Hip-Hop",
                "genres": "[76, 103]",
                "released": "2009-01-06 00:00:00",
                "number": "3",
                "licence": "CC BY",
                "subset": "small",
            }
        },
    )
    assert metadata.lookup(2) == FmaRow(
        fma_id=2,
        title="Food",
        artist="AWOL",
        album="A Way Of Life",
        genre="Hip-Hop",
        genres=("Hip-Hop", "Experimental Pop", "Singer-Songwriter"),
        year=2009,
        track_number=3,
        licence="CC BY",
        subset="small",
    )
    assert metadata.lookup(3) is None


def test_without_a_top_genre_the_first_genres_branch_counts(tmp_path: Path) -> None:
    row = metadata_of(tmp_path, {"20": {"genres": "[76, 103]", "recorded": "11/26/2008"}}).lookup(20)
    assert row is not None
    assert (row.genre, row.genres, row.year) == ("Pop", ("Pop", "Experimental Pop", "Singer-Songwriter"), 2008)


def test_empty_fields_and_odd_rows_do_no_harm(tmp_path: Path) -> None:
    metadata = metadata_of(tmp_path, {"5": {}, "not a number": {"title": "x"}, "6": {"genres": "[nonsense, 9999]"}})
    assert metadata.lookup(5) == FmaRow(5)
    assert metadata.lookup(6) == FmaRow(6)
    assert [row.fma_id for row in metadata.rows()] == [5, 6]


def test_genres_may_be_missing(tmp_path: Path) -> None:
    write_metadata(tmp_path, {"5": {"genre_top": "Rock", "genres": "[12]"}}, genres=False)
    metadata = FmaMetadata.find(tmp_path)
    assert metadata is not None
    assert metadata.lookup(5) == FmaRow(5, genre="Rock", genres=("Rock",))


@pytest.mark.parametrize("chosen", [".", "clips", "clips/000"])
def test_metadata_is_found_in_beside_and_above(tmp_path: Path, chosen: str) -> None:
    path = write_metadata(tmp_path, {})
    (tmp_path / "clips" / "000" / "deep").mkdir(parents=True)
    found = FmaMetadata.find(tmp_path / chosen)
    assert found is not None
    assert found.path == path
    assert FmaMetadata.find(tmp_path / "clips" / "000" / "deep") is None


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    path = bad_files.wrong_columns(tmp_path)
    with pytest.raises(MetadataError, match=r"lacks the columns artist\.name, track\.genre_top") as caught:
        FmaMetadata.find(tmp_path)
    assert str(path) in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b'"open quote', b"\x00" * 500])
def test_a_table_of_rubbish_is_refused(tmp_path: Path, data: bytes) -> None:
    path = bad_files.wrong_columns(tmp_path)
    path.write_bytes(data)
    with pytest.raises(MetadataError):
        FmaMetadata.find(tmp_path)


def test_a_table_that_goes_away_is_a_metadata_error(tmp_path: Path) -> None:
    path = write_metadata(tmp_path, {"5": {}})
    metadata = FmaMetadata.find(tmp_path)
    assert metadata is not None
    path.unlink()
    with pytest.raises(MetadataError, match="cannot be opened"):
        metadata.lookup(5)


def test_fields_in_another_encoding_lose_only_themselves(tmp_path: Path) -> None:
    path = write_metadata(tmp_path, {"5": {"title": "Z", "artist": "An artist"}})
    path.write_bytes(path.read_bytes().replace(b"Z", "Zoë".encode("latin-1")))
    row = metadata.lookup(5) if (metadata := FmaMetadata.find(tmp_path)) else None
    assert row is not None
    assert (row.title, row.artist) == ("Zo�", "An artist")


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("fma/000/000002.mp3", 2),
        ("fma/155/155066.MP3", 155066),
        ("fma/001/000002.mp3", None),
        ("fma/000/000002.flac", None),
        ("fma/000002.mp3", None),
        ("fma/000/00002.mp3", None),
        ("fma/000/0000021.mp3", None),
        ("fma/\u0660\u0660\u0660/\u0660\u0660\u0660\u0660\u0660\u0662.mp3", None),
        ("000002.mp3", None),
    ],
)
def test_ids_in_paths(path: str, number: int | None) -> None:
    assert fma_id_of(path) == number


@given(st.integers(0, 999_999))
def test_every_id_is_found_in_its_own_path(number: int) -> None:
    name = f"{number:06}"
    assert fma_id_of(f"/music/{name[:3]}/{name}.mp3") == number


def test_join_prefers_the_row_and_keeps_what_it_lacks() -> None:
    track = Track(TrackId("a"), "p", "r", title="old", artist="tagged", year=1990, genres=("Rock",))
    joined = join(track, FmaRow(7, title="new", year=2001, subset="small"))
    assert (joined.title, joined.artist, joined.year, joined.genres) == ("new", "tagged", 2001, ("Rock",))
    assert (joined.subset, joined.fma_id) == ("small", 7)


def test_ten_times_the_rows_take_ten_times_as_long_to_load(tmp_path: Path) -> None:
    row = {"title": "A title", "artist": "An artist", "genres": "[76, 103]", "released": "2009"}
    costs = []
    for count in (10_657, 106_574):
        metadata = metadata_of(tmp_path / str(count), {str(number): row for number in range(count)})
        costs.append(cost(lambda metadata=metadata: metadata.lookup(0), times=1))
        assert metadata.lookup(count - 1) is not None
    assert costs[1] < 40 * costs[0]  # 100 times were each row looked for among all


@pytest.mark.music
def test_real_metadata(music_folder: Path) -> None:
    metadata = FmaMetadata.find(music_folder / "clips")
    assert metadata is not None
    row = metadata.lookup(2)
    assert row is not None
    assert (row.artist, row.title, row.genre, row.year) == ("AWOL", "Food", "Hip-Hop", 2009)
    assert metadata.lookup(900_001) is None


def test_the_tree_of_genres_is_given_whole(tmp_path: Path) -> None:
    assert metadata_of(tmp_path, {}).genres() == [
        Genre(10, "Pop"),
        Genre(76, "Experimental Pop", 10),
        Genre(103, "Singer-Songwriter", 17),
        Genre(17, "Folk"),
    ]
    write_metadata(tmp_path / "without", {}, genres=False)
    alone = FmaMetadata.find(tmp_path / "without")
    assert alone is not None
    assert alone.genres() == []
