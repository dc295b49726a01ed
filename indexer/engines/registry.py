"""The engines by name; an engine's package is imported only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from indexer.core.errors import SegueError
from indexer.engines.base import Engine, EngineMissing

DISTRIBUTION = "segue-player"


@dataclass(frozen=True)
class Entry:
    """Where an engine is found.

    Attributes:
        module, type_name: of the class.
        package: the importable package it needs besides NumPy, None for none.
        extra: the extra of this project that installs the package.
    """

    module: str
    type_name: str
    package: str | None = None
    extra: str = ""

    @property
    def is_installed(self) -> bool:
        return self.package is None or find_spec(self.package) is not None

    @property
    def installation(self) -> str:
        """The command that installs what is missing."""
        return f'pip install "{DISTRIBUTION}[{self.extra}]"'


ENGINES: dict[str, Entry] = {
    "spark-lsh": Entry("indexer.engines.spark_lsh", "SparkLsh"),
    "exact": Entry("indexer.engines.exact", "Exact"),
    "scann": Entry("indexer.engines.scann", "Scann", "scann", "scann"),
    "hnsw": Entry("indexer.engines.hnsw", "Hnsw", "usearch", "hnsw"),
}
"""The first is what the application uses."""


def engine_named(name: str) -> type[Engine]:
    """The engine of that name.

    Raises:
        SegueError: there is none.
        EngineMissing: its package is not installed.
    """
    if name not in ENGINES:
        raise SegueError("engine-unknown", name=name, known=", ".join(ENGINES))
    entry = ENGINES[name]
    if not entry.is_installed:
        raise EngineMissing("engine-missing", name=name, command=entry.installation)
    try:
        found: type[Engine] = getattr(import_module(entry.module), entry.type_name)
    except ImportError as error:
        raise EngineMissing("engine-broken", name=name, error=error, command=entry.installation) from error
    return found
