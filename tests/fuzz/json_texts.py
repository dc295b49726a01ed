"""Hostile JSON: the right names with wrong values, for every reader of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

WORDS = (
    b"null",
    b"true",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"-1",
    b"9" * 5_000,
    b"[",
    b"{",
    b'{"a":',
    b'""',
    b'"\\ud800"',
    b'"\\u0000"',
    b'"../outside/secret.npy"',
    b'"/etc/passwd"',
    b'"__class__"',
    b",",
    b":",
    b"\x00",
    b"\xff",
    b"\n",
)


def values() -> SearchStrategy[Any]:
    """Whatever JSON can say, and what Python's reader takes beyond that."""
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(min_value=10**30, max_value=10**40),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(["../outside/secret.npy", "/etc/passwd", "\x00", "\u202e", "\ud800", "9" * 5_000]),
    )
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    )  # fmt: skip


def like(*examples: dict[str, Any]) -> SearchStrategy[bytes]:
    """Objects with the names of `examples`, each with its own value, with any other, or without."""

    def changed(example: dict[str, Any]) -> SearchStrategy[bytes]:
        fields = {name: st.one_of(st.just(value), values()) for name, value in example.items()}
        return st.fixed_dictionaries({}, optional=fields).map(_written)

    return st.one_of([changed(example) for example in examples])


def deep(names: Sequence[str] = ()) -> list[bytes]:
    """Nested deeper than any stack, and numbers longer than any number."""
    nested = [b"[" * 100_000, b'{"a":' * 50_000, b"[" * 900 + b"]" * 900]
    return [*nested, *(f'{{"{name}": {"[" * 50_000}'.encode() for name in names), b"9" * 50_000]


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode("utf-8", "replace")
