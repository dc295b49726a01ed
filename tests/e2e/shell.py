"""Runs the indexer as a person at a shell would: another process, its own home, real output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from indexer.core.home import Home
from tests.conftest import REPOSITORY


def root_of(home: Home) -> str:
    return str(home.data.parent)


def start(home: Home, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """Start the indexer and return at once."""
    command = [sys.executable, "-m", "indexer", "--home", root_of(home), *map(str, arguments)]
    environment = {**options.pop("env", os.environ), "PYTHONPATH": str(REPOSITORY)}
    defaults: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, **{**defaults, **options})


def run(home: Home, *arguments: str | Path, timeout: float = 600, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the indexer to its end."""
    process = start(home, *arguments, **options)
    try:
        output, errors = process.communicate(timeout=timeout)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def run_json(home: Home, *arguments: str | Path, timeout: float = 600) -> Any:
    """Run the indexer with `--json`; fail with what it said where it fails."""
    done = run(home, *arguments, "--json", timeout=timeout)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
