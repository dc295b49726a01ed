"""Filter banks from librosa, computed once and kept on disk: importing librosa takes seconds in every process."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import scipy.fft

from indexer.core.audio.samples import FloatArray
from indexer.core.files.atomic import replacing
from indexer.features.spectrum import BINS, FRAME, RATE

CACHE_VARIABLE = "SEGUE_FILTER_CACHE"
"""Names the folder where computed banks are kept; unset, each process asks librosa anew. Workers inherit it."""

MELS = 128
PITCH_CLASSES = 12


@dataclass(frozen=True, slots=True)
class Banks:
    """Filter banks for power spectra, float32, transposed for products with (frames, BINS).

    Attributes:
        mel: shape (BINS, MELS), `librosa.filters.mel`: Slaney's scale and norm.
        chroma: shape (BINS, 12), `librosa.filters.chroma` tuned to 440 Hz, C first.
    """

    mel: FloatArray
    chroma: FloatArray


@cache
def banks() -> Banks:
    """The banks of this process, from disk where they are kept."""
    folder = os.environ.get(CACHE_VARIABLE)
    if not folder:
        return _from_librosa()
    path = Path(folder) / f"filters-{version('librosa')}.npz"
    kept = _read(path)
    if kept is None:
        kept = _from_librosa()
        _keep(kept, path)
    return kept


@cache
def dct(count: int) -> FloatArray:
    """The first `count` rows of the orthonormal DCT-II, transposed: shape (MELS, count)."""
    basis = scipy.fft.dct(np.eye(MELS), axis=1, type=2, norm="ortho")
    return np.ascontiguousarray(basis[:, :count], dtype=np.float32)


def _from_librosa() -> Banks:
    import librosa  # noqa: PLC0415 - three seconds, spared wherever the banks are on disk

    mel = librosa.filters.mel(sr=RATE, n_fft=FRAME, n_mels=MELS)
    chroma = librosa.filters.chroma(sr=RATE, n_fft=FRAME, n_chroma=PITCH_CLASSES, tuning=0.0)
    return Banks(_transposed(mel), _transposed(chroma))


def _transposed(bank: FloatArray) -> FloatArray:
    return np.ascontiguousarray(bank.T, dtype=np.float32)


def _read(path: Path) -> Banks | None:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            kept = Banks(arrays["mel"], arrays["chroma"])
    except (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile):
        return None  # not there yet, or damaged: computed again and written over
    sound = kept.mel.shape == (BINS, MELS) and kept.chroma.shape == (BINS, PITCH_CLASSES)
    return kept if sound else None


def _keep(computed: Banks, path: Path) -> None:
    with suppress(OSError):  # a cache that cannot be written costs seconds, nothing else
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, shared=True) as stream:
            np.savez(stream, mel=computed.mel, chroma=computed.chroma)
