"""What can be wrong with an embedding network, its manifest, or their registration."""

from __future__ import annotations

from indexer.core.errors import SegueError


class EmbeddingError(SegueError):
    """Something about an embedding network; the subclasses say what."""


class ManifestInvalid(EmbeddingError):
    """The manifest is missing, unreadable, or says something that cannot be."""


class NetworkInvalid(EmbeddingError):
    """The network cannot be loaded or does not do what its manifest says."""


class NetworkMissing(EmbeddingError):
    """The file of a registered network is not there."""


class NetworkChanged(EmbeddingError):
    """The file of a registered network is another one than was registered."""


class RuntimeMissing(EmbeddingError):
    """onnxruntime is not installed."""


class EarError(EmbeddingError):
    """An ear cannot be fetched, made, or taken away."""


class RegistryDamaged(EmbeddingError):
    """The list of registered networks cannot be read."""
