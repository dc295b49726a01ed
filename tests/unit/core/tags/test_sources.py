"""Tags are found wherever a file keeps them, and none of them hides another."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.id3
import mutagen.mp4
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.audio.decode import decode
from indexer.core.audio.errors import NotAudio
from indexer.core.audio.mpeg import first_frame
from indexer.core.tags.limits import LimitedFile
from indexer.core.tags.reading import identify
from indexer.core.tags.sources import find_tags
from indexer.core.tags.tags import Tags, read_tags
from tests import bad_files
from tests.encoders import CODECS, write_silent_film, write_with_ffmpeg
from tests.fuzz.audio import frame, id3, whole_files


def text(name: bytes, value: str) -> bytes:
    return frame(name, b"\x03" + value.encode())


def id3v1(title: str = "", artist: str = "", year: str = "", *, track: int = 0) -> bytes:
    packed = struct.pack("3s30s30s30s4s30s", b"TAG", title.encode(), artist.encode(), b"", year.encode(), b"")
    return packed[:-2] + bytes([0, track, 255])


def ape(**fields: str) -> bytes:
    items = b"".join(
        struct.pack("<II", len(value.encode()), 0) + name.encode() + b"\0" + value.encode()
        for name, value in fields.items()
    )
    tail = struct.pack("<8sIIII8x", b"APETAGEX", 2000, len(items) + 32, len(fields), 0)
    return items + tail


def riff(*chunks: tuple[bytes, bytes], kind: bytes = b"WAVE", big: bool = False) -> bytes:
    order = ">" if big else "<"
    body = b"".join(
        name + struct.pack(order + "I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return (b"FORM" if big else b"RIFF") + struct.pack(order + "I", len(body) + 4) + kind + body


def info(**entries: bytes) -> tuple[bytes, bytes]:
    body = b"".join(
        name.encode() + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in entries.items()
    )
    return b"LIST", b"INFO" + body


FMT = (b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16))
DATA = (b"data", np.arange(16_000, dtype="<i2").tobytes())
COMM = (b"COMM", struct.pack(">HIH", 1, 16_000, 16) + bytes.fromhex("400bfa00000000000000"))
SSND = (b"SSND", bytes(8) + np.arange(16_000, dtype=">i2").tobytes())


def written(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def in_words(tags: Tags) -> Tags:
    """Without how the sound is coded."""
    return replace(tags, bit_rate=None, sample_rate=None, channels=None)


def sound(tmp_path: Path, name: str) -> bytes:
    """A file without any tags."""
    path = (
        bad_files.good(tmp_path, f"bare {name}")
        if name.endswith((".mp3", ".flac", ".ogg"))
        else write_with_ffmpeg(tmp_path / f"bare {name}", bad_files.music())
    )
    return path.read_bytes()


def test_old_and_new_id3_are_one_field_by_field(tmp_path: Path) -> None:
    data = id3(text(b"TIT2", "A title that is longer than thirty characters")) + sound(tmp_path, "song.mp3")
    path = written(tmp_path, "song.mp3", data + id3v1("A title that is longer than th", "Artist", "1987", track=7))
    tags = read_tags(path)
    assert (tags.title, tags.artist) == ("A title that is longer than thirty characters", "Artist")
    assert (tags.year, tags.track_number) == (1987, 7)


def test_a_year_that_makes_no_sense_does_not_hide_one_that_does(tmp_path: Path) -> None:
    data = id3(text(b"TDRC", "unknown") + text(b"TDOR", "1979")) + sound(tmp_path, "song.mp3")
    assert read_tags(written(tmp_path, "song.mp3", data)).year == 1979


@pytest.mark.parametrize(("written_date", "year"), [("Oct 3, 1995", 1995), ("31.12.1999", 1999), ("c. 1968", 1968)])
def test_a_date_in_words_is_read_from_id3(tmp_path: Path, written_date: str, year: int) -> None:
    for name, version in ((b"TDRC", 4), (b"TYER", 3)):
        tag = bytearray(id3(text(name, written_date)))
        tag[3] = version
        assert read_tags(written(tmp_path, "song.mp3", bytes(tag) + sound(tmp_path, "song.mp3"))).year == year


def test_two_id3_tags_in_a_row_are_both_read(tmp_path: Path) -> None:
    data = id3(text(b"TIT2", "Title")) + id3(text(b"TIT2", "Other") + text(b"TPE1", "Artist"))
    tags = read_tags(written(tmp_path, "song.mp3", data + sound(tmp_path, "song.mp3")))
    assert (tags.title, tags.artist) == ("Title", "Artist")


def test_a_damaged_tag_does_not_hide_the_other(tmp_path: Path) -> None:
    damaged = b"ID3\x04\x00\x40\x00\x00\x00\x0a" + b"\xff" * 10
    data = damaged + sound(tmp_path, "song.mp3") + ape(Title="Title", Track="4/9")
    tags = read_tags(written(tmp_path, "song.mp3", data))
    assert (tags.title, tags.track_number) == ("Title", 4)


@pytest.mark.parametrize("name", ["song.mp3", "song.flac", "song.ogg", "song.aac", "song.wv", "song.tta", "song.ac3"])
def test_tags_in_front_and_behind_are_read_whatever_the_sound(tmp_path: Path, name: str) -> None:
    bare = sound(tmp_path, name)
    data = id3(text(b"TIT2", "Title")) + bare + ape(Artist="Artist", Disc="2") + id3v1(year="1987")
    path = written(tmp_path, name, data)
    tags = read_tags(path)
    assert (tags.title, tags.artist, tags.disc_number, tags.year) == ("Title", "Artist", 2, 1987)
    assert tags.seconds == pytest.approx(3, abs=0.2)
    assert identify(path) == identify(written(tmp_path, f"other {name}", bare))


def monkeys_audio() -> bytes:
    """The headers of a Monkey's Audio file of two seconds, without its sound."""
    descriptor = struct.pack("<4sHHIIIIIII16s", b"MAC ", 3990, 0, 52, 24, 0, 0, 1000, 0, 0, bytes(16))
    return descriptor + struct.pack("<HHIIIHHI", 2000, 0, 44_100, 44_100, 2, 16, 2, 44_100) + bytes(1000)


def test_monkeys_audio_behind_an_id3_tag_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "song.ape", id3(text(b"TIT2", "Id3")) + monkeys_audio() + ape(Title="Title"))
    tags = read_tags(path)
    assert tags.title == "Title"
    assert tags.seconds == pytest.approx(2)


def test_wavpack_of_a_rate_without_a_number_of_its_own_is_read(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.wv", bad_files.music(), rate=1_000, metadata={"title": "Slow"})
    tags = read_tags(path)
    assert tags.title == "Slow"
    assert tags.seconds == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("garbage", [b"x" * 3_000, bytes(40_000), np.random.default_rng(5).bytes(100_000)])
@pytest.mark.parametrize("front", [b"", id3(text(b"TIT2", "Title"))], ids=["bare", "tagged"])
def test_sound_behind_garbage_is_found(tmp_path: Path, garbage: bytes, front: bytes) -> None:
    bare = sound(tmp_path, "song.mp3")
    path = written(tmp_path, "song.mp3", front + garbage + bare + id3v1(artist="Artist"))
    tags = read_tags(path)
    assert tags.artist == "Artist"
    assert tags.seconds == pytest.approx(3, abs=0.2)
    assert decode(path).source_seconds == pytest.approx(3, abs=0.2)


def test_the_sound_of_another_kind_is_not_taken_for_frames(tmp_path: Path) -> None:
    dts = b"\x7f\xfe\x80\x01" + np.random.default_rng(7).bytes(20_000) + sound(tmp_path, "song.mp3")
    with LimitedFile(written(tmp_path, "song.dts", dts)) as file:
        assert not find_tags(file).is_known


@given(st.binary(max_size=3_000))
def test_no_frames_are_found_in_noise(data: bytes) -> None:
    import io

    assert first_frame(io.BytesIO(data + b"\0" * 10), 0, len(data)) is None


def test_text_behind_which_no_sound_stands_is_not_audio(tmp_path: Path) -> None:
    with pytest.raises(NotAudio):
        read_tags(written(tmp_path, "song.mp3", b"no sound at all " * 10_000))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 3, 1), (0, 1, 3, 2)])
def test_both_kinds_of_tags_of_a_wave_file_are_one(tmp_path: Path, order: tuple[int, ...]) -> None:
    chunks = (FMT, DATA, info(INAM=b"Info", IART=b"Artist", IPRD=b"Album", ICRD=b"1987-04", IPRT=b"3/9", IGNR=b"Rock"),
              (b"id3 ", id3(text(b"TIT2", "Title"))))  # fmt: skip
    path = written(tmp_path, "song.wav", riff(*(chunks[number] for number in order)))
    assert in_words(read_tags(path)) == Tags(
        title="Title", artist="Artist", album="Album", genre="Rock", genres=("Rock",), year=1987, track_number=3,
        seconds=2.0,
    )  # fmt: skip
    assert identify(path) == identify(written(tmp_path, "bare.wav", riff(FMT, DATA)))


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF])
def test_a_wave_file_whose_writer_did_not_know_its_size_is_as_long_as_it_is(tmp_path: Path, size: int) -> None:
    data = riff(FMT, info(INAM=b"Title"), DATA)
    at = data.index(b"data") + 4
    path = written(tmp_path, "song.wav", data[:at] + struct.pack("<I", size) + data[at + 4 :])
    tags = read_tags(path)
    assert (tags.title, tags.seconds) == ("Title", 2.0)


def test_large_wave_files_are_read(tmp_path: Path) -> None:
    sizes = (b"ds64", struct.pack("<QQQI", 0, len(DATA[1]), 16_000, 0))
    data = bytearray(riff(sizes, FMT, DATA, info(INAM=b"Title")))
    at = data.index(b"data") + 4
    data[:4], data[at : at + 4] = b"RF64", b"\xff\xff\xff\xff"
    path = written(tmp_path, "song.wav", bytes(data))
    assert read_tags(path).seconds == 2.0
    assert identify(path) == identify(written(tmp_path, "bare.wav", riff(FMT, DATA)))


def test_the_texts_of_aiff_are_read(tmp_path: Path) -> None:
    texts = ((b"NAME", b"Title"), (b"AUTH", b"Artist"), (b"(c) ", b"CC BY 4.0"), (b"ANNO", b"1999"))
    path = written(tmp_path, "song.aiff", riff(*texts, COMM, SSND, kind=b"AIFF", big=True))
    assert in_words(read_tags(path)) == Tags(title="Title", artist="Artist", licence="CC BY 4.0", seconds=2.0)
    tagged = riff(*texts, COMM, SSND, (b"ID3 ", id3(text(b"TIT2", "Id3"))), kind=b"AIFF", big=True)
    path = written(tmp_path, "song.aiff", tagged)
    assert (read_tags(path).title, read_tags(path).artist) == ("Id3", "Artist")


def test_what_people_add_to_mp4_under_names_of_their_own_is_read(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.m4a", bad_files.music())
    media = mutagen.mp4.MP4(path)
    for name, value in {"ARTIST": "Artist", "Album Artist": "Various", "TRACKNUMBER": "B2", "year": "1987"}.items():
        media[f"----:com.apple.iTunes:{name}"] = [mutagen.mp4.MP4FreeForm(value.encode())]
    media.save()
    tags = read_tags(path)
    assert (tags.artist, tags.album_artist, tags.year) == ("Artist", "Various", 1987)
    assert (tags.track_number, tags.disc_number) == (2, 2)


def ebml(name: int, *content: bytes) -> bytes:
    body = b"".join(content)
    return bytes.fromhex(f"{name:x}" if len(f"{name:x}") % 2 == 0 else f"0{name:x}") + struct.pack(
        ">Q", 1 << 56 | len(body)
    ) + body  # fmt: skip


def matroska_tag(level: int | None, **texts: str) -> bytes:
    targets = ebml(0x63C0, b"" if level is None else ebml(0x68CA, bytes([level])))
    return ebml(
        0x7373, targets,
        *(ebml(0x67C8, ebml(0x45A3, name.encode()), ebml(0x4487, value.encode())) for name, value in texts.items()),
    )  # fmt: skip


def matroska(*tags: bytes, title: str = "", behind: bytes = b"", kinds: tuple[int, ...] = (2,)) -> bytes:
    info_parts = [ebml(0x2AD7B1, (1_000_000).to_bytes(3, "big")), ebml(0x4489, struct.pack(">d", 2000.0))]
    if title:
        info_parts.append(ebml(0x7BA9, title.encode()))
    cluster = ebml(0x1F43B675, ebml(0xE7, b"\0"), ebml(0xA3, b"\x81\0\0\x80" + bytes(range(256))))
    head = ebml(0x1A45DFA3, ebml(0x4282, b"matroska"))
    tracks = ebml(0x1654AE6B, *(ebml(0xAE, ebml(0x83, bytes([kind]))) for kind in kinds))
    parts = (ebml(0x1549A966, *info_parts), tracks, ebml(0x1254C367, *tags), cluster, cluster, behind)
    return head + ebml(0x18538067, *parts)


def test_matroska_says_of_what_a_name_is_the_name(tmp_path: Path) -> None:
    album = matroska_tag(50, TITLE="Album", ARTIST="Various", DATE_RELEASED="1987")
    disc, track = matroska_tag(40, PART_NUMBER="2"), matroska_tag(30, TITLE="Title", ARTIST="Artist", PART_NUMBER="3")
    tags = read_tags(written(tmp_path, "song.mka", matroska(album, disc, track)))
    assert in_words(tags) == Tags(
        title="Title", artist="Artist", album="Album", album_artist="Various", year=1987, track_number=3,
        disc_number=2, seconds=2.0,
    )  # fmt: skip


def test_matroska_without_levels_is_about_the_track(tmp_path: Path) -> None:
    tag = matroska_tag(None, ARTIST="Artist", ALBUM="Album", PART_NUMBER="4")
    tags = read_tags(written(tmp_path, "song.mka", matroska(tag, title="Title")))
    assert (tags.title, tags.artist, tags.album, tags.track_number) == ("Title", "Artist", "Album", 4)


def test_retagging_matroska_leaves_the_id(tmp_path: Path) -> None:
    tag = ebml(0x1254C367, matroska_tag(30, TITLE="Other"))
    plain = written(tmp_path, "1.mka", matroska())
    moved = written(tmp_path, "2.mka", matroska(matroska_tag(30, TITLE="Title")))
    appended = written(tmp_path, "3.mka", matroska(behind=tag))
    assert identify(plain) == identify(moved) == identify(appended)


def test_a_film_without_sound_is_not_audio(tmp_path: Path) -> None:
    read_tags(written(tmp_path, "clip.webm", matroska(kinds=(1, 2))))
    with pytest.raises(NotAudio):
        read_tags(written(tmp_path, "silent.webm", matroska(kinds=(1,))))
    with pytest.raises(NotAudio):
        read_tags(write_silent_film(tmp_path / "silent.mp4"))


def test_mp4_in_fragments_has_its_length_and_its_tags(tmp_path: Path) -> None:
    path = tmp_path / "stream.m4a"
    said = {"title": "In pieces"}
    write_with_ffmpeg(path, bad_files.music(4), metadata=said, movflags="frag_keyframe+empty_moov")
    tags = read_tags(path)
    assert (tags.title, tags.seconds) == ("In pieces", pytest.approx(4, abs=0.1))


def core_audio(**texts: str) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack(">q", len(body)) + body

    desc = struct.pack(">d4sIIIII", 8_000.0, b"lpcm", 0, 2, 1, 1, 16)
    words = b"".join(f"{name}\0{value}\0".encode() for name, value in texts.items())
    said = chunk(b"info", struct.pack(">I", len(texts)) + words)
    data = chunk(b"data", bytes(4) + np.arange(16_000, dtype=">i2").tobytes())
    return b"caff\0\1\0\0" + chunk(b"desc", desc) + said + data


def dsf(tag: bytes = b"") -> bytes:
    sound = bytes(range(256)) * 32
    form = struct.pack("<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 1, 1, 2_822_400, 1, 2_822_400, 4096, 0)
    size = 28 + 52 + 12 + len(sound)
    head = struct.pack("<4sQQQ", b"DSD ", 28, size + len(tag), size if tag else 0)
    return head + form + struct.pack("<4sQ", b"data", 12 + len(sound)) + sound + tag


def dff(*tags: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack(">Q", len(body)) + body + b"\0" * (len(body) % 2)

    prop = chunk(b"PROP", b"SND " + chunk(b"FS  ", struct.pack(">I", 2_822_400)) + chunk(b"CHNL", b"\0\2SLFTSRGT"))
    sound = chunk(b"DSD ", bytes(range(256)) * 2_756)
    more = b"".join(chunk(b"ID3 ", tag) for tag in tags)
    body = b"DSD " + chunk(b"FVER", b"\1\5\0\0") + prop + sound + more
    return b"FRM8" + struct.pack(">Q", len(body)) + body


@pytest.mark.parametrize(
    ("name", "bare", "tagged", "seconds"),
    [
        ("song.caf", core_audio(), core_audio(title="Title", artist="Artist", year="1987"), 2.0),
        ("song.dsf", dsf(), dsf(id3(text(b"TIT2", "Title") + text(b"TPE1", "Artist") + text(b"TDRC", "1987"))), 1.0),
        ("song.dff", dff(), dff(id3(text(b"TIT2", "Title") + text(b"TPE1", "Artist") + text(b"TDRC", "1987"))), 1.0),
    ],
)
def test_other_containers_are_read_and_retagging_leaves_the_id(
    tmp_path: Path, name: str, bare: bytes, tagged: bytes, seconds: float
) -> None:
    path = written(tmp_path, name, tagged)
    tags = read_tags(path)
    assert (tags.title, tags.artist, tags.year) == ("Title", "Artist", 1987)
    assert tags.seconds == pytest.approx(seconds, rel=1e-2)
    assert identify(path) == identify(written(tmp_path, f"bare {name}", bare))


@pytest.mark.parametrize("suffix", sorted(CODECS))
def test_each_kind_is_decoded_and_tells_its_length(tmp_path: Path, suffix: str) -> None:
    path = write_with_ffmpeg(tmp_path / f"song{suffix}", bad_files.music())
    assert read_tags(path).seconds == pytest.approx(3, abs=0.1)
    assert decode(path).source_seconds == pytest.approx(3, abs=0.1)


def _tag_tta(path: Path) -> None:
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=3, text="Title"))
    tags.save(path)


def _tag_ape(path: Path) -> None:
    tags = mutagen.apev2.APEv2()
    tags["Title"] = "Title"
    tags.save(path)


@pytest.mark.parametrize("suffix", [".tta", ".mp2", ".ac3", ".eac3", ".wv", ".aac"])
@pytest.mark.parametrize("retag", [_tag_tta, _tag_ape])
def test_tags_around_other_kinds_leave_the_id(tmp_path: Path, suffix: str, retag: Callable[[Path], None]) -> None:
    path = write_with_ffmpeg(tmp_path / f"song{suffix}", bad_files.music())
    before = identify(path)
    retag(path)
    assert identify(path) == before
    assert read_tags(path).title == "Title"


@given(
    st.sampled_from([b"RIFF\0\0\0\0WAVE", b"FORM\0\0\0\0AIFF", b"caff\0\1\0\0", b"FRM8" + bytes(12), dsf()[:80],
                     b"riff.\x91\xcf\x11" + bytes(32), matroska()[:60], b".RMF"]),
    st.lists(st.tuples(st.sampled_from([b"fmt ", b"data", b"LIST", b"id3 ", b"COMM", b"SSND", b"desc", b"info"]),
                       st.binary(max_size=60)), max_size=6),
)  # fmt: skip
def test_any_chunks_give_an_id_and_tags_or_an_error_of_ours(head: bytes, parts: list[tuple[bytes, bytes]]) -> None:
    import io

    from indexer.core.audio.payload import locate
    from indexer.core.tags.chunk_tags import chunk_tags

    data = head + b"".join(name + struct.pack("<I", len(body)) + body for name, body in parts)
    payload = locate(io.BytesIO(data))
    assert 0 <= payload.start <= payload.start + payload.size <= max(len(data), payload.start)
    found = chunk_tags(io.BytesIO(data), data[:64], len(data))
    assert found is None or found.seconds is None or found.seconds > 0


def test_the_files_of_the_fuzzer_are_read_as_before(tmp_path: Path) -> None:
    for suffix, data in whole_files().items():
        assert read_tags(written(tmp_path, f"song{suffix}", data)).seconds
