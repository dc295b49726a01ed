"""The rules of the house: who may import what, how long a module may be, and which versions are refused."""

from __future__ import annotations

import ast
import importlib
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import house
from tests.conftest import REPOSITORY

PACKAGES = ("indexer", "musicplayer")
MEDIAN_LINES = 150
LONGEST_LINES = 500
LARGEST_FILE = 800_000  # bytes: the transform that ships
NEVER_KEPT = {".whl", ".zip", ".gz", ".jar", ".onnx", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".wav"}
# An import name, and the only module or package that may use it.
OWNERS = {
    "confluent_kafka": "indexer.core.kafka",
    "vlc": "musicplayer.playback.vlc_backend",
    "librosa": "indexer.features",
    "pymongo": "indexer.core.store",
    "bson": "indexer.core.store",
    "pyspark": "indexer.spark",
    "starlette": "musicplayer.server",
    "uvicorn": "musicplayer.server",
}
CORE = ("musicplayer.playback", "musicplayer.library", "musicplayer.discover", "musicplayer.jobs.jobs")
HEAVY = ("librosa", "numba", "sklearn", "pandas", "pyspark", "py4j")
BY_NAME = {"setattr", "delattr", "getattr", "hasattr"}
# Of named tuples, whose methods have an underscore lest they be taken for fields, and of psutil, for a type.
PUBLIC_ALL_THE_SAME = {"_replace", "_fields", "_common"}
CLOCK = re.compile(r"(?:time\.)?(?:monotonic|perf_counter|process_time|thread_time|time)\(\)$")
PAUSE = re.compile(r"\b(?:time\.sleep|asyncio\.sleep|qtbot\.wait|qWait)\(")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)")
QUOTED = re.compile(r"`([^`\n]+)`")
DRAWN = re.compile(r"```(?:sh)?\n(.*?)```", re.DOTALL)
PATH_IN_CODE = re.compile(
    r"(?<![\w./~<$-])((?:indexer|musicplayer|tests|packaging|docs|resources|playback|discover|library|ui)/[\w./*-]*[\w*/])"
)
MODULE_IN_CODE = re.compile(r"(?<![\w./-])((?:indexer|musicplayer|tests)(?:\.[A-Za-z_]\w*)+)\b(?<!\.log)")
MACHINE_PATH = re.compile(r"""(?<![\w.~$}])/(?:home|root|work|tmp|Users)/[\w.-]+""")


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> Iterator[str]:
    """Every absolute module name that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def belongs(module: str, owner: str) -> bool:
    return module == owner or module.startswith(f"{owner}.")


def loaded_by(module: str) -> set[str]:
    """The top-level modules in memory after importing `module` in a fresh interpreter."""
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", OWNERS)
def test_library_has_one_owner(library: str) -> None:
    users = {name_of(path) for path in modules() if any(belongs(name, library) for name in imports_of(path))}
    strangers = {user for user in users if not belongs(user, OWNERS[library])}
    assert not strangers, f"only {OWNERS[library]} may import {library}"


def test_core_of_the_player_has_no_widgets() -> None:
    users = {
        name_of(path)
        for path in modules()
        if any(belongs(name_of(path), part) for part in CORE)
        and any(name in {"PySide6.QtWidgets", "qtawesome"} for name in imports_of(path))
    }
    assert not users


@pytest.mark.parametrize(
    "module", ["musicplayer.app", "indexer.core.model", "indexer.core.model.profiles", "indexer.core.store"]
)
def test_light_modules_stay_light(module: str) -> None:
    heavy = loaded_by(module).intersection(HEAVY)
    assert not heavy, f"importing {module} also imports {heavy}"


def test_the_window_opens_without_what_reads_tags() -> None:
    assert not {"mutagen", "pebble"} & loaded_by("musicplayer.app"), (
        "that is read where tags are, in a fifth of a second"
    )


def test_modules_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    lengths = {name: length for name, length in lengths.items() if length}
    assert statistics.median(lengths.values()) <= MEDIAN_LINES
    assert {name: length for name, length in lengths.items() if length > LONGEST_LINES} == {}


def test_modules_say_what_they_are_for() -> None:
    silent = [name_of(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name.strip("_") != ""


def private_names(tree: ast.AST) -> Iterator[str]:
    """The names with an underscore that a module gives to something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
        else:
            continue
        if is_private(name):
            yield name


def names_reached_for(tree: ast.AST) -> Iterator[str]:
    """The names with an underscore that a module uses of something else: by a dot, an import, or a text to patch."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}):
                yield node.attr
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in BY_NAME:
            texts = [part.value for part in node.args[:2] if isinstance(part, ast.Constant)]
            yield from (text.rpartition(".")[2] for text in texts if isinstance(text, str))


def files_of_tests() -> list[Path]:
    return sorted((REPOSITORY / "tests").rglob("*.py"))


def test_tests_use_nothing_private_of_what_they_test() -> None:
    private = {name for path in modules() for name in private_names(ast.parse(path.read_text(encoding="utf-8")))}
    found = {
        f"{path.relative_to(REPOSITORY)}: {name}"
        for path in files_of_tests()
        for name in names_reached_for(ast.parse(path.read_text(encoding="utf-8")))
        if name in private and name not in PUBLIC_ALL_THE_SAME
    }
    assert found == set()


def is_span(node: ast.AST) -> bool:
    """Whether it is what a clock says less what it said before."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and bool(CLOCK.match(ast.unparse(node.left)))


def test_no_test_asserts_how_long_something_takes() -> None:
    """Machines differ, and most do something else as well: `tests.waiting.cost` is compared with another cost."""
    found = []
    for path in files_of_tests():
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        spans = {ast.unparse(node.targets[0]) for node in nodes if isinstance(node, ast.Assign) and is_span(node.value)}
        for node in nodes:
            parts = list(ast.walk(node.test)) if isinstance(node, ast.Assert) else []
            if any(is_span(part) or (isinstance(part, ast.Name) and part.id in spans) for part in parts):
                found.append(f"{path.relative_to(REPOSITORY)}:{node.lineno}")
    assert found == []


def test_every_pause_says_why_nothing_can_be_waited_for() -> None:
    """Else `qtbot.waitUntil`, `qtbot.waitSignal` or `tests.waiting.wait_until` goes on as soon as it can."""
    silent = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in files_of_tests()
        if path.relative_to(REPOSITORY / "tests").parts[0] != "benchmarks"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if PAUSE.search(line) and "  # " not in line
    ]
    assert silent == []


def pages() -> list[Path]:
    return [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_path_and_module_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    wrong = [target for target in LINK.findall(text) if not (page.parent / target.partition("#")[0]).exists()]
    for code in (*QUOTED.findall(text), *DRAWN.findall(text)):
        wrong += [path for path in PATH_IN_CODE.findall(code) if not is_there(path)]
        wrong += [name for name in MODULE_IN_CODE.findall(code) if not is_module(name)]
    assert wrong == []


def is_there(path: str) -> bool:
    """Whether a file or folder is there, told from the top, or from the player where its rooms are spoken of."""
    return any(list(top.glob(path.rstrip("/"))) for top in (REPOSITORY, REPOSITORY / "musicplayer"))


def is_module(name: str) -> bool:
    """Whether there is a module, or something in a module, of this dotted name."""
    path = REPOSITORY.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    within, thing = path.parent, path.name
    files = [within.with_suffix(".py"), within / "__init__.py"]
    return any(re.search(rf"\b{thing}\b", file.read_text(encoding="utf-8")) for file in files if file.is_file())


def test_the_first_five_files_say_what_they_are_for() -> None:
    told = [house.first_sentence(REPOSITORY / name) for name in house.READING_ORDER]
    assert all(sentence.endswith((".", ":")) and not sentence.startswith("(") for sentence in told), told
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    places = [page.find(f"(../{name})") for name in house.READING_ORDER]
    assert -1 not in places
    assert places == sorted(places)


def test_no_path_of_some_machine() -> None:
    found = {
        f"{path.relative_to(REPOSITORY)}: {match}"
        for path in [*modules(), *(REPOSITORY / "packaging").glob("*.sh"), REPOSITORY / "pyproject.toml"]
        for match in MACHINE_PATH.findall(path.read_text(encoding="utf-8"))
    }
    assert not found


def dependencies() -> list[Requirement]:
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        return [Requirement(text) for text in tomllib.load(file)["project"]["dependencies"]]


@pytest.mark.parametrize(
    ("python", "qt", "welcome"),
    [("3.11", "6.12.0", False), ("3.11", "6.11.3", True), ("3.12", "6.12.0", True), ("3.13", "6.12.0", True)],
)
def test_qt_that_crashes_python_3_11_is_refused(python: str, qt: str, welcome: bool) -> None:
    asked = [need for need in dependencies() if need.name == "PySide6-Essentials"]
    active = [need for need in asked if need.marker is None or need.marker.evaluate({"python_version": python})]
    assert len(active) == 1
    assert active[0].specifier.contains(qt) is welcome


def test_installed_qt_keeps_references() -> None:
    """The fault itself: each call that returns None drops one reference to it."""
    from PySide6.QtCore import QObject

    thing, calls = QObject(), 1000
    before = sys.getrefcount(None)
    for _ in range(calls):
        thing.setObjectName("name")
    if before < 1 << 30:  # from Python 3.12 on None is immortal and its count never changes
        assert abs(sys.getrefcount(None) - before) < calls // 2


def test_lock_names_every_dependency() -> None:
    lock = (REPOSITORY / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.partition("==")[0].strip().lower() for line in lock.splitlines() if "==" in line}
    assert {need.name.lower() for need in dependencies()} <= locked


@pytest.mark.parametrize("command", ["segue", "segue-indexer"])
def test_commands_point_at_something(command: str) -> None:
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        target = tomllib.load(file)["project"]["scripts"][command]
    module, _, function = target.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_nothing_large_and_no_package_is_kept() -> None:
    """A clone stays small: pictures are small, and packages, sounds and weights are fetched or made."""
    kept = [path for path in _files_of_the_project() if path.stat().st_size > LARGEST_FILE or path.suffix in NEVER_KEPT]
    assert kept == []


def _files_of_the_project() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not in a clone of git")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := REPOSITORY / name).is_file()]
