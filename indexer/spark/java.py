"""Finds the Java runtime that Spark needs, before Spark fails for want of it in its own words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from indexer.spark.errors import JavaMissing

OLDEST_JAVA = 17
_ADVICE = (
    "Install it (Debian, Ubuntu: sudo apt install openjdk-17-jre-headless; macOS: brew install openjdk@17; Windows: "
    "adoptium.net) or set JAVA_HOME to its folder."
)
_WAIT_SECONDS = 30


def require_java() -> Path:
    """The `java` program that Spark will use: that of JAVA_HOME, else the one on the PATH.

    Raises:
        JavaMissing: there is none, it does not run, or it is older than 17.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        where = f"in JAVA_HOME, {home}" if home else "on this machine"
        raise JavaMissing(
            f"Building the similarity model needs Java {OLDEST_JAVA}, and there is none {where}.", _ADVICE
        )
    version = _version_of(found)
    if version is None:
        raise JavaMissing(f"Building the similarity model needs Java {OLDEST_JAVA}, and {found} does not run.", _ADVICE)
    if version < OLDEST_JAVA:
        raise JavaMissing(f"Building needs Java {OLDEST_JAVA} or newer, and {found} is Java {version}.", _ADVICE)
    return Path(found)


def _version_of(java: str) -> int | None:
    """The major version, None where it cannot be told."""
    try:
        result = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=_WAIT_SECONDS, check=True, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'version "(?:1\.)?(\d+)', result.stderr + result.stdout)
    return int(match.group(1)) if match else None
