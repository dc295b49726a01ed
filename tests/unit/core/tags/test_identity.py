from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.id3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.audio.errors import EmptyFile, UnreadableFile, VanishedFile
from indexer.core.audio.payload import locate, looks_like_audio, page_bodies
from indexer.core.tags.reading import BLOCK, identify
from tests import bad_files


def add_id3v1(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"TAG" + b"x" * 125)


def add_id3v2(path: Path) -> None:
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=3, text="A title of some length"))
    tags.add(mutagen.id3.APIC(encoding=3, mime="image/png", type=3, desc="", data=b"p" * 50_000))
    tags.save(path)


def add_ape(path: Path) -> None:
    tags = mutagen.apev2.APEv2()
    tags["Title"] = "A title"
    tags.save(path)


def add_all(path: Path) -> None:
    add_ape(path)
    add_id3v2(path)
    add_id3v1(path)


@pytest.mark.parametrize("retag", [add_id3v1, add_id3v2, add_ape, add_all])
def test_tags_around_mp3_leave_the_id(tmp_path: Path, retag: Callable[[Path], None]) -> None:
    path = bad_files.good(tmp_path, "song.mp3")
    before = identify(path)
    retag(path)
    assert identify(path) == before


def test_a_tag_that_ends_like_an_older_one_leaves_the_id(tmp_path: Path) -> None:
    """The last 128 bytes of one of 130 bytes begin with TAG, as ID3v1 does."""
    path = bad_files.good(tmp_path, "song.mp3")
    before = identify(path)
    tags = mutagen.apev2.APEv2()
    tags["Title"] = "x" * 52
    tags.save(path)
    assert path.read_bytes()[-130:].startswith(b"APETAGEX")
    assert identify(path) == before


@pytest.mark.parametrize("name", ["song.flac", "song.ogg", "song.wav", "song.aiff"])
def test_tags_inside_a_container_leave_the_id(tmp_path: Path, name: str) -> None:
    path = bad_files.good(tmp_path, name, seconds=20)
    before = identify(path)
    media = mutagen.File(path)
    assert media is not None
    if media.tags is None:
        media.add_tags()
    if isinstance(media.tags, mutagen.id3.ID3):
        media.tags.add(mutagen.id3.TIT2(encoding=3, text="t" * 20_000))
    else:
        media.tags["title"] = "t" * 200_000
    media.save()
    assert identify(path) == before


def test_other_sound_has_another_id(tmp_path: Path) -> None:
    one, other = (bad_files.good(tmp_path, f"{seed}.flac", seed=seed) for seed in (1, 2))
    assert identify(one) != identify(other)


def test_name_and_place_do_not_matter(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path)
    before = identify(path)
    (tmp_path / "below").mkdir()
    assert identify(path.rename(tmp_path / "below" / "other name.flac")) == before


@pytest.mark.parametrize("place", [0, 2 * BLOCK - 7, 4 * BLOCK - 1])
def test_beginning_middle_and_end_of_large_files_count(tmp_path: Path, place: int) -> None:
    data = bytearray(os.urandom(4 * BLOCK))
    path = tmp_path / "large.mp3"
    path.write_bytes(data)
    before = identify(path)
    data[place] ^= 1
    path.write_bytes(data)
    assert identify(path) != before


def test_size_counts(tmp_path: Path) -> None:
    path = tmp_path / "zeros.mp3"
    path.write_bytes(bytes(4 * BLOCK))
    before = identify(path)
    path.write_bytes(bytes(4 * BLOCK + 1))
    assert identify(path) != before


def test_id_is_32_hexadecimal_digits(tmp_path: Path) -> None:
    identity = identify(bad_files.good(tmp_path))
    assert len(identity) == 32
    int(identity, 16)


@pytest.mark.parametrize("builder", [bad_files.empty, bad_files.only_tags])
def test_files_without_sound_are_empty(tmp_path: Path, builder: Callable[[Path], Path]) -> None:
    with pytest.raises(EmptyFile, match="is empty"):
        identify(builder(tmp_path))


def test_missing_and_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(VanishedFile, match="not here"):
        identify(tmp_path / "not here.mp3")
    with pytest.raises(UnreadableFile, match="really a folder"):
        identify(bad_files.folder_named_like_music(tmp_path))


MAGICS = st.sampled_from(
    [
        *(b"", b"ID3\x04\0\0\0\0\0\x0a", b"fLaC", b"OggS", b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF"),
        *(b"\0\0\0\x08ftyp", bytes.fromhex("3026b2758e66cf11"), b"APETAGEX"),
    ]
)


@given(MAGICS, st.binary(max_size=400), st.sampled_from([b"", b"TAG" + bytes(125), b"APETAGEX" + b"\xff" * 24]))
def test_any_bytes_have_a_payload_within_them(magic: bytes, body: bytes, tail: bytes) -> None:
    data = magic + body + tail
    payload = locate(io.BytesIO(data))
    assert payload.start >= 0
    assert payload.size >= 0
    assert payload.start + payload.size <= max(len(data), payload.start)
    assert payload.missing >= 0


@given(st.lists(st.binary(max_size=200), max_size=5), st.binary(max_size=30))
def test_page_bodies_are_what_pages_hold(bodies: list[bytes], rubbish: bytes) -> None:
    bodies = [body.replace(b"O", b"o") for body in bodies]
    pages = b"".join(b"OggS" + bytes(22) + b"\x01" + bytes([len(body)]) + body for body in bodies)
    assert list(page_bodies(rubbish.replace(b"O", b"o") + pages)) == bodies


def test_text_does_not_look_like_audio() -> None:
    assert not looks_like_audio(b"plain text, and more of it")
    assert not looks_like_audio("\ufeffUTF-16 text".encode("utf-16-le"))
    assert not looks_like_audio(b"")
