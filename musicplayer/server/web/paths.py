"""Where in this server a request asks: a proxy may show it below a path of its own."""

from __future__ import annotations

from starlette.types import Scope


def base_of(scope: Scope) -> str:
    """The path that everything here lies below, such as `/music`; empty without one."""
    base: str = scope.get("app_root_path", scope.get("root_path", ""))  # within a mount the latter is that of the mount
    return base


def path_of(scope: Scope) -> str:
    """What is asked for, as it is called here."""
    path: str = scope["path"]
    return path.removeprefix(base_of(scope))
