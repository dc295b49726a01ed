"""What a report says of the machine, the program, its settings, the library and its model: choices and numbers only."""

from __future__ import annotations

import locale
import os
import platform
import re
import shutil
import subprocess
import sys
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psutil
from PySide6.QtCore import QLibraryInfo, qVersion

from indexer.core.errors import SegueError
from indexer.core.files.logs import LEVEL_VARIABLE
from indexer.core.home import Home
from indexer.core.model import ModelError, current_model_folder, read_manifest
from indexer.core.model.profiles import PROFILES
from indexer.core.settings import Settings
from indexer.core.store.address import database_uri
from indexer.core.taste.model import TASTE
from indexer.core.tracks import Seconds
from musicplayer.diagnose.allowed import sentence
from musicplayer.playback.vlc_backend import vlc_version

PACKAGES = (
    "PySide6-Essentials", "python-vlc", "watchdog", "dbus-fast", "librosa", "numba", "numpy", "scipy", "soundfile",
    "av", "mutagen", "chardet", "pymongo", "SecantusDB", "pyspark", "pyarrow", "pandas", "onnxruntime", "psutil",
    "pydantic", "confluent-kafka",
)  # fmt: skip
WAIT_SECONDS: Seconds = 15.0
"""How long a database may take that is not running; a report is wanted most where it does not come."""
_VARIABLES = ("SEGUE_AOUT", LEVEL_VARIABLE, "QT_QPA_PLATFORM", "XDG_SESSION_TYPE", "LANG")
_SET_OR_NOT = (
    "SEGUE_HOME", "SEGUE_MONGODB_URI", "SEGUE_SPARK_MASTER", "SEGUE_KAFKA", "JAVA_HOME", "DISPLAY", "WAYLAND_DISPLAY",
    "FLATPAK_ID", "SNAP",
)  # fmt: skip
_SIMPLE = re.compile(r"[A-Za-z]+[\w.@-]{0,20}", re.ASCII)
"""A value that chooses one of few: `de_DE.UTF-8`, `xcb`, `DEBUG`."""
_SCHEMES = ("mongodb", "mongodb+srv")
_OPTION = re.compile(r"[a-z][A-Za-z]{2,40}", re.ASCII)
_JAVA_VERSION = re.compile(r"version \"([\w.+-]+)\"", re.ASCII)
_JAVA_SECONDS = 10


def versions() -> dict[str, Any]:
    """Of Segue, Python, Qt, VLC, Java and the libraries; "not installed" is an answer, too."""
    return {
        "Segue": _version_of("segue-player"),
        "Python": platform.python_version(),
        "Qt": f"{qVersion()}, {QLibraryInfo.version().toString()}",
        "VLC": vlc_version() or "not found",
        "Java": _java(),
        "database server": "mongod" if shutil.which("mongod") else "SecantusDB",
        "packages": {name: _version_of(name) for name in PACKAGES},
    }


def machine() -> dict[str, Any]:
    """System, processor and memory; no names."""
    memory = psutil.virtual_memory()
    return {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "distribution": _distribution(),
        "frozen": bool(getattr(sys, "frozen", False)),
        "cores": {"all": os.cpu_count(), "usable": _usable_cores()},
        "memory in MiB": {"all": memory.total >> 20, "free": memory.available >> 20},
        "encoding": {"files": sys.getfilesystemencoding(), "text": locale.getpreferredencoding(do_setlocale=False)},
        "environment": {name: _chosen(os.environ[name]) for name in _VARIABLES if name in os.environ},
        "set": [name for name in _SET_OR_NOT if os.environ.get(name)],
    }


def chosen_settings(settings: Settings) -> dict[str, Any]:
    """Numbers and choices as they are; of every text and list only whether it is set, or how long it is."""
    shown = {name: _setting(value) for name, value in vars(settings).items()}
    if settings.database_uri is not None:
        shown["database_uri"] = address_words(settings.database_uri)
    return shown


def _setting(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | dict):
        return len(value)
    return "set" if value else ""


def _chosen(value: str) -> str:
    return value if _SIMPLE.fullmatch(value) else "set"


def address_words(address: str) -> dict[str, Any]:
    """What matters of a database's address: how it is reached, not where, and by whom not at all."""
    try:
        parts = urlsplit(address)
        hosts = parts.netloc.rpartition("@")[2].split(",")
        return {
            "scheme": parts.scheme if parts.scheme in _SCHEMES else "another",
            "login": "@" in parts.netloc,
            "hosts": len(hosts),
            "ports": [host.rpartition(":")[2] for host in hosts if re.search(r":\d+$", host)],
            "options": sorted(name for name, _ in parse_qsl(parts.query) if _OPTION.fullmatch(name)),
        }
    except ValueError:
        return {"scheme": "cannot be understood"}


def folders(home: Home) -> dict[str, Any]:
    """How much room there is and what may be done, for each folder of the home."""
    return {
        name: _folder_words(path)
        for name, path in {"config": home.config, "data": home.data, "cache": home.cache}.items()
    }


def library(home: Home, wait: Seconds = WAIT_SECONDS) -> dict[str, Any]:
    """Numbers from the database, or under `not available` why there are none."""
    from indexer.core.store import open_database  # noqa: PLC0415 - the driver takes a third of a second

    try:
        with open_database(home, uri=database_uri(home), wait=wait) as database:
            return {
                "database": "managed" if database.is_managed else "at an address",
                "compatible with MongoDB": database.census.server(),
                "documents": database.census.counts(),
                "problems by kind": database.census.problems(),
                "folders": [
                    {"folder": number, "away": folder.away, "excluded": len(folder.excluded)}
                    for number, folder in enumerate(database.folders.all(), start=1)
                ],
            }
    except SegueError as error:
        return {"not available": f"{sentence(error.message)} {sentence(error.advice)}"}


def models(home: Home) -> dict[str, Any]:
    """What may be said of the manifest of the current model of each profile; profiles of one's own are numbered.

    What was learnt from listening is nobody else's business.
    """
    try:
        profiles = sorted(entry.name for entry in home.models.iterdir() if entry.is_dir() and entry.name != TASTE)
    except FileNotFoundError:
        return {}
    names = {name: name if name in PROFILES else f"added {number}" for number, name in enumerate(profiles, start=1)}
    return {names[profile]: _model(home, profile) for profile in profiles}


def _folder_words(path: os.PathLike[str]) -> dict[str, Any] | str:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - of any path
        free = shutil.disk_usage(path).free >> 20
    except OSError as error:
        return error.strerror or type(error).__name__
    return {"mode": oct(mode & 0o777), "free MiB": free, "writable": os.access(path, os.W_OK)}


def _model(home: Home, profile: str) -> dict[str, Any] | str:
    try:
        manifest = read_manifest(current_model_folder(home, profile))
    except ModelError as error:
        return sentence(error.message)
    facts = {name: value for name, value in vars(manifest).items() if isinstance(value, bool | int | float)}
    said = {"built_at": manifest.built_at, "spark_version": manifest.spark_version}
    return facts | said | {"bytes": sum(file.size for file in manifest.files.values())}


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _java() -> str:
    """The version that `java -version` tells, of the one in JAVA_HOME or the first on the path."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    program = java or shutil.which("java")
    if program is None:
        return "not found"
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=_JAVA_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return f"does not run: {type(error).__name__}"
    found = _JAVA_VERSION.search(done.stderr + done.stdout)
    return found[1] if found else "does not say"


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return platform.platform(terse=True)


def _usable_cores() -> int | None:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
