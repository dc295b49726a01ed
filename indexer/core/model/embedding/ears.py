"""The ears that can be added: networks that others trained and gave away, made into files in the home.

Light on purpose: the player shows them from here. What makes them is in `indexer.ears`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.core.home import Home
from indexer.core.language import mark
from indexer.core.model.embedding.errors import EarError
from indexer.core.model.embedding.registry import Registration, forget, profile_name, registered
from indexer.core.tracks import Seconds


@dataclass(frozen=True)
class Ear:
    """A network that a Python package carries.

    Attributes:
        name: its profile is `sonic+name`.
        title: what it is called.
        about: what it is, in a sentence that can be translated.
        makers: who trained it.
        licence: as its package says.
        package, version: on the Python package index.
        file: of the package that carries it.
        size: bytes of that file.
        sha256: of that file, in hexadecimal.
        cost: processor seconds for a minute of music, in one process.
    """

    name: str
    title: str
    about: str
    makers: str
    licence: str
    package: str
    version: str
    file: str
    size: int
    sha256: str
    cost: Seconds

    @property
    def profile(self) -> str:
        """Name of the profile that it makes."""
        return profile_name(self.name)


MUSICNN = Ear(
    name="musicnn",
    title="MusiCNN",
    about=mark("A neural network that learnt from the Million Song Dataset by what words people call music."),
    makers="Jordi Pons, Xavier Serra; Universitat Pompeu Fabra",
    licence="ISC",
    package="musicnn",
    version="0.1.0",
    file="musicnn-0.1.0-py3-none-any.whl",
    size=29_292_476,
    sha256="f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa",
    cost=0.2,  # `indexer build --full` with and without
)

EARS = {ear.name: ear for ear in (MUSICNN,)}


def ear_named(name: str) -> Ear:
    """An ear; raises EarError where there is none of that name."""
    if name not in EARS:
        raise EarError("ear-unknown", name=name, known=", ".join(EARS))
    return EARS[name]


def ear_file(home: Home, ear: Ear) -> Path:
    """Where its network is kept once it is added."""
    return home.ears / f"{ear.name}.onnx"


def added(home: Home, ear: Ear) -> Registration | None:
    """Its registration, where it was added; the file may have been lost since.

    Raises:
        RegistryDamaged: the list of networks cannot be read.
        EarError: a network of the user's own has its name.
    """
    found = registered(home).get(ear.name)
    if found is not None and Path(found.model) != ear_file(home, ear):
        raise EarError("ear-name-taken", name=ear.name, file=found.model)
    return found


def remove_ear(home: Home, ear: Ear) -> None:
    """Take an ear away: its registration and its file. What was analysed with it is kept, for when it comes back.

    Raises:
        EarError: it was not added, or a network of the user's own has its name.
        RegistryDamaged: the list of networks cannot be read.
        OSError: the list or the file cannot be changed.
    """
    if added(home, ear) is None:
        raise EarError("ear-not-added", name=ear.name)
    forget(home, ear.name)
    ear_file(home, ear).unlink(missing_ok=True)
