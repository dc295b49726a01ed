"""Index engines behind one small interface, to be measured side by side: ours, exact search, ScaNN, HNSW."""

from indexer.engines.engine import ENGINES, Engine, EngineMissing, engine_named

__all__ = ["ENGINES", "Engine", "EngineMissing", "engine_named"]
