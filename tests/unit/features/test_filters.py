"""Filter banks are librosa's own, and come back from disk unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import librosa
import numpy as np
import pytest

from indexer.features.filters import CACHE_VARIABLE, banks, dct
from indexer.features.spectrum import hann


@pytest.fixture(autouse=True)
def _fresh_banks() -> Iterator[None]:
    banks.cache_clear()
    yield
    banks.cache_clear()


def assert_librosas(chroma: np.ndarray, mel: np.ndarray) -> None:
    np.testing.assert_array_equal(mel, librosa.filters.mel(sr=22050, n_fft=2048).T)
    np.testing.assert_array_equal(chroma, librosa.filters.chroma(sr=22050, n_fft=2048, tuning=0.0).T)


def test_banks_are_librosas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    assert_librosas(banks().chroma, banks().mel)


def test_banks_are_kept_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    banks()
    banks.cache_clear()
    with monkeypatch.context() as patch:
        patch.delattr(librosa.filters, "mel")  # nobody asks librosa once more
        kept = banks()
    assert_librosas(kept.chroma, kept.mel)
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".npz"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense"])
def test_a_damaged_file_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    banks()
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage)
    banks.cache_clear()
    assert_librosas(banks().chroma, banks().mel)
    assert kept.stat().st_size > len(damage)


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv(CACHE_VARIABLE, str(blocked / "cache"))
    assert_librosas(banks().chroma, banks().mel)


def test_dct_and_window_are_librosas() -> None:
    series = np.random.default_rng(0).standard_normal((128, 5)).astype(np.float32)
    np.testing.assert_allclose((series.T @ dct(20)).T, librosa.feature.mfcc(S=series, n_mfcc=20), atol=1e-4)
    np.testing.assert_allclose(hann(2048), librosa.filters.get_window("hann", 2048), atol=1e-7)
