"""Finds the Java runtime that Spark needs, before Spark fails for want of it in its own words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from indexer.spark.errors import JavaMissing

OLDEST_JAVA = 17
_WAIT_SECONDS = 30


def require_java() -> Path:
    """The `java` program that Spark will use: that of JAVA_HOME, else the one on the PATH.

    Raises:
        JavaMissing: there is none, it does not run, or it is older than 17.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        if home:
            raise JavaMissing("java-not-in-home", oldest=OLDEST_JAVA, folder=home)
        raise JavaMissing("java-missing", oldest=OLDEST_JAVA)
    version = _version_of(found)
    if version is None:
        raise JavaMissing("java-broken", oldest=OLDEST_JAVA, found=found)
    if version < OLDEST_JAVA:
        raise JavaMissing("java-old", oldest=OLDEST_JAVA, found=found, version=version)
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
