"""The tables of the Free Music Archive that lie beside the music."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.core.tracks import Track, TrackId
from indexer.scanning.fma import FmaMetadata, fma_id_of, join
from tests.fma_files import write_metadata
from tests.fuzz.target import Box, Target

_ROWS = {
    "2": {"title": "Food", "artist": "AWOL", "genre_top": "Hip-Hop", "genres": "[21, 10]", "released": "2009-01-05"},
    "5": {"title": 'A "quoted"\nline', "genres": "[17]", "number": "4", "licence": "CC"},
}
_WORDS = (
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\x00",
    b"9" * 5_000,
    b"\xd9\xa3",  # an Arabic digit
    b"[21, 99999999999999999999]",
    b"album",
    b"track_id",
    b"genre_id",
    b"../outside/secret.mp3",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
)


def _run_tracks(data: bytes, box: Box) -> None:
    _use(_folder(box, tracks=data))


def _run_genres(data: bytes, box: Box) -> None:
    _use(_folder(box, genres=data))


def _use(folder: Path) -> None:
    metadata = FmaMetadata.find(folder)
    assert metadata is not None
    metadata.genres()
    track = Track(TrackId("0"), str(folder / "000/000002.mp3"), str(folder), title="A title")
    for row in metadata.rows():
        join(track, row)
    metadata.lookup(fma_id_of(track.path) or 0)


def _folder(box: Box, tracks: bytes | None = None, genres: bytes | None = None) -> Path:
    place = box.inside / "fma_metadata"
    if not place.is_dir():
        write_metadata(box.inside, _ROWS)
    for name, content in (("tracks.csv", tracks), ("genres.csv", genres)):
        if content is not None:
            (place / name).write_bytes(content)
    return box.inside


def _seed(box: Box, name: str) -> Sequence[bytes]:
    folder = box.inside / "whole"
    path = folder / "fma_metadata" / name
    if not path.is_file():
        write_metadata(folder, _ROWS)
    return [path.read_bytes()]


def _rows() -> SearchStrategy[bytes]:
    """More rows below a header that is right."""
    fields = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=14)
    header = b",album,track,artist\n,title,title,name\ntrack_id,,,\n"
    return st.lists(fields, max_size=8).map(
        lambda rows: header + "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
    )


TARGETS = (
    Target("tracks.csv", _run_tracks, lambda box: _seed(box, "tracks.csv"), _WORDS, _rows),
    Target("genres.csv", _run_genres, lambda box: _seed(box, "genres.csv"), _WORDS),
)
