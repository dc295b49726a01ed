"""What is converted sounds like the original: as long to the sample, as loud as asked, with its tags."""

from __future__ import annotations

from contextlib import suppress
from math import inf, nan
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.core.settings import Gain
from indexer.core.tracks import Track
from musicplayer.server.streams.encoding import encode
from musicplayer.server.streams.errors import NoRoom, StreamError
from musicplayer.server.streams.profiles import AAC, FLAC, MP3, OPUS, PROFILES, Order, Profile
from musicplayer.server.streams.transcode import Amplified, from_offset, tags_of
from tests.faults.disks import small_disk
from tests.faults.fault import NotHere
from tests.unit.server.streams.asking import track_of
from tests.unit.server.streams.sound import alike, clip, decoded


def converted(
    track: Track, profile: Profile, target: Path, *, offset: float = 0, amplified: Amplified | None = None, **how: Any
) -> Path:
    """The track as a profile has it."""
    factor = (amplified or Amplified()).factor
    target.parent.mkdir(exist_ok=True)
    path = target.with_suffix(profile.suffix)
    order = Order(
        stretch=from_offset(track.stretch, offset),
        profile=profile,
        target=str(path),
        factor=factor,
        tags=tags_of(track, factor),
        most_bytes=how.get("most_bytes", 1 << 30),
    )
    assert encode(order) > 0
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "made" / "a"


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_profile_sounds_like_the_original_to_the_sample(tmp_path: Path, target: Path, profile: Profile) -> None:
    path = clip(tmp_path, rate=48_000)
    _, before = decoded(path)
    rate, after = decoded(converted(track_of(path), profile, target))
    assert (rate, after.shape) == (48_000, before.shape)
    assert min(map(alike, before, after)) > 0.95
    assert np.array_equal(before, after) is profile.is_lossless


@pytest.mark.parametrize(
    ("rate", "channels", "subtype", "profile", "becomes"),
    [
        (96_000, 2, "PCM_24", FLAC, (96_000, 2)),
        (96_000, 2, "PCM_24", MP3, (48_000, 2)),
        (88_200, 1, "PCM_24", AAC, (44_100, 1)),
        (22_050, 1, "PCM_16", MP3, (22_050, 1)),
        (8_000, 1, "PCM_U8", OPUS, (48_000, 1)),
        (48_000, 6, "PCM_16", FLAC, (48_000, 6)),
        (48_000, 6, "PCM_16", MP3, (48_000, 2)),
        (44_100, 6, "PCM_24", OPUS, (48_000, 2)),
        (44_100, 12, "PCM_16", FLAC, (44_100, 2)),
        (384_000, 1, "PCM_16", FLAC, (192_000, 1)),
    ],
)
def test_odd_sound_becomes_what_the_codec_takes(
    tmp_path: Path, target: Path, rate: int, channels: int, subtype: str, profile: Profile, becomes: tuple[int, int]
) -> None:
    path = clip(tmp_path, "a.wav", seconds=2, rate=rate, channels=channels, subtype=subtype)
    own, after = decoded(converted(track_of(path), profile, target))
    assert (own, len(after)) == becomes
    assert after.shape[1] == pytest.approx(2 * own, abs=2)
    assert np.abs(after).max() > 0.05


def test_six_channels_are_mixed_not_dropped(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "a.wav"
    sound = decoded(clip(tmp_path, channels=1, rate=48_000))[1][0]
    for channel, left, right in ((0, True, False), (1, False, True), (2, True, True), (4, True, False)):
        samples = np.zeros((len(sound), 6), np.float32)
        samples[:, channel] = sound
        soundfile.write(path, samples, 48_000)
        _, mixed = decoded(converted(track_of(path), MP3, target))
        heard = [float(np.abs(each).max()) > 0.05 for each in mixed]
        assert heard == [left, right]
        assert alike(mixed[0 if left else 1], sound) > 0.95


def test_twenty_four_bits_stay_twenty_four(tmp_path: Path, target: Path) -> None:
    path = clip(tmp_path, "a.wav", subtype="PCM_24")
    made = converted(track_of(path), FLAC, target)
    assert soundfile.info(made).subtype == "PCM_24"
    assert np.array_equal(soundfile.read(path, dtype="int32")[0], soundfile.read(made, dtype="int32")[0])


def test_samples_that_are_no_numbers_are_silence(tmp_path: Path, target: Path) -> None:
    samples = decoded(clip(tmp_path, channels=1))[1][0]
    samples[1_000:1_100], samples[2_000:2_100] = np.nan, np.inf
    soundfile.write(tmp_path / "a.wav", samples, 44_100, subtype="FLOAT")
    for profile in (AAC, MP3, FLAC):
        _, after = decoded(converted(track_of(tmp_path / "a.wav"), profile, target))
        assert after.shape == (1, len(samples))
        assert np.isfinite(after).all()


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_gives_sound_or_a_refusal(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["a.flac", "a.wav", "a.mp3", "a.ogg", "a.aiff"]))
    content = bytearray(clip(tmp_path / "whole", name, seconds=0.3, channels=1).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, min(200, len(content) - 1)))] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(content[: data.draw(st.integers(1, len(content)))])
    with suppress(StreamError):
        assert decoded(converted(track_of(tmp_path / name), OPUS, tmp_path / "made" / "a"))[1].size > 0


def test_an_offset_begins_there(tmp_path: Path, target: Path) -> None:
    path = clip(tmp_path, seconds=6)
    _, before = decoded(path)
    part = track_of(path, start=1, end=5)
    _, after = decoded(converted(part, MP3, target, offset=2.9))
    expected = before[:, 3 * 44_100 : 5 * 44_100]
    assert after.shape == expected.shape
    assert alike(after[0], expected[0]) > 0.98
    for track, offset in ((part, 4), (part, 1e9), (track_of(path), 60), (track_of(path), inf), (part, nan)):
        with pytest.raises(StreamError) as told:
            converted(track, MP3, target, offset=offset)
        assert told.value.code == "stream-beyond-end"


def test_a_gain_is_applied_up_to_full_scale_and_taken_off_the_tags(tmp_path: Path, target: Path) -> None:
    path = clip(tmp_path)
    _, before = decoded(path)
    peak = float(np.abs(before).max())
    track = track_of(path, track_gain=-2.0, track_peak=peak, album_gain=-1.0)
    quieter = converted(track, FLAC, target, amplified=Amplified(-6.0, peak))
    assert np.allclose(decoded(quieter)[1], before * 10 ** (-6 / 20), atol=2e-5)
    tags = mutagen.File(quieter)
    assert (tags["replaygain_track_gain"], tags["replaygain_album_gain"]) == (["4.00 dB"], ["5.00 dB"])
    assert float(tags["replaygain_track_peak"][0]) == pytest.approx(peak * 10 ** (-6 / 20), rel=1e-3)
    louder = decoded(converted(track, FLAC, target, amplified=Amplified(40.0, peak)))[1]
    assert float(np.abs(louder).max()) == pytest.approx(1.0, abs=1e-3)
    assert alike(louder[0], before[0]) > 0.9999
    assert np.array_equal(decoded(converted(track, FLAC, target, amplified=Amplified(5.0)))[1], before)


def test_loudness_is_evened_out_by_tags() -> None:
    track = track_of(Path("/a.flac"), track_gain=-6.0, track_peak=0.9, album_gain=5.0, album_peak=0.8)
    assert Amplified.by_tags(track, Gain.OFF).factor == 1
    assert Amplified.by_tags(track, Gain.TRACK).factor == pytest.approx(0.501, abs=0.001)
    assert Amplified.by_tags(track, Gain.ALBUM).factor == pytest.approx(1.25, abs=0.01)
    only_track = track_of(Path("/a.flac"), track_gain=1.0, track_peak=0.5)
    assert Amplified.by_tags(only_track, Gain.ALBUM).factor == pytest.approx(1.122, abs=0.001)
    assert Amplified.by_tags(track_of(Path("/a.flac")), Gain.TRACK).factor == 1
    assert Amplified.by_tags(track_of(Path("/a.flac"), track_gain=3.0), Gain.TRACK).factor == 1


@given(st.floats(), st.floats(0, 1e6) | st.none())
def test_no_gain_goes_beyond_full_scale(decibels: float, peak: float | None) -> None:
    factor = Amplified(decibels, peak).factor
    assert 0 < factor <= 1_000
    assert factor <= 1 or (peak is not None and factor * peak <= 1 + 1e-9)


@pytest.mark.parametrize(
    ("profile", "name", "text"),
    [
        (MP3, "TXXX:REPLAYGAIN_TRACK_GAIN", "-7.50 dB"),
        (FLAC, "replaygain_track_gain", "-7.50 dB"),
        (AAC, "----:com.apple.iTunes:replaygain_track_gain", "-7.50 dB"),
        (OPUS, "r128_track_gain", str(round((-7.5 - 5) * 256))),
    ],
    ids=("mp3", "flac", "aac", "opus"),
)
def test_tags_go_along(tmp_path: Path, target: Path, profile: Profile, name: str, text: str) -> None:
    track = track_of(
        clip(tmp_path), title="Ä ♪", artist="B", album="C", year=1999, track_number=7, track_gain=-7.5, track_peak=0.9
    )
    made = converted(track, profile, target)
    easy, tags = mutagen.File(made, easy=True), mutagen.File(made)
    assert [easy[key][0] for key in ("title", "artist", "album")] == ["Ä ♪", "B", "C"]
    value = tags[name]
    said = value.text[0] if hasattr(value, "text") else value[0]
    assert (bytes(said).decode() if isinstance(said, bytes) else str(said)) == text


def test_mp4_begins_with_its_index(tmp_path: Path, target: Path) -> None:
    content = converted(track_of(clip(tmp_path), track_gain=-3.0), AAC, target).read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_a_result_that_gets_too_long_is_given_up(tmp_path: Path, target: Path) -> None:
    with pytest.raises(StreamError) as told:
        converted(track_of(clip(tmp_path)), FLAC, target, most_bytes=100_000)
    assert told.value.code == "stream-too-large"


@pytest.mark.parametrize("profile", [MP3, AAC, OPUS, FLAC], ids=lambda profile: profile.name)
def test_a_full_disk_is_no_fault_of_the_file(tmp_path: Path, target: Path, profile: Profile) -> None:
    track = track_of(clip(tmp_path, seconds=20))
    target.parent.mkdir()
    try:
        with small_disk(target.parent, "128k"), pytest.raises(NoRoom) as told:
            converted(track, profile, target)
    except NotHere as missing:
        pytest.skip(str(missing))
    assert (told.value.code, told.value.status) == ("stream-disk-full", 507)
