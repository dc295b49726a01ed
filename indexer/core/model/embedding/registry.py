"""Which embedding networks are registered in a home, and the profile that each of them makes.

Light on purpose: the player looks up a profile by its name here and never loads a network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.core.files.atomic import write_atomically
from indexer.core.home import Home
from indexer.core.model.embedding.errors import NetworkChanged, NetworkMissing, RegistryDamaged
from indexer.core.model.profiles import SONIC, Block, Profile, add_profile, get_profile

BLOCK_PREFIX = "embedding:"
MOST_DIMS = 8_192
"""Longer embeddings would take more room than the music they describe."""

_VERSION_DIGITS = 12
"""Hexadecimal digits of the hash that make the version: 48 bits, an integer wherever it is stored."""


@dataclass(frozen=True)
class Registration:
    """A network as it was when it was registered.

    Attributes:
        name: from its manifest.
        model: absolute path of the ONNX file.
        sha256: of that file, in hexadecimal.
        manifest: the manifest as JSON.
        dims: length of an embedding.
    """

    name: str
    model: str
    sha256: str
    manifest: str
    dims: int

    def check(self) -> None:
        """Make sure that the network is still the one that was registered.

        Raises:
            NetworkMissing: its file is not there or cannot be read.
            NetworkChanged: its file is another one.
        """
        try:
            present = file_sha256(Path(self.model))
        except OSError as error:
            raise NetworkMissing("network-gone", file=self.model, name=profile_name(self.name)) from error
        if present != self.sha256:
            raise NetworkChanged("network-changed", file=self.model)


@dataclass(frozen=True)
class EmbeddedProfile(Profile):
    """The `sonic` profile with the block of a network behind its own."""

    network: Registration


def profile_name(network: str) -> str:
    """What the profile of a network is called."""
    return f"{SONIC.name}+{network}"


def profile_of(network: Registration) -> EmbeddedProfile:
    """The profile that a network makes; another file, manifest or `sonic` is another version."""
    told = f"{SONIC.key} {network.sha256} {network.manifest} {network.dims}"
    version = int(hashlib.sha256(told.encode()).hexdigest()[:_VERSION_DIGITS], 16)
    columns = tuple(f"embedding_{network.name}_{number:04d}" for number in range(1, network.dims + 1))
    block = Block(f"{BLOCK_PREFIX}{network.name}", columns)
    return EmbeddedProfile(profile_name(network.name), version, (*SONIC.blocks, block), SONIC.windows, network)


def networks_of(profiles: Iterable[Profile]) -> tuple[Registration, ...]:
    """The networks of the profiles that have one."""
    return tuple(profile.network for profile in profiles if isinstance(profile, EmbeddedProfile))


def registered(home: Home) -> dict[str, Registration]:
    """The networks of a home, by name.

    Raises:
        RegistryDamaged: the list cannot be read.
    """
    path = home.embeddings_file
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        return {network.name: network for network in (_registration(record) for record in records)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise RegistryDamaged("network-list-damaged", file=path) from error


def register(home: Home, network: Registration) -> EmbeddedProfile:
    """Remember a network under its name, in place of the one that had it, and make its profile known.

    Raises:
        RegistryDamaged: the list there is cannot be read.
        OSError: it cannot be written.
    """
    _write(home, registered(home) | {network.name: network})
    return know(network)


def forget(home: Home, name: str) -> None:
    """Take a network off the list; its file stays where it is, and this process goes on knowing its profile.

    Raises:
        RegistryDamaged: the list there is cannot be read.
        OSError: it cannot be written.
    """
    _write(home, {other: network for other, network in registered(home).items() if other != name})


def _write(home: Home, networks: Mapping[str, Registration]) -> None:
    content = json.dumps([asdict(one) for one in networks.values()], indent=2) + "\n"
    write_atomically(home.embeddings_file, content.encode())


def _registration(record: dict[str, object]) -> Registration:
    """One record of the list.

    Raises:
        TypeError: it has other fields, or values that are none of a registration.
        ValueError: an embedding cannot be as long as it says.
    """
    network = Registration(**record)  # type: ignore[arg-type]
    texts = (network.name, network.model, network.sha256, network.manifest)
    if not all(isinstance(text, str) for text in texts) or not isinstance(network.dims, int):
        raise TypeError(record)
    if not 0 < network.dims <= MOST_DIMS:
        raise ValueError(network.dims)
    return network


def know(network: Registration) -> EmbeddedProfile:
    """Let `get_profile` find the profile of a network in this process."""
    profile = profile_of(network)
    add_profile(profile)
    return profile


def know_all(home: Home) -> None:
    """Let `get_profile` find the profiles of every network of a home in this process.

    Raises:
        RegistryDamaged: the list cannot be read.
    """
    for network in registered(home).values():
        know(network)


def profile_key(home: Home, name: str) -> str:
    """The key of a profile.

    Raises:
        UnknownProfile: there is none of that name.
    """
    if "+" in name:  # with an embedding network, which the home knows
        know_all(home)
    return get_profile(name).key


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal; raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
