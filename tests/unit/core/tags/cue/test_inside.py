"""Cue sheets that audio files carry in themselves."""

from __future__ import annotations

from pathlib import Path

import mutagen.apev2
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import mutagen.oggvorbis
import pytest
import soundfile

from indexer.core.audio.walk import FoundFile
from indexer.core.tags.cue.sheet import Sheet, SheetRefused
from indexer.core.tags.reading import Reading, read_file
from indexer.core.tags.tags import read_tags
from tests import bad_files
from tests.encoders import write_with_ffmpeg

TEXT = (
    'PERFORMER "Björk"\r\nTITLE "Evening"\r\nFILE "whatever.wav" WAVE\r\n'
    '  TRACK 01 AUDIO\r\n    TITLE "Doors"\r\n    INDEX 01 00:00:00\r\n'
    '  TRACK 02 AUDIO\r\n    TITLE "Fire"\r\n    INDEX 00 00:01:40\r\n    INDEX 01 00:02:00\r\n'
)


def read(path: Path) -> Reading:
    info = path.stat()
    return read_file(FoundFile(str(path), str(path.parent), info.st_size, info.st_mtime_ns))


def cuts(reading: Reading) -> list[tuple[str, float, float | None]]:
    return [(track.title, track.start, track.end) for track in reading.tracks]


def in_comments(folder: Path, text: str) -> Path:
    media = mutagen.flac.FLAC(bad_files.good(folder, "side.flac"))
    media["CUESHEET"] = text
    media.save()
    return folder / "side.flac"


def in_ogg(folder: Path, text: str) -> Path:
    media = mutagen.oggvorbis.OggVorbis(bad_files.good(folder, "side.ogg"))
    media["cuesheet"] = text
    media.save()
    return folder / "side.ogg"


def in_ape(folder: Path, text: str) -> Path:
    path = write_with_ffmpeg(folder / "side.wv", bad_files.music(3))
    tags = mutagen.apev2.APEv2()
    tags["Cuesheet"] = text
    tags.save(path)
    return path


def in_ape_of_mp3(folder: Path, text: str) -> Path:
    path = bad_files.good(folder, "side.mp3")
    tags = mutagen.apev2.APEv2()
    tags["CUESHEET"] = text
    tags.save(path)
    return path


def in_id3(folder: Path, text: str) -> Path:
    path = bad_files.good(folder, "side.mp3")
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TXXX(encoding=3, desc="CueSheet", text=[text]))
    tags.save(path)
    return path


def in_id3_of_old(folder: Path, text: str) -> Path:
    path = bad_files.good(folder, "side.mp3")
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TXXX(encoding=0, desc="CUESHEET", text=[text]))
    tags.save(path)
    return path


def in_mp4(folder: Path, text: str) -> Path:
    path = write_with_ffmpeg(folder / "side.m4a", bad_files.music(3))
    media = mutagen.mp4.MP4(path)
    media["----:com.apple.iTunes:CUESHEET"] = [mutagen.mp4.MP4FreeForm(text.encode())]
    media.save()
    return path


EVERYWHERE = [in_comments, in_ogg, in_ape, in_ape_of_mp3, in_id3, in_id3_of_old, in_mp4]


@pytest.mark.parametrize("put", EVERYWHERE)
def test_a_sheet_among_the_tags_divides_the_file(tmp_path: Path, put) -> None:
    reading = read(put(tmp_path, TEXT))
    assert cuts(reading) == [("Doors", 0.0, 2.0), ("Fire", 2.0, None)]
    assert {(track.artist, track.album) for track in reading.tracks} == {("Björk", "Evening")}
    assert reading.record is not None
    assert reading.record.parts == tuple(track.id for track in reading.tracks)


def test_a_sheet_in_id3_of_an_encoding_that_nobody_wrote_down(tmp_path: Path) -> None:
    text = TEXT.replace("Doors", "Группа крови").replace("Björk", "Кино").encode("cp1251").decode("latin-1")
    reading = read(in_id3_of_old(tmp_path, text))
    assert [(track.title, track.artist) for track in reading.tracks] == [("Группа крови", "Кино"), ("Fire", "Кино")]


@pytest.mark.parametrize("put", EVERYWHERE)
def test_a_long_sheet_is_whole(tmp_path: Path, put) -> None:
    more = "".join(f'  REM COMMENT "{"x" * 100} {number}"\r\n' for number in range(100))
    assert cuts(read(put(tmp_path, more + TEXT)))[1][0] == "Fire"


def test_a_sheet_inside_that_cannot_be_used_is_a_problem_of_the_file(tmp_path: Path) -> None:
    path = in_comments(tmp_path, TEXT.replace("00:02:00", "99:00:00"))
    reading = read(path)
    (problem,) = reading.problems
    assert problem.path == str(path)
    assert problem.message == (
        "The cue sheet in side.flac does not fit side.flac: it lets track 2 begin at 99:00, and the file ends at 0:03."
    )
    assert [track.title for track in reading.tracks] == ["side"]
    assert isinstance(read_tags(in_comments(tmp_path, "no sheet at all")).sheet, SheetRefused)


def block(*offsets: int, lead_out: int = 170) -> mutagen.flac.CueSheet:
    sheet = mutagen.flac.CueSheet(None)
    for number, offset in enumerate(offsets, 1):
        track = mutagen.flac.CueSheetTrack(number if number < len(offsets) else lead_out, offset)
        track.indexes = [mutagen.flac.CueSheetTrackIndex(1, 0)] if number < len(offsets) else []
        sheet.tracks.append(track)
    return sheet


def with_block(folder: Path, sheet: mutagen.flac.CueSheet, **tags: str) -> Path:
    path = folder / "side.flac"
    soundfile.write(path, bad_files.music(3, rate=44_100), 44_100)
    media = mutagen.flac.FLAC(path)
    media.cuesheet = sheet
    media.metadata_blocks.append(sheet)
    media.update(tags)
    media.save()
    return path


def test_a_block_of_flac_counts_samples(tmp_path: Path) -> None:
    reading = read(with_block(tmp_path, block(0, 44_100, 70_001, 132_300), title="Side", artist="Elm Lane"))
    assert [track.title for track in reading.tracks] == ["Track 01", "Track 02", "Track 03"]
    assert [round(track.start * 44_100) for track in reading.tracks] == [0, 44_100, 70_001]
    assert {(track.artist, track.album) for track in reading.tracks} == {("Elm Lane", "Side")}


def test_a_text_goes_before_a_block_and_a_block_of_one_track_divides_nothing(tmp_path: Path) -> None:
    reading = read(with_block(tmp_path, block(0, 44_100, 132_300), cuesheet=TEXT))
    assert [track.title for track in reading.tracks] == ["Doors", "Fire"]
    reading = read(with_block(tmp_path, block(0, 132_300)))
    assert [(track.title, track.track_number) for track in reading.tracks] == [("side", None)]


def test_the_sheet_of_a_whole_album_in_each_of_its_tracks(tmp_path: Path) -> None:
    text = 'TITLE "A"\n' + "".join(
        f'FILE "{name}.wav" WAVE\nTRACK {number} AUDIO\nTITLE "{name} it is"\nINDEX 01 00:00:00\n'
        for number, name in ((1, "front"), (2, "side"))
    )
    (track,) = read(in_comments(tmp_path, text)).tracks
    assert (track.title, track.track_number, track.album) == ("side it is", 2, "A")
    assert isinstance(read_tags(tmp_path / "side.flac").sheet, Sheet)
