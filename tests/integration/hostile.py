"""What files can do to the process that analyses them, chosen by the path's name."""

from __future__ import annotations

import os
import threading

import numpy as np

from indexer.analysis.worker import Analysed, Failure
from indexer.core.tracks import Stretch


def misbehave(stretch: Stretch, profiles: tuple[str, ...]) -> Analysed | Failure:
    name = os.path.basename(stretch.path)  # noqa: PTH119
    if name == "hangs":
        threading.Event().wait()
    if name == "crashes":
        os._exit(139)
    if name == "devours":
        np.ones(1 << 34, dtype=np.uint8)
    if name == "raises":
        raise ZeroDivisionError("a bug")
    return Analysed({profile: np.full((1, 2), os.getpid(), dtype=np.float32) for profile in profiles})
