"""A small made-up library, synthesised in seconds, so that anyone can try everything without owning a data set."""

from indexer.demo.library import make_demo

__all__ = ["make_demo"]
