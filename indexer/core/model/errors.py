"""What can go wrong with a similarity model on disk."""

from __future__ import annotations

from indexer.core.errors import SegueError


class ModelError(SegueError):
    """No usable similarity model."""


class ModelMissing(ModelError):
    """None was built yet for that profile."""


class ModelCorrupt(ModelError):
    """Its folder is incomplete, damaged, or of a format this version does not know."""


class ModelUnwritable(ModelError):
    """The models folder cannot be written: no space, no permission."""
