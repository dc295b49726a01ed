"""Cue sheets as a scan reads them, beside a file of music."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.core.audio.walk import list_audio
from indexer.core.tags.cue.finding import sheets_about
from indexer.core.tags.cue.sheet import LARGEST, MOST_TRACKS
from indexer.core.tags.reading import read_file
from tests import bad_files
from tests.fuzz.target import Box, Target

_HEAD = b'PERFORMER "Elm Lane"\r\nREM DATE 2012\r\nREM REPLAYGAIN_ALBUM_GAIN -6.5 dB\r\nFILE "side.flac" WAVE\r\n'
_TRACK = b'  TRACK %02d AUDIO\r\n    TITLE "Song"\r\n    INDEX 00 00:00:%02d\r\n    INDEX 01 00:0%d:00\r\n'
_WHOLE = _HEAD + b"".join(_TRACK % (number, number, number) for number in range(3))
_WORDS = (
    b"FILE ",
    b"TRACK ",
    b"INDEX 01 ",
    b"REM ",
    b"PREGAP 00:02:00",
    b" AUDIO\n",
    b" MODE1/2352\n",
    b'"',
    b"99999:59:74",
    b"9" * 5_000,
    b"../outside/secret.mp3",
    b"/etc/passwd",
    b"C:\\Windows\\x.wav",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xd9\xa3",
)


def _run(data: bytes, box: Box) -> None:
    if not (box.inside / "side.flac").exists():
        bad_files.good(box.inside, "side.flac", seconds=3)
    sheet = box.file("side.cue", data)
    listing = list_audio(str(box.inside))
    sheets = sheets_about(listing)
    assert set(sheets.by_file) | set(sheets.problems) <= set(listing.files) | {str(sheet)}
    for path, named in sheets.by_file.items():
        tracks = read_file(listing.files[path], named).tracks
        assert 1 <= len(tracks) <= MOST_TRACKS + 1
        assert {track.path for track in tracks} == {path}
        assert all(track.end is None or track.start < track.end for track in tracks)


def _seeds(_: Box) -> Sequence[bytes]:
    many = _HEAD + b"".join(b"TRACK 1 AUDIO\nINDEX 01 %d:00:00\n" % number for number in range(5_000))
    return [_WHOLE, _WHOLE.decode().encode("utf-16"), _WHOLE.replace(b'"', b""), many, _WHOLE + b" " * (LARGEST >> 3)]


TARGETS = (Target("cue sheets", _run, _seeds, _WORDS, share=0.5),)
