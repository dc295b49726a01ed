"""Nothing in the program can run what it reads: no pickle, no eval, no shell, no XML reader that follows entities."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import REPOSITORY

_CALLS = frozenset(
    {
        "eval", "exec", "compile", "__import__", "os.system", "os.popen", "pickle.load", "pickle.loads",
        "pickle.Unpickler", "marshal.load", "marshal.loads", "shelve.open", "yaml.load", "yaml.unsafe_load",
        "dill.loads", "cloudpickle.loads", "joblib.load", "ET.parse", "ET.fromstring", "ET.XML", "ET.iterparse",
        "ElementTree.parse", "ElementTree.fromstring", "minidom.parse", "minidom.parseString", "tempfile.mktemp",
        "subprocess.getoutput", "subprocess.getstatusoutput", "pandas.read_pickle", "pd.read_pickle",
    }
)  # fmt: skip
_ALLOWED = frozenset({("indexer/spark/source.py", "pickle.loads")})
"""The profile that the driver gives to its executors inside Spark's own pickled reader: nothing of it is read in."""


def harmful(source: str) -> Iterator[str]:
    """The calls in a module that could run data."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name in _CALLS:
            yield name
        for argument in node.keywords:
            if argument.arg in {"shell", "allow_pickle"} and ast.unparse(argument.value) != "False":
                yield f"{name}({argument.arg}={ast.unparse(argument.value)})"


def test_no_call_runs_data() -> None:
    found = {
        (path.relative_to(REPOSITORY).as_posix(), call)
        for package in ("indexer", "musicplayer")
        for path in (REPOSITORY / package).rglob("*.py")
        for call in harmful(path.read_text(encoding="utf-8"))
    }
    assert found <= _ALLOWED


@pytest.mark.parametrize(
    "source",
    ["eval(x)", "import os\nos.system(x)", "np.load(p, allow_pickle=True)", "run(c, shell=yes)", "pickle.loads(x)"],
)
def test_such_a_call_is_seen(source: str) -> None:
    assert list(harmful(source))


def test_a_call_that_only_looks_like_one_is_not() -> None:
    assert not list(harmful("np.load(p, allow_pickle=False)\napp.exec()\nre.compile(x)\nrun(c, shell=False)"))
