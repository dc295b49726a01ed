"""Every target by its name."""

from __future__ import annotations

import importlib
import pkgutil

from tests.fuzz import targets
from tests.fuzz.target import Target


def all_targets() -> dict[str, Target]:
    """The targets of all modules below `tests.fuzz.targets`, by name, in alphabetical order."""
    found: dict[str, Target] = {}
    for module in pkgutil.iter_modules(targets.__path__):
        for target in importlib.import_module(f"{targets.__name__}.{module.name}").TARGETS:
            assert target.name not in found, target.name
            found[target.name] = target
    return dict(sorted(found.items()))
