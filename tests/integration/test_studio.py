"""The process that decodes, on real files: what comes out of it, and that it lets go of what nobody wants any more."""

from __future__ import annotations

import queue
import threading
import weakref
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from indexer.core.playing.queue import PlayQueue
from indexer.core.tracks import Stretch, TrackId
from musicplayer.playback.backend import PlaybackState
from musicplayer.playback.decoding import Decoder
from musicplayer.playback.engine import Engine
from musicplayer.playback.mixer import Samples
from musicplayer.playback.player import Player
from musicplayer.playback.reel import Broken, Decoded, Opened, TrackReel
from musicplayer.playback.stream import Part
from musicplayer.playback.studio import LEAD_IN
from musicplayer.playback.studio_link import Feed, StudioLink
from musicplayer.playback.vlc_backend import AUDIO_OUTPUT_VARIABLE, Vlc
from tests.ruler import FORMATS, Format, melody, write
from tests.waiting import wait_until

FLAC = next(kind for kind in FORMATS if kind.name == "FLAC 44.1/16")
EXACT = [kind for kind in FORMATS if "no tag" not in kind.name]
LOSSLESS = {"FLAC 44.1/16", "FLAC 48/16", "FLAC 96/24", "ALAC", "WAV"}
FRAME_BYTES = 8
WAIT = 20.0


@pytest.fixture
def link(qapp: object) -> Iterator[StudioLink]:
    made = StudioLink()
    yield made
    made.close()


def taken(feed: Feed, frames: int) -> Samples:
    """The next frames of a stream."""
    content = b""
    while len(content) < frames * FRAME_BYTES:
        block = feed.read(frames * FRAME_BYTES - len(content))
        assert block, "the stream ended early"
        content += block
    return np.frombuffer(content, "<f4").reshape(-1, 2)


def whole(path: Path) -> Samples:
    """A file by itself."""
    decoder = Decoder(str(path))
    try:
        return np.concatenate([block for _, block in decoder.blocks()])
    finally:
        decoder.close()


def order(stretches: Sequence[Stretch], link: StudioLink, stream: int = 1) -> Feed:
    """Have stretches follow each other in a stream."""
    first, *others = (Part(number, stretch).order() for number, stretch in enumerate(stretches, 1))
    feed = link.play(stream, first)
    link.follow(stream, others)
    return feed


@pytest.mark.parametrize("kind", EXACT, ids=lambda kind: kind.name)
def test_the_tracks_of_a_cue_sheet_are_the_file_sample_for_sample(
    link: StudioLink, tmp_path: Path, kind: Format
) -> None:
    path = write(tmp_path / f"album.{kind.ending}", melody(1, 9.0, kind.rate), kind)
    cuts = [float(Fraction(frames, 75)) for frames in (0, 2 * 75 + 37, 3 * 75 + 1, 6 * 75 + 74)]
    parts = [Stretch(str(path), start, end) for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
    file = whole(path)
    silence = round(LEAD_IN * kind.rate)
    stream = taken(order(parts, link), silence + len(file))
    assert not stream[:silence].any()
    difference = np.abs(stream[silence:] - file).max()
    assert difference == 0 if kind.name in LOSSLESS else difference < 1e-3, "decoders that begin in the middle round"


@pytest.mark.vlc
def test_a_queue_of_flac_is_what_its_files_decode_to_bit_for_bit(
    qapp: object, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VLC writes what it would give a device into a file, at full volume and with the equaliser at rest."""
    heard = tmp_path / "heard"
    written = [f"--audiofile-file={heard}", "--audiofile-format=s16", "--no-audiofile-wav"]
    monkeypatch.setenv(AUDIO_OUTPUT_VARIABLE, "afile")
    lengths = [1.5, 0.3, 1.111, 0.7]
    files = [write(tmp_path / f"{n}.flac", melody(n, length, FLAC.rate), FLAC) for n, length in enumerate(lengths)]
    backend = Engine(Vlc(written))
    player = Player(backend, PlayQueue(), lambda track: Stretch(str(files[int(track)])))
    try:
        player.set_volume(100)
        player.play_tracks([TrackId(str(number)) for number in range(len(files))])
        qtbot.waitUntil(lambda: player.state is PlaybackState.STOPPED, timeout=round(WAIT * 1000))
    finally:
        player.close()
    queue = np.concatenate([np.round(whole(file) * 32768).astype(np.int16) for file in files])
    got = np.fromfile(heard, "<i2").reshape(-1, 2)
    begins = int(np.flatnonzero(got.any(axis=1))[0])
    assert not (got[begins : begins + len(queue)].astype(int) - queue).any()


def test_a_reel_that_is_closed_gives_as_much_as_it_says(tmp_path: Path) -> None:
    """A mixer that was promised samples and gets none would ask for them for ever."""
    told: queue.SimpleQueue[Opened | Decoded | Broken] = queue.SimpleQueue()
    file = write(tmp_path / "a.flac", melody(1, 1.0, FLAC.rate), FLAC)
    reel = TrackReel(Stretch(str(file)), 0.0, lambda _, said: told.put(said))
    reel.begin()
    assert [told.get(timeout=WAIT), told.get(timeout=WAIT)] == [Opened(FLAC.rate, 1.0), Decoded(1.0)]
    reel.close()
    frames, _ = reel.state()
    assert len(reel.take(frames)) == frames


def test_streams_that_were_left_leave_no_thread_and_no_file(link: StudioLink, tmp_path: Path) -> None:
    kinds = EXACT[:4] + EXACT[5:]
    files = [write(tmp_path / f"{n}.{kind.ending}", melody(n, 2.0, kind.rate), kind) for n, kind in enumerate(kinds)]
    assert link.process_id is not None
    studio = psutil.Process(link.process_id)
    feed = order([Stretch(str(files[0]))], link)
    taken(feed, 1000)
    link.rest()
    feed.close()
    wait_until(lambda: studio.num_threads() == 2)  # the one that takes orders, and its beat
    for turn in range(60):
        parts = [Stretch(str(files[(turn + more) % len(files)])) for more in range(3)]
        feed = order(parts, link, turn + 2)
        taken(feed, 10_000 if turn % 3 else 100)
        feed.close()
    link.rest()
    wait_until(lambda: studio.num_threads() == 2 and not studio.open_files())


@pytest.mark.parametrize("end", ["rest", "another stream", "close"])
def test_who_waits_for_samples_among_the_news_is_let_go(qapp: object, tmp_path: Path, end: str) -> None:
    """VLC waits for the thread that reads, and the window for VLC."""
    part = Part(1, Stretch(str(write(tmp_path / "a.flac", melody(1, 1.0, FLAC.rate), FLAC)))).order()
    link = StudioLink(hands_over=False)
    try:
        feed = link.play(1, part)

        def read() -> None:
            while feed.read(1 << 16):
                pass

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        {"rest": link.rest, "another stream": lambda: link.play(2, part), "close": link.close}[end]()
        reader.join(WAIT)
        assert not reader.is_alive()
    finally:
        link.close()


@pytest.mark.parametrize("hands_over", [True, False])
def test_an_end_that_is_closed_goes_in_the_thread_it_lives_in(qapp: object, hands_over: bool) -> None:
    """Qt's objects live in one: destroyed in the thread that listens, while news wait for it, it ended the process."""
    gone: list[threading.Thread] = []
    for _ in range(8):
        link = StudioLink(hands_over=hands_over)
        weakref.finalize(link, lambda: gone.append(threading.current_thread()))
        link.close()
        del link
    wait_until(lambda: len(gone) == 8)
    assert set(gone) == {threading.main_thread()}


def test_every_stream_among_the_news_begins(qapp: object, tmp_path: Path) -> None:
    path = str(write(tmp_path / "a.flac", melody(1, 1.0, FLAC.rate), FLAC))
    link = StudioLink(hands_over=False)
    begun: list[int] = []

    def begin_many() -> None:
        for stream in range(1, 301):
            taken(order([Stretch(path)], link, stream), 4_000)
            begun.append(stream)

    try:
        listener = threading.Thread(target=begin_many, daemon=True)
        listener.start()
        listener.join(WAIT)
        assert begun == list(range(1, 301))
    finally:
        link.close()
