"""Files that only the decoders can make sense of are opened in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from indexer.core.audio.errors import CorruptFile
from indexer.core.tags import probing
from indexer.core.tags.probing import probe


def test_the_length_of_a_sound_file(make_tone: Callable[..., Path]) -> None:
    assert probe(make_tone(seconds=2.0)) == pytest.approx(2.0)


def test_rubbish_is_a_corrupt_file(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.flac"
    path.write_bytes(b"fLaC" + bytes(1000))
    with pytest.raises(CorruptFile):
        probe(path)


def test_a_file_that_kills_the_decoder_is_corrupt_and_the_next_one_is_read(
    make_tone: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_tone(seconds=2.0)
    probe(path)
    with monkeypatch.context() as patch:
        patch.setattr(probing, "length_or_reason", _die)
        with pytest.raises(CorruptFile, match="survives"):
            probe(path)
    assert probe(path) == pytest.approx(2.0)


def _die(path: str) -> None:
    psutil.Process().kill()
