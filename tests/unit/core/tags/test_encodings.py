"""Tags in the encodings of old machines are read, and honest ones stay what they are."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.tags.encodings import ENCODINGS, Undeclared, decoded, likely_encoding, with_encodings
from indexer.core.tags.tags import read_tags
from tests import bad_files
from tests.benchmarks.encodings import errors, in_bytes
from tests.fuzz.audio import frame, id3
from tests.legacy_names import LEGACY, WESTERN


def tagged(folder: Path, name: str, *, encoding: str, title: str, artist: str, declared: bytes = b"\0") -> Path:
    frames = [frame(b"TIT2", declared + title.encode(encoding)), frame(b"TPE1", declared + artist.encode(encoding))]
    folder.mkdir(exist_ok=True)
    bare = bad_files.good(folder, "bare.mp3")
    path = folder / name
    path.write_bytes(id3(b"".join(frames)) + bare.read_bytes())
    bare.unlink()
    return path


@pytest.mark.parametrize("track", WESTERN, ids="/".join)
def test_no_western_name_is_changed(track: tuple[str, ...]) -> None:
    assert errors([track], "cp1252")[0] == []


def test_no_western_name_is_changed_by_what_lies_beside_it() -> None:
    assert errors(WESTERN, "cp1252", folder=6)[0] == []
    foreign = [name.encode("cp1251") for track in LEGACY[0][1] for name in track]
    for track in WESTERN:
        texts = [name.encode("cp1252") for name in track if not name.isascii()]
        if max(len(text) for text in texts) > 4:  # with less, `Été` may well be `Ете`
            assert all(
                decoded(text, likely_encoding(texts, lambda: foreign)) == text.decode("cp1252") for text in texts
            )


ENCODED = [(encoding, tracks) for encodings, tracks in LEGACY for encoding in encodings]


@pytest.mark.parametrize(("encoding", "tracks"), ENCODED, ids=[encoding for encoding, _ in ENCODED])
def test_names_are_read_as_they_were_written(encoding: str, tracks: tuple[tuple[str, ...], ...]) -> None:
    wrong, number = errors(tracks, encoding)
    hard = 0.4 if encoding == "cp1254" else 0.2  # one letter of an alphabet much like ours
    assert len(wrong) <= hard * number, wrong
    together, _ = errors(tracks, encoding, folder=6)
    assert len(together) <= 0.1 * number, together


@pytest.mark.parametrize(
    ("encoding", "title", "artist"),
    [
        ("cp1251", "Лучшие песни", "Старый порт"),
        ("koi8-r", "Группа крови", "Кино"),
        ("cp1253", "Τραγούδι", "Λιμάνι"),
        ("shift_jis", "港の歌", "夜の船"),
        ("gbk", "月亮代表我的心", "邓丽君"),
        ("big5", "月亮代表我的心", "鄧麗君"),
        ("euc_kr", "돌아와요 부산항에", "조용필"),
        ("cp1250", "Dziwny jest ten świat", "Czesław Niemen"),
        ("latin-1", "Größe", "Café Noël"),
        ("cp1252", "It’s a “Größe” – Live…", "Sigur Rós"),
        ("utf-8", "Größe", "Старый порт"),
    ],
)
def test_id3_that_calls_itself_latin_1_is_read(tmp_path: Path, encoding: str, title: str, artist: str) -> None:
    tags = read_tags(tagged(tmp_path, "song.mp3", encoding=encoding, title=title, artist=artist))
    assert (tags.title, tags.artist) == (title, artist)


def test_what_calls_itself_unicode_is_believed(tmp_path: Path) -> None:
    path = tagged(tmp_path, "song.mp3", encoding="utf-8", title="Ëó÷øèå ïåñíè", artist="Ñòàðûé ïîðò", declared=b"\3")
    assert read_tags(path).title == "Ëó÷øèå ïåñíè"


def test_utf_16_in_disguise_is_read(tmp_path: Path) -> None:
    assert read_tags(tagged(tmp_path, "song.mp3", encoding="utf-16", title="Größe", artist="Кино")).artist == "Кино"


@pytest.mark.parametrize(
    ("encoding", "title", "artist"),
    [
        ("cp1251", "Полковнику никто не пишет писем", "Би-2"),
        ("shift_jis", "丸ノ内サディスティックな港の歌が", "椎名林檎"),
        ("gbk", "月亮代表我的心月亮代表我的心月亮", "邓丽君"),
    ],
)
def test_old_id3_is_read_and_what_it_cut_is_not_made_up(tmp_path: Path, encoding: str, title: str, artist: str) -> None:
    path = bad_files.good(tmp_path, "song.mp3")
    texts = [f"{text}".encode(encoding)[:30] for text in (title, artist, "")]
    path.write_bytes(path.read_bytes() + struct.pack("3s30s30s30s34sB", b"TAG", *texts, b"", 255))
    tags = read_tags(path)
    assert title.startswith(tags.title)
    assert len(tags.title.encode(encoding)) >= 29
    assert tags.artist == artist


def test_the_texts_of_a_wave_file_are_read(tmp_path: Path) -> None:
    path = bad_files.good(tmp_path, "song.wav")
    entries = b"".join(
        name + struct.pack("<I", len(text) + 1) + text + b"\0" + b"\0" * ((len(text) + 1) % 2)
        for name, text in ((b"INAM", "Лучшие песни".encode("cp1251")), (b"IART", "Старый порт".encode("cp1251")))
    )
    data = path.read_bytes() + b"LIST" + struct.pack("<I", len(entries) + 4) + b"INFO" + entries
    path.write_bytes(data)
    tags = read_tags(path)
    assert (tags.title, tags.artist) == ("Лучшие песни", "Старый порт")


def test_a_folder_tells_what_a_file_cannot(tmp_path: Path) -> None:
    album = tmp_path / "album"
    short = tagged(album, "1.mp3", encoding="cp1250", title="Včelka Mája", artist="Karel Gott")
    alone = tagged(tmp_path / "alone", "1.mp3", encoding="cp1250", title="Včelka Mája", artist="Karel Gott")
    for number, title in enumerate(("Když muž se ženou snídá", "Paganini", "Být stále mlád", "Pábitelé", "Trezor")):
        tagged(album, f"{number + 2}.mp3", encoding="cp1250", title=title, artist="Karel Gott řečený slavík")
    assert read_tags(short).title == "Včelka Mája"
    assert read_tags(alone).title == "Vèelka Mája", "what is not clear is left as it was"


def test_a_folder_does_not_overrule_a_file(tmp_path: Path) -> None:
    for number in range(3):
        tagged(tmp_path, f"{number}.mp3", encoding="cp1251", title="Лучшие песни", artist="Старый порт")
    assert read_tags(tagged(tmp_path, "9.mp3", encoding="cp1252", title="Größe", artist="Café Noël")).title == "Größe"


@pytest.mark.parametrize(("encoding", "tracks"), ENCODED, ids=[encoding for encoding, _ in ENCODED])
def test_what_a_person_expects_is_taken(encoding: str, tracks: tuple[tuple[str, ...], ...]) -> None:
    chosen = {"shift_jis": "cp932", "koi8_r": "koi8-u", "iso8859_2": "iso8859-2"}.get(encoding, encoding)
    for track in tracks:
        if texts := in_bytes(track, encoding):
            found = likely_encoding(texts, chosen=chosen)
            assert all(decoded(text, found) == text.decode(encoding) for text in texts)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_bytes_are_read_and_nothing_is_dropped(texts: list[bytes]) -> None:
    fields = {"title": [Undeclared(text.decode("latin-1")) for text in texts]}
    assert likely_encoding(texts) in ENCODINGS
    found = with_encodings(fields, lambda: ())["title"]
    assert len(found) == len(texts)
    assert all(type(text) is str for text in found)
