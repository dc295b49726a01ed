from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3, ParseID3v1

from indexer.core.tags.editing.fields import Field
from indexer.core.tags.editing.id3 import Id3Tag, TagDamaged, with_id3v1


def seven(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def frame(version: int, name: bytes, body: bytes) -> bytes:
    if version == 2:
        return name[:3] + len(body).to_bytes(3, "big") + body
    return name + (seven(len(body)) if version == 4 else len(body).to_bytes(4, "big")) + b"\0\0" + body


def tag(version: int, *frames: bytes, padding: int = 0, flags: int = 0) -> bytes:
    body = b"".join(frames) + bytes(padding)
    return b"ID3" + bytes((version, 0, flags)) + seven(len(body)) + body


NAMES = st.sampled_from([b"PRIV", b"APIC", b"XYZW", b"TSOP", b"TXXX", b"GEOB", b"TIT1"])


@given(st.sampled_from([2, 3, 4]), st.lists(st.tuples(NAMES, st.binary(min_size=1, max_size=300))), st.integers(0, 300))
def test_frames_that_are_not_edited_keep_their_bytes(
    version: int, frames: list[tuple[bytes, bytes]], padding: int
) -> None:
    kept = [frame(version, name, b"\0" + body) for name, body in frames]
    title = frame(version, b"TT2" if version == 2 else b"TIT2", b"\0Fjord")
    one = Id3Tag(tag(version, title, *kept, padding=padding))
    assert one.get("TIT2") == ["Fjord"]
    one.put("TIT2", ["Höhle"])
    again = Id3Tag(one.written())
    assert again.get("TIT2") == ["Höhle"]
    assert again.besides(["TIT2"]) == kept


def test_a_tag_with_room_keeps_its_size() -> None:
    before = tag(3, frame(3, b"TIT2", b"\0Fjord"), padding=200)
    one = Id3Tag(before)
    one.put("TIT2", ["A longer title, for which there is room"])
    assert len(one.written()) == len(before)


def test_frames_that_were_kept_apart_from_sound_are_read() -> None:
    """Version 2.3 puts a zero behind each 255 of the whole tag, where it says so."""
    picture = frame(3, b"APIC", b"\0\xff\xfb\xff\0")
    one = Id3Tag(tag(3, (frame(3, b"TIT2", b"\0Fjord") + picture).replace(b"\xff", b"\xff\0"), flags=0x80))
    one.put("TALB", ["Single"])
    assert picture in one.written()
    assert Id3Tag(one.written()).get("TIT2") == ["Fjord"]


def test_sizes_of_2_4_that_are_plain_all_the_same_are_understood() -> None:
    long = b"APIC" + (300).to_bytes(4, "big") + b"\0\0" + b"\1" * 300
    one = Id3Tag(tag(4, long, frame(4, b"TIT2", b"\3Fjord"), padding=20))
    assert one.get("TIT2") == ["Fjord"]


@pytest.mark.parametrize("version", [3, 4])
def test_other_programs_read_what_is_written(version: int) -> None:
    one = Id3Tag(tag(version))
    for name, values in {"TIT2": ["Höhle"], "TPE1": ["One", "Two"], "date": ["2001-05-03"], "COMM": ["Ü"]}.items():
        one.put(name, values)
    read = ID3(io.BytesIO(one.written() + bytes(2_000)))
    assert read.version[1] == version
    assert (read["TIT2"].text, read["TPE1"].text) == (["Höhle"], ["One", "Two"])
    assert str(read["TDRC"]) == "2001-05-03"
    assert read["COMM::eng"].text == ["Ü"]


def test_comments_of_programs_stay() -> None:
    loudness = frame(4, b"COMM", b"\0engiTunNORM\0 000")
    one = Id3Tag(tag(4, loudness, frame(4, b"COMM", b"\0deu\0Words")))
    assert one.get("COMM") == ["Words"]
    one.put("COMM", ["Others"])
    assert loudness in one.written()
    assert b"deu\0Others" in one.written()
    one.put("COMM", [])
    assert one.besides([]) == [loudness]


@pytest.mark.parametrize(
    "data",
    [
        tag(3, b"TIT2\0\0\xff\xff\0\0\0Fjord"),
        tag(4, frame(4, b"TIT2", b"\0Fjord"), b"no frame at all"),
        b"ID3\x09\0\0\0\0\0\0",
    ],
)
def test_damage_is_told(data: bytes) -> None:
    with pytest.raises(TagDamaged):
        Id3Tag(data)


def test_the_oldest_tag_follows_as_far_as_it_can() -> None:
    before = b"TAG" + b"Fjord".ljust(30, b"\0") + bytes(60) + b"1999" + bytes(30) + b"\x11"
    changes = {Field.TITLE: ("Höhle " + "x" * 40,), Field.TRACK: ("7",), Field.GENRE: ("Jazz",), Field.DATE: ()}
    after = with_id3v1(before, changes)
    assert len(after) == 128
    frames = ParseID3v1(after)
    assert frames is not None
    assert frames["TIT2"].text == ["Höhle " + "x" * 24]
    assert frames["TRCK"].text == ["7"]
    assert frames["TCON"].genres == ["Jazz"]
    assert "TDRC" not in frames
