"""Makes every kind of bad input that a music folder can hold, one builder each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import mutagen.flac
import mutagen.id3
import numpy as np
import soundfile
from numpy.typing import NDArray

from indexer.core.tracks import ProblemKind

RATE = 22_050
THREE_HOURS = 3 * 60 * 60
NOBODY = 65_534
_BURST_EVERY = 10


def music(seconds: float = 3.0, *, seed: int = 0, rate: int = RATE) -> NDArray[np.float32]:
    """A chord with a beat and a little noise, mono, different for each seed."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in rng.uniform(110, 880, 3))
    beat = np.exp(-((time * rng.uniform(1, 3)) % 1) * 4)
    return (0.15 * chord * beat + 0.01 * rng.standard_normal(time.size)).astype(np.float32)


def good(folder: Path, name: str = "good.flac", *, seed: int = 0, seconds: float = 3.0) -> Path:
    """A sound file, for comparison; the name's ending chooses among the formats that libsndfile writes."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(os.fsencode(path), music(seconds, seed=seed), RATE, format=_format_of(path))
    return path


def empty(folder: Path) -> Path:
    """No byte at all."""
    path = folder / "empty.mp3"
    path.touch()
    return path


def only_tags(folder: Path) -> Path:
    """An ID3 tag and no sound after it."""
    path = folder / "only tags.mp3"
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=3, text="Nothing"))
    tags.save(path)
    return path


def corrupt(folder: Path) -> Path:
    """It begins like FLAC, and what follows is noise."""
    path = folder / "corrupt.flac"
    path.write_bytes(b"fLaC" + _noise(20_000))
    return path


def corrupt_inside(folder: Path) -> Path:
    """Its headers are sound and its music is noise, so that only decoding finds out."""
    path = good(folder, "corrupt inside.flac")
    data = path.read_bytes()
    path.write_bytes(data[:200] + _noise(len(data) - 200))
    return path


def truncated(folder: Path) -> Path:
    """An mp3 that says it lasts 20 s and stops after half of them."""
    return _halved(good(folder, "truncated.mp3", seconds=20))


def truncated_wave(folder: Path) -> Path:
    """A WAVE file that is half as long as its header says."""
    return _halved(good(folder, "truncated.wav", seconds=20))


def silent(folder: Path) -> Path:
    """Nothing but zeros."""
    path = folder / "silent.wav"
    soundfile.write(path, np.zeros(3 * RATE, np.float32), RATE)
    return path


def one_sample(folder: Path) -> Path:
    """One sample of sound."""
    path = folder / "one sample.wav"
    soundfile.write(path, np.array([0.5], np.float32), RATE)
    return path


def not_a_number(folder: Path) -> Path:
    """Floating-point sound with a sample that is no number."""
    samples = music()
    samples[1000] = np.nan
    path = folder / "not a number.wav"
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    return path


def mislabelled_text(folder: Path) -> Path:
    """A text named .mp3."""
    path = folder / "shopping list.mp3"
    path.write_text("bread, butter, a new needle for the gramophone\n" * 500, encoding="utf-8")
    return path


def mislabelled_picture(folder: Path) -> Path:
    """A picture named .ogg."""
    path = folder / "picture.ogg"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + _noise(5000))
    return path


def dangling_link(folder: Path) -> Path:
    """A link to a file that is not there: unreadable, for the superuser too."""
    path = folder / "dangling.mp3"
    path.symlink_to(folder / "no such file.mp3")
    return path


def forbidden(folder: Path) -> Path:
    """A file that may not be read; the superuser may all the same (see `as_nobody`)."""
    path = good(folder, "forbidden.flac", seed=7)
    path.chmod(0)
    return path


def named_pipe(folder: Path) -> Path:
    """A pipe that looks like a song: opening it would wait for ever."""
    path = folder / "pipe.mp3"
    os.mkfifo(path)
    return path


def folder_named_like_music(folder: Path) -> Path:
    """A folder that ends in .mp3, with a song in it."""
    path = folder / "really a folder.mp3"
    good(path, "inside.flac", seed=8)
    return path


def vanishing(folder: Path) -> Path:
    """A song for the test to delete between two steps."""
    return good(folder, "vanishing.flac", seed=9)


def three_hours(folder: Path) -> Path:
    """Three hours of short bursts of a tone; most of the 170 MB are a hole where the file system knows holes."""
    path = folder / "three hours.wav"
    rate = 8000
    burst = (20_000 * np.sin(np.arange(rate // 2) * 0.3)).astype("<i2")
    soundfile.write(path, burst, rate)
    data_bytes = THREE_HOURS * rate * 2
    with path.open("r+b") as file:
        header = path.stat().st_size - burst.nbytes
        for start in range(0, THREE_HOURS, _BURST_EVERY):
            file.seek(header + start * rate * 2)
            file.write(burst.tobytes())
        file.truncate(header + data_bytes)
        file.seek(4)
        file.write((header - 8 + data_bytes).to_bytes(4, "little"))
        file.seek(header - 4)
        file.write(data_bytes.to_bytes(4, "little"))
    return path


def odd_names(folder: Path) -> list[Path]:
    """Songs whose names hold spaces, quotes, emoji, a line break and bytes that are not UTF-8, each another song."""
    names = ["two  spaces.flac", "\"quoted\" and 'so on'.flac", "caf\u00e9 \U0001f3b7.flac"]
    if sys.platform != "win32":
        names += ["line\nbreak.flac", "back\\slash.flac"]
    if sys.platform.startswith("linux"):
        names.append(os.fsdecode(b"not \xff\xfe utf-8.flac"))
    return [good(folder, name, seed=20 + number) for number, name in enumerate(names)]


def tags_with_nuls(folder: Path) -> Path:
    """Vorbis comments that hold NULs and other control characters."""
    path = good(folder, "nul tags.flac", seed=10)
    media = mutagen.flac.FLAC(path)
    media["title"] = "ti\x00tle\x07"
    media["artist"] = "\x00\x00"
    media["album"] = "line\nbreak\tand tab"
    media.save()
    return path


def tags_of_a_megabyte(folder: Path) -> Path:
    """A title of a megabyte."""
    path = good(folder, "huge tags.flac", seed=11)
    media = mutagen.flac.FLAC(path)
    media["title"] = "x" * 1_000_000
    media.save()
    return path


def link_loop(folder: Path) -> Path:
    """A folder with a song and a link back to the folder above it."""
    inner = folder / "loop"
    good(inner, "in the loop.flac", seed=12)
    client = inner / "back"
    client.symlink_to(folder, target_is_directory=True)
    return client


def wrong_columns(folder: Path) -> Path:
    """FMA metadata whose table has other columns than FMA's."""
    path = folder / "fma_metadata" / "tracks.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(",album,track\n,title,title\ntrack_id,,\n2,An album,A title\n", encoding="utf-8")
    return path


def empty_folder(folder: Path) -> Path:
    """A folder with nothing in it."""
    path = folder / "empty folder"
    path.mkdir()
    return path


def hidden_files(folder: Path) -> list[Path]:
    """What other systems leave beside music: not music, whatever the ending says, and no problem either."""
    paths = [folder / "._good.mp3", folder / ".hidden" / "song.mp3", folder / "Thumbs.db", folder / "cover.jpg"]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\x00\x05\x16\x07")
    return paths


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may enter, unlike the ones that pytest makes."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def as_nobody() -> Iterator[None]:
    """Act as a user without privileges where this is the superuser, whom no permission keeps out of anything."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


REFUSED_BY_SCAN: Mapping[Callable[[Path], Path], ProblemKind] = {
    empty: ProblemKind.EMPTY,
    only_tags: ProblemKind.EMPTY,
    corrupt: ProblemKind.CORRUPT,
    mislabelled_text: ProblemKind.NOT_AUDIO,
    mislabelled_picture: ProblemKind.NOT_AUDIO,
    dangling_link: ProblemKind.UNREADABLE,
}
"""Files that never become a track, with the problem that a scan files for each."""

REFUSED_BY_ANALYSIS: Mapping[Callable[[Path], Path], ProblemKind] = {
    corrupt_inside: ProblemKind.CORRUPT,
    silent: ProblemKind.SILENT,
    one_sample: ProblemKind.TOO_SHORT,
    not_a_number: ProblemKind.CORRUPT,
}
"""Files that become a track, and cannot be analysed."""

ANALYSED: tuple[Callable[[Path], Path], ...] = (
    truncated,
    truncated_wave,
    tags_with_nuls,
    tags_of_a_megabyte,
    three_hours,
)
"""Odd files that are analysed all the same."""


def _format_of(path: Path) -> str:
    return {".flac": "FLAC", ".wav": "WAV", ".mp3": "MP3", ".ogg": "OGG", ".aiff": "AIFF"}[path.suffix]


def _noise(count: int) -> bytes:
    return np.random.default_rng(1).integers(0, 256, count, np.uint8).tobytes()


def _halved(path: Path) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path
