"""What a fuzz target is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis.strategies import SearchStrategy

from indexer.core.errors import SegueError

LARGEST = 1 << 18
"""Bytes of an input; what only fails when it is larger has a seed of its own."""


@dataclass(frozen=True)
class Box:
    """The folders of a run.

    Attributes:
        inside: what the user chose; all that may be read and written.
        outside: beside it, with a file `secret.mp3`; hostile inputs point there.
    """

    inside: Path
    outside: Path

    @classmethod
    def make(cls, folder: Path) -> Box:
        box = cls(folder / "inside", folder / "outside")
        for each in (box.inside, box.outside):
            each.mkdir(parents=True, exist_ok=True)
        for name in ("secret.mp3", "secret.m3u8", "secret.npy"):
            (box.outside / name).write_bytes(b"nobody asked for this")
        return box

    def file(self, name: str, content: bytes) -> Path:
        """Write an input where the user would have it."""
        path = self.inside / name
        path.write_bytes(content)
        return path


Run = Callable[[bytes, Box], None]


@dataclass(frozen=True)
class Target:
    """One kind of input.

    Attributes:
        name: what `--only` calls it.
        run: gives an input to the code under test; may return, or raise one of `errors`, and nothing else.
        seeds: whole inputs that are mutated.
        words: what the format is made of, and what attacks on it are made of.
        strategy: inputs that hypothesis makes, for formats with a grammar.
        errors: what the code under test promises to raise.
        limit: seconds of the processor that one input may take.
        share: of the examples that are asked for, where one takes long.
        prepare: called once before the first input, without the guard: imports, and what a process is started with.
    """

    name: str
    run: Run
    seeds: Callable[[Box], Sequence[bytes]]
    words: tuple[bytes, ...] = ()
    strategy: Callable[[], SearchStrategy[bytes]] | None = None
    errors: tuple[type[BaseException], ...] = field(default=(SegueError,))
    limit: float = 10.0
    share: float = 1.0
    prepare: Callable[[], None] = lambda: None
