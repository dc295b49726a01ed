"""What a cue sheet says, however it was written."""

from __future__ import annotations

import re
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.tags.cue.sheet import (
    LARGEST,
    MOST_TRACKS,
    CueFile,
    CueTrack,
    Sheet,
    SheetRefused,
    decode_sheet,
    parse_sheet,
)
from indexer.core.text import clean
from tests.legacy_names import LEGACY
from tests.waiting import cost

PLAIN = """REM GENRE "Folk"
REM DATE 2012
REM DISCNUMBER 2
REM REPLAYGAIN_ALBUM_GAIN -6.50 dB
PERFORMER "Elm Lane"
TITLE "One Long Evening"
CATALOG 0000000000000
FILE "evening.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Doors"
    FLAGS DCP
    ISRC ABCDE1234567
    REM REPLAYGAIN_TRACK_GAIN +1.25 dB
    REM REPLAYGAIN_TRACK_PEAK 0.912
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Fire"
    PERFORMER "Elm Lane with Guests"
    SONGWRITER "Nobody"
    INDEX 00 00:29:40
    INDEX 01 00:30:00
    INDEX 02 00:40:00
"""


def frames(sheet: Sheet) -> list[list[int]]:
    return [[int(track.start) for track in file.tracks] for file in sheet.files]


def titles(sheet: Sheet) -> list[str]:
    return [track.title for file in sheet.files for track in file.tracks]


def test_a_sheet_as_it_should_be() -> None:
    sheet = parse_sheet(PLAIN)
    assert (sheet.title, sheet.artist, sheet.date, sheet.genre, sheet.disc) == (
        "One Long Evening", "Elm Lane", "2012", "Folk", "2",
    )  # fmt: skip
    (file,) = sheet.files
    first, second = file.tracks
    assert file.name == "evening.wav"
    assert (first.number, first.title, first.artist, first.start, first.pregap) == (1, "Doors", "", 0, None)
    assert (first.gains.track_gain, first.gains.track_peak, first.gains.album_gain) == (1.25, 0.912, -6.5)
    assert (second.artist, second.start, second.pregap) == ("Elm Lane with Guests", 2250, 2215)
    assert second.gains.track_gain is None


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\n", "\r"),
    lambda text: text.replace("  ", "\t"),
    lambda text: text.replace('"', ""),
    lambda text: text.replace('"\n', "\n"),
    lambda text: "\n\n" + text.replace("\n", "\n\n"),
    lambda text: re.sub(r"^ *[A-Z]+|AUDIO|DATE", lambda word: word[0].lower(), text, flags=re.MULTILINE),
    lambda text: text.replace("WAVE", ""),
    lambda text: text + "\x1a\nUNHEARD-OF \x00\x01\n",
])  # fmt: skip
def test_what_writers_do_to_it_changes_nothing(change) -> None:
    assert parse_sheet(change(PLAIN)) == parse_sheet(PLAIN)


def test_quotes_within_a_title_stay() -> None:
    sheet = parse_sheet('FILE "a.wav" WAVE\nTRACK 1 AUDIO\nTITLE "Love (12" Mix)"\nINDEX 01 0:0:0\n')
    assert titles(sheet) == ['Love (12" Mix)']


def test_a_name_without_quotes_keeps_its_spaces() -> None:
    sheet = parse_sheet("FILE One Long Evening.flac WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n")
    assert sheet.files[0].name == "One Long Evening.flac"


def test_hours_are_minutes() -> None:
    sheet = parse_sheet('FILE "a.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 121:30:74\n')
    assert frames(sheet) == [[0, (121 * 60 + 30) * 75 + 74]]


def test_tracks_of_several_files_and_a_pregap_in_the_file_before() -> None:
    sheet = parse_sheet(
        'FILE "01.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 03:10:20\n'
        'FILE "02.wav" WAVE\nINDEX 01 00:00:00\nTRACK 03 AUDIO\nINDEX 01 02:00:00\n'
    )
    assert [file.name for file in sheet.files] == ["01.wav", "02.wav"]
    assert frames(sheet) == [[0], [0, 9000]]
    assert [track.pregap for track in sheet.files[1].tracks] == [None, None]


def test_data_is_no_sound() -> None:
    sheet = parse_sheet(
        'FILE "game.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 30:00:00\n'
    )
    assert [track.is_sound for track in sheet.files[0].tracks] == [False, True]
    with pytest.raises(SheetRefused, match="no tracks of sound"):
        parse_sheet('FILE "game.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n')


@pytest.mark.parametrize(("text", "reason"), [
    ("", "no tracks"),
    ('FILE "a.wav" WAVE\n', "no tracks"),
    ('FILE "a.wav" WAVE\nTRACK 01 AUDIO\n', "where track 1 begins"),
    ('FILE "a.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:61:00\n', "line 3"),
    ('FILE "a.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:75\n', "line 3"),
    ('FILE "a.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 half past nine\n', "line 3"),
    ("TRACK 01 AUDIO\nINDEX 01 00:00:00\n" * (MOST_TRACKS + 1), "more than 999 tracks"),
    ("".join(f'FILE "{number}.wav" WAVE\n' for number in range(MOST_TRACKS + 1)), "more than 999 files"),
])  # fmt: skip
def test_what_cannot_be_used_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SheetRefused, match=reason):
        parse_sheet(text)


@pytest.mark.parametrize(("encoding", "name"), [
    ("utf-8", "椎名林檎 – Björk"),
    ("utf-8-sig", "椎名林檎 – Björk"),
    ("utf-16", "椎名林檎 – Björk"),
    ("utf-16-le", "Björk"),
    ("utf-16-be", "Björk"),
    ("latin-1", "Björk Guðmundsdóttir"),
    ("latin-1", "Émilie Simon"),
    ("cp1252", "Motörhead’s Désert"),
    ("cp1251", "Аквариум"),
    ("cp1251", "Кино – Группа крови"),
    ("cp932", "椎名林檎"),
    ("cp932", "バナナ"),
    ("cp932", "丸の内サディスティック ﾗｲﾌﾞ"),
])  # fmt: skip
def test_encodings(encoding: str, name: str) -> None:
    content = PLAIN.replace("Elm Lane", name).replace("Doors", name).encode(encoding)
    sheet = parse_sheet(decode_sheet(content))
    assert (sheet.artist, titles(sheet)[0]) == (name, name)


@pytest.mark.parametrize(("encoding", "albums"), [
    (encoding, albums) for encodings, albums in LEGACY for encoding in encodings
])  # fmt: skip
def test_the_encodings_of_many_languages(encoding: str, albums: tuple[tuple[str, ...], ...]) -> None:
    lines = [f'FILE "{albums[0][0]}.wav" WAVE']
    for number, (artist, title, *_) in enumerate(albums[:8]):
        lines += [f'TRACK {number:02} AUDIO\nTITLE "{title}"\nPERFORMER "{artist}"\nINDEX 01 {number:02}:00:00']
    (file,) = parse_sheet(decode_sheet("\n".join(lines).encode(encoding, "ignore"))).files
    known = [name.encode(encoding, "ignore").decode(encoding) for name, *_ in albums]
    assert file.name == f"{known[0]}.wav"
    assert [track.artist for track in file.tracks] == [clean(name) for name in known[:8]]


def test_the_encoding_that_a_person_expects() -> None:
    content = PLAIN.replace("Doors", "Ты").encode("koi8-r")
    assert titles(parse_sheet(decode_sheet(content, "koi8-u"))) == ["Ты", "Fire"]


def test_what_is_not_called_data_is_sound() -> None:
    text = "".join(
        f"TRACK {kind}\nINDEX 01 0{n}:00:00\n"
        for n, kind in enumerate(["A1 AUDIO", "02 CDG", "03 WAVE", "04 MODE2/2336"])
    )
    assert [track.is_sound for track in parse_sheet(text).files[0].tracks] == [True, True, True, False]


def test_single_quotes() -> None:
    sheet = parse_sheet(
        "TITLE 'One Long Evening'\nFILE 'the evening.flac' WAVE\nTRACK 01 AUDIO\nTITLE ''Til Dawn'\nINDEX 01 00:00:00\n"
        "TRACK 02 AUDIO\nTITLE 'Til Noon\nINDEX 01 01:00:00\n"
    )
    assert (sheet.title, sheet.files[0].name, titles(sheet)) == (
        "One Long Evening", "the evening.flac", ["'Til Dawn", "'Til Noon"],
    )  # fmt: skip


def test_a_file_that_is_named_before_each_of_its_tracks_is_one() -> None:
    text = "".join(f'FILE "a.flac" WAVE\nTRACK {n:02} AUDIO\nINDEX 01 0{n}:00:00\n' for n in range(3))
    assert frames(parse_sheet(text)) == [[0, 4500, 9000]]


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters='"\\'), max_size=20).map(clean)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    files = []
    for number in range(1, 1 + draw(st.integers(1, 3))):
        starts = sorted(draw(st.sets(st.integers(0, 75 * 60 * 200), min_size=1, max_size=5)))
        tracks = (
            CueTrack(at + 1, Fraction(start), title=draw(TEXTS), artist=draw(TEXTS)) for at, start in enumerate(starts)
        )
        files.append(CueFile(f"side {number}.wav", tuple(tracks)))
    return Sheet(tuple(files), draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(TEXTS))


def written(sheet: Sheet) -> str:
    lines = [
        f'REM DATE "{sheet.date}"', f'REM GENRE "{sheet.genre}"', f'REM DISCNUMBER "{sheet.disc}"',
        f'PERFORMER "{sheet.artist}"', f'TITLE "{sheet.title}"',
    ]  # fmt: skip
    for file in sheet.files:
        lines.append(f'FILE "{file.name}" WAVE')
        for track in file.tracks:
            seconds, frame = divmod(int(track.start), 75)
            lines += [
                f"  TRACK {track.number:02} AUDIO",
                f'    TITLE "{track.title}"',
                f'    PERFORMER "{track.artist}"',
            ]
            lines.append(f"    INDEX 01 {seconds // 60:02}:{seconds % 60:02}:{frame:02}")
    return "\r\n".join(lines)


@given(sheets(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_is_written_is_read(sheet: Sheet, encoding: str) -> None:
    assert parse_sheet(decode_sheet(written(sheet).encode(encoding))) == sheet


LINES = st.sampled_from(["FILE", "TRACK", "INDEX", "REM", "TITLE", "PERFORMER", "FLAGS", ""])
REST = st.one_of(
    st.text(max_size=20), st.sampled_from(['"a.wav" WAVE', "01 AUDIO", "02 MODE1/2352", "01 00:00:00", '"'])
)


@given(st.lists(st.tuples(LINES, REST)).map(lambda lines: "\n".join(" ".join(line) for line in lines)))
def test_any_text_is_a_sheet_or_refused(text: str) -> None:
    try:
        sheet = parse_sheet(text)
    except SheetRefused:
        return
    for file in sheet.files:
        for track in file.tracks:
            assert track.start >= 0
            assert track.title == clean(track.title)


@given(st.binary(max_size=300))
def test_any_bytes_are_text(content: bytes) -> None:
    assert isinstance(decode_sheet(content), str)


@pytest.mark.parametrize("filler", [
    'FILE "' + " " * 100_000 + "x\n",
    "".join(f"REM KEY{number} x\n" for number in range(60_000)),
    "TRACK 01 AUDIO\nINDEX 01 00:00:00\n" * 900 + "".join(f"REM KEY{number} x\n" for number in range(50_000)),
    "INDEX " + " " * 900_000 + "\n",
])  # fmt: skip
def test_no_sheet_takes_much_longer_than_the_largest_that_is_one(filler: str) -> None:
    def read() -> None:
        with suppress(SheetRefused):
            parse_sheet(decode_sheet((filler + PLAIN).encode()))

    assert cost(read) < 10 * cost(lambda: parse_sheet(decode_sheet(largest())))


def test_a_sheet_of_the_largest_size_is_read() -> None:
    assert titles(parse_sheet(decode_sheet(largest()))) == ["Doors", "Fire"]


def largest() -> bytes:
    line = '    TITLE "' + "x" * 80 + '"\n'
    return (PLAIN + line * ((LARGEST - len(PLAIN)) // len(line))).encode()
