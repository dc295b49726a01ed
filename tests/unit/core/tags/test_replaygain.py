from __future__ import annotations

from pathlib import Path

import mutagen
import mutagen.apev2
import mutagen.id3
import mutagen.mp4
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from indexer.core.audio.walk import FoundFile
from indexer.core.tags.reading import read_file
from indexer.core.tags.replaygain import NO_GAINS, ReplayGain, parse_gain, parse_opus_gain, parse_peak, replay_gain
from indexer.core.tags.tags import read_tags
from tests.encoders import write_with_ffmpeg

GAINS = {
    "track_gain": "-7.89 dB",
    "track_peak": "0.988553",
    "album_gain": "+1.50 dB",
    "album_peak": "1.012000",
}
EXPECTED = ReplayGain(track_gain=-7.89, album_gain=1.5, track_peak=0.988553, album_peak=1.012)


def silence(path: Path) -> Path:
    soundfile.write(path, np.zeros(22_050, np.float32), 22_050)
    return path


@pytest.mark.parametrize("case", [str.upper, str.lower])
@pytest.mark.parametrize("name", ["song.flac", "song.ogg"])
def test_comments(tmp_path: Path, name: str, case: type[str]) -> None:
    media = mutagen.File(silence(tmp_path / name))
    for kind, value in GAINS.items():
        media[case(f"replaygain_{kind}")] = value
    media.save()
    assert read_tags(tmp_path / name).gains == EXPECTED


@pytest.mark.parametrize("case", [str.upper, str.lower])
@pytest.mark.parametrize("name", ["song.mp3", "song.wav"])
def test_id3(tmp_path: Path, name: str, case: type[str]) -> None:
    media = mutagen.File(silence(tmp_path / name))
    if media.tags is None:
        media.add_tags()
    for kind, value in GAINS.items():
        media.tags.add(mutagen.id3.TXXX(encoding=3, desc=case(f"replaygain_{kind}"), text=[value]))
    media.save()
    assert read_tags(tmp_path / name).gains == EXPECTED


def test_apev2(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.wv", np.zeros(22_050, np.float32))
    media = mutagen.File(path)
    if media.tags is None:
        media.add_tags()
    for kind, value in GAINS.items():
        media.tags[f"Replaygain_{kind.title()}"] = value
    media.save()
    assert read_tags(path).gains == EXPECTED


@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_mp4(tmp_path: Path, case: type[str]) -> None:
    path = write_with_ffmpeg(tmp_path / "song.m4a", np.zeros(22_050, np.float32))
    media = mutagen.File(path)
    if media.tags is None:
        media.add_tags()
    for kind, value in GAINS.items():
        name = case(f"replaygain_{kind}")
        media.tags[f"----:com.apple.iTunes:{name}"] = mutagen.mp4.MP4FreeForm(value.encode())
    media.tags["----:com.apple.iTunes:iTunNORM"] = mutagen.mp4.MP4FreeForm(b" 00000B5E 00000B5E 0000")
    media.save()
    assert read_tags(path).gains == EXPECTED


def test_asf(tmp_path: Path) -> None:
    path = write_with_ffmpeg(tmp_path / "song.wma", np.zeros(22_050, np.float32))
    media = mutagen.File(path)
    for kind, value in GAINS.items():
        media.tags[f"REPLAYGAIN_{kind}"] = [value]
    media.save()
    assert read_tags(path).gains == EXPECTED


def test_opus_has_its_own_tags_and_they_go_first(tmp_path: Path) -> None:
    path = tmp_path / "song.opus"
    soundfile.write(path, np.zeros(48_000, np.float32), 48_000, format="OGG", subtype="OPUS")
    media = mutagen.File(path)
    media["R128_TRACK_GAIN"] = str(-10 * 256)
    media["R128_ALBUM_GAIN"] = "128"
    media["REPLAYGAIN_TRACK_GAIN"] = "-1.00 dB"
    media.save()
    assert read_tags(path).gains == ReplayGain(track_gain=-5.0, album_gain=5.5)


def test_a_track_carries_them(tmp_path: Path) -> None:
    media = mutagen.File(silence(tmp_path / "song.flac"))
    media["replaygain_track_gain"] = "-7.89 dB"
    media.save()
    (track,) = read_file(FoundFile(str(tmp_path / "song.flac"), str(tmp_path), 0, 0)).tracks
    assert (track.track_gain, track.album_gain, track.track_peak) == (-7.89, None, None)


def test_a_file_without_them_says_nothing(tmp_path: Path) -> None:
    assert read_tags(silence(tmp_path / "song.flac")).gains == NO_GAINS


@pytest.mark.parametrize(
    ("text", "gain"),
    [
        ("-7.89 dB", -7.89),
        ("+3", 3.0),
        (" -0,50db ", -0.5),
        ("0.00 dB", 0.0),
        ("", None),
        ("loud", None),
        ("nan", None),
        ("-inf dB", None),
        ("99 dB", None),
        ("1e5", None),
        ("3 dBFS", None),
    ],
)
def test_gains_as_people_write_them(text: str, gain: float | None) -> None:
    assert parse_gain(text) == gain


@pytest.mark.parametrize(
    ("text", "peak"), [("0.5", 0.5), ("1.0123", 1.0123), ("0", None), ("-1", None), ("nan", None), ("1000", None)]
)
def test_peaks(text: str, peak: float | None) -> None:
    assert parse_peak(text) == peak


@pytest.mark.parametrize(
    ("text", "gain"), [("0", 5.0), ("256", 6.0), ("-1280", 0.0), ("40000", None), ("-7.2", None), ("", None)]
)
def test_opus_gains(text: str, gain: float | None) -> None:
    assert parse_opus_gain(text) == gain


@given(st.text(), st.text(), st.text())
def test_no_text_is_too_odd(gain: str, peak: str, opus: str) -> None:
    fields = {"replaygain_track_gain": [gain], "replaygain_track_peak": [peak], "r128_album_gain": [opus]}
    found = replay_gain(fields)
    assert found.track_gain is None or abs(found.track_gain) <= 60
    assert found.album_gain is None or abs(found.album_gain) <= 60
    assert found.track_peak is None or 0 < found.track_peak <= 100


@given(st.floats(-60, 60))
def test_a_gain_as_programs_write_it_comes_back(gain: float) -> None:
    assert parse_gain(f"{gain:+.2f} dB") == pytest.approx(gain, abs=0.006)
