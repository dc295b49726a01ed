"""The programs of the bundle, which are one program under several names; what it does is read off its own name.

segue           the player
segue-indexer   the indexer
segue-python    as much of a Python interpreter as we, Spark and multiprocessing ask of `sys.executable`
secantusd-py    the database server
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from pathlib import Path
from typing import NoReturn

FOLDER = Path(sys.executable).parent
SUFFIX = Path(sys.executable).suffix
LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")
OPTIONS_WITH_VALUE = ("-W", "-X")


def main() -> None:
    """Be the program whose name this is."""
    multiprocessing.freeze_support()
    name = Path(sys.executable).stem
    _pose_as_python()
    _give_back_library_paths()
    if name == "segue-python":
        _interpret(sys.argv[1:])
    elif name == "segue-indexer":
        runpy.run_module("indexer", run_name="__main__", alter_sys=True)
    elif name == "secantusd-py":
        from secantus.cli import main as serve  # noqa: PLC0415 - each name needs its own part only

        sys.exit(serve())
    else:
        from musicplayer.__main__ import main as play  # noqa: PLC0415 - the same

        sys.exit(play())


def _pose_as_python() -> None:
    """Let every process that is started as `sys.executable -m …` find one that understands it."""
    interpreter = str(FOLDER / f"segue-python{SUFFIX}")
    sys.executable = interpreter
    multiprocessing.set_executable(interpreter)


def _give_back_library_paths() -> None:
    """Java, VLC's helpers and other programs of the system must not load the libraries of the bundle."""
    for name in LIBRARY_PATHS:
        before = os.environ.pop(f"{name}_ORIG", None)
        os.environ.pop(name, None)
        if before:
            os.environ[name] = before


def _interpret(arguments: list[str]) -> None:
    """`python [OPTIONS] -m MODULE …`, `-c CODE …` or `SCRIPT …`."""
    if os.environ.get("PYTHONUNBUFFERED"):
        _unbuffer()
    while arguments and arguments[0].startswith("-") and arguments[0] not in {"-m", "-c", "-"}:
        option = arguments.pop(0)
        if option.startswith(("-m", "-c")):  # written in one word
            arguments[:0] = [option[:2], option[2:]]
        elif option == "-u":
            _unbuffer()
        elif option in OPTIONS_WITH_VALUE and arguments:
            arguments.pop(0)
    if arguments in ([], ["-m"], ["-c"]):
        _refuse()
    first = arguments.pop(0)
    if first == "-m":
        module = arguments.pop(0)
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    elif first == "-c":
        code = arguments.pop(0)
        sys.argv = ["-c", *arguments]
        exec(compile(code, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - what `-c` is
    else:
        sys.argv = [first, *arguments]
        sys.path.insert(0, str(Path(first).resolve().parent))
        runpy.run_path(first, run_name="__main__")


def _unbuffer() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(line_buffering=True, write_through=True)


def _refuse() -> NoReturn:
    sys.stderr.write("segue-python: give it -m MODULE, -c CODE or a script\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
