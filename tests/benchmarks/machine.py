"""One line that names the machine a benchmark ran on."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import psutil

_SHOWN = ("numpy", "pyspark", "pymongo", "librosa")


def machine_line() -> str:
    """Processor, cores, memory, system, Python and the libraries that the figures depend on most."""
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    return (
        f"machine: {_processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()} {platform.machine()}; Python {platform.python_version()}, {libraries}"
    )


def _processor() -> str:
    """The processor's name, which only Linux keeps where it can be read without a command."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"
