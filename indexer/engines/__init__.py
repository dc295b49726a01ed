"""Index engines behind one small interface, to be measured side by side: ours, exact search, ScaNN, HNSW."""

from indexer.engines.base import Engine, EngineMissing
from indexer.engines.registry import ENGINES, engine_named

__all__ = ["ENGINES", "Engine", "EngineMissing", "engine_named"]
