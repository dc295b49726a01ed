"""Finds the files that ship with the application: beside the code in a checkout, inside the package when installed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import musicplayer

_PACKAGE = Path(musicplayer.__file__).resolve().parent
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def asset(name: str) -> Path:
    """The path of a resource such as `style.qss` or `icons/segue.svg`.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for place in _PLACES:
        if (place / name).is_file():
            return place / name
    raise FileNotFoundError(f"{name} is missing from the installation; install Segue again")


@cache
def look() -> dict[str, Any]:
    """What window and web page look like alike: colours by what they are for, hues, radii in pixels."""
    shared: dict[str, Any] = json.loads(asset("tokens.json").read_text(encoding="utf-8"))
    return shared
