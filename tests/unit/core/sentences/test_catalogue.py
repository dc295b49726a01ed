"""Every code has its sentences, and whoever uses it gives what they have places for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

from indexer.core.errors import SegueError
from indexer.core.language import ENGLISH, LANGUAGES, Template
from indexer.core.sentences.told import PLAIN, SENTENCES
from tests.conftest import REPOSITORY

PLACE = re.compile(r"\{(\w+)(?::[^}]*)?\}")
OF_EVENTS = {"Notice": 0, "Failed": 0, "Failure": 1, "ProblemFound": 2, "Problem": 2}
"""Where the code stands among the arguments; the values follow it."""

BESIDES = {"detail", "at", "then"}
"""Values that are no places; see `indexer.core.sentences.told.Values`."""

PUT_IN_LATER = {"name", "file", "line"}
"""Values that `SheetRefused`, a record of a history and an embedding network leave to who knows them."""

Use = tuple[str, str, set[str] | None]
"""Where a code is used, the code, and the names of what it is given; None where they cannot be read off."""


def forms(template: Template) -> tuple[str, ...]:
    return (template,) if isinstance(template, str) else template


def places(code: str) -> set[str]:
    message, advice = SENTENCES[code]
    return {name for text in (*forms(message), advice) for name in PLACE.findall(text)}


def classes_of_errors() -> set[str]:
    """Names of all classes of errors of both packages, by their text: some need what is not installed everywhere."""
    bases = {"SegueError"}
    declared = [
        (node.name, {base.id for base in node.bases if isinstance(base, ast.Name)})
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    while more := {name for name, above in declared if above & bases} - bases:
        bases |= more
    return bases - {name for name, above in declared if name in OF_FILES or above & set(OF_FILES)} - set(OF_FILES)


OF_FILES = ("AudioError", "UnreadableFile", "ModelUnusable")
"""Classes, and their subclasses, that name their code themselves."""


def modules() -> list[Path]:
    return [path for package in ("indexer", "musicplayer") for path in sorted((REPOSITORY / package).rglob("*.py"))]


def uses() -> Iterator[Use]:
    errors = classes_of_errors()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                where = f"{path.relative_to(REPOSITORY)}:{node.lineno}"
                yield from ((where, code, given) for code, given in _used(node, errors))


def _used(call: ast.Call, errors: set[str]) -> Iterator[tuple[str, set[str] | None]]:
    name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    if name in errors | {"told", "SheetRefused", "_invalid", "_refuse", "_problem"}:
        codes = [argument for argument in call.args if _text(argument) in SENTENCES] or call.args[:1]
        named = {keyword.arg for keyword in call.keywords if keyword.arg}
        given = None if any(keyword.arg is None for keyword in call.keywords) else named
        yield from ((text, given) for text in _texts(codes))
    elif name in OF_EVENTS and len(call.args) > OF_EVENTS[name]:
        place = OF_EVENTS[name]
        values = call.args[place + 1] if len(call.args) > place + 1 else ast.Dict([], [])
        yield from ((text, _keys(values)) for text in _texts(call.args[place : place + 1]))


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        either = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
        yield from (text for text in map(_text, either) if text)


def _keys(node: ast.expr) -> set[str] | None:
    if not isinstance(node, ast.Dict) or None in node.keys:
        return None
    return {_text(key) for key in node.keys if key is not None}


def test_every_code_that_is_used_has_its_sentences() -> None:
    assert [f"{where} {code}" for where, code, _ in uses() if code not in SENTENCES] == []


def test_every_place_of_a_sentence_is_given_and_nothing_else() -> None:
    wrong = [
        f"{where} {code}: {sorted(given)} for {sorted(places(code))}"
        for where, code, given in uses()
        if given is not None and (given - BESIDES) - places(code) | (places(code) - given) - PUT_IN_LATER
    ]
    assert wrong == []


def test_sentences_that_nobody_says_are_not_kept() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in modules() if path.parent.name != "sentences")
    assert [code for code in SENTENCES if f'"{code}"' not in text and code != PLAIN] == []


def test_both_forms_of_a_number_have_the_same_places_but_for_it() -> None:
    pairs = [message for message, _ in SENTENCES.values() if isinstance(message, tuple)]
    assert [pair for pair in pairs if set(PLACE.findall(pair[0])) | {"number"} != set(PLACE.findall(pair[1]))] == []


def test_codes_are_words_with_hyphens() -> None:
    assert [code for code in SENTENCES if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != ENGLISH])
def test_every_language_has_all_of_them(language: str) -> None:
    known = polib.pofile(str(REPOSITORY / "resources" / "translations" / f"{language}.po"), encoding="utf-8")
    translated = {entry.msgid for entry in known if entry.translated()}
    wanted = {forms(message)[0] for message, _ in SENTENCES.values()} | {advice for _, advice in SENTENCES.values()}
    assert {text for text in wanted if PLACE.sub("", text).strip()} - translated == set()


def test_an_error_without_a_code_is_none() -> None:
    with pytest.raises(TypeError):
        SegueError()  # type: ignore[call-arg]
