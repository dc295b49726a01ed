"""Small JSON files that hold one object: what cannot be read is as if it were not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer.core.files.atomic import write_atomically


def read_object(path: Path) -> dict[str, Any]:
    """The object in a file, empty when it is missing or broken."""
    try:
        return object_in(path.read_bytes())
    except OSError:
        return {}


def object_in(content: bytes) -> dict[str, Any]:
    """The object that a text is, empty for anything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_object(path: Path, record: Mapping[str, Any]) -> None:
    """Replace a file in one step, readable by its owner only; also a loss of power leaves one or the other.

    Raises:
        OSError: it cannot be written; it is as it was.
    """
    write_atomically(path, json.dumps(record).encode(), durable=True)
