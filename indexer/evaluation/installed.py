"""Whether another program's package is installed, and in which version."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def installed_version(package: str) -> str:
    """The version of a package, empty where it is not installed."""
    try:
        return version_of(package)
    except PackageNotFoundError:
        return ""


def what_is_missing(package: str, module: str) -> str:
    """Why a module of a package cannot be imported and what to do, empty where it can be."""
    try:
        import_module(module)
    except ImportError as error:
        return f"{package} is not installed ({error}); pip install 'segue-player[peers]'"
    return ""
