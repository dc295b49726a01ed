"""Audio files as the worker processes hear them: decoded, analysed and measured."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.analysis.worker import Analysed, Failure, analyse_file, hear_file
from indexer.core.model.profiles import get_profile
from indexer.core.tracks import Stretch
from tests.bad_files import music
from tests.fuzz.audio import SECONDS, hostile_files, whole_files
from tests.fuzz.target import Box, Target
from tests.fuzz.targets.tags import WORDS

_PROFILES = ("classic",)


def _run(data: bytes, box: Box) -> None:
    stretch = Stretch(str(box.file("song.mp3", data)))
    for hear, profiles in ((analyse_file, _PROFILES), (hear_file, _PROFILES), (hear_file, ())):
        heard = hear(stretch, profiles)
        assert isinstance(heard, Analysed | Failure)
        if isinstance(heard, Analysed):
            assert len(heard.features) == len(profiles)
            assert all(values.ndim == 2 for values in heard.features.values())


def _prepare() -> None:
    """What is loaded with the first sound that is heard is not the inputs' doing."""
    from indexer.features import analyse, filters, listening
    from indexer.sound import measure

    assert measure
    assert listening
    filters.banks()
    analyse.analyse(music(SECONDS), [get_profile(name) for name in _PROFILES])


def _seeds(_: Box) -> Sequence[bytes]:
    return [*whole_files().values(), *hostile_files().values()]


TARGETS = (Target("sounds", _run, _seeds, WORDS, limit=60, share=0.5, prepare=_prepare),)
