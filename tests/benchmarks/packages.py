"""What an install of a checkout brings: its packages, in the versions of its lock file, and their size."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_MEBIBYTE = 1024 * 1024
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
_OWN = ("indexer", "musicplayer", "resources")


@dataclass(frozen=True)
class Installed:
    """Packages on this system and Python without any extra: version by name, and the size of those that are here."""

    versions: dict[str, str]
    mebibytes: float


def installed_by(checkout: Path) -> Installed:
    """What an install of a checkout without extras brings, as far as what it names is installed here."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked: dict[str, str] = {}
    for name, version in _LOCKED.findall((checkout / "packaging" / "requirements.lock").read_text(encoding="utf-8")):
        locked.setdefault(canonicalize_name(name), version)
    names = _closure(project["dependencies"])
    return Installed({name: locked.get(name, "") for name in sorted(names)}, sum(map(_bytes, names)) / _MEBIBYTE)


def own_bytes(checkout: Path) -> int:
    """Size of what the wheel of a checkout holds."""
    files = (path for part in _OWN for path in (checkout / part).rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files if path.suffix not in {".pyc", ".mo"})


def _closure(wanted: Iterable[str]) -> set[str]:
    """Names of all that is needed for these requirements."""
    found: set[tuple[str, str]] = set()
    left = [Requirement(each) for each in wanted]
    while left:
        requirement = left.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) not in found:
                found.add((name, extra))
                left += _needs(name, extra)
    return {name for name, _ in found}


def _needs(name: str, extra: str) -> list[Requirement]:
    try:
        needs = [Requirement(each) for each in distribution(name).requires or ()]
    except PackageNotFoundError:
        return []
    chosen = [each for each in needs if each.marker is None or each.marker.evaluate({"extra": extra})]
    for each in chosen:
        each.marker = None  # it was looked at, with the extra that it is of
    return chosen


def _bytes(name: str) -> int:
    try:
        files = distribution(name).files or ()
    except PackageNotFoundError:
        return 0
    return sum(file.size or 0 for file in files)
