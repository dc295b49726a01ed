"""What a report may say: the program's own words, numbers, and where in its code something happened; nothing else.

Nothing is looked for and taken out. A line of a log is held against the sentences in our source; what stands in their
gaps is left out, unless it is a number or a word of the program. Of a line that is no sentence of ours, only what is
named here is kept.
"""

from __future__ import annotations

import ast
import errno
import os
import re
import string
import sysconfig
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import indexer
import musicplayer

GAP = "…"
_SHORTEST_WORD = 3
_FEWEST_WORDS = 3
"""Of a sentence of ours that stands anywhere; in place of a whole message two are enough. A name could be a word or two
that stand in our source as well."""

_LOG_LINE = re.compile(r"(\d{4}-\d\d-\d\dT[\d:.+-]+ [A-Z]+ +\d+ [a-z_][A-Za-z0-9_.]*: )(.*)", re.ASCII)
_FILE = re.compile(r"(\s*File )\"([^\"]*)\", (line \d+)(?:,? in ([A-Za-z_<][A-Za-z0-9_<>.]*))?", re.ASCII)
_RAISED = re.compile(
    r"(\s*(?:[a-z_][a-z0-9_]*\.)*[A-Z][A-Za-z]*(?:Error|Exception|Warning|Interrupt))(?:: (.*))?", re.ASCII
)
_STRUCTURE = re.compile(
    r"\s*(?:Traceback \(most recent call last\):|Fatal Python error: [A-Z][A-Za-z ]{2,40}|\.\.\."
    r"|(?:Current thread|Thread) 0x[0-9a-f]+ \(most recent call first\):"
    r"|(?:During handling of|The above exception was) [a-z ,]+:)",
    re.ASCII,
)
_JAVA_PLACE = re.compile(r"\s*at (?:java|jdk|sun|scala|py4j|org\.apache)\.[\w.$<>/]+\([\w. ]+(?::\d+)?\)", re.ASCII)
_JAVA_HEAD = re.compile(r"(\d\d/\d\d/\d\d \d\d:\d\d:\d\d [A-Z]{4,5} [A-Z][A-Za-z0-9.$]*:).*", re.ASCII)
_JAVA_RAISED = re.compile(
    r"((?:Caused by: )?(?:java|scala|py4j|org\.apache)\.[\w.$]+(?:Exception|Error))\b.*", re.ASCII
)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) ")
_NUMBER = re.compile(r"[+-]?\d[\d,.:]*%?")
_PERCENT_GAP = re.compile(r"%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")


def text(lines: str) -> str:
    """What may be said of a whole log; lines of which nothing may be said are counted."""
    kept: list[str] = []
    silent = 0
    for line in lines.split("\n"):
        said = _line(line)
        if said != GAP:
            kept += [*_counted(silent), said]
        silent = silent + 1 if said == GAP else 0
    return "\n".join([*kept, *_counted(silent)])


def sentence(said: str, fewest: int = _FEWEST_WORDS) -> str:
    """What may be said of a message: the words of the sentences of ours that it is, with gaps; else a gap."""
    whole = _one_sentence(said.strip(), fewest)
    several = _BETWEEN_SENTENCES.split(said.strip())
    return " ".join(_one_sentence(one, fewest) for one in several) if whole == GAP and len(several) > 1 else whole


def _one_sentence(said: str, fewest: int) -> str:
    for word in sorted(set(_words(said)), key=len, reverse=True):
        for pattern, words in _sentences().get(word, {}).items():
            found = _compiled(pattern).fullmatch(said) if words >= fewest else None
            if found:
                return _filled(pattern, found)
    return GAP


def _counted(silent: int) -> list[str]:
    return [] if not silent else [GAP if silent == 1 else f"{GAP} ({silent} lines)"]


def _line(line: str) -> str:
    """What may be said of one line."""
    if not line.strip() or _STRUCTURE.fullmatch(line) or _JAVA_PLACE.fullmatch(line):
        return line
    if found := _LOG_LINE.fullmatch(line):
        return found[1] + sentence(found[2], fewest=2)
    if found := _FILE.fullmatch(line):
        return _place(found)
    for pattern in (_JAVA_HEAD, _JAVA_RAISED):
        if found := pattern.fullmatch(line):
            return f"{found[1]} {GAP}"
    if found := _RAISED.fullmatch(line):
        return found[1] if found[2] is None else f"{found[1]}: {sentence(found[2])}"
    return sentence(line)


def _place(found: re.Match[str]) -> str:
    """Where in the code: a file of ours or of Python's that there is, and the function in it."""
    path = found[2].replace("\\", "/")
    for folder, name in _code_folders().items():
        if path.startswith(f"{folder}/") and Path(path).is_file():
            within = f", in {found[4]}" if found[4] else ""
            return f'{found[1]}"{name}{path[len(folder) :]}", {found[3]}{within}'
    return f'{found[1]}"{GAP}", {found[3]}'


@cache
def _code_folders() -> dict[str, str]:
    ours = {str(Path(package.__path__[0])): f"‹segue›/{package.__name__}" for package in (indexer, musicplayer)}
    theirs = {sysconfig.get_path(kind): "‹python›" for kind in ("purelib", "platlib", "stdlib")}
    return {folder.replace("\\", "/"): name for folder, name in (ours | theirs).items()}


def _filled(pattern: str, found: re.Match[str]) -> str:
    """The sentence, its gaps filled with what may be said of them."""
    literal = iter(pattern.split("(.*)"))
    said = [_unescaped(next(literal))]
    for value in found.groups():
        allowed = _NUMBER.fullmatch(value) or value in _own_words()
        said += [value if allowed else sentence(value), _unescaped(next(literal))]
    return "".join(said)


def _unescaped(pattern: str) -> str:
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


@cache
def _sentences() -> dict[str, dict[str, int]]:
    """Patterns of our sentences with the number of their words, those with most first, by their longest word."""
    by_word: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for parts in (*_written(), *_of_the_system()):
        words = [word for part in parts for word in _words(part)]
        if words:
            pattern = "(.*)".join(map(re.escape, parts))
            by_word[max(words, key=len)][pattern] = len(words)
    return {word: dict(sorted(found.items(), key=lambda one: -one[1])) for word, found in by_word.items()}


@cache
def _own_words() -> frozenset[str]:
    """Words that the program gives to things: kinds of jobs, stages, codes of errors."""
    named = (parts[0] for parts in _written() if len(parts) == 1)
    return frozenset(word for word in named if re.fullmatch(r"[a-z]+(?:[-_.][a-z]+)*", word))


@cache
def _written() -> tuple[tuple[str, ...], ...]:
    """Every text in our source but what documents it, cut where values are put in."""
    found: dict[tuple[str, ...], None] = {}
    for package in (indexer, musicplayer):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            for node in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                found.update(dict.fromkeys(_cut(node)))
    return tuple(found)


def _texts(tree: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            yield from _texts(node)


def _cut(node: ast.Constant | ast.JoinedStr) -> Iterator[tuple[str, ...]]:
    """The literal parts of a text, between its gaps; a plain text may be a template in either of two ways."""
    if isinstance(node, ast.JoinedStr):
        marked = "".join(str(one.value) if isinstance(one, ast.Constant) else "\0" for one in node.values)
        yield tuple(marked.split("\0"))
        return
    plain = str(node.value)
    yield tuple(_PERCENT_GAP.split(plain))
    if "{" in plain:
        try:
            parts = list(string.Formatter().parse(plain))
        except ValueError:  # braces of something else
            return
        marked = "".join(literal + ("" if name is None else "\0") for literal, name, *_ in parts)
        yield tuple(marked.split("\0"))


def _of_the_system() -> Iterator[tuple[str, ...]]:
    """What Python says of the system's errors, with and without the file."""
    for number in errno.errorcode:
        said = f"[Errno {number}] {os.strerror(number)}"
        yield from ((said,), (f"{said}: ", ""), (f"{said}: ", " -> ", ""))


def _words(said: str) -> list[str]:
    return [word for word in re.findall(r"[A-Za-z]+", said) if len(word) >= _SHORTEST_WORD]
