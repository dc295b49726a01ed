"""Makes text comparable as people compare it: without case and accents, numbers by their value."""

from __future__ import annotations

import re

from indexer.core.text import fold, identity

__all__ = ["fold", "identity", "natural_key"]

_DIGITS = re.compile(r"[0-9]+")
_AFTER_EVERYTHING = "\U0010ffff"


def natural_key(folded: str) -> str:
    """Return a key whose plain order puts "track 2" before "track 10", and nothing at all last.

    Each number is led by a letter that stands for how many digits it has.
    """
    if not folded:
        return _AFTER_EVERYTHING
    return _DIGITS.sub(_sized, folded)


def _sized(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0") or "0"
    return chr(ord("0") + min(len(digits), 40)) + digits
